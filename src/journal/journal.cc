#include "journal/journal.h"

#include <algorithm>
#include <future>
#include <utility>

#include <fmt/format.h>

#include "journal/segment_reader.h"

namespace leeway {
namespace {

constexpr uint64_t max_waiting_bytes = 128u << 20;   // two records of the greatest length

}  // namespace

Result<std::unique_ptr<Journal>> Journal::open(std::unique_ptr<Files> files, const JournalOptions& options,
                                               const AppliedPosition& applied) {
  const std::shared_ptr<Files> shared = std::move(files);
  LEEWAY_TRY(auto log, SegmentLog::open(shared, options, applied));
  return std::unique_ptr<Journal>(new Journal(shared, options, std::move(log)));
}

Journal::Journal(std::shared_ptr<Files> files, const JournalOptions& options, SegmentLog log)
    : files_(std::move(files)), options_(options), log_(std::move(log)) {
  publish();
  thread_ = std::thread([this] { run(); });
}

Journal::~Journal() {
  std::vector<Waiting> left;
  {
    const std::lock_guard lock(mutex_);
    closing_ = stopping_ = true;
    left = std::exchange(waiting_, {});
    changed_.notify_all();
  }
  thread_.join();
  for (auto& one : left) one.done(fail(Code::cancelled, "the journal was closed"));
}

/// Requires mutex_, or that no other thread knows the journal yet.
void Journal::publish() {
  state_.durable = log_.last();
  state_.bytes = log_.bytes();
  state_.failure = log_.failure();
  segments_.assign(log_.segments().begin(), log_.segments().end());
}

std::optional<Error> Journal::refusal(size_t payload_bytes) const {
  if (state_.failure) return state_.failure;
  if (closing_) return Error{Code::cancelled, "the journal was closed"};
  if (payload_bytes > max_record_bytes)
    return Error{Code::invalid_argument, fmt::format("a record of {} bytes exceeds the limit of {} MB", payload_bytes,
                                                     max_record_bytes >> 20)};
  const uint64_t framed = framed_bytes(payload_bytes);
  if (state_.bytes + state_.waiting_bytes + framed > options_.max_bytes)
    return Error{Code::resource_exhausted,
                 fmt::format("the journal holds its limit of {} MB that the store has not taken yet",
                             options_.max_bytes >> 20),
                 {}, 0, 0, "Try again later; if the store is away, bring it back."};
  if (state_.waiting_bytes + framed > max_waiting_bytes)
    return Error{Code::resource_exhausted, "more is coming in than the disk takes", {}, 0, 0, "Try again later."};
  return std::nullopt;
}

void Journal::append(std::string payload, Done done) {
  std::optional<Error> refused;
  {
    const std::lock_guard lock(mutex_);
    refused = refusal(payload.size());
    if (!refused) {
      state_.waiting_bytes += framed_bytes(payload.size());
      waiting_.push_back({std::move(payload), std::move(done)});
      if (waiting_.size() == 1) changed_.notify_all();
    }
  }
  if (refused) done(fail(*std::move(refused)));
}

Result<uint64_t> Journal::append(std::string payload) {
  std::promise<Result<uint64_t>> promise;
  auto result = promise.get_future();
  append(std::move(payload), [&promise](Result<uint64_t> sequence) { promise.set_value(std::move(sequence)); });
  return result.get();
}

void Journal::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    auto batch = std::exchange(waiting_, {});
    busy_ = true;
    lock.unlock();
    commit(std::move(batch));
    lock.lock();
    busy_ = false;
    changed_.notify_all();
  }
}

void Journal::commit(std::vector<Waiting> batch) {
  std::vector<std::string> payloads;
  uint64_t framed = 0;
  for (auto& one : batch) {
    framed += framed_bytes(one.payload.size());
    payloads.push_back(std::move(one.payload));
  }
  Result<uint64_t> last = 0;
  {
    const std::lock_guard disk(log_mutex_);
    last = log_.append(payloads);
    const std::lock_guard lock(mutex_);
    state_.waiting_bytes -= framed;
    publish();
    changed_.notify_all();
  }
  for (size_t i = 0; i < batch.size(); ++i)
    batch[i].done(last ? Result<uint64_t>(*last - (batch.size() - 1 - i)) : last);
}

bool Journal::wait_beyond(uint64_t sequence, std::chrono::milliseconds patience) const {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, patience, [&] { return state_.durable > sequence || stopping_; });
  return state_.durable > sequence;
}

Status Journal::release(uint64_t applied) {
  const std::lock_guard disk(log_mutex_);
  auto done = log_.release(applied);
  const std::lock_guard lock(mutex_);
  state_.released = std::max(state_.released, applied);
  publish();
  return done;
}

Status Journal::close() {
  {
    std::unique_lock lock(mutex_);
    if (std::exchange(closing_, true)) return {};
    changed_.wait(lock, [this] { return waiting_.empty() && !busy_; });
  }
  const std::lock_guard disk(log_mutex_);
  auto done = log_.close();
  const std::lock_guard lock(mutex_);
  publish();
  return done;
}

JournalState Journal::state() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

/// The segment that holds the next record.
Status Journal::Cursor::open_segment() {
  uint64_t first = 0;
  {
    const std::lock_guard lock(journal_->mutex_);
    for (const JournalSegment& segment : journal_->segments_)
      if (segment.first_sequence <= after_ + 1) first = segment.first_sequence;
  }
  if (first == 0)
    return fail(Code::failed_precondition, fmt::format("the journal no longer holds record {}", after_ + 1));
  if (reader_ && reader_->header().first_sequence == first)
    return fail({Code::invalid_data,
                 fmt::format("the journal ends at byte {}, before what it acknowledged", reader_->offset()),
                 reader_->path()});
  LEEWAY_TRY(reader_, SegmentReader::open(*journal_->files_, segment_name(first)));
  return {};
}

Result<std::vector<JournalRecord>> Journal::Cursor::next(size_t max_bytes) {
  std::vector<JournalRecord> out;
  const uint64_t durable = journal_->state().durable;
  // What was read ahead may have been half written then.
  if (reader_) reader_->refresh();
  for (size_t bytes = 0; after_ < durable && bytes <= max_bytes;) {
    if (!reader_) LEEWAY_CHECK(open_segment());
    LEEWAY_TRY(const auto step, reader_->next());
    if (step == SegmentReader::Step::broken)
      return fail(
          {Code::invalid_data, fmt::format("the journal is damaged at byte {}", reader_->offset()), reader_->path()});
    if (step == SegmentReader::Step::end) {
      LEEWAY_CHECK(open_segment());
      continue;
    }
    const FramedRecord& record = reader_->record();
    if (record.header.kind != RecordKind::data || record.header.sequence <= after_) continue;
    after_ = record.header.sequence;
    bytes += record.payload.size();
    out.push_back({after_, std::string(record.payload)});
  }
  return out;
}

}  // namespace leeway
