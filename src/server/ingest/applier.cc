#include "server/ingest/applier.h"

#include <algorithm>
#include <chrono>

#include "server/ingest/merge_blocks.h"
#include "server/ingest/payload.h"

namespace leeway::server {
namespace {

constexpr size_t batch_bytes = 16u << 20;
constexpr std::chrono::milliseconds patience{200};
/// A batch waits so long for more records, unless so many are there: each one's commit syncs the same disk on which
/// clients wait for the journal.
constexpr std::chrono::milliseconds gathering{200};
constexpr uint64_t enough_records = 10'000;
constexpr std::chrono::milliseconds first_pause{50}, longest_pause{2000};

}  // namespace

Result<store::ApplyBatch> make_batch(const std::vector<JournalRecord>& records) {
  store::ApplyBatch batch;
  BlockMerger merger;
  for (const auto& record : records) {
    LEEWAY_TRY(auto payload, decode(record.payload));
    if (payload.rows) merger.add(*std::move(payload.rows));
    if (payload.outcomes) batch.outcomes.push_back(*std::move(payload.outcomes));
    if (payload.answer) batch.answers.push_back(*std::move(payload.answer));
  }
  batch.rows = merger.take();
  batch.after = records.front().sequence - 1;
  batch.position = records.back().sequence;
  return batch;
}

Result<std::unique_ptr<Applier>> Applier::start(Journal& journal, store::Store& store, std::function<int64_t()> clock,
                                                Log log, Told told) {
  LEEWAY_TRY(const uint64_t applied, store.position(journal.id()));
  std::unique_ptr<Applier> applier(
      new Applier(journal, store, std::move(clock), std::move(log), std::move(told), applied));
  applier->thread_ = std::thread([raw = applier.get()] { raw->run(); });
  return applier;
}

Applier::Applier(Journal& journal, store::Store& store, std::function<int64_t()> clock, Log log, Told told,
                 uint64_t applied)
    : journal_(journal),
      store_(store),
      clock_(std::move(clock)),
      log_(std::move(log)),
      told_(std::move(told)),
      applied_(applied) {}

Status Applier::apply(const std::vector<JournalRecord>& records) {
  LEEWAY_TRY(auto batch, make_batch(records));
  batch.journal = journal_.id();
  batch.now = clock_();
  LEEWAY_TRY(const auto applied, store_.apply(batch));
  applied_ = batch.position;
  if (told_) told_(batch, applied);
  return journal_.release(batch.position);
}

/// Applies one batch; the number of its records.
Result<size_t> Applier::step(Journal::Cursor& cursor) {
  LEEWAY_TRY(const auto records, cursor.next(batch_bytes));
  if (records.empty()) return size_t{0};
  auto pause = first_pause;
  for (;;) {
    const auto done = apply(records);
    if (done) return records.size();
    const bool passing = done.error().code == Code::unavailable || done.error().code == Code::resource_exhausted;
    if (!passing || stopping_) return fail(done.error());
    log_({LogLevel::warning, "store_waits", {{"error", done.error().text()}}});
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, longest_pause);
  }
}

void Applier::run() {
  auto cursor = journal_.after(applied_);
  while (!stopping_) {
    if (!journal_.wait_beyond(applied_, patience)) {
      behind_since_ = 0;
      continue;
    }
    if (behind_since_ == 0) behind_since_ = clock_();
    journal_.wait_beyond(applied_ + enough_records, gathering);
    const auto done = step(cursor);
    if (done && journal_.state().durable <= applied_) behind_since_ = 0;
    if (done || stopping_) continue;
    log_({LogLevel::error,
          "apply_failed",
          {{"error", done.error().text()}, {"position", std::to_string(applied_.load())}}});
    std::this_thread::sleep_for(longest_pause);
    if (const auto position = store_.position(journal_.id())) applied_ = *position;
    cursor = journal_.after(applied_);
  }
}

bool Applier::drain(std::chrono::milliseconds limit) const {
  const auto end = std::chrono::steady_clock::now() + limit;
  const uint64_t goal = journal_.state().durable;
  while (applied_ < goal) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

void Applier::stop() {
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
}

}  // namespace leeway::server
