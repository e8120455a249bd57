#pragma once
// From DuckDB's chunks to our columns: which of our types each of DuckDB's becomes, and the copying.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "columns/column.h"
#include "sources/duckdb_handle.h"

namespace leeway {

/// How a column of DuckDB is read.
struct Reading {
  Type type = Type::text;
  std::string_view select = "@";  ///< The SQL expression to read, '@' standing for the column.
  int64_t tick = 1;              ///< Times only: nanoseconds in one of the source's units.
  bool date = false;             ///< A day number in 32 bits.
  bool beyond_int64 = false;     ///< May hold integers that no int64 holds.
};

/// The reading of a DuckDB type as DESCRIBE writes it ("DECIMAL(18,2)"); nothing for types that have no column of ours
/// (nested, binary).
std::optional<Reading> reading_of(std::string_view duckdb_type);

/// Gathers distinct texts and hands out their codes in order of first appearance.
class Dictionary {
 public:
  /// The codes of a chunk's cells; 0 where `valid` (nullptr: all are) says null.
  void append_codes(const duckdb_string_t* cells, const uint64_t* valid, size_t count, std::vector<uint32_t>& codes);
  std::vector<std::string> take() { return std::move(words_); }

 private:
  struct Slot {
    uint32_t tag = 0;  // bits of the hash
    uint32_t code_plus_one = 0;
  };
  uint32_t code(std::string_view text);
  void grow();

  std::vector<Slot> slots_ = std::vector<Slot>(64);
  std::vector<std::string> words_;
};

/// Appends the chunks of one column. Times beyond the years 1677 to 2262 become null.
class ColumnBuilder {
 public:
  ColumnBuilder(std::string name, Reading reading, size_t rows_expected);
  void append(const duck::Chunk& chunk, size_t column);
  Column finish();

 private:
  void append_times(const duck::Chunk& chunk, size_t column);
  void append_nulls(const uint64_t* valid, size_t count);
  /// Bit i of `nulls` set: row + i is null.
  void mark_null(size_t row, uint64_t nulls);

  std::string name_;
  Reading reading_;
  size_t size_ = 0;
  std::vector<uint64_t> valid_;  // grows with the last null; rows beyond it are valid
  std::vector<double> reals_;
  std::vector<int64_t> integers_;
  std::vector<uint32_t> codes_;
  Dictionary dictionary_;
};

}  // namespace leeway
