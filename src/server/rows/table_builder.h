#pragma once
// Rows of JSON → typed columns.

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "columns/column.h"
#include "server/json.h"

namespace leeway::server {

/// Collects rows whose names and types are not known beforehand. A column's type is the narrowest that holds its
/// values: boolean, integer, real, text. A number among texts becomes the text that JSON would write; a boolean among
/// numbers becomes 0 or 1. Absent and null are missing. Not thread safe.
class TableBuilder {
 public:
  /// At most `column_limit` columns.
  explicit TableBuilder(size_t column_limit = 4096) : column_limit_(column_limit) {}

  /// Adds one row. Nothing of it is kept on an error: invalid_argument (a member that is a list or an object, too many
  /// columns). Requires distinct names, which JsonDocument ensures.
  Status add(JsonObject row);
  size_t rows() const { return rows_; }
  /// In order of first appearance. The builder is empty afterwards.
  std::vector<Column> finish();

 private:
  enum class Kind : uint8_t { none, boolean, integer, real, text };
  struct Building {
    std::string name;
    Kind kind = Kind::none;
    std::vector<int64_t> integers;  // boolean, integer
    std::vector<double> reals;
    std::vector<uint32_t> codes;
    std::vector<std::string> dictionary;
    std::unordered_map<std::string, uint32_t> known;
    std::vector<uint64_t> valid;  // one bit a row
    size_t rows = 0;              // so far, the row in hand included once it has been seen
    bool nulls = false;
  };

  Result<size_t> place_of(std::string_view name, size_t expected);
  static void pad(Building& column, size_t rows);
  static void widen(Building& column, Kind kind);
  static void append(Building& column, JsonElement value);
  static void append_text(Building& column, std::string text);
  static std::string text_at(const Building& column, size_t row);
  static bool is_valid(const Building& column, size_t row) { return column.valid[row >> 6] >> (row & 63) & 1; }

  size_t column_limit_;
  size_t rows_ = 0;
  std::vector<Building> columns_;
  std::unordered_map<std::string, size_t> places_;
};

}  // namespace leeway::server
