#pragma once
// A table of production or reference rows that can be read a column at a time.

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "columns/column.h"
#include "columns/roles.h"
#include "columns/schema.h"

namespace leeway {

/// What to read, as the user names it.
struct SourceSpec {
  /// Files or globs, read as one table (columns matched by name): .csv .tsv .txt (optionally .gz or .zst), .parquet,
  /// .jsonl .ndjson .json, or one DuckDB file (.duckdb, .db, .ddb). "-" is standard input (CSV or JSON lines).
  std::vector<std::string> paths;
  std::string table;       ///< For a DuckDB file: the table or view; empty if it has only one.
  std::string sql;         ///< A SELECT over files or, with a DuckDB path, over its tables; empty for none.
  std::string delimiter;   ///< CSV only; empty to sniff.
  std::vector<std::string> missing_values;  ///< CSV only: texts that mean missing besides the empty field, e.g. "?".
  int threads = 0;         ///< Threads of the first bring-in and of for_each(); 0 for all processors.

  /// "a.csv" or "a.csv and 3 more": for headings and messages.
  std::string label() const;
};

/// A data set opened for reading. read() returns rows in the same order every time, so that columns line up.
/// Thread safe: each thread that reads takes a connection of its own from a pool. Moves, does not copy.
///
/// The engine behind it has no outside access beyond the named files, loads no extension and makes no request.
class Dataset {
 public:
  /// Opens and sniffs; reads no more than types need. Errors: not_found (no such file, glob without a match, missing
  /// table), invalid_data (not readable as its format: the place and what was expected), invalid_argument (bad SQL).
  /// A file with a header and no rows opens, with zero rows; an empty file is invalid_data.
  static Result<Dataset> open(const SourceSpec& spec);

  Dataset(Dataset&&) noexcept;
  Dataset& operator=(Dataset&&) noexcept;
  ~Dataset();

  const Schema& schema() const;
  int64_t rows() const;
  const std::string& label() const;
  /// Remarks on what was sniffed or mended, one sentence each: renamed duplicate columns, a guessed delimiter, …
  const std::vector<std::string>& notes() const;
  /// Names what was read in 16 hex digits: equal inputs give equal fingerprints, whatever their path (size and
  /// sampled contents; not a cryptographic promise).
  std::string fingerprint() const;

  /// One whole column. Errors: not_found, invalid_data (a file that turns out broken further on).
  Result<Column> read(size_t index) const;
  /// Several columns, each as read() gives it, sharing one pass where the format allows.
  Result<std::vector<Column>> read(std::span<const size_t> indices) const;
  /// Reads the columns named and hands each to `use` with its place in `indices`, on several threads at once (the
  /// thread count of the spec), so that only a few columns are in memory at a time. `use` must be safe for that and
  /// write to a place of its own. Returns the first failure by place; the rest of that batch is skipped. The fast way
  /// to go through a table: 1M x 50 in about the time that DuckDB takes to sum it, 10,000 columns in a few queries.
  Status for_each(std::span<const size_t> indices, const std::function<Status(size_t place, Column column)>& use) const;
  /// What role inference asks of a column, in bounded memory however many values it has.
  Result<ColumnFacts> facts(size_t index) const;
  /// Rows that equal an earlier row in all the columns named (all if empty): rows minus distinct rows. Rows are
  /// compared by 64-bit hashes: two different rows among 10M pass for equal once in 400,000 data sets.
  Result<int64_t> duplicate_rows(std::span<const size_t> indices = {}) const;

 private:
  struct State;
  explicit Dataset(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace leeway
