#include "journal/crash_world.h"

#include <fmt/format.h>

#include "journal/segment_reader.h"

namespace leeway {

Result<std::map<uint64_t, std::string>> read_records(const Files& files, const SegmentLog& log, uint64_t after) {
  std::map<uint64_t, std::string> out;
  for (const JournalSegment& segment : log.segments()) {
    LEEWAY_TRY(auto reader, SegmentReader::open(files, segment_name(segment.first_sequence)));
    for (;;) {
      LEEWAY_TRY(const auto step, reader.next());
      if (step == SegmentReader::Step::broken) return fail(Code::invalid_data, "broken");
      if (step == SegmentReader::Step::end) break;
      const auto& record = reader.record();
      if (record.header.kind == RecordKind::data && record.header.sequence > after)
        out[record.header.sequence] = record.payload;
    }
  }
  return out;
}

CrashWorld::CrashWorld(uint64_t seed) : random_(seed) {}

void CrashWorld::broken(std::string promise) {
  if (!broken_) broken_ = std::move(promise);
  log_.reset();
}

bool CrashWorld::start() {
  files_ = disk.files();
  if (random_.chance(kills_at_start)) disk.stop_after(static_cast<int>(random_.below(8)));
  auto log = SegmentLog::open(files_, {.segment_bytes = 3000, .reserve = 0, .seed = random_.next()},
                              [this](const std::string&) -> Result<uint64_t> { return position_; });
  if (disk.stopped()) {
    end();
    return false;
  }
  disk.restart();
  if (!log) {
    broken("the journal does not open: " + log.error().text());
    return false;
  }
  log_.emplace(*std::move(log));
  if (closed_ && (!log_->recovery().clean || log_->recovery().cut_bytes > 0))
    broken("a closed journal is not found closed");
  closed_ = false;
  if (!log_) return false;
  const auto found = read_records(*files_, *log_, position_);
  if (!found) broken("the journal cannot be read after it was opened");
  else check_found(*found);
  return log_.has_value();
}

void CrashWorld::check_found(const std::map<uint64_t, std::string>& found) {
  uint64_t expected = position_;
  for (const auto& [sequence, payload] : found) {
    if (sequence != ++expected) return broken(fmt::format("record {} is missing in the replay", expected));
    if (refused_.contains(payload)) return broken(fmt::format("record {} had been refused", sequence));
  }
  if (expected != std::max(position_, log_->last())) return broken("the last number is not that of the last record");
  for (const auto& [sequence, payload] : acknowledged_) {
    const auto& where = sequence <= position_ ? store_ : found;
    const auto it = where.find(sequence);
    if (it == where.end()) return broken(fmt::format("acknowledged record {} is lost", sequence));
    if (it->second != payload) return broken(fmt::format("acknowledged record {} has become another", sequence));
  }
}

void CrashWorld::append(bool disk_full) {
  std::vector<std::string> batch(1 + random_.below(4));
  for (auto& payload : batch) {
    payload = fmt::format("row {}:", ++sent_);
    payload.resize(payload.size() + (random_.chance(0.2) ? random_.below(3000) : random_.below(60)), 'x');
  }
  if (disk_full) disk.fail_at(DiskCall::write, 1, Code::resource_exhausted);
  closed_ = false;
  const auto last = log_->append(batch);
  if (disk_full) disk.heal();
  if (last) {
    uint64_t sequence = *last - batch.size();
    for (auto& payload : batch) acknowledged_[++sequence] = std::move(payload);
  } else if (last.error().code == Code::resource_exhausted) {
    for (auto& payload : batch) refused_[payload] = 1;
  }
}

void CrashWorld::apply() {
  auto found = read_records(*files_, *log_, position_);
  if (!found) return broken("the journal cannot be read");
  std::erase_if(*found, [this](const auto& record) { return record.first > log_->last(); });
  if (found->empty()) return;
  const uint64_t end = found->rbegin()->first;
  if (release_before_commit) {
    (void)log_->release(end);
    if (random_.chance(0.3)) return crash();
  }
  store_.merge(*found);
  position_ = end;
  if (random_.chance(0.8)) (void)log_->release(position_);
}

void CrashWorld::close() {
  closed_ = log_->close().has_value();
}

void CrashWorld::kill() {
  log_.reset();
  disk.restart();
}

void CrashWorld::end() {
  if (random_.chance(0.5)) kill();
  else crash();
}

void CrashWorld::crash() {
  kill();
  disk.crash(random_.next());
}

bool CrashWorld::step() {
  if (random_.chance(0.1)) disk.stop_after(static_cast<int>(random_.below(6)));
  const uint64_t draw = random_.below(100);
  if (draw < 55) append(false);
  else if (draw < 60) append(true);
  else if (draw < 80) apply();
  else if (draw < 84) close();
  else end();
  if (disk.stopped() || failed()) end();
  else disk.restart();
  return running();
}

}  // namespace leeway
