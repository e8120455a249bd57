#pragma once
// JSON read into a tree, and checked against the part of JSON Schema 2020-12 that our schemas use. A keyword that this
// checker does not know makes it fail, so that a schema cannot promise what is not checked.

#include <cctype>
#include <charconv>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace leeway::sample {

struct Json {
  using Object = std::map<std::string, Json>;
  using Array = std::vector<Json>;
  std::variant<std::nullptr_t, bool, double, std::string, Array, Object> value = nullptr;

  const Object* object() const { return std::get_if<Object>(&value); }
  const Array* array() const { return std::get_if<Array>(&value); }
  const std::string* text() const { return std::get_if<std::string>(&value); }
  const double* number() const { return std::get_if<double>(&value); }
  bool is_null() const { return std::holds_alternative<std::nullptr_t>(value); }
  /// The member, or null's shared instance: j["a"]["b"] never fails.
  const Json& operator[](const std::string& key) const {
    static const Json none;
    const Object* o = object();
    const auto found = o == nullptr ? Object::const_iterator() : o->find(key);
    return o == nullptr || found == o->end() ? none : found->second;
  }
  const Json& operator[](size_t index) const { return array()->at(index); }
  bool operator==(const Json&) const = default;
};

/// Strict: one value, nothing after it but blanks. Throws a message on anything else.
class JsonReader {
 public:
  static Json read(std::string_view text) {
    JsonReader reader(text);
    Json out = reader.value();
    reader.blanks();
    if (!reader.text_.empty()) reader.bad("text after the document");
    return out;
  }

 private:
  explicit JsonReader(std::string_view text) : text_(text), size_(text.size()) {}

  [[noreturn]] void bad(const std::string& what) const {
    throw what + " at byte " + std::to_string(size_ - text_.size());
  }
  void blanks() {
    while (!text_.empty() && std::string_view(" \n\r\t").find(text_[0]) != std::string_view::npos) text_.remove_prefix(1);
  }
  bool take(char c) {
    blanks();
    if (text_.empty() || text_[0] != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  void expect(char c) {
    if (!take(c)) bad(std::string("expected ") + c);
  }
  bool word(std::string_view w) {
    if (!text_.starts_with(w)) return false;
    text_.remove_prefix(w.size());
    return true;
  }

  Json value() {
    blanks();
    if (text_.empty()) bad("no value");
    if (text_[0] == '{') return {object()};
    if (text_[0] == '[') return {array()};
    if (text_[0] == '"') return {string()};
    if (word("null")) return {nullptr};
    if (word("true")) return {true};
    if (word("false")) return {false};
    double number = 0;
    const auto [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), number);
    const bool begins = text_[0] == '-' || std::isdigit(static_cast<unsigned char>(text_[0])) != 0;
    if (error != std::errc() || !begins) bad("not a value");
    text_.remove_prefix(static_cast<size_t>(end - text_.data()));
    return {number};
  }

  Json::Object object() {
    Json::Object out;
    expect('{');
    if (take('}')) return out;
    do {
      blanks();
      std::string key = string();
      expect(':');
      if (!out.emplace(key, value()).second) bad("duplicate key " + key);
    } while (take(','));
    expect('}');
    return out;
  }

  Json::Array array() {
    Json::Array out;
    expect('[');
    if (take(']')) return out;
    do out.push_back(value());
    while (take(','));
    expect(']');
    return out;
  }

  std::string string() {
    std::string out;
    expect('"');
    while (true) {
      if (text_.empty()) bad("unfinished string");
      const char c = text_[0];
      text_.remove_prefix(1);
      if (c == '"') return out;
      if (static_cast<unsigned char>(c) < 0x20) bad("raw control byte");
      if (c != '\\') {
        out += c;
        continue;
      }
      const char escape = text_.empty() ? '\0' : text_[0];
      text_.remove_prefix(1);
      const auto at = std::string_view("\"\\/nrtbf").find(escape);
      if (at != std::string_view::npos) {
        out += std::string_view("\"\\/\n\r\t\b\f")[at];
      } else if (escape == 'u' && text_.size() >= 4) {
        int code = 0;
        std::from_chars(text_.data(), text_.data() + 4, code, 16);
        if (code >= 0x80) bad("the writer escapes nothing beyond ASCII");
        out += static_cast<char>(code);
        text_.remove_prefix(4);
      } else {
        bad("unknown escape");
      }
    }
  }

  std::string_view text_;
  size_t size_;
};

/// Adds one line per violation, with the path of the value.
class SchemaChecker {
 public:
  explicit SchemaChecker(const Json& schema) : root_(schema) {}

