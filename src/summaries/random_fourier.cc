#include "summaries/random_fourier.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/random.h"
#include "base/simd.h"

namespace leeway {
namespace {

constexpr double steps = 1024;

/// Rounded to the nearest step, |x| <= 1.
LEEWAY_SIMD_LOOP inline int16_t quantised(double x) {
  constexpr double offset = 2 * steps;  // makes truncation round
  return static_cast<int16_t>(static_cast<int32_t>(x * steps + (offset + 0.5)) - static_cast<int32_t>(offset));
}

/// cos(2πt) and sin(2πt) in steps, for |t| < 2^51. The half angles' Taylor series are good to 6e-8 within a quarter
/// turn, far below a step, and use nothing but IEEE arithmetic: the same bits on every machine, and vectorised.
LEEWAY_SIMD_LOOP inline void cosine_and_sine(double t, int16_t& cosine, int16_t& sine) {
  constexpr double pi = std::numbers::pi, square = pi * pi, nearest = 0x1.8p52;
  constexpr double s[] = {pi, -square / 6, -square / 20, -square / 42, -square / 72, -square / 110};
  constexpr double c[] = {-square / 2, -square / 12, -square / 30, -square / 56, -square / 90, -square / 132};
  const double r = t - ((t + nearest) - nearest), y = r * r;
  const double half_sine =
      r * (s[0] * (1 + s[1] * y * (1 + s[2] * y * (1 + s[3] * y * (1 + s[4] * y * (1 + s[5] * y))))));
  const double half_cosine =
      1 + c[0] * y * (1 + c[1] * y * (1 + c[2] * y * (1 + c[3] * y * (1 + c[4] * y * (1 + c[5] * y)))));
  cosine = quantised(1 - 2 * half_sine * half_sine);
  sine = quantised(2 * half_sine * half_cosine);
}

int64_t total(const int16_t* values, size_t count) {
  int64_t sum = 0;
  for (size_t i = 0; i < count; ++i) sum += values[i];
  return sum;
}

}  // namespace

RandomFourier::RandomFourier(std::shared_ptr<const JointLayout> layout, uint64_t seed, bool spread)
    : layout_(std::move(layout)), seed_(seed) {
  const size_t d = layout_->entries.size();
  for (size_t b = 0; b < bandwidths.size(); ++b) {
    Random random = Random(seed).split(b);
    const double scale = 1 / (2 * std::numbers::pi * bandwidths[b] * std::sqrt(static_cast<double>(d)));
    frequencies_[b].resize(pairs * d);
    for (double& w : frequencies_[b]) w = random.normal() * scale;
    sums_[b].total.resize(2 * pairs);
    if (spread) sums_[b].products = CrossProducts(2 * pairs);
  }
}

void RandomFourier::add_block(const JointRows& reader, size_t rows, size_t b, std::vector<int16_t>& features) {
  constexpr size_t block = JointRows::block;
  const size_t d = layout_->entries.size();
  for (size_t pair = 0; pair < pairs; ++pair) {
    int16_t *cosine = features.data() + 2 * pair * block, *sine = cosine + block;
    const double* w = &frequencies_[b][pair * d];
    simd::run([x = reader.values().data(), w, d, cosine, sine]() LEEWAY_SIMD_LOOP {
      double turns[block] = {};
      for (size_t j = 0; j < d; ++j)
        for (size_t i = 0; i < block; ++i) turns[i] += w[j] * x[j * block + i];
      for (size_t i = 0; i < block; ++i) cosine_and_sine(turns[i], cosine[i], sine[i]);
    });
    std::fill(cosine + rows, sine, int16_t{0});  // rows beyond the last add nothing
    std::fill(sine + rows, sine + block, int16_t{0});
    sums_[b].total[2 * pair] += total(cosine, rows);
    sums_[b].total[2 * pair + 1] += total(sine, rows);
  }
  if (sums_[b].products.size() > 0) sums_[b].products.add_block(features);
}

void RandomFourier::update(std::span<const Column> columns) {
  JointRows reader(*layout_, columns);
  std::vector<int16_t> features(2 * pairs * JointRows::block);
  while (const size_t rows = reader.next()) {
    for (size_t b = 0; b < bandwidths.size(); ++b) add_block(reader, rows, b, features);
    rows_ += static_cast<int64_t>(rows);
  }
}

Status RandomFourier::merge(const RandomFourier& other) {
  if (!(layout() == other.layout()) || seed_ != other.seed_)
    return fail(Code::failed_precondition, "the Fourier features were not made with one layout and seed");
  for (size_t b = 0; b < bandwidths.size(); ++b) {
    for (size_t f = 0; f < 2 * pairs; ++f) sums_[b].total[f] += other.sums_[b].total[f];
  }
  if (stored_ || other.stored_ || !has_spread() || !other.has_spread()) drop_spread();
  else
    for (size_t b = 0; b < bandwidths.size(); ++b) sums_[b].products.merge(other.sums_[b].products);
  rows_ += other.rows_;
  return {};
}

void RandomFourier::drop_spread() {
  stored_.reset();
  for (auto& sums : sums_) sums.products = CrossProducts(0);
}

void RandomFourier::write(ByteWriter& out) const {
  out.fixed(seed_);
  for (const auto& sums : sums_)
    for (const int64_t total : sums.total) out.signed_varint(total);
  if (!has_spread()) return;
  for (size_t b = 0; b < bandwidths.size(); ++b) {
    const Spread known = spread(b);
    out.fixed(known.trace);
    out.fixed(known.trace_of_square);
  }
}

RandomFourier RandomFourier::read(ByteReader& in, std::shared_ptr<const JointLayout> layout, int64_t rows, bool spread) {
  RandomFourier out(std::move(layout), in.fixed<uint64_t>(), false);
  out.rows_ = rows;
  for (auto& sums : out.sums_)
    for (int64_t& total : sums.total) total = in.small_signed();
  if (!spread) return out;
  for (Spread& known : out.stored_.emplace()) {
    known = {in.fixed<double>(), in.fixed<double>()};
    if (!std::isfinite(known.trace) || !std::isfinite(known.trace_of_square)) in.fail();
  }
  return out;
}

std::vector<double> RandomFourier::mean(size_t b) const {
  std::vector<double> out(2 * pairs);
  const double unit = steps * std::sqrt(static_cast<double>(pairs)) * static_cast<double>(rows_);
  for (size_t f = 0; f < out.size(); ++f) out[f] = static_cast<double>(sums_[b].total[f]) / unit;
  return out;
}

RandomFourier::Spread RandomFourier::spread(size_t b) const {
  if (stored_) return (*stored_)[b];
  const std::vector<double> centre = mean(b);
  const auto n = static_cast<double>(rows_);
  const double unit = steps * steps * static_cast<double>(pairs) * n, unbiased = n / (n - 1);
  Spread out;
  for (size_t f = 0; f < centre.size(); ++f)
    for (size_t g = f; g < centre.size(); ++g) {
      const double covariance =
          unbiased * (static_cast<double>(sums_[b].products(f, g)) / unit - centre[f] * centre[g]);
      if (f == g) out.trace += covariance;
      out.trace_of_square += (f == g ? 1 : 2) * covariance * covariance;
    }
  out.trace_of_square = std::max(out.trace_of_square - out.trace * out.trace / n,
                                 out.trace * out.trace / static_cast<double>(centre.size()));
  return out;
}

}  // namespace leeway
