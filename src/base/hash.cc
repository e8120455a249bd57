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
/// Product of two polynomials modulo the CRC's, highest bit first.
constexpr uint32_t multiply(uint32_t a, uint32_t b) {
  uint32_t product = 0;
  for (uint32_t bit = 0x80000000u; bit != 0; bit >>= 1) {
    if (a & bit) product ^= b;
    b = b & 1 ? b >> 1 ^ 0x82F63B78u : b >> 1;
  }
  return product;
}

/// What `bytes` zero bytes multiply a CRC by.
constexpr uint32_t zeros(size_t bytes) {
  uint32_t result = 0x80000000u;
  for (uint32_t power = 0x00800000u; bytes > 0; bytes >>= 1, power = multiply(power, power))
    if (bytes & 1) result = multiply(result, power);
  return result;
}

__attribute__((target("sse4.2"))) uint32_t crc_hardware(const unsigned char* data, size_t size, uint32_t crc) {
  // The instruction takes three cycles but starts every cycle: three stretches at a time, joined afterwards.
  constexpr size_t stretch = 16384;
  constexpr uint32_t one = zeros(stretch), two = zeros(2 * stretch);
  for (; size >= 3 * stretch; data += 3 * stretch, size -= 3 * stretch) {
    uint64_t a = crc, b = 0, c = 0;
    for (size_t i = 0; i < stretch; i += 8) {
      a = _mm_crc32_u64(a, load64(data + i));
      b = _mm_crc32_u64(b, load64(data + stretch + i));
      c = _mm_crc32_u64(c, load64(data + 2 * stretch + i));
    }
    crc = multiply(static_cast<uint32_t>(a), two) ^ multiply(static_cast<uint32_t>(b), one) ^ static_cast<uint32_t>(c);
  }
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
