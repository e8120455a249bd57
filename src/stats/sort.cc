#include "stats/sort.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "stats/order_key.h"

namespace leeway::stats {
namespace {

constexpr size_t digits = 6, bits = 11, radix = size_t{1} << bits;

size_t digit(uint64_t key, size_t d) { return key >> (d * bits) & (radix - 1); }

/// Least significant digit first; digits that all keys share are skipped. `to` is as long as `from`; returns the one
/// that holds the result.
std::span<uint64_t> radix_sort(std::span<uint64_t> from, std::span<uint64_t> to) {
  std::vector<std::array<size_t, radix>> counts(digits);
  for (const uint64_t key : from)
    for (size_t d = 0; d < digits; ++d) ++counts[d][digit(key, d)];
  for (size_t d = 0; d < digits; ++d) {
    auto& position = counts[d];
    if (position[digit(from[0], d)] == from.size()) continue;
    size_t before = 0;
    for (size_t& count : position) before += std::exchange(count, before);
    for (const uint64_t key : from) to[position[digit(key, d)]++] = key;
    std::swap(from, to);
  }
  return from;
}

template <class T, class ToKey, class FromKey>
void sort_by_key(std::span<T> values, std::vector<uint64_t>& scratch, ToKey to_key, FromKey from_key) {
  const size_t n = values.size();
  if (n < 1024) {  // not worth clearing the tables
    for (T& value : values) value = from_key(to_key(value));
    std::sort(values.begin(), values.end());
    return;
  }
  if (scratch.size() < 2 * n) scratch.resize(2 * n);
  const std::span keys(scratch.data(), n);
  for (size_t i = 0; i < n; ++i) keys[i] = to_key(values[i]);
  const auto sorted = radix_sort(keys, std::span(scratch).subspan(n, n));
  for (size_t i = 0; i < n; ++i) values[i] = from_key(sorted[i]);
}

}  // namespace

void sort(std::span<double> values, std::vector<uint64_t>& scratch) {
  sort_by_key(values, scratch, order_key, from_order_key);
}

void sort(std::span<int64_t> values, std::vector<uint64_t>& scratch) {
  constexpr uint64_t sign = uint64_t{1} << 63;
  sort_by_key(
      values, scratch, [](int64_t v) { return static_cast<uint64_t>(v) ^ sign; },
      [](uint64_t k) { return static_cast<int64_t>(k ^ sign); });
}

}  // namespace leeway::stats
