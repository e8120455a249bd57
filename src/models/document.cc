#include "models/document.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <simdjson.h>

#include "base/text.h"
#include "models/ubjson.h"

namespace leeway::models {
namespace {

std::unexpected<Error> malformed(std::string what) { return fail(Code::invalid_data, std::move(what)); }

Result<Document> convert(const simdjson::dom::element& element, int depth) {
  using simdjson::dom::element_type;
  if (depth > Document::deepest) return malformed("is nested too deeply");
  switch (element.type()) {
    case element_type::ARRAY: {
      std::vector<Document> items;
      for (const auto child : simdjson::dom::array(element)) {
        LEEWAY_TRY(auto item, convert(child, depth + 1));
        items.push_back(std::move(item));
      }
      return Document::array(std::move(items));
    }
    case element_type::OBJECT: {
      std::vector<DocumentMember> members;
      for (const auto [key, child] : simdjson::dom::object(element)) {
        LEEWAY_TRY(auto value, convert(child, depth + 1));
        members.emplace_back(std::string(key), std::move(value));
      }
      return Document::object(std::move(members));
    }
    case element_type::INT64: return Document(Document::Value(static_cast<double>(int64_t(element))));
    case element_type::UINT64: return Document(Document::Value(static_cast<double>(uint64_t(element))));
    case element_type::DOUBLE: return Document(Document::Value(double(element)));
    case element_type::STRING: return Document(Document::Value(std::string(std::string_view(element))));
    case element_type::BOOL: return Document(Document::Value(bool(element)));
    case element_type::NULL_VALUE: break;
  }
  return Document();
}

Result<Document> read_json(std::string_view bytes) {
  try {
    simdjson::dom::parser parser;
    const simdjson::padded_string padded(bytes);
    simdjson::dom::element root;
    if (const auto error = parser.parse(padded).get(root); error != simdjson::SUCCESS)
      return malformed(
          fmt::format("is not readable as JSON ({})", lower_ascii(simdjson::error_message(error)).substr(0, 80)));
    return convert(root, 0);
  } catch (const simdjson::simdjson_error& error) {
    return malformed(fmt::format("is not readable as JSON ({})", error.what()));
  }
}

template <class T>
const T& none() {
  static const T empty;
  return empty;
}

std::unexpected<Error> not_a(std::string_view key, std::string_view kind) {
  return malformed(fmt::format("'{}' is not {}", key, kind));
}

}  // namespace

Result<Document> Document::read(std::string_view bytes) {
  if (trim(bytes).empty()) return malformed("is empty");
  if (looks_like_ubjson(bytes)) return read_ubjson(bytes);
  return read_json(bytes);
}

Document Document::array(std::vector<Document> items) {
  const bool numeric = std::ranges::all_of(items, [](const Document& item) { return item.number() != nullptr; });
  if (!numeric) return Document(Value(std::move(items)));
  std::vector<double> numbers;
  numbers.reserve(items.size());
  for (const auto& item : items) numbers.push_back(*item.number());
  return Document(Value(std::move(numbers)));
}

Result<Document> Document::object(std::vector<DocumentMember> members) {
  std::vector<std::string_view> keys;
  for (const auto& [key, value] : members) keys.push_back(key);
  std::ranges::sort(keys);
  if (const auto twice = std::ranges::adjacent_find(keys); twice != keys.end())
    return malformed(fmt::format("has the key '{}' twice", printable(*twice)));
  return Document(Value(std::move(members)));
}

const Document* Document::find(std::string_view key) const {
  if (const auto* object = members())
    for (const auto& [name, value] : *object)
      if (name == key) return &value;
  return nullptr;
}

Result<const Document*> Document::member(std::string_view key) const {
  if (const auto* found = find(key)) return found;
  return malformed(fmt::format("'{}' is missing", key));
}

Result<std::string> Document::text_at(std::string_view key) const {
  LEEWAY_TRY(const Document* found, member(key));
  if (const auto* value = found->text()) return *value;
  return not_a(key, "a text");
}

Result<double> Document::number_at(std::string_view key) const {
  LEEWAY_TRY(const Document* found, member(key));
  if (found->is_null()) return std::numeric_limits<double>::quiet_NaN();
  if (const auto* value = found->number()) return *value;
  return not_a(key, "a number");
}

Result<int64_t> Document::integer_at(std::string_view key) const {
  LEEWAY_TRY(const double value, number_at(key));
  if (value != std::floor(value) || std::abs(value) > 9007199254740992.0) return not_a(key, "a whole number");
  return static_cast<int64_t>(value);
}

Result<std::vector<double>> Document::numbers_at(std::string_view key) const {
  LEEWAY_TRY(const Document* found, member(key));
  if (const auto* values = found->numbers()) return *values;
  return not_a(key, "an array of numbers");
}

Result<std::vector<std::string>> Document::texts_at(std::string_view key) const {
  LEEWAY_TRY(const auto* entries, items_at(key));
  std::vector<std::string> texts;
  for (const auto& entry : *entries) {
    if (entry.text() == nullptr) return not_a(key, "an array of texts");
    texts.push_back(*entry.text());
  }
  return texts;
}

Result<const std::vector<Document>*> Document::items_at(std::string_view key) const {
  LEEWAY_TRY(const Document* found, member(key));
  if (const auto* entries = found->items()) return entries;
  if (const auto* values = found->numbers(); values != nullptr && values->empty())
    return &none<std::vector<Document>>();
  return not_a(key, "an array");
}

}  // namespace leeway::models
