#pragma once
// Files for one test: a directory that goes with it, CSV from text, anything else written by DuckDB itself.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "sources/dataset.h"
#include "sources/duckdb_handle.h"

namespace leeway::test {

class Scratch {
 public:
  Scratch() {
    std::string path = (std::filesystem::temp_directory_path() / "leeway-test-XXXXXX").string();
    path_ = mkdtemp(path.data());
  }
  ~Scratch() { std::filesystem::remove_all(path_); }

  std::string path(std::string_view name) const { return (path_ / name).string(); }
  std::string write(std::string_view name, std::string_view bytes) const {
    std::ofstream(path_ / name, std::ios::binary) << bytes;
    return path(name);
  }
  /// Runs statements, '@' standing for the directory: "COPY (SELECT 1 AS a) TO '@/a.parquet'".
  void sql(std::string statement) const {
    for (size_t at; (at = statement.find('@')) != std::string::npos;) statement.replace(at, 1, path_.string());
    auto database = duck::Database::open({});
    ASSERT_TRUE(database) << database.error().text;
    auto connection = database->connect();
    ASSERT_TRUE(connection);
    const auto done = connection->run(statement);
    ASSERT_TRUE(done) << done.error().text;
  }

 private:
  std::filesystem::path path_;
};

inline SourceSpec spec_of(std::string path) {
  SourceSpec spec;
  spec.paths = {std::move(path)};
  spec.threads = 2;
  return spec;
}

/// The error text of opening, "opened" if it worked.
inline std::string failure_of(const SourceSpec& spec) {
  const auto data = Dataset::open(spec);
  return data ? "opened" : data.error().text();
}

/// All values of a column as text, "∅" for null, joined by '|'.
inline std::string values_of(const Dataset& data, std::string_view column) {
  const auto index = data.schema().find(column);
  if (!index) return "no such column";
  const auto read = data.read(*index);
  if (!read) return read.error().text();
  std::string out;
  for (size_t row = 0; row < read->size(); ++row)
    out += (row > 0 ? "|" : "") + (read->is_valid(row) ? read->text(row) : std::string("∅"));
  return out;
}

inline std::string notes_of(const Dataset& data) {
  std::string out;
  for (const auto& note : data.notes()) out += note + "\n";
  return out;
}

}  // namespace leeway::test
