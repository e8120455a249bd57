#pragma once
// Doubles as unsigned integers of the same order.

#include <bit>
#include <cstdint>

namespace leeway::stats {

/// a < b exactly if order_key(a) < order_key(b), for doubles that are not NaN; -0 and +0 have the same key.
inline uint64_t order_key(double x) {
  const auto bits = std::bit_cast<uint64_t>(x + 0.0);
  return bits ^ (static_cast<uint64_t>(static_cast<int64_t>(bits) >> 63) | uint64_t{1} << 63);
}
inline double from_order_key(uint64_t key) {
  return std::bit_cast<double>(key ^ (((key >> 63) - 1) | uint64_t{1} << 63));
}

}  // namespace leeway::stats
