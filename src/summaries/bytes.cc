#include "summaries/bytes.h"

#include <fmt/format.h>

namespace leeway {

void ByteWriter::varint(uint64_t value) {
  for (; value >= 0x80; value >>= 7) fixed(static_cast<uint8_t>(value | 0x80));
  fixed(static_cast<uint8_t>(value));
}

void ByteWriter::text(std::string_view text) {
  varint(text.size());
  append(text.data(), text.size());
}

uint64_t ByteReader::varint() {
  uint64_t value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    const auto byte = fixed<uint8_t>();
    if (shift == 63 && byte > 1) break;             // beyond 64 bits
    value |= static_cast<uint64_t>(byte & 0x7F) << shift;
    if (byte < 0x80) {
      if (byte == 0 && shift > 0) break;            // not the shortest form: bytes would not round-trip
      return ok_ ? value : 0;
    }
  }
  fail();
  return 0;
}

int64_t ByteReader::count() {
  const uint64_t value = varint();
  if (value > uint64_t{1} << 62) fail();
  return ok_ ? static_cast<int64_t>(value) : 0;
}

size_t ByteReader::length(size_t least_bytes) {
  const uint64_t value = varint();
  if (value > remaining() / least_bytes) fail();
  return ok_ ? value : 0;
}

std::string ByteReader::text() {
  const size_t size = length(1);
  const auto* at = take(size);
  return at == nullptr ? std::string() : std::string(reinterpret_cast<const char*>(at), size);
}

void ByteReader::skip_padding(size_t multiple) {
  while (ok_ && at_ % multiple != 0)
    if (fixed<uint8_t>() != 0) fail();
}

Status ByteReader::check(std::string_view what) const {
  if (ok_) return {};
  return leeway::fail(Code::invalid_data, fmt::format("the {} of this profile is malformed", what),
                      "Make the profile again with `leeway profile`.");
}

Status ByteReader::check_end(std::string_view what) const {
  if (ok_ && remaining() > 0)
    return leeway::fail(Code::invalid_data, fmt::format("the {} of this profile is followed by {} unexpected bytes", what, remaining()),
                        "Make the profile again with `leeway profile`.");
  return check(what);
}

}  // namespace leeway
