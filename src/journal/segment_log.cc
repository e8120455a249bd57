#include "journal/segment_log.h"

#include <algorithm>

#include <fmt/format.h>

#include "journal/segment_reader.h"

namespace leeway {
namespace {

constexpr std::string_view unfinished = "next.segment";   // renamed when its header is on the disk

Error damaged(const SegmentReader& reader) {
  return {Code::invalid_data,
          fmt::format("the journal is damaged at byte {}, below what was acknowledged", reader.offset()),
          reader.path(),
          0,
          0,
          "Restore the file from a backup, or move the journal's directory away to give up its rows."};
}

}  // namespace

SegmentLog::SegmentLog(std::shared_ptr<Files> files, const JournalOptions& options)
    : files_(std::move(files)), options_(options), random_(options.seed) {}

Result<SegmentLog> SegmentLog::open(std::shared_ptr<Files> files, const JournalOptions& options,
                                    const AppliedPosition& applied) {
  SegmentLog log(std::move(files), options);
  std::vector<uint64_t> firsts;
  LEEWAY_CHECK(log.find_segments(firsts));
  if (firsts.empty()) {
    log.id_ = fmt::format("{:016x}{:016x}", log.random_.next(), log.random_.next());
    LEEWAY_CHECK(log.begin_segment());
    return log;
  }
  LEEWAY_TRY(const auto newest, SegmentReader::open(*log.files_, segment_name(firsts.back())));
  log.id_ = newest.header().id;
  LEEWAY_TRY(const uint64_t position, applied(log.id_));
  // The last segment that begins at or before the next record to apply, and all behind it.
  const auto behind = std::upper_bound(firsts.begin(), firsts.end(), position + 1);
  const auto needed = behind == firsts.begin() ? behind : behind - 1;
  LEEWAY_CHECK(log.scan({needed, firsts.end()}, position));
  if (log.last_ < position)
    return fail({Code::failed_precondition,
                 fmt::format("the journal ends at record {}, but the store has applied up to {}", log.last_, position),
                 log.files_->path(segment_name(firsts.back())), 0, 0,
                 "This is an older copy of the journal: bring the newer one back, or move this one away."});
  // Only now that the names of those that stay are on the disk.
  for (auto first = firsts.begin(); first != needed; ++first) LEEWAY_CHECK(log.files_->remove(segment_name(*first)));
  return log;
}

Status SegmentLog::find_segments(std::vector<uint64_t>& firsts) {
  LEEWAY_TRY(const auto names, files_->list());
  for (const auto& name : names) {
    if (name == unfinished) {
      LEEWAY_CHECK(files_->remove(name));
    }
    if (const auto first = segment_of_name(name)) firsts.push_back(*first);
  }
  std::sort(firsts.begin(), firsts.end());
  return {};
}

Status SegmentLog::scan(std::span<const uint64_t> firsts, uint64_t applied) {
  if (firsts.front() > applied + 1)
    return fail(
        {Code::failed_precondition,
         fmt::format("the journal begins at record {}, but the store has applied only up to {}", firsts.front(),
                     applied),
         files_->path(segment_name(firsts.front())), 0, 0,
         "This is not the store that the journal was emptied into: bring that one back, or move the journal away."});
  for (const uint64_t first : firsts) {
    LEEWAY_TRY(auto reader, SegmentReader::open(*files_, segment_name(first)));
    if (reader.header().id != id_)
      return fail({Code::invalid_data, "the segment belongs to another journal", reader.path()});
    if (first != firsts.front() && first != last_ + 1)
      return fail({Code::invalid_data, fmt::format("the journal's records {} to {} are missing", last_ + 1, first - 1),
                   reader.path(), 0, 0, "A segment before this one was removed: bring it back."});
    recovery_.clean = first == 1;   // nothing was written yet
    uint64_t vouched = 0, group = reader.offset();
    auto step = reader.next();
    for (; step && *step == SegmentReader::Step::record; step = reader.next()) {
      const FramedRecord& record = reader.record();
      recovery_.clean = record.header.kind == RecordKind::closing;
      if (record.header.durable_up_to != vouched) group = record.offset;
      vouched = record.header.durable_up_to;
    }
    if (!step) return fail(step.error());
    last_ = reader.next_sequence() - 1;
    segments_.push_back({first, reader.offset()});
    const bool broken = *step == SegmentReader::Step::broken;
    if (first != firsts.back() && broken) return fail(damaged(reader));
    if (first == firsts.back()) {
      LEEWAY_CHECK(settle_tail(reader, group, broken));
    }
  }
  recovery_.records = last_ - std::min(last_, applied);
  durable_ = last_;
  return {};
}

/// The records from `group` on are vouched for by none. A killed process leaves what the system has and the disk may
/// not, and after a failed sync the system may believe that the disk has them: only writing them again and syncing
/// makes sure that what is replayed does not run ahead of the disk.
Status SegmentLog::settle_tail(SegmentReader& reader, uint64_t group, bool broken) {
  LEEWAY_TRY(active_, files_->open(segment_name(reader.header().first_sequence)));
  salt_ = reader.header().salt;
  if (broken) LEEWAY_CHECK(cut_tail(reader, *active_));
  std::string piece;
  for (uint64_t at = group; at < reader.offset(); at += piece.size()) {
    piece.resize(std::min<uint64_t>(reader.offset() - at, 1u << 20));
    LEEWAY_TRY(const size_t have, active_->read(at, piece));
    if (have < piece.size())
      return fail({Code::unavailable, "the file became shorter while it was read", reader.path()});
    LEEWAY_CHECK(active_->write(at, piece));
  }
  LEEWAY_CHECK(active_->sync(journal_sync::found));
  return files_->sync_directory(journal_sync::found_names);
}

Status SegmentLog::cut_tail(SegmentReader& reader, File& file) {
  recovery_.clean = false;
  LEEWAY_TRY(const uint64_t vouched, reader.vouched_beyond());
  if (vouched >= reader.next_sequence()) return fail(damaged(reader));
  LEEWAY_TRY(const uint64_t size, file.size());
  recovery_.cut_bytes = size - reader.offset();
  recovery_.cut_file = reader.path();
  recovery_.cut_offset = reader.offset();
  return file.truncate(reader.offset());
}

uint64_t SegmentLog::bytes() const {
  uint64_t sum = 0;
  for (const JournalSegment& segment : segments_) sum += segment.bytes;
  return sum;
}

std::unexpected<Error> SegmentLog::fatal(Error error) {
  failure_ = std::move(error);
  failure_->code = Code::unavailable;
  failure_->remedy =
      "The journal takes nothing more: stop, mend the disk, and start again; what was acknowledged is kept.";
  return fail(*failure_);
}

Status SegmentLog::begin_segment() {
  const std::string name(unfinished);
  const SegmentHeader header{id_, random_.next(), last_ + 1};
  auto file = files_->create(name);
  Status written = file ? (*file)->write(0, encode_segment_header(header)) : Status(fail(file.error()));
  if (!written) {
    if (written.error().code == Code::resource_exhausted) return written;
    return fatal(written.error());
  }
  if (auto done = (*file)->sync(journal_sync::new_segment); !done) return fatal(done.error());
  if (auto done = files_->rename(name, segment_name(last_ + 1)); !done) return fatal(done.error());
  if (auto done = files_->sync_directory(journal_sync::new_name); !done) return fatal(done.error());
  active_ = *std::move(file);
  salt_ = header.salt;
  segments_.push_back({last_ + 1, segment_header_bytes});
  return {};
}

Status SegmentLog::room_for(uint64_t bytes) const {
  LEEWAY_TRY(const DiskSpace space, files_->space());
  const auto kept = static_cast<uint64_t>(static_cast<double>(space.total) * options_.reserve);
  if (space.free < kept + bytes)
    return fail(Code::resource_exhausted,
                fmt::format("the journal's disk has {} MB left, and {} MB are kept free", space.free >> 20, kept >> 20),
                "Free some space on that disk; nothing needs a restart.");
  return {};
}

Result<uint64_t> SegmentLog::append(std::span<const std::string> payloads) {
  if (failure_) return fail(*failure_);
  uint64_t framed = 0;
  for (const auto& payload : payloads) framed += framed_bytes(payload.size());
  LEEWAY_CHECK(room_for(framed));
  if (segments_.back().bytes >= options_.segment_bytes && last_ >= segments_.back().first_sequence)
    LEEWAY_CHECK(begin_segment());

  std::string bytes;
  bytes.reserve(framed);
  uint64_t sequence = last_;
  for (const auto& payload : payloads)
    encode_record({.kind = RecordKind::data, .sequence = ++sequence, .durable_up_to = durable_}, payload,
                  segments_.back().bytes + bytes.size(), salt_, bytes);
  LEEWAY_CHECK(write_synced(bytes, journal_sync::records));
  last_ = durable_ = sequence;
  return sequence;
}

Status SegmentLog::write_synced(std::string_view bytes, std::string_view why) {
  JournalSegment& segment = segments_.back();
  if (auto done = active_->write(segment.bytes, bytes); !done) return undo_write(done.error());
  if (auto done = active_->sync(why); !done) return fatal(done.error());
  segment.bytes += bytes.size();
  return {};
}

/// A full disk is no reason to stop: what was half written is cut, so that a record that was refused never comes back.
Status SegmentLog::undo_write(Error cause) {
  if (cause.code != Code::resource_exhausted) return fatal(std::move(cause));
  if (auto done = active_->truncate(segments_.back().bytes); !done) return fatal(done.error());
  if (auto done = active_->sync(journal_sync::refused); !done) return fatal(done.error());
  return fail(std::move(cause));
}

Status SegmentLog::release(uint64_t applied) {
  if (failure_) return fail(*failure_);
  while (segments_.size() > 1 && segments_[1].first_sequence <= applied + 1) {
    LEEWAY_CHECK(files_->remove(segment_name(segments_.front().first_sequence)));
    segments_.erase(segments_.begin());
  }
  return {};
}

Status SegmentLog::close() {
  if (failure_) return fail(*failure_);
  std::string bytes;
  encode_record({.kind = RecordKind::closing, .sequence = last_ + 1, .durable_up_to = durable_}, {},
                segments_.back().bytes, salt_, bytes);
  return write_synced(bytes, journal_sync::closing);
}

}  // namespace leeway
