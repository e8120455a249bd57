#include "models/manifest.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fmt/format.h>
#include <memory>
#include <sodium.h>

#include "base/json_writer.h"
#include "base/text.h"
#include "base/write_file.h"
#include "models/document.h"

namespace leeway::models {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view format_name = "leeway-model-version";
constexpr int64_t format_version = 1;

class Sha256 {
 public:
  Sha256() { crypto_hash_sha256_init(&state_); }
  void add(const char* bytes, size_t size) {
    crypto_hash_sha256_update(&state_, reinterpret_cast<const unsigned char*>(bytes), size);
  }
  std::string hex() {
    std::array<unsigned char, crypto_hash_sha256_BYTES> digest;
    crypto_hash_sha256_final(&state_, digest.data());
    std::string out;
    for (const unsigned char byte : digest) out += fmt::format("{:02x}", byte);
    return out;
  }

 private:
  crypto_hash_sha256_state state_;
};

std::string inside(const std::string& folder, std::string_view name) { return (fs::path(folder) / name).string(); }

std::unexpected<Error> at(const std::string& file, Code code, std::string message, std::string remedy = {}) {
  return fail(Error{code, std::move(message), file, 0, 0, std::move(remedy)});
}

/// Read in pieces, because a profile may be large.
Result<std::string> sha256_of_file(const std::string& path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), &std::fclose);
  if (!file) return at(path, Code::not_found, "no such file, or it cannot be read");
  Sha256 hash;
  std::vector<char> buffer(1 << 16);
  while (const size_t got = std::fread(buffer.data(), 1, buffer.size(), file.get())) hash.add(buffer.data(), got);
  if (std::ferror(file.get()) != 0) return at(path, Code::unavailable, "cannot be read");
  return hash.hex();
}

Result<ManifestFile> read_entry(const Document& entry) {
  ManifestFile file;
  LEEWAY_TRY(file.name, entry.text_at("name"));
  LEEWAY_TRY(const int64_t bytes, entry.integer_at("bytes"));
  LEEWAY_TRY(file.sha256, entry.text_at("sha256"));
  if (file.name.empty() || file.name.find('/') != std::string::npos || file.name.starts_with('.') || bytes < 0)
    return fail(Code::invalid_data, "it lists a file that a version cannot have");
  file.bytes = static_cast<uint64_t>(bytes);
  return file;
}

Result<Manifest> parse(std::string_view bytes) {
  LEEWAY_TRY(const Document document, Document::read(bytes));
  const Document* format = document.find("format");
  if (format == nullptr || format->text() == nullptr || *format->text() != format_name)
    return fail(Code::invalid_data, "is not the manifest of a model version");
  LEEWAY_TRY(const int64_t version, document.integer_at("version"));
  if (version > format_version)
    return fail(Code::failed_precondition, "was written by a newer release of Leeway", "Upgrade Leeway.");
  Manifest manifest;
  LEEWAY_TRY(manifest.model, document.text_at("model"));
  LEEWAY_TRY(const auto* files, document.items_at("files"));
  for (const Document& entry : *files) {
    LEEWAY_TRY(auto file, read_entry(entry));
    manifest.files.push_back(std::move(file));
  }
  if (manifest.json() != bytes) return fail(Code::invalid_data, "is damaged: it is not as Leeway writes it");
  return manifest;
}

}  // namespace

std::string sha256(std::string_view bytes) {
  Sha256 hash;
  hash.add(bytes.data(), bytes.size());
  return hash.hex();
}

std::string Manifest::json() const {
  JsonWriter json(1);
  json.begin_object();
  json.member("format", format_name);
  json.member("version", format_version);
  json.member("model", model);
  json.key("files");
  json.begin_array();
  for (const ManifestFile& file : files) {
    json.begin_object();
    json.member("name", file.name);
    json.member("bytes", file.bytes);
    json.member("sha256", file.sha256);
    json.end_object();
  }
  json.end_array();
  json.end_object();
  return json.take() + "\n";
}

bool Manifest::has(std::string_view name) const {
  return std::ranges::find(files, name, &ManifestFile::name) != files.end();
}

Result<Manifest> make_manifest(const std::string& folder, std::string model) {
  Manifest manifest;
  manifest.model = std::move(model);
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (!entry.is_regular_file(error) || name == manifest_name) continue;
    LEEWAY_TRY(auto hash, sha256_of_file(entry.path().string()));
    manifest.files.push_back({name, static_cast<uint64_t>(entry.file_size(error)), std::move(hash)});
  }
  if (error) return at(folder, Code::unavailable, "cannot be listed");
  std::ranges::sort(manifest.files, {}, &ManifestFile::name);
  return manifest;
}

Result<Manifest> read_manifest(const std::string& folder) {
  const std::string path = inside(folder, manifest_name);
  std::error_code error;
  if (!fs::is_directory(folder, error)) return at(folder, Code::not_found, "no such folder");
  const auto bytes = read_file(path, size_t{1} << 24);
  if (!bytes) {
    if (bytes.error().code != Code::not_found) return std::unexpected(bytes.error());
    return at(folder, Code::invalid_data, "is not a model version: it has no manifest.json");
  }
  auto manifest = parse(*bytes);
  if (!manifest) return at(path, manifest.error().code, manifest.error().message, manifest.error().remedy);
  return manifest;
}

Result<Manifest> check_manifest(const std::string& folder) {
  LEEWAY_TRY(auto manifest, read_manifest(folder));
  for (const ManifestFile& file : manifest.files) {
    const std::string path = inside(folder, file.name);
    std::error_code error;
    const auto size = fs::file_size(path, error);
    constexpr const char* remedy = "Restore the folder from a copy, or take another version.";
    if (error) return at(path, Code::invalid_data, "is missing from the model version", remedy);
    if (size != file.bytes)
      return at(path, Code::invalid_data,
                fmt::format("is damaged: it has {} bytes, the manifest says {}", grouped(static_cast<int64_t>(size)),
                            grouped(static_cast<int64_t>(file.bytes))),
                remedy);
    LEEWAY_TRY(const std::string hash, sha256_of_file(path));
    if (hash != file.sha256)
      return at(path, Code::invalid_data, "is damaged: its content is not what the manifest says", remedy);
  }
  return manifest;
}

}  // namespace leeway::models
