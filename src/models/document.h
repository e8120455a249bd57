#pragma once
// A tree of values read from JSON or UBJSON: the two forms in which XGBoost saves a model, and the one in which ours
// are kept.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"

namespace leeway::models {

class Document;
using DocumentMember = std::pair<std::string, Document>;

/// A value type. Arrays whose elements are all numbers are held as numbers(), whatever the form they were written in.
class Document {
 public:
  /// JSON (RFC 8259) or UBJSON (draft 12, with typed arrays), told apart by content. Errors: invalid_data, with the
  /// byte where reading stopped: truncated, malformed, a repeated key, nested deeper than 64.
  static Result<Document> read(std::string_view bytes);
  /// Numbers become numbers().
  static Document array(std::vector<Document> items);
  /// Errors: invalid_data for a repeated key.
  static Result<Document> object(std::vector<DocumentMember> members);
  static constexpr int deepest = 64;

  bool is_null() const { return std::holds_alternative<std::monostate>(value_); }
  const std::string* text() const { return std::get_if<std::string>(&value_); }
  const double* number() const { return std::get_if<double>(&value_); }
  const bool* boolean() const { return std::get_if<bool>(&value_); }
  const std::vector<double>* numbers() const { return std::get_if<std::vector<double>>(&value_); }
  const std::vector<Document>* items() const { return std::get_if<std::vector<Document>>(&value_); }
  const std::vector<DocumentMember>* members() const { return std::get_if<std::vector<DocumentMember>>(&value_); }
  /// The member of an object; null pointer if there is none or this is not an object.
  const Document* find(std::string_view key) const;

  /// Members that must be there, of the kind asked. Errors: invalid_data, "'key' is missing" or "'key' is not a
  /// number". A null number is NaN, as JsonWriter writes it.
  Result<const Document*> member(std::string_view key) const;
  Result<std::string> text_at(std::string_view key) const;
  Result<double> number_at(std::string_view key) const;
  /// A whole number within 2^53.
  Result<int64_t> integer_at(std::string_view key) const;
  Result<std::vector<double>> numbers_at(std::string_view key) const;   ///< An empty array included.
  Result<std::vector<std::string>> texts_at(std::string_view key) const;
  Result<const std::vector<Document>*> items_at(std::string_view key) const;   ///< An empty array included.

  using Value = std::variant<std::monostate, bool, double, std::string, std::vector<double>, std::vector<Document>,
                             std::vector<DocumentMember>>;
  Document() = default;
  explicit Document(Value value) : value_(std::move(value)) {}

 private:
  Value value_;
};

}  // namespace leeway::models
