#pragma once
// Mean and variance whose sums are exact: any order, any split, the same bits.

#include <cstdint>
#include <limits>
#include <span>

#include "base/result.h"
#include "summaries/exact_sum.h"

namespace leeway {

class ByteReader;
class ByteWriter;

/// Count, least, greatest, and the sums of d and d² with d = fl(x - centre), of finite doubles. Two moments merge only
/// if centre and unit agree. `unit` (a power of two near the data's scale) decides what is fast, not what is right:
/// each row adds d to within 2^-90 units and d² to within 2^-80 units², beyond 2^11 units exactly.
/// Update: about 0.5 ns a row with AVX-512, 2 ns without.
class Moments {
 public:
  explicit Moments(double centre = 0, double unit = 1);

  void update(std::span<const double> finite);
  Status merge(const Moments& other);

  int64_t size() const { return size_; }
  double centre() const { return centre_; }
  double unit() const { return unit_; }
  double min() const { return min_; }   ///< +infinity if empty
  double max() const { return max_; }
  double mean() const;                  ///< NaN if empty
  double variance() const;              ///< divisor n - 1; NaN if n < 2; infinity if a square overflowed
  double sd() const;

  void write(ByteWriter& out) const;
  static Result<Moments> read(ByteReader& in);
  bool operator==(const Moments&) const = default;

 private:
  void add_with_far(std::span<const double> values);

  double centre_, unit_;
  int64_t size_ = 0;
  double min_ = std::numeric_limits<double>::infinity();
  double max_ = -std::numeric_limits<double>::infinity();
  ExactSum sum_, squares_;
  int64_t overflows_ = 0;   // rows whose d² is beyond the largest double
};

}  // namespace leeway
