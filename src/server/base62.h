#pragma once
// Bytes as digits and letters.

#include <cstdint>
#include <span>
#include <string>

namespace leeway::server {

/// `bytes` read as one big-endian number, written with the digits 0-9A-Za-z and padded on the left with '0' to `width`
/// characters. Requires that it fits.
std::string base62(std::span<const unsigned char> bytes, size_t width);

/// `length` characters, each uniform on 0-9A-Za-z, from the system's randomness.
std::string random_base62(size_t length);

}  // namespace leeway::server
