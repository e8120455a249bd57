#include "journal/segment_reader.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"

namespace leeway {
namespace {

constexpr size_t read_ahead = 1u << 20;
constexpr std::string_view suffix = ".journal";
constexpr size_t name_digits = 20;

Error in_file(Error error, const std::string& path) {
  error.file = path;
  return error;
}

}  // namespace

std::string segment_name(uint64_t first_sequence) { return fmt::format("{:020}{}", first_sequence, suffix); }

std::optional<uint64_t> segment_of_name(std::string_view name) {
  if (name.size() != name_digits + suffix.size() || !name.ends_with(suffix)) return std::nullopt;
  const auto number = parse_int(name.substr(0, name_digits));
  if (!number || *number < 1 || segment_name(static_cast<uint64_t>(*number)) != name) return std::nullopt;
  return static_cast<uint64_t>(*number);
}

Result<SegmentReader> SegmentReader::open(const Files& files, const std::string& name) {
  const std::string path = files.path(name);
  LEEWAY_TRY(auto file, files.open(name));
  char bytes[segment_header_bytes];
  LEEWAY_TRY(const size_t have, file->read(0, bytes));
  auto header = decode_segment_header(std::string_view(bytes, have));
  if (!header) return fail(in_file(header.error(), path));
  if (segment_name(header->first_sequence) != name)
    return fail(in_file({Code::invalid_data, "the journal segment has another segment's name"}, path));
  return SegmentReader(std::move(file), path, *std::move(header));
}

Result<std::string_view> SegmentReader::bytes_at(uint64_t offset, size_t size) {
  const bool inside = offset >= buffer_offset_ && offset + size <= buffer_offset_ + buffer_.size();
  if (!inside) {
    buffer_.resize(std::max(size, read_ahead));
    auto have = file_->read(offset, buffer_);
    buffer_.resize(have.value_or(0));
    buffer_offset_ = offset;
    if (!have) return std::unexpected(std::move(have).error());
  }
  return std::string_view(buffer_).substr(offset - buffer_offset_, size);
}

Result<SegmentReader::Step> SegmentReader::next() {
  LEEWAY_TRY(const auto head, bytes_at(offset_, record_header_bytes));
  if (head.empty()) return Step::end;
  const auto header = decode_record_header(head, offset_, header_.salt);
  if (!header || header->sequence != next_sequence_) return Step::broken;
  const uint64_t whole = framed_bytes(header->length);
  LEEWAY_TRY(const auto record, bytes_at(offset_, whole));
  const auto body = record.substr(std::min<size_t>(record.size(), record_header_bytes));
  if (!payload_matches(*header, body)) return Step::broken;
  record_ = {*header, offset_, body.substr(0, header->length)};
  offset_ += whole;
  if (header->kind == RecordKind::data) ++next_sequence_;
  return Step::record;
}

Result<uint64_t> SegmentReader::vouched_beyond() {
  uint64_t vouched = 0;
  for (uint64_t at = offset_ + 8;; at += 8) {
    LEEWAY_TRY(const auto head, bytes_at(at, record_header_bytes));
    if (head.size() < record_header_bytes) return vouched;
    if (const auto header = decode_record_header(head, at, header_.salt))
      vouched = std::max(vouched, header->durable_up_to);
  }
}

}  // namespace leeway
