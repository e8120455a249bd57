#include "summaries/moments.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include <fmt/format.h>

#include "base/simd.h"
#include "summaries/bytes.h"

namespace leeway {
namespace {

constexpr size_t block = 2048;
// Adding and subtracting 1.5·2^52 rounds a double below 2^51 to an integer and leaves that integer in its low bits.
constexpr double rounder = 0x1.8p52;
constexpr uint64_t rounder_bits = std::bit_cast<uint64_t>(rounder);
constexpr double limit = 0x1p51;
constexpr uint64_t limit_bits = std::bit_cast<uint64_t>(limit);
constexpr int sum_bits = 40, square_bits = 30, low_bits = 50;  // quanta below one unit; the second word's below those

/// Integer parts of t and of the rest, 2^low_bits times finer.
struct Parts {
  uint64_t high, low;
};
LEEWAY_SIMD_LOOP inline Parts quantise(double t) {
  const double high = t + rounder;
  const double low = (t - (high - rounder)) * 0x1p50 + rounder;
  return {std::bit_cast<uint64_t>(high), std::bit_cast<uint64_t>(low)};
}

/// How rows become quanta; `usable` unless a quantum would leave the range of doubles.
struct Quanta {
  double centre, scale, square_scale;
  int exponent;
  bool usable;

  Quanta(double about, double unit)
      : centre(about),
        scale(std::ldexp(1, sum_bits - std::ilogb(unit))),
        square_scale(std::ldexp(1, square_bits - 2 * std::ilogb(unit))),
        exponent(std::ilogb(unit)),
        usable(exponent > -480 && exponent < 450) {}
  bool hold_sum(double d) const { return usable && std::fabs(d * scale) < limit; }
  bool hold_square(double d) const { return usable && d * d * square_scale < limit; }
};

/// Sums of the quanta of rows, modulo 2^64 with the rounder's bits in them, and the largest |t| or t² as bits.
struct Sums {
  uint64_t high = 0, low = 0, square_high = 0, square_low = 0;
  uint64_t largest = 0;
};

/// With `within`, rows beyond the limit count as the centre.
template <bool within>
LEEWAY_SIMD_LOOP inline Sums sum_rows(const double* values, size_t rows, double centre, double scale,
                                      double square_scale) {
  uint64_t high = 0, low = 0, square_high = 0, square_low = 0;
  int64_t largest = 0;
  for (size_t i = 0; i < rows; ++i) {
    const double d = values[i] - centre;
    double t = d * scale, s = d * d * square_scale;
    const auto size = static_cast<int64_t>(std::bit_cast<uint64_t>(t) << 1 >> 1), square = std::bit_cast<int64_t>(s);
    if constexpr (within) {
      t = size < static_cast<int64_t>(limit_bits) ? t : 0;
      s = square < static_cast<int64_t>(limit_bits) ? s : 0;
    } else {
      const int64_t larger = size > square ? size : square;
      largest = larger > largest ? larger : largest;
    }
    const Parts first = quantise(t), second = quantise(s);
    high += first.high;
    low += first.low;
    square_high += second.high;
    square_low += second.low;
  }
  return {high, low, square_high, square_low, static_cast<uint64_t>(largest)};
}

template <bool within>
Sums sum_block(const double* values, const Quanta& q) {
  Sums out;
  simd::run([values, centre = q.centre, scale = q.scale, square_scale = q.square_scale, to = &out]()
                LEEWAY_SIMD_LOOP { *to = sum_rows<within>(values, block, centre, scale, square_scale); });
  return out;
}

/// Of the rows within the limits, at most a block of them.
Sums sum_near(std::span<const double> values, const Quanta& q) {
  if (values.size() == block) return sum_block<true>(values.data(), q);
  return sum_rows<true>(values.data(), values.size(), q.centre, q.scale, q.square_scale);
}

/// Exact sums of some thousand doubles as integers on a ladder of exponents 32 apart, whose carries wait to the end:
/// three times as fast as ExactSum.
class Ladder {
 public:
  static constexpr size_t capacity = 1024;   // terms, so that no rung overflows: 53 bits reach 22 beyond a rung, then 31

