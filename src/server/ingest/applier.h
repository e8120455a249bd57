#pragma once
// Journal → store: acknowledged records are applied in order, many at a time, each batch in one transaction with the
// position that it reaches.

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <thread>

#include "base/result.h"
#include "journal/journal.h"
#include "server/log.h"
#include "store/store.h"

namespace leeway::server {

struct ApplierState {
  uint64_t applied = 0;      ///< Position.
  int64_t behind_since = 0;  ///< When the oldest record that waits was first seen to wait; 0 if none waits.
};

/// One thread. Errors of the store are waited out for as long as the journal has room; what the store counts is told.
class Applier {
 public:
  using Told = std::function<void(const store::ApplyBatch& batch, const store::Applied& applied)>;
  /// Reads the position. Errors: those of the store.
  static Result<std::unique_ptr<Applier>> start(Journal& journal, store::Store& store, std::function<int64_t()> clock,
                                                Log log, Told told);
  ~Applier() { stop(); }

  /// Everything durable by now is applied when this returns true; false if that took too long.
  bool drain(std::chrono::milliseconds patience) const;
  void stop();
  ApplierState state() const { return {applied_, behind_since_}; }

 private:
  Applier(Journal& journal, store::Store& store, std::function<int64_t()> clock, Log log, Told told, uint64_t applied);
  void run();
  Result<size_t> step(Journal::Cursor& cursor);
  Status apply(const std::vector<JournalRecord>& records);

  Journal& journal_;
  store::Store& store_;
  const std::function<int64_t()> clock_;
  const Log log_;
  const Told told_;
  std::atomic<uint64_t> applied_;
  std::atomic<int64_t> behind_since_{0};
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

/// Decodes records into one batch; consecutive blocks of one model version with the same columns become one block.
/// Errors: those of decode().
Result<store::ApplyBatch> make_batch(const std::vector<JournalRecord>& records);

}  // namespace leeway::server
