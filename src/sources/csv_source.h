#pragma once
// How a set of CSV files is read: their dialect, and what to try when the first guess fails.

#include <string>
#include <vector>

#include "base/result.h"
#include "sources/csv_dialect.h"
#include "sources/duckdb_handle.h"
#include "sources/source_files.h"

namespace leeway {

/// Sentences on the columns whose names were changed, because they are empty or occur twice (in any case).
std::vector<std::string> renamed_columns(const std::vector<std::string>& written,
                                         const std::vector<std::string>& names);

/// The read_csv call for some files, as it stands after sniffing and mending.
class CsvSource {
 public:
  /// Looks at the first lines of each file. Errors: invalid_data for files without text.
  static Result<CsvSource> sniff(duck::Connection& connection, std::vector<SourceFile> files, std::string delimiter,
                                 std::vector<std::string> missing_values);

  /// "read_csv([...], delim=…, …)", a table in a FROM clause.
  std::string call() const;

  /// After call() failed: true if there is another way to read, which call() then gives. Otherwise the failure stands.
  bool mend(const duck::Failure& failure);

  /// The failure with its line, which a failed sniff does not tell.
  duck::Failure diagnose(duck::Connection& connection, const duck::Failure& failure) const;

  /// What was guessed or mended, one sentence each, given the names that the columns were read under.
  std::vector<std::string> notes(const std::vector<std::string>& names) const;

 private:
  std::string options() const;
  std::vector<std::string> header_notes(const std::vector<std::string>& names) const;

  std::vector<SourceFile> files_;
  std::vector<std::vector<std::string>> headers_;  // of each file
  std::vector<std::string> missing_values_;
  CsvDialect dialect_;
  bool latin1_ = false;
  bool whole_sample_ = false;
  std::vector<std::string> mended_;
};

}  // namespace leeway