  void add(double value) {
    const auto bits = std::bit_cast<uint64_t>(value);
    const uint64_t biased = bits >> 52 & 0x7FF, normal = biased > 0 ? 1 : 0;
    const uint64_t mantissa = (bits & ((uint64_t{1} << 52) - 1)) | normal << 52;
    const uint64_t position = biased - normal;  // of the lowest bit, above 2^-1074
    const uint64_t low = (mantissa & 0xFFFFFFFF) << (position & 31), high = (mantissa >> 32) << (position & 31);
    const auto sign = static_cast<int64_t>(bits) >> 63;  // negates by (x ^ sign) - sign
    int64_t* rung = rungs_.data() + (position >> 5);
    rung[0] += (static_cast<int64_t>(low & 0xFFFFFFFF) ^ sign) - sign;
    rung[1] += (static_cast<int64_t>((low >> 32) + high) ^ sign) - sign;
  }

  void add_to(ExactSum& sum) const {
    for (size_t i = 0; i < rungs_.size(); ++i)
      if (rungs_[i] != 0) sum.add(rungs_[i], static_cast<int>(32 * i) - 1074);
  }

 private:
  std::array<int64_t, 65> rungs_{};
};

struct Range {
  double min[8], max[8];
};

void widen(Range& range, const double* values) {
  simd::run([=, to = &range]() LEEWAY_SIMD_LOOP {
    Range r = *to;
    for (size_t i = 0; i < block; i += 8)
      for (size_t j = 0; j < 8; ++j) {
        const double x = values[i + j];
        r.min[j] = x < r.min[j] ? x : r.min[j];
        r.max[j] = x > r.max[j] ? x : r.max[j];
      }
    *to = r;
  });
}

}  // namespace

Moments::Moments(double centre, double unit) : centre_(centre), unit_(unit) {}

namespace {

/// Adds the quanta of so many rows.
void add_quanta(const Sums& sums, uint64_t rows, const Quanta& quanta, ExactSum& sum, ExactSum& squares) {
  const auto add = [rows](ExactSum& to, uint64_t high, uint64_t low, int quantum) {
    to.add(static_cast<int64_t>(high - rows * rounder_bits), quantum);
    to.add(static_cast<int64_t>(low - rows * rounder_bits), quantum - low_bits);
  };
  add(sum, sums.high, sums.low, quanta.exponent - sum_bits);
  add(squares, sums.square_high, sums.square_low, 2 * quanta.exponent - square_bits);
}

/// The rows beyond the limits: values themselves, so that the centre is still to be subtracted `rows` times.
struct FarRows {
  Ladder values, squares;
  int rows = 0;
  int64_t overflows = 0;

