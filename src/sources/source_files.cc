#include "sources/source_files.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string_view>
#include <glob.h>
#include <stdlib.h>
#include <zlib.h>

#include <fmt/format.h>

#include "base/hash.h"
#include "base/text.h"

namespace leeway {
namespace {

namespace fs = std::filesystem;

std::unexpected<Error> fail_at(Code code, const std::string& file, std::string message, std::string remedy) {
  return fail(Error{code, std::move(message), file, 0, 0, std::move(remedy)});
}

// Kinds of files by their first bytes. `what` is empty for those that are read.
struct Magic {
  size_t offset;
  std::string_view bytes;
  std::optional<Format> format;
  Compression compression;
  std::string_view what, remedy;
};

constexpr std::string_view to_parquet = "Convert it to Parquet or CSV first.";
constexpr std::array magics = std::to_array<Magic>({
    {0, "PAR1", Format::parquet, Compression::none, {}, {}},
    {8, "DUCK", Format::duckdb, Compression::none, {}, {}},
    {0, "\x1f\x8b", {}, Compression::gzip, {}, {}},
    {0, "\x28\xb5\x2f\xfd", {}, Compression::zstd, {}, {}},
    {0, "PARE", {}, Compression::none, "an encrypted Parquet file", "Decrypt it first."},
    {0, "PK\x03\x04", {}, Compression::none, "a zip archive (or an Excel workbook)", "Unpack it, or save it as CSV."},
    {0, "\xd0\xcf\x11\xe0", {}, Compression::none, "an Excel workbook", "Save it as CSV."},
    {0, "ARROW1", {}, Compression::none, "an Arrow (Feather) file", to_parquet},
    {0, "ORC", {}, Compression::none, "an ORC file", to_parquet},
    {0, "Obj\x01", {}, Compression::none, "an Avro file", to_parquet},
    {0, "SQLite format 3", {}, Compression::none, "an SQLite database", to_parquet},
    {0, "\x89HDF", {}, Compression::none, "an HDF5 file", to_parquet},
    {0, "BZh", {}, Compression::none, "a bzip2 file", "Unpack it, or compress it with gzip or zstd."},
    {0, "\xfd" "7zXZ", {}, Compression::none, "an xz file", "Unpack it, or compress it with gzip or zstd."},
    {0, "\xff\xfe", {}, Compression::none, "text in UTF-16", "Save it as UTF-8."},
    {0, "\xfe\xff", {}, Compression::none, "text in UTF-16", "Save it as UTF-8."},
});

std::optional<Format> format_of_name(std::string name) {
  name = lower_ascii(name);
  for (const std::string_view packed : {".gz", ".gzip", ".zst", ".zstd"})
    if (name.ends_with(packed)) name.resize(name.size() - packed.size());
  for (const std::string_view csv : {".csv", ".tsv", ".txt", ".psv"})
    if (name.ends_with(csv)) return Format::csv;
  for (const std::string_view json : {".json", ".jsonl", ".ndjson"})
    if (name.ends_with(json)) return Format::json;
  for (const std::string_view parquet : {".parquet", ".pq"})
    if (name.ends_with(parquet)) return Format::parquet;
  for (const std::string_view duckdb : {".duckdb", ".ddb", ".db"})
    if (name.ends_with(duckdb)) return Format::duckdb;
  return std::nullopt;
}

std::string read_at(std::ifstream& in, int64_t offset, size_t count) {
  std::string bytes(count, '\0');
  in.clear();
  in.seekg(offset);
  in.read(bytes.data(), static_cast<std::streamsize>(count));
  bytes.resize(static_cast<size_t>(in.gcount()));
  return bytes;
}

// The first bytes of the contents, unpacked if they are gzip.
std::string head_of(const std::string& path) {
  std::string head(65536, '\0');
  gzFile in = gzopen(path.c_str(), "rb");
  if (!in) return {};
  head.resize(static_cast<size_t>(std::max(0, gzread(in, head.data(), static_cast<unsigned>(head.size())))));
  gzclose(in);
  return head;
}

// CSV or JSON for contents that carry no magic; nothing for what is no text.
std::optional<Format> format_of_text(const std::string& head, const std::string& name) {
  if (head.find('\0') != std::string::npos) return std::nullopt;
  if (const auto named = format_of_name(name); named == Format::csv || named == Format::json) return named;
  const auto first = head.find_first_not_of(" \t\r\n\xef\xbb\xbf");
  return first != std::string::npos && (head[first] == '{' || head[first] == '[') ? Format::json : Format::csv;
}

std::string siblings_hint(const fs::path& path) {
  std::vector<std::string> names;
  std::error_code error;
  const fs::path parent = path.has_parent_path() ? path.parent_path() : fs::path(".");
  if (!fs::is_directory(parent, error)) return fmt::format("There is no directory '{}'.", parent.string());
  for (const auto& entry : fs::directory_iterator(parent, error)) names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  const std::string hint = did_you_mean(path.filename().string(), names);
  return std::string(trim(hint));
}

Result<std::vector<std::string>> expand_glob(const std::string& pattern) {
  glob_t found{};
  const int status = glob(pattern.c_str(), GLOB_BRACE | GLOB_TILDE, nullptr, &found);
  std::vector<std::string> paths(found.gl_pathv, found.gl_pathv + (status == 0 ? found.gl_pathc : 0));
  globfree(&found);
  std::erase_if(paths, [](const std::string& path) { return fs::is_directory(path); });
  if (paths.empty()) return fail(Code::not_found, fmt::format("no file matches '{}'", pattern));
  std::sort(paths.begin(), paths.end());
  return paths;
}

Status check_parquet_end(std::ifstream& in, int64_t size, const std::string& shown) {
  if (size >= 12 && read_at(in, size - 4, 4) == "PAR1") return {};
  return fail_at(Code::invalid_data, shown, "begins as a Parquet file but ends without its footer: it was cut short",
                 "Copy or write it again.");
}

Result<SourceFile> recognise_text(SourceFile file) {
  if (file.compression == Compression::zstd) {
    file.format = format_of_name(file.shown).value_or(Format::csv);
    return file;
  }
  const std::string head = head_of(file.path);
  if (head.empty()) {
    LEEWAY_CHECK(verify_complete(file));
    return fail_at(Code::invalid_data, file.shown, "the file is empty", "Give a file with a header line and rows.");
  }
  const auto named = format_of_name(file.shown);
  if (named == Format::parquet || named == Format::duckdb)
    return fail_at(Code::invalid_data, file.shown,
                   fmt::format("is not a {} file: its first bytes are not those of one",
                               named == Format::duckdb ? "DuckDB" : "Parquet"),
                   "Check that it was copied whole, or rename it after what it is.");
  const auto format = format_of_text(head, file.shown);
  if (!format)
    return fail_at(Code::invalid_data, file.shown, "is binary data of no kind that is read here",
                   "Give CSV, JSON lines, Parquet or a DuckDB file.");
  file.format = *format;
  return file;
}

}  // namespace

std::string compression_option(std::span<const SourceFile> files) {
  for (const auto& file : files)
    if (file.compression != files.front().compression) return {};
  constexpr std::string_view names[] = {"uncompressed", "gzip", "zstd"};
  return fmt::format(", compression='{}'", names[static_cast<size_t>(files.front().compression)]);
}

bool is_glob(const std::string& path) {
  std::error_code error;
  return path.find_first_of("*?[{") != std::string::npos && !fs::exists(path, error);
}

Result<SourceFile> recognise(const std::string& path, const std::string& shown) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status)) return fail_at(Code::not_found, shown, "no such file", siblings_hint(path));
  if (fs::is_directory(status))
    return fail_at(Code::invalid_argument, shown, "is a directory",
                   fmt::format("Name its files, for example '{}/*.parquet'.", shown));
  if (!fs::is_regular_file(status))
    return fail_at(Code::invalid_argument, shown, "is not a regular file", "Use '-' to read from standard input.");
  SourceFile file{fs::canonical(path, error).string(), shown, Format::csv, Compression::none};
  std::ifstream in(file.path, std::ios::binary);
  if (!in) return fail_at(Code::invalid_data, shown, "cannot be opened for reading", "Check its permissions.");
  const auto size = static_cast<int64_t>(fs::file_size(file.path, error));
  if (size == 0)
    return fail_at(Code::invalid_data, shown, "the file is empty", "Give a file with a header line and rows.");
  const std::string head = read_at(in, 0, 64);
  for (const auto& magic : magics) {
    if (std::string_view(head).substr(std::min(magic.offset, head.size())).substr(0, magic.bytes.size()) != magic.bytes)
      continue;
    if (!magic.what.empty())
      return fail_at(Code::invalid_data, shown, fmt::format("is {}, which is not read here", magic.what),
                     std::string(magic.remedy));
    file.compression = magic.compression;
    if (!magic.format) break;
    file.format = *magic.format;
    if (file.format == Format::parquet) LEEWAY_CHECK(check_parquet_end(in, size, shown));
    return file;
  }
  return recognise_text(std::move(file));
}

