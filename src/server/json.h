#pragma once
// JSON from outside: parsed strictly, then read with messages that name the place.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <simdjson.h>

#include "base/result.h"

namespace leeway::server {

using JsonElement = simdjson::dom::element;
using JsonObject = simdjson::dom::object;
using JsonArray = simdjson::dom::array;

constexpr size_t json_depth_limit = 32;
constexpr size_t json_token_limit = 1'000'000;
constexpr size_t json_text_limit = 1024 * 1024;

/// A whole document. Its elements live as long as it does.
class JsonDocument {
 public:
  /// `text` must have 64 bytes of capacity behind its end (bodies of requests do). Errors, all invalid_argument: not
  /// JSON (which NaN and Infinity are not), nesting deeper than 32, more than a million tokens, a string beyond 1 MB,
  /// an object with a name twice.
  static Result<JsonDocument> parse(const std::string& text);
  JsonElement root() const { return root_; }

 private:
  friend class JsonLines;
  std::unique_ptr<simdjson::dom::parser> parser_;
  JsonElement root_;
};

/// One document a line, all with one parser. Lines that hold only blanks are passed over.
class JsonLines {
 public:
  explicit JsonLines(const std::string& text);
  /// The next line's element, valid until the next call; an Error, as of JsonDocument, for a line that is not JSON;
  /// nothing at the end.
  std::optional<Result<JsonElement>> next();
  /// Of the line that next() gave, from 1.
  size_t line() const { return line_; }

 private:
  const std::string& text_;
  size_t position_ = 0, line_ = 0;
  simdjson::dom::parser parser_;
  std::string copy_;   // with the capacity that the parser needs
};

/// An object whose members are read by name. `place` is a JSON pointer for messages.
class JsonMembers {
 public:
  static Result<JsonMembers> of(JsonElement element, std::string place = {});

  /// Fails on the first name that is not among `known`, naming the nearest.
  Status only(std::initializer_list<std::string_view> known) const;
  /// Nothing if the member is absent or null.
  std::optional<JsonElement> find(std::string_view name) const;
  Result<std::string> text(std::string_view name) const;
  Result<std::optional<std::string>> maybe_text(std::string_view name) const;
  Result<std::optional<double>> maybe_number(std::string_view name) const;
  Result<std::optional<int64_t>> maybe_integer(std::string_view name) const;
  Result<bool> flag(std::string_view name, bool standard) const;
  Result<std::optional<JsonArray>> maybe_array(std::string_view name) const;
  JsonObject object() const { return object_; }
  std::string at(std::string_view name) const { return place_ + "/" + std::string(name); }

 private:
  JsonMembers(JsonObject object, std::string place) : object_(object), place_(std::move(place)) {}
  std::unexpected<Error> wrong(std::string_view name, std::string_view expected) const;

  JsonObject object_;
  std::string place_;
};

/// "a number", "a text", …: for messages that say what was found.
std::string_view kind_of(JsonElement element);

}  // namespace leeway::server
