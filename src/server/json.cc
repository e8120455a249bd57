#include "server/json.h"

#include <algorithm>
#include <vector>

#include "base/text.h"

namespace leeway::server {
namespace {

using simdjson::dom::element_type;

std::unexpected<Error> not_json(simdjson::error_code error) {
  if (error == simdjson::DEPTH_ERROR)
    return fail(Code::invalid_argument, fmt::format("the JSON is nested deeper than {} levels", json_depth_limit));
  if (error == simdjson::UTF8_ERROR) return fail(Code::invalid_argument, "the JSON is not UTF-8");
  if (error == simdjson::NUMBER_ERROR)
    return fail(Code::invalid_argument, "the JSON has a number that JSON does not allow or a double cannot hold");
  if (error == simdjson::EMPTY) return fail(Code::invalid_argument, "there is no JSON here");
  return fail(Code::invalid_argument, "this is not valid JSON");
}

/// Walks a document once: counts, lengths, and names given twice. Rows mostly repeat the names of the row before, so an
/// object with the same names in the same order as the last good one needs no look-up.
class Inspection {
 public:
  Status inspect(JsonElement element) {
    if (++tokens_ > json_token_limit)
      return fail(Code::invalid_argument, fmt::format("the JSON has more than {} values", json_token_limit),
                  "Send fewer rows, or NDJSON.");
    switch (element.type()) {
      case element_type::ARRAY:
        for (const auto item : JsonArray(element)) LEEWAY_CHECK(inspect(item));
        return {};
      case element_type::OBJECT: return inspect_object(element);
      case element_type::STRING: return inspect_text(std::string_view(element));
      default: return {};
    }
  }

 private:
  Status inspect_text(std::string_view text) const {
    if (text.size() > json_text_limit) return fail(Code::invalid_argument, "the JSON has a text of more than 1 MB");
    return {};
  }

  Status inspect_object(JsonObject object) {
    size_t count = 0;
    bool same = true;
    for (const auto field : object) {
      same = same && count < names_.size() && names_[count] == field.key;
      ++count;
    }
    if (!same || count != names_.size()) LEEWAY_CHECK(learn(object));
    for (const auto field : object) LEEWAY_CHECK(inspect(field.value));
    return {};
  }

  Status learn(JsonObject object) {
    std::vector<std::string_view> names;
    for (const auto field : object) {
      LEEWAY_CHECK(inspect_text(field.key));
      names.push_back(field.key);
    }
    std::vector<std::string_view> sorted = names;
    std::ranges::sort(sorted);
    const auto twice = std::ranges::adjacent_find(sorted);
    if (twice != sorted.end())
      return fail(Code::invalid_argument,
                  fmt::format("the JSON has an object with the name '{}' twice", twice->substr(0, 100)));
    names_ = std::move(names);
    return {};
  }

