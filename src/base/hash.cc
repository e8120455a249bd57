#include "base/hash.h"

#include <array>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace leeway {
namespace {

constexpr std::array<std::array<uint32_t, 256>, 8> make_tables() {
  std::array<std::array<uint32_t, 256>, 8> tables{};
  for (uint32_t i = 0; i < 256; ++i) {
    uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = crc & 1 ? crc >> 1 ^ 0x82F63B78u : crc >> 1;
    tables[0][i] = crc;
  }
  for (size_t t = 1; t < 8; ++t)
    for (size_t i = 0; i < 256; ++i) tables[t][i] = tables[t - 1][i] >> 8 ^ tables[0][tables[t - 1][i] & 0xFF];
  return tables;
}

uint64_t load64(const unsigned char* at) {
  uint64_t word;
  std::memcpy(&word, at, 8);
  return word;
}

uint32_t crc_portable(const unsigned char* data, size_t size, uint32_t crc) {
  static constexpr auto tables = make_tables();
  for (; size >= 8; data += 8, size -= 8) {
    const uint64_t word = load64(data) ^ crc;
    crc = 0;
    for (size_t i = 0; i < 8; ++i) crc ^= tables[7 - i][word >> (8 * i) & 0xFF];
  }
  for (; size > 0; ++data, --size) crc = crc >> 8 ^ tables[0][(crc ^ *data) & 0xFF];
  return crc;
}

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) uint32_t crc_hardware(const unsigned char* data, size_t size, uint32_t crc) {
  uint64_t wide = crc;
  for (; size >= 8; data += 8, size -= 8) wide = _mm_crc32_u64(wide, load64(data));
  crc = static_cast<uint32_t>(wide);
  for (; size > 0; ++data, --size) crc = _mm_crc32_u8(crc, *data);
  return crc;
}
#endif

}  // namespace

uint32_t crc32c(std::span<const std::byte> bytes, uint32_t crc) {
  const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
#if defined(__x86_64__)
  if (__builtin_cpu_supports("sse4.2")) return ~crc_hardware(data, bytes.size(), ~crc);
#endif
  return ~crc_portable(data, bytes.size(), ~crc);
}

uint32_t crc32c(std::string_view bytes, uint32_t crc) { return crc32c(std::as_bytes(std::span(bytes)), crc); }

uint64_t hash64(std::string_view bytes, uint64_t seed) {
  const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
  size_t size = bytes.size();
  uint64_t h = mix64(seed ^ size * 0x9E3779B97F4A7C15ull);
  for (; size >= 8; data += 8, size -= 8) h = combine64(h, load64(data));
  uint64_t tail = 0;
  if (size > 0) {
    std::memcpy(&tail, data, size);
    h = combine64(h, tail);
  }
  return h;
}

}  // namespace leeway
