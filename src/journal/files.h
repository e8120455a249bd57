#pragma once
// The files of one directory, as narrow as the journal needs them. Every operation on a journal goes through here, so
// that a test can stand in for the disk: lose what was not synced, reorder it, tear it, or fail the n-th call.
//
// What an implementation promises is what POSIX does and no more: written bytes are seen by readers at once but survive
// a power failure only after sync(); a created, renamed or removed name survives only after sync_directory().

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace leeway {

/// One open file. Writing and reading from different threads at once is safe; two writers are not.
/// Errors: resource_exhausted when the disk or the quota is full, unavailable for all else.
class File {
 public:
  virtual ~File() = default;
  /// All of `bytes` at `offset`, or an error after which any part of them may be there.
  virtual Status write(uint64_t offset, std::string_view bytes) = 0;
  /// Fills `into` from `offset`; fewer bytes only at the end of the file.
  virtual Result<size_t> read(uint64_t offset, std::span<char> into) const = 0;
  virtual Result<uint64_t> size() const = 0;
  virtual Status truncate(uint64_t size) = 0;
  /// Everything written and cut so far is on the disk when this returns without an error. After an error nothing is
  /// known, and a further call may report success for bytes that are lost: never go on. `why` names the place in the
  /// journal that needs the sync (segment_log.h), for messages and tests.
  virtual Status sync(std::string_view why) = 0;
};

struct DiskSpace {
  uint64_t free = 0;   ///< Bytes that an unprivileged process may still write.
  uint64_t total = 0;
};

/// One directory. Names have no slash. Safe to use from several threads. Errors as above, and not_found for a missing
/// name.
class Files {
 public:
  virtual ~Files() = default;
  virtual Result<std::vector<std::string>> list() const = 0;
  virtual Result<std::unique_ptr<File>> open(const std::string& name) const = 0;
  /// A new, empty file in place of any that has this name.
  virtual Result<std::unique_ptr<File>> create(const std::string& name) = 0;
  virtual Status rename(const std::string& from, const std::string& to) = 0;
  virtual Status remove(const std::string& name) = 0;
  virtual Status sync_directory(std::string_view why) = 0;
  virtual Result<DiskSpace> space() const = 0;
  /// The name as it should stand in messages.
  virtual std::string path(const std::string& name) const = 0;
};

/// The directory at `path` on a local POSIX disk, made (mode 0700) if it is missing and held against other processes
/// until the result goes. Errors: failed_precondition (another process holds it), unavailable.
Result<std::unique_ptr<Files>> open_directory(const std::string& path);

}  // namespace leeway
