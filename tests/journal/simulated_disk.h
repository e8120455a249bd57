#pragma once
// A disk in memory that keeps what POSIX promises and loses the rest.
//
// Each file is its durable bytes and the list of operations that no sync covers; so is the directory. A power failure
// keeps any subset of these, in any order that leaves each sector whole, and forgets names that were not synced. A kill
// keeps everything that was written, synced or not.

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/random.h"
#include "journal/files.h"

namespace leeway {

/// A kind of call that can be made to fail.
enum class DiskCall { write, sync, truncate, create, rename, remove, sync_directory };

/// The state outlives the Files that programs open on it: keep the disk, open, kill or crash, open again.
class SimulatedDisk {
 public:
  SimulatedDisk();

  /// A view of the disk for one process. Earlier views keep working; a test lets go of them when the process "dies".
  std::unique_ptr<Files> files();

  /// Power failure: what was not synced is kept, torn or lost by the seed.
  void crash(uint64_t seed);

  /// A sync with this reason reports success and does nothing; empty for none.
  void skip_sync(std::string why) { skipped_ = std::move(why); }
  std::set<std::string> syncs_seen() const { return seen_; }

  /// The n-th call (from 1) of this kind from now on fails with the code; it does its work before that in part (write),
  /// or not at all. A failed sync leaves what was written visible and never durable, as Linux does.
  void fail_at(DiskCall call, int n, Code code);
  /// True if that call was reached.
  bool failed() const { return failure_ && failure_->n <= 0; }
  /// Syncs of any kind that were asked for since that failure.
  int syncs_after_failure() const { return syncs_after_failure_; }
  void heal() { failure_.reset(); }

  /// After `calls` more calls that change something the process is dead: no call does anything, all fail.
  void stop_after(int calls) { calls_left_ = calls; }
  bool stopped() const { return calls_left_ && *calls_left_ < 0; }
  void restart() { calls_left_.reset(); }

  void set_space(DiskSpace space) { space_ = space; }
  /// Bytes of a file as a program sees them, and their replacement: for bit flips.
  std::map<std::string, std::string> contents() const;
  void replace(const std::string& name, std::string bytes);

 private:
  friend class SimulatedFile;
  friend class SimulatedFiles;
  struct Operation {
    std::optional<uint64_t> cut;   // to this size; else a write
    uint64_t offset = 0;
    std::string bytes;
  };
  struct Inode {
    std::string durable;
    std::string visible;
    std::vector<Operation> unsynced;
  };
  using Names = std::map<std::string, std::shared_ptr<Inode>>;
  using NameChange = std::vector<std::pair<std::string, std::shared_ptr<Inode>>>;   // atomic; nullptr removes

  static void apply(const Operation& operation, std::string& bytes);
  static void apply(const NameChange& change, Names& names);
  static void settle(Inode& inode, Random& random);
  void change(NameChange change);
  /// The failure that is due for this call, if any.
  std::optional<Error> due(DiskCall call);
  bool sync_is_skipped(std::string_view why);

  mutable std::recursive_mutex mutex_;
  Names durable_, visible_;
  std::vector<NameChange> unsynced_;
  std::string skipped_;
  std::set<std::string> seen_;
  struct Failure {
    DiskCall call;
    int n;
    Code code;
  };
  std::optional<Failure> failure_;
  int syncs_after_failure_ = 0;
  std::optional<int> calls_left_;
  DiskSpace space_{uint64_t{1} << 40, uint64_t{1} << 40};
};

}  // namespace leeway