Result<std::vector<SourceFile>> find_files(const std::vector<std::string>& paths) {
  std::vector<SourceFile> files;
  for (const auto& path : paths) {
    std::vector<std::string> named{path};
    if (is_glob(path)) {
      LEEWAY_TRY(named, expand_glob(path));
    }
    for (const auto& name : named) {
      LEEWAY_TRY(auto file, recognise(name, name));
      files.push_back(std::move(file));
    }
  }
  return files;
}

namespace {

Status verify_gzip(const SourceFile& file) {
  gzFile in = gzopen(file.path.c_str(), "rb");
  if (!in) return fail_at(Code::invalid_data, file.shown, "cannot be opened for reading", "Check its permissions.");
  gzbuffer(in, 1 << 18);
  std::string buffer(1 << 18, '\0');
  int got = 0;
  while ((got = gzread(in, buffer.data(), static_cast<unsigned>(buffer.size()))) > 0) {
  }
  int code = Z_OK;
  gzerror(in, &code);
  const int closed = gzclose_r(in);
  if (got == 0 && code == Z_OK && closed == Z_OK) return {};
  const bool cut = code == Z_BUF_ERROR || closed == Z_BUF_ERROR;
  return fail_at(Code::invalid_data, file.shown,
                 cut ? "the gzip data end early: the file was cut short" : "the gzip data are damaged",
                 "Copy or compress the file again.");
}

// RFC 8878 §3.1: frames of blocks whose sizes stand in their headers, so the end is found without unpacking.
class ZstdFrames {
 public:
  explicit ZstdFrames(const std::string& path) : in_(path, std::ios::binary) {
    in_.seekg(0, std::ios::end);
    size_ = in_.tellg();
  }
  bool complete() {
    while (at_ < size_)
      if (!frame()) return false;
    return at_ == size_;
  }

