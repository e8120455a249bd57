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
constexpr uint64_t limit_bits = std::bit_cast<uint64_t>(0x1p51);
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

/// Sums of the quanta of rows, modulo 2^64 with the rounder's bits in them, and the largest |t| or t² as bits.
struct Sums {
  uint64_t high = 0, low = 0, square_high = 0, square_low = 0;
  uint64_t largest = 0;
};

Sums sum_block(const double* values, double centre, double scale, double square_scale) {
  Sums out;
  simd::run([=, to = &out]() LEEWAY_SIMD_LOOP {
    uint64_t high = 0, low = 0, square_high = 0, square_low = 0;
    int64_t largest = 0;
    for (size_t i = 0; i < block; ++i) {
      const double d = values[i] - centre, t = d * scale, s = d * d * square_scale;
      const Parts first = quantise(t), second = quantise(s);
      high += first.high;
      low += first.low;
      square_high += second.high;
      square_low += second.low;
      const auto size = static_cast<int64_t>(std::bit_cast<uint64_t>(t) << 1 >> 1), square = std::bit_cast<int64_t>(s);
      const int64_t larger = size > square ? size : square;
      largest = larger > largest ? larger : largest;
    }
    *to = {high, low, square_high, square_low, static_cast<uint64_t>(largest)};
  });
  return out;
}

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

void Moments::update(std::span<const double> finite) {
  const int exponent = std::ilogb(unit_);
  // Outside, a quantum would leave the range of doubles; then every row takes the exact way.
  const bool quick = exponent > -480 && exponent < 450;
  const double scale = std::ldexp(1, sum_bits - exponent), square_scale = std::ldexp(1, square_bits - 2 * exponent);
  const auto flush = [&](ExactSum& sum, uint64_t high, uint64_t low, uint64_t rows, int quantum) {
    sum.add(static_cast<int64_t>(high - rows * rounder_bits), quantum);
    sum.add(static_cast<int64_t>(low - rows * rounder_bits), quantum - low_bits);
  };
  const auto add_sum = [&](uint64_t high, uint64_t low, uint64_t rows) { flush(sum_, high, low, rows, exponent - sum_bits); };
  const auto add_squares = [&](uint64_t high, uint64_t low, uint64_t rows) { flush(squares_, high, low, rows, 2 * exponent - square_bits); };
  const auto add_row = [&](double x) {
    const double d = x - centre_, t = d * scale, s = d * d * square_scale;
    if (quick && std::fabs(t) < 0x1p51) {
      const Parts parts = quantise(t);
      add_sum(parts.high, parts.low, 1);
    } else {
      sum_.add(x);
      sum_.add(-centre_);
    }
    if (quick && s < 0x1p51) {
      const Parts parts = quantise(s);
      add_squares(parts.high, parts.low, 1);
    } else if (std::isfinite(d * d)) {
      squares_.add(d * d);
    } else {
      ++overflows_;
    }
  };
  Range range;
  std::fill_n(range.min, 8, min_);
  std::fill_n(range.max, 8, max_);
  size_t at = 0;
  for (; quick && at + block <= finite.size(); at += block) {
    const double* values = finite.data() + at;
    widen(range, values);
    const Sums sums = sum_block(values, centre_, scale, square_scale);
    if (sums.largest < limit_bits) {
      add_sum(sums.high, sums.low, block);
      add_squares(sums.square_high, sums.square_low, block);
    } else {
      for (size_t i = 0; i < block; ++i) add_row(values[i]);
    }
  }
  for (; at < finite.size(); ++at) {
    add_row(finite[at]);
    range.min[0] = std::min(range.min[0], finite[at]);
    range.max[0] = std::max(range.max[0], finite[at]);
  }
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