  size_t tokens_ = 0;
  std::vector<std::string_view> names_;
};

Result<JsonElement> parse_with(simdjson::dom::parser& parser, const char* text, size_t size) {
  JsonElement root;
  const auto error = parser.parse(text, size, false).get(root);
  if (error) return not_json(error);
  LEEWAY_CHECK(Inspection().inspect(root));
  return root;
}

Status prepare(simdjson::dom::parser& parser, size_t size) {
  if (parser.allocate(std::max<size_t>(size, 64), json_depth_limit))
    return fail(Code::resource_exhausted, "there is no memory for this JSON");
  return {};
}

}  // namespace

Result<JsonDocument> JsonDocument::parse(const std::string& text) {
  JsonDocument document;
  document.parser_ = std::make_unique<simdjson::dom::parser>();
  LEEWAY_CHECK(prepare(*document.parser_, text.size()));
  LEEWAY_TRY(document.root_, parse_with(*document.parser_, text.data(), text.size()));
  return document;
}

JsonLines::JsonLines(const std::string& text) : text_(text) {}

std::optional<Result<JsonElement>> JsonLines::next() {
  while (position_ < text_.size()) {
    const size_t end = std::min(text_.find('\n', position_), text_.size());
    const std::string_view line = trim(std::string_view(text_).substr(position_, end - position_));
    position_ = end + 1;
    ++line_;
    if (line.empty()) continue;
    copy_.assign(line);
    copy_.reserve(copy_.size() + simdjson::SIMDJSON_PADDING);
    if (parser_.capacity() < copy_.size() || parser_.max_depth() != json_depth_limit) {
      if (auto ready = prepare(parser_, std::max<size_t>(copy_.size() * 2, 4096)); !ready)
        return Result<JsonElement>(std::unexpected(ready.error()));
    }
    return parse_with(parser_, copy_.data(), copy_.size());
  }
  return std::nullopt;
}

std::string_view kind_of(JsonElement element) {
  switch (element.type()) {
    case element_type::ARRAY: return "a list";
    case element_type::OBJECT: return "an object";
    case element_type::STRING: return "a text";
    case element_type::BOOL: return "true or false";
    case element_type::NULL_VALUE: return "null";
    default: return "a number";
  }
}

Result<JsonMembers> JsonMembers::of(JsonElement element, std::string place) {
  if (!element.is_object())
    return fail(Code::invalid_argument,
                fmt::format("{} must be an object, not {}", place.empty() ? "the body" : place, kind_of(element)));
  return JsonMembers(element, std::move(place));
}

std::unexpected<Error> JsonMembers::wrong(std::string_view name, std::string_view expected) const {
  return fail(Code::invalid_argument, fmt::format("{} must be {}", at(name), expected));
}

Status JsonMembers::only(std::initializer_list<std::string_view> known) const {
  for (const auto field : object_) {
    if (std::ranges::find(known, field.key) != known.end()) continue;
    const std::vector<std::string> names(known.begin(), known.end());
    return fail(Code::invalid_argument, fmt::format("{} is not known here", at(field.key.substr(0, 100))),
                "Known are " + join_words(names) + "." + did_you_mean(field.key, names));
  }
  return {};
}

std::optional<JsonElement> JsonMembers::find(std::string_view name) const {
  JsonElement element;
  if (object_.at_key(name).get(element) || element.is_null()) return std::nullopt;
  return element;
}

Result<std::string> JsonMembers::text(std::string_view name) const {
  LEEWAY_TRY(auto value, maybe_text(name));
  if (!value) return wrong(name, "given, as a text");
  return *std::move(value);
}

Result<std::optional<std::string>> JsonMembers::maybe_text(std::string_view name) const {
  const auto element = find(name);
  if (!element) return std::optional<std::string>{};
  std::string_view value;
  if (element->get(value)) return wrong(name, "a text");
  return std::optional<std::string>(std::string(value));
}

Result<std::optional<double>> JsonMembers::maybe_number(std::string_view name) const {
  const auto element = find(name);
  if (!element) return std::optional<double>{};
  double value = 0;
  if (element->get(value)) return wrong(name, "a number");
  return std::optional<double>(value);
}

Result<std::optional<int64_t>> JsonMembers::maybe_integer(std::string_view name) const {
  const auto element = find(name);
  if (!element) return std::optional<int64_t>{};
  int64_t value = 0;
  if (element->get(value)) return wrong(name, "a whole number");
  return std::optional<int64_t>(value);
}

Result<bool> JsonMembers::flag(std::string_view name, bool standard) const {
  const auto element = find(name);
  if (!element) return standard;
  bool value = false;
  if (element->get(value)) return wrong(name, "true or false");
  return value;
}

Result<std::optional<JsonArray>> JsonMembers::maybe_array(std::string_view name) const {
  const auto element = find(name);
  if (!element) return std::optional<JsonArray>{};
  if (!element->is_array()) return wrong(name, "a list");
  return std::optional<JsonArray>(JsonArray(*element));
}

}  // namespace leeway::server
