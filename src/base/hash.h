#pragma once
// Checksums and hashes of bytes. Neither is for secrets.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace leeway {

/// CRC-32C (Castagnoli, reflected, initial and final inversion, as in RFC 3720), hardware-assisted where the machine
/// has SSE 4.2. `crc` continues an earlier result.
uint32_t crc32c(std::span<const std::byte> bytes, uint32_t crc = 0);
uint32_t crc32c(std::string_view bytes, uint32_t crc = 0);

/// 64-bit mixing hash of one word (the finaliser of MurmurHash3); a bijection.
constexpr uint64_t mix64(uint64_t x) {
  x ^= x >> 33;
  x *= 0xFF51AFD7ED558CCDull;
  x ^= x >> 33;
  x *= 0xC4CEB9FE1A85EC53ull;
  return x ^ (x >> 33);
}
constexpr uint64_t combine64(uint64_t seed, uint64_t value) { return mix64(seed * 0x9E3779B97F4A7C15ull + value); }

/// 64-bit hash of bytes, the same on every little-endian machine and in every release.
uint64_t hash64(std::string_view bytes, uint64_t seed = 0);

}  // namespace leeway
