#pragma once
// From paths as the user names them to files that exist, their formats, and what identifies their contents.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"

namespace leeway {

enum class Format { csv, json, parquet, duckdb };
enum class Compression { none, gzip, zstd };

struct SourceFile {
  std::string path;   ///< Absolute, symbolic links resolved.
  std::string shown;  ///< As the user wrote it, for messages.
  Format format = Format::csv;
  Compression compression = Compression::none;
};

/// ", compression='gzip'" for read_csv and read_json, whatever the files are called; empty (so by name) if they differ.
std::string compression_option(std::span<const SourceFile> files);

/// Expands globs (sorted), and recognises each file by its first bytes, its name where those leave it open. Errors name
/// the file: not_found with the nearest sibling, a glob without a match; invalid_data for a directory, an empty file, a
/// file that cannot be read, that was cut short, or that is of a kind not read here (with what to convert it to).
Result<std::vector<SourceFile>> find_files(const std::vector<std::string>& paths);

/// The same for one path without a glob; `shown` names it in messages.
Result<SourceFile> recognise(const std::string& path, const std::string& shown);

/// Fails if a compressed file ends early or is damaged, which DuckDB would read as a shorter file. Reads it whole:
/// gzip at the speed of inflating, zstd (whose frames can be skipped) at once.
Status verify_complete(const SourceFile& file);

/// Hash of size and contents: whole up to 1 MB, beyond that the ends and evenly spaced samples. 0 if unreadable.
uint64_t content_hash(const std::string& path);

/// The paths that a SELECT names: its string literals that are files or globs with a match, comments skipped.
std::vector<std::string> paths_in_sql(const std::string& sql);

/// True if `path` holds a glob character and no file of that very name exists.
bool is_glob(const std::string& path);

/// A directory of one's own under the system's directory for temporary files, removed with all its contents.
class TemporaryDirectory {
 public:
  static Result<TemporaryDirectory> make();
  TemporaryDirectory(TemporaryDirectory&& other) noexcept : path_(std::move(other.path_)) { other.path_.clear(); }
  TemporaryDirectory& operator=(TemporaryDirectory&& other) noexcept {
    path_.swap(other.path_);
    return *this;
  }
  ~TemporaryDirectory();
  const std::string& path() const { return path_; }

 private:
  explicit TemporaryDirectory(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

}  // namespace leeway