 private:
  uint64_t number(int64_t offset, size_t bytes) {
    const std::string text = read_at(in_, offset, bytes);
    uint64_t value = 0;
    for (size_t i = text.size(); i-- > 0;) value = value << 8 | static_cast<unsigned char>(text[i]);
    return value;
  }
  bool frame() {
    const uint64_t magic = number(at_, 4);
    if ((magic & 0xFFFFFFF0) == 0x184D2A50) {  // skippable
      at_ += 8 + static_cast<int64_t>(number(at_ + 4, 4));
      return true;
    }
    if (magic != 0xFD2FB528) return false;
    const uint64_t descriptor = number(at_ + 4, 1);
    const bool single_segment = descriptor >> 5 & 1, checksum = descriptor >> 2 & 1;
    constexpr int64_t dictionary_bytes[] = {0, 1, 2, 4}, size_bytes[] = {0, 2, 4, 8};
    const int64_t size_field = descriptor >> 6 == 0 && single_segment ? 1 : size_bytes[descriptor >> 6];
    at_ += 5 + (single_segment ? 0 : 1) + dictionary_bytes[descriptor & 3] + size_field;
    for (bool last = false; !last;) {
      if (at_ + 3 > size_) return false;
      const uint64_t header = number(at_, 3);
      last = header & 1;
      const bool repeated_byte = (header >> 1 & 3) == 1;
      at_ += 3 + (repeated_byte ? 1 : static_cast<int64_t>(header >> 3));
    }
    at_ += checksum ? 4 : 0;
    return at_ <= size_;
  }

  std::ifstream in_;
  int64_t size_ = 0, at_ = 0;
};

}  // namespace

Status verify_complete(const SourceFile& file) {
  if (file.compression == Compression::gzip) return verify_gzip(file);
  if (file.compression == Compression::zstd && !ZstdFrames(file.path).complete())
    return fail_at(Code::invalid_data, file.shown, "the zstd data end early: the file was cut short",
                   "Copy or compress the file again.");
  return {};
}

uint64_t content_hash(const std::string& path) {
  constexpr int64_t whole = 1 << 20, block = 1 << 14, blocks = 64;
  std::error_code error;
  std::ifstream in(path, std::ios::binary);
  if (!in) return 0;
  const auto size = static_cast<int64_t>(fs::file_size(path, error));
  uint64_t hash = combine64(0, static_cast<uint64_t>(size));
  if (size <= whole) return hash64(read_at(in, 0, static_cast<size_t>(size)), hash);
  for (int64_t i = 0; i < blocks; ++i)
    hash = hash64(read_at(in, (size - block) / (blocks - 1) * i, block), hash);
  return hash64(read_at(in, size - block, block), hash);
}

std::vector<std::string> paths_in_sql(const std::string& sql) {
  std::vector<std::string> paths;
  for (size_t at = 0; at < sql.size(); ++at) {
    if (sql.compare(at, 2, "--") == 0) {
      at = std::min(sql.find('\n', at), sql.size());
    } else if (sql.compare(at, 2, "/*") == 0) {
      const size_t end = sql.find("*/", at + 2);
      at = end == std::string::npos ? sql.size() : end + 1;
    } else if (sql[at] == '\'' || sql[at] == '"') {
      const char quote = sql[at];
      std::string text;
      for (++at; at < sql.size(); ++at) {
        if (sql[at] == quote && sql.compare(at + 1, 1, &quote, 1) != 0) break;
        if (sql[at] == quote) ++at;
        text += sql[at];
      }
      std::error_code error;
      if (fs::is_regular_file(text, error) || (is_glob(text) && expand_glob(text))) paths.push_back(text);
    }
  }
  return paths;
}

Result<TemporaryDirectory> TemporaryDirectory::make() {
  std::error_code error;
  const fs::path base = fs::temp_directory_path(error);
  std::string path = ((error ? fs::path("/tmp") : base) / "leeway-XXXXXX").string();
  if (!mkdtemp(path.data()))
    return fail(Code::resource_exhausted, fmt::format("no temporary directory can be made in '{}'", base.string()),
                "Set TMPDIR to a directory with free space.");
  return TemporaryDirectory(std::move(path));
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  if (!path_.empty()) fs::remove_all(path_, ignored);
}

}  // namespace leeway
