#pragma once
// Walking through a sorted batch and a prepared reference together: the exact, slower way to every two-sample statistic.

#include <cstdint>
#include <span>

namespace leeway {

/// A batch in ascending order beside a reference as strictly ascending distinct values with cumulative counts (empty:
/// each value once). T is double or, for integers beyond 2^53, int64_t.
template <class T>
struct Pooled {
  std::span<const T> batch;
  std::span<const T> distinct;
  std::span<const uint32_t> cumulative;

  int64_t reference_rows(size_t distinct_values) const {
    if (distinct_values == 0) return 0;
    return cumulative.empty() ? static_cast<int64_t>(distinct_values) : cumulative[distinct_values - 1];
  }

  /// Calls step(value, n_before, n, m_before, m, next) for each distinct pooled value in ascending order: rows of batch
  /// and reference below it and up to it; `next` is the number of distinct reference values up to it.
  template <class Step>
  void walk(Step step) const {
    size_t i = 0, j = 0;
    int64_t n = 0, m = 0;
    while (i < batch.size() || j < distinct.size()) {
      const bool from_batch = j == distinct.size() || (i < batch.size() && batch[i] < distinct[j]);
      const T value = from_batch ? batch[i] : distinct[j];
      while (i < batch.size() && batch[i] == value) ++i;
      if (!from_batch) ++j;
      const auto n_at = static_cast<int64_t>(i);
      const int64_t m_at = from_batch ? m : reference_rows(j);
      step(value, n, n_at, m, m_at, j);
      n = n_at;
      m = m_at;
    }
  }
};

inline double width(double from, double to) { return to - from; }
inline double width(int64_t from, int64_t to) {
  return static_cast<double>(static_cast<uint64_t>(to) - static_cast<uint64_t>(from));
}

}  // namespace leeway
