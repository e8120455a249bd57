#pragma once
// Versions of models in a folder: data only, named by their content, never overwritten; aliases and a log of every
// move.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "models/model.h"
#include "models/record.h"

namespace leeway::models {

/// A further file of a version, written by its owner: `write` is given the path to create.
struct VersionFile {
  std::string name;   ///< "reference.lwp": no folder part
  std::function<Status(const std::string& path)> write;
};
VersionFile text_file(std::string name, std::string bytes);

/// A version as the bank's tables show it.
struct VersionInfo {
  std::string model;                  ///< Name.
  int number = 0;                     ///< From 1, in order of adding; 0 for a folder outside a bank.
  std::string id;                     ///< SHA-256 of its manifest, 64 hex digits: names every byte of every file.
  std::string path;                   ///< Its folder.
  int64_t added = 0;                  ///< Nanoseconds since 1970; 0 if unknown.
  std::vector<std::string> aliases;   ///< Sorted.
  /// "fraud/3"
  std::string label() const;
};

/// A move of an alias, or the adding of a version.
struct BankEvent {
  int64_t at = 0;
  std::string what;      ///< "added", "promoted", "rolled back"
  std::string alias;     ///< Empty for "added".
  int from = 0, to = 0;  ///< Versions; `from` is 0 if there was none.
  std::string reason;
};

/// A version opened: every file was held against the manifest.
struct Version {
  VersionInfo info;
  Model model;
  ModelRecord record;
  std::vector<std::string> files;   ///< Names, sorted.
};

/// The aliases a bank knows.
constexpr std::string_view champion = "champion", challenger = "challenger";

/// Opens a version folder wherever it stands. Errors: not_found; invalid_data naming the file: missing, damaged (does
/// not match the manifest), foreign (not a version of a model), written by a newer release.
Result<Version> open_version(const std::string& folder);

/// The bank in one folder (need not exist yet). A value without state of its own: every call reads the folder. Safe
/// against other processes: versions appear whole by a rename, moves are appended under a lock.
///
///   NAME/1/          a version: manifest.json, model.json, trees.ubj (or trees.json), record.json, card.md, card.html,
///                    and further files such as reference.lwp
///   NAME/log.jsonl   one BankEvent a line; where an alias points is what they add up to
class Bank {
 public:
  explicit Bank(std::string folder) : folder_(std::move(folder)) {}
  const std::string& folder() const { return folder_; }

  /// Writes a version beside, syncs it and renames it to the next number. A version with the same content is returned
  /// as it is. Errors: invalid_argument (a name that is not [A-Za-z0-9_.-]{1,100}), unavailable, resource_exhausted.
  Result<VersionInfo> add(const Model& model, const ModelRecord& record, std::vector<VersionFile> files, int64_t now);
  /// Takes over a version folder that export made, whatever machine it came from.
  Result<VersionInfo> import(const std::string& version_folder, int64_t now);

  /// All versions, by name and number. Folders that are not versions are passed over.
  Result<std::vector<VersionInfo>> list() const;
  /// "fraud" (the champion; the newest if there is none), "fraud@challenger", "fraud/3", "models:/fraud/3",
  /// "fraud@sha256:1f2e…" or the path of a version folder. Errors: not_found, with what there is.
  Result<VersionInfo> resolve(std::string_view reference) const;
  Result<Version> open(std::string_view reference) const;
  /// Oldest first.
  Result<std::vector<BankEvent>> log(std::string_view model) const;

  /// Moves an alias to the version. Errors also: failed_precondition if it is there already.
  Result<BankEvent> promote(std::string_view reference, const std::string& alias, const std::string& reason,
                            int64_t now);
  /// Moves an alias back to the version it had before the last move that is not rolled back yet. Errors:
  /// failed_precondition if there was none.
  Result<BankEvent> roll_back(std::string_view model, const std::string& alias, const std::string& reason, int64_t now);
  /// Copies the version's folder to `target`, which must not exist.
  Status export_to(std::string_view reference, const std::string& target) const;

 private:
  std::string folder_;
};

}  // namespace leeway::models
