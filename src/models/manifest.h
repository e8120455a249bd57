#pragma once
// The list of a version's files with their SHA-256: what makes a version's name stand for its content.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace leeway::models {

/// 64 hex digits.
std::string sha256(std::string_view bytes);

struct ManifestFile {
  std::string name;
  uint64_t bytes = 0;
  std::string sha256;
};

struct Manifest {
  std::string model;                 ///< Name.
  std::vector<ManifestFile> files;   ///< By name.

  std::string json() const;
  /// The version's id: SHA-256 of json().
  std::string id() const { return sha256(json()); }
  bool has(std::string_view name) const;
};

constexpr std::string_view manifest_name = "manifest.json";

/// Of every regular file in the folder besides the manifest.
Result<Manifest> make_manifest(const std::string& folder, std::string model);
/// Reads the folder's manifest and holds every file in it against it. Errors, each with the file's path: not_found (no
/// manifest), invalid_data (missing, damaged, foreign), failed_precondition (written by a newer release).
Result<Manifest> check_manifest(const std::string& folder);
/// The same without reading the files: for listings.
Result<Manifest> read_manifest(const std::string& folder);

}  // namespace leeway::models
