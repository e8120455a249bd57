#pragma once
// Files that appear whole or not at all, and are still there after a power loss.

#include <string>
#include <string_view>

#include "base/result.h"

namespace leeway {

/// Writes beside `path`, syncs, renames over `path` and syncs the folder: a reader sees the old file or the new one,
/// and on success the new one survives a power loss. Errors: invalid_argument (no such folder, no permission),
/// resource_exhausted (disk full or an I/O error); the file that was there stays.
Status write_file(const std::string& path, std::string_view bytes);

/// Makes the rename of a folder that was filled under another name as safe: syncs every file in `from` (one level),
/// renames it to `to`, which must not exist or be an empty folder, and syncs the parent. Errors: failed_precondition if
/// `to` is taken; as above.
Status publish_folder(const std::string& from, const std::string& to);

/// Makes the folder and those above it that are missing, each synced into its parent.
Status make_folder(const std::string& path);

/// Appends `line` and a line break to `path` (made if missing) in one write, and syncs. A line that a crash cut short
/// is ended first, so that it spoils no other.
Status append_line(const std::string& path, std::string_view line);

/// The whole file. Errors: not_found, invalid_data (larger than `limit`, or a folder), unavailable (cannot be read).
Result<std::string> read_file(const std::string& path, size_t limit = size_t{1} << 32);

}  // namespace leeway
