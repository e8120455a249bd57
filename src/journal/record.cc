#include "journal/record.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/hash.h"

namespace leeway {
namespace {

static_assert(std::endian::native == std::endian::little, "journals are little-endian");

constexpr std::string_view magic = "\x89LWJ\r\n\x1a\n";
constexpr std::string_view hex_digits = "0123456789abcdef";

template <class T>
void put(std::string& out, T value) {
  char bytes[sizeof value];
  std::memcpy(bytes, &value, sizeof value);
  out.append(bytes, sizeof value);
}

template <class T>
T get(std::string_view bytes, size_t at) {
  T value;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

std::string from_hex(std::string_view digits) {
  std::string out;
  for (size_t i = 0; i + 1 < digits.size(); i += 2)
    out += static_cast<char>(hex_digits.find(digits[i]) << 4 | hex_digits.find(digits[i + 1]));
  return out;
}

std::string to_hex(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) {
    out += hex_digits[static_cast<unsigned char>(c) >> 4];
    out += hex_digits[static_cast<unsigned char>(c) & 15];
  }
  return out;
}

/// Of the first 28 bytes of a record at its place.
uint32_t header_checksum(std::string_view header, uint64_t offset, uint64_t salt) {
  char place[16];
  std::memcpy(place, &salt, 8);
  std::memcpy(place + 8, &offset, 8);
  return crc32c(header.substr(0, 28), crc32c(std::string_view(place, sizeof place)));
}

}  // namespace

std::string encode_segment_header(const SegmentHeader& header) {
  std::string out(magic);
  put(out, journal_format_version);
  put(out, uint32_t{0});
  out += from_hex(header.id);
  put(out, header.salt);
  put(out, header.first_sequence);
  out.resize(segment_header_bytes - 4, '\0');
  put(out, crc32c(out));
  return out;
}

Result<SegmentHeader> decode_segment_header(std::string_view bytes) {
  if (bytes.size() < segment_header_bytes || !bytes.starts_with(magic))
    return fail(Code::invalid_data, "this is not a journal segment");
  const auto version = get<uint32_t>(bytes, 8);
  bytes = bytes.substr(0, segment_header_bytes);
  if (crc32c(bytes.substr(0, 60)) != get<uint32_t>(bytes, 60))
    return fail(Code::invalid_data, "the header of the journal segment is damaged");
  if (version > journal_format_version)
    return fail(Code::failed_precondition, "the journal was written by a newer release", "Start that release.");
  return SegmentHeader{to_hex(bytes.substr(16, 16)), get<uint64_t>(bytes, 32), get<uint64_t>(bytes, 40)};
}

void encode_record(RecordHeader header, std::string_view payload, uint64_t offset, uint64_t salt, std::string& out) {
  const size_t begin = out.size();
  out.resize(begin + record_header_bytes);
  out += payload;
  out.resize(begin + framed_bytes(payload.size()), '\0');
  const std::string_view body = std::string_view(out).substr(begin + record_header_bytes);
  std::string head;
  put(head, static_cast<uint32_t>(payload.size()));
  put(head, static_cast<uint32_t>(header.kind));
  put(head, header.sequence);
  put(head, header.durable_up_to);
  put(head, crc32c(body));
  put(head, header_checksum(head, offset, salt));
  std::copy(head.begin(), head.end(), out.begin() + static_cast<ptrdiff_t>(begin));
}

std::optional<RecordHeader> decode_record_header(std::string_view bytes, uint64_t offset, uint64_t salt) {
  if (bytes.size() < record_header_bytes) return std::nullopt;
  const auto kind = get<uint32_t>(bytes, 4);
  if (kind != static_cast<uint32_t>(RecordKind::data) && kind != static_cast<uint32_t>(RecordKind::closing))
    return std::nullopt;
  const RecordHeader header{get<uint32_t>(bytes, 0), static_cast<RecordKind>(kind), get<uint64_t>(bytes, 8),
                            get<uint64_t>(bytes, 16), get<uint32_t>(bytes, 24)};
  if (header.length > max_record_bytes || header.durable_up_to >= header.sequence) return std::nullopt;
  if (header_checksum(bytes, offset, salt) != get<uint32_t>(bytes, 28)) return std::nullopt;
  return header;
}

bool payload_matches(const RecordHeader& header, std::string_view body) {
  return body.size() == framed_bytes(header.length) - record_header_bytes && crc32c(body) == header.payload_checksum;
}

}  // namespace leeway