  void add(double x, const Quanta& quanta) {
    const double d = x - quanta.centre;
    if (!quanta.hold_sum(d)) {
      values.add(x);
      ++rows;
    }
    if (quanta.hold_square(d)) return;
    if (std::isfinite(d * d)) squares.add(d * d);
    else ++overflows;
  }
};

}  // namespace

/// At most a block of rows, some of which may be beyond the limits.
void Moments::add_with_far(std::span<const double> values) {
  const Quanta quanta(centre_, unit_);
  uint32_t far[block];
  size_t count = 0;
  for (size_t i = 0; i < values.size(); ++i) {
    far[count] = static_cast<uint32_t>(i);
    const double d = values[i] - centre_;
    count += quanta.hold_sum(d) && quanta.hold_square(d) ? 0 : 1;
  }
  if (quanta.usable) add_quanta(sum_near(values, quanta), values.size(), quanta, sum_, squares_);
  for (size_t from = 0; from < count; from += Ladder::capacity) {
    FarRows rows;
    for (size_t i = from; i < std::min(count, from + Ladder::capacity); ++i) rows.add(values[far[i]], quanta);
    rows.values.add_to(sum_);
    rows.squares.add_to(squares_);
    sum_.add_repeatedly(-centre_, rows.rows);
    overflows_ += rows.overflows;
  }
}

void Moments::update(std::span<const double> finite) {
  const Quanta quanta(centre_, unit_);
  Range range;
  std::fill_n(range.min, 8, min_);
  std::fill_n(range.max, 8, max_);
  size_t at = 0;
  for (; at + block <= finite.size(); at += block) {
    const double* values = finite.data() + at;
    widen(range, values);
    const Sums sums = quanta.usable ? sum_block<false>(values, quanta) : Sums{.largest = limit_bits};
    if (sums.largest < limit_bits) add_quanta(sums, block, quanta, sum_, squares_);
    else add_with_far(finite.subspan(at, block));
  }
  const auto rest = finite.subspan(at);
  for (const double x : rest) {
    range.min[0] = std::min(range.min[0], x);
    range.max[0] = std::max(range.max[0], x);
  }
  add_with_far(rest);
  size_ += static_cast<int64_t>(finite.size());
  min_ = *std::min_element(range.min, range.min + 8) + 0.0;  // -0 counts as 0
  max_ = *std::max_element(range.max, range.max + 8) + 0.0;
}

Status Moments::merge(const Moments& other) {
  if (centre_ != other.centre_ || unit_ != other.unit_)
    return fail(Code::failed_precondition, "moments about different centres cannot be merged",
                "Profile both data sets again with the same --reference.");
  size_ += other.size_;
  overflows_ += other.overflows_;
  min_ = std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
  sum_.merge(other.sum_);
  squares_.merge(other.squares_);
  return {};
}

double Moments::mean() const {
  if (size_ == 0) return std::numeric_limits<double>::quiet_NaN();
  const auto n = static_cast<double>(size_);
  const double sum = sum_.value();
  if (std::isfinite(sum)) return centre_ + sum / n;
  return (centre_ * 0x1p-64 + sum_.value(-64) / n) * 0x1p64;
}

double Moments::variance() const {
  if (size_ < 2) return std::numeric_limits<double>::quiet_NaN();
  if (overflows_ > 0) return std::numeric_limits<double>::infinity();
  // Σ(d - μ)² = Σd² - 2μΣd + nμ² holds for any μ; each product is added in two exact parts, so nothing cancels.
  const auto n = static_cast<double>(size_);
  const double sum = sum_.value(), mu = sum / n;
  if (!std::isfinite(2 * mu * sum) || !std::isfinite(squares_.value())) return std::numeric_limits<double>::infinity();
  ExactSum rest = sum_;
  rest.add(-sum);
  ExactSum total = squares_;
  const auto add_product = [&total](double a, double b) {
    const double product = a * b;
    total.add(product);
    total.add(std::fma(a, b, -product));
  };
  add_product(-2 * mu, sum);
  add_product(-2 * mu, rest.value());
  const double square = mu * mu;
  add_product(n, square);
  add_product(n, std::fma(mu, mu, -square));
  return std::max(0.0, total.value()) / (n - 1);
}

double Moments::sd() const { return std::sqrt(variance()); }

void Moments::write(ByteWriter& out) const {
  out.fixed(centre_);
  out.fixed(unit_);
  out.varint(static_cast<uint64_t>(size_));
  out.varint(static_cast<uint64_t>(overflows_));
  out.fixed(min_);
  out.fixed(max_);
  sum_.write(out);
  squares_.write(out);
}

Result<Moments> Moments::read(ByteReader& in) {
  const auto centre = in.fixed<double>(), unit = in.fixed<double>();
  Moments moments(centre, unit);
  moments.size_ = in.count();
  moments.overflows_ = in.count();
  moments.min_ = in.fixed<double>();
  moments.max_ = in.fixed<double>();
  LEEWAY_TRY(moments.sum_, ExactSum::read(in));
  LEEWAY_TRY(moments.squares_, ExactSum::read(in));
  const bool sane = std::isfinite(moments.centre_) && std::isnormal(moments.unit_) && moments.unit_ > 0 &&
                    !std::isnan(moments.min_) && !std::isnan(moments.max_);
  if (!sane) in.fail();
  LEEWAY_CHECK(in.check("moments"));
  return moments;
}

}  // namespace leeway