  std::vector<std::string> check(const Json& document) {
    problems_.clear();
    check(document, root_, "$");
    return problems_;
  }

 private:
  void problem(const std::string& path, const std::string& what) { problems_.push_back(path + ": " + what); }

  static bool is_type(const Json& j, const std::string& type) {
    if (type == "object") return j.object() != nullptr;
    if (type == "array") return j.array() != nullptr;
    if (type == "string") return j.text() != nullptr;
    if (type == "null") return j.is_null();
    if (type == "boolean") return std::holds_alternative<bool>(j.value);
    if (type == "number") return j.number() != nullptr;
    return type == "integer" && j.number() != nullptr && *j.number() == static_cast<double>(static_cast<int64_t>(*j.number()));
  }

  bool has_type(const Json& j, const Json& types) const {
    if (types.text() != nullptr) return is_type(j, *types.text());
    for (const auto& type : *types.array())
      if (is_type(j, *type.text())) return true;
    return false;
  }

  void check(const Json& j, const Json& schema, const std::string& path) {
    for (const auto& [keyword, rule] : *schema.object()) {
      if (keyword == "$ref") check(j, root_["$defs"][rule.text()->substr(std::string("#/$defs/").size())], path);
      else if (keyword == "type") has_type(j, rule) ? void() : problem(path, "wrong type");
      else if (keyword == "const") j == rule ? void() : problem(path, "not the constant");
      else if (keyword == "enum") check_enum(j, rule, path);
      else if (keyword == "minimum") j.number() == nullptr || *j.number() >= *rule.number() ? void() : problem(path, "too small");
      else if (keyword == "required") check_required(j, rule, path);
      else if (keyword == "properties") check_members(j, schema, path);
      else if (keyword == "items") check_items(j, rule, path);
      else if (keyword != "description" && keyword != "title" && keyword != "additionalProperties" && keyword != "$defs" &&
               keyword != "$schema" && keyword != "$id")
        problem(path, "the schema uses " + keyword + ", which this checker does not know");
    }
  }

  void check_enum(const Json& j, const Json& rule, const std::string& path) {
    for (const auto& allowed : *rule.array())
      if (j == allowed) return;
    problem(path, "not among the values allowed");
  }
  void check_required(const Json& j, const Json& rule, const std::string& path) {
    if (j.object() == nullptr) return;
    for (const auto& key : *rule.array())
      if (!j.object()->contains(*key.text())) problem(path, "lacks " + *key.text());
  }
  void check_members(const Json& j, const Json& schema, const std::string& path) {
    if (j.object() == nullptr) return;
    if (schema["additionalProperties"] != Json{false}) problem(path, "the schema is not strict here");
    for (const auto& [key, member] : *j.object()) {
      const auto known = schema["properties"].object()->find(key);
      if (known == schema["properties"].object()->end()) problem(path, "unknown member " + key);
      else check(member, known->second, path + "." + key);
    }
  }
  void check_items(const Json& j, const Json& rule, const std::string& path) {
    if (j.array() == nullptr) return;
    for (size_t i = 0; i < j.array()->size(); ++i) check(j[i], rule, path + "[" + std::to_string(i) + "]");
  }

  const Json& root_;
  std::vector<std::string> problems_;
};

}  // namespace leeway::sample
