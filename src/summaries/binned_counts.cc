#include "summaries/binned_counts.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "summaries/bytes.h"
#include "summaries/finite_values.h"

namespace leeway {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr int quantum_bits = 40;   // quanta of 2^-40 units
constexpr double most_quanta = 0x1p62;

/// To the nearest integer, ties to even, for |t| <= 2^62.
int64_t rounded(double t) {
  constexpr double rounder = 0x1.8p52;
  return static_cast<int64_t>(std::fabs(t) < 0x1p51 ? (t + rounder) - rounder : t);
}

}  // namespace

BinnedCounts::BinnedCounts(std::shared_ptr<const BinMap> map)
    : map_(std::move(map)), counts_(map_->bins(), 0), sums_(map_->bins()), min_(infinity), max_(-infinity) {}

void BinnedCounts::update(const Column& column) {
  std::vector<double> buffer;
  FiniteValues values(column, buffer);
  for (auto run = values.next(); !run.empty(); run = values.next()) update(run);
}

void BinnedCounts::update(std::span<const double> finite) {
  const double centre = map_->centre(), scale = std::ldexp(1 / map_->unit(), quantum_bits);
  const auto add = [&](double x, uint32_t bin) {
    const double t = (x - centre) * scale, kept = std::clamp(t, -most_quanta, most_quanta);
    saturated_ += kept != t;
    sums_[bin].quanta += rounded(kept);
    ++counts_[bin];
    min_ = x < min_ ? x : min_;
    max_ = x > max_ ? x : max_;
  };
  uint32_t bins[CellMap::block_size];
  size_t at = 0;
  for (; at + CellMap::block_size <= finite.size(); at += CellMap::block_size) {
    map_->find_block(finite.data() + at, bins);
    for (size_t i = 0; i < CellMap::block_size; ++i) add(finite[at + i], bins[i]);
  }
  for (; at < finite.size(); ++at) add(finite[at], map_->find(finite[at]));
  size_ += static_cast<int64_t>(finite.size());
  min_ += 0.0;   // -0 counts as 0
  max_ += 0.0;
}

Status BinnedCounts::merge(const BinnedCounts& other) {
  if (map_ != other.map_ && *map_ != *other.map_)
    return fail(Code::failed_precondition, "counts on different bins cannot be merged",
                "Profile both data sets again with the same --reference.");
  for (size_t b = 0; b < counts_.size(); ++b) {
    counts_[b] += other.counts_[b];
    sums_[b].merge(other.sums_[b]);
  }
  size_ += other.size_;
  saturated_ += other.saturated_;
  min_ = std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
  return {};
}

double BinnedCounts::centred_mean(size_t bin) const {
  if (counts_[bin] == 0) return 0;
  return sums_[bin].value(std::ldexp(map_->unit(), -quantum_bits)) / static_cast<double>(counts_[bin]);
}

size_t BinnedCounts::quantile_bin(double q) const {
  const auto rank = std::clamp<int64_t>(static_cast<int64_t>(std::ceil(q * static_cast<double>(size_))), 1, size_);
  size_t bin = 0;
  for (int64_t upto = counts_[0]; upto < rank; upto += counts_[bin]) ++bin;
  return bin;
}

void BinnedCounts::write(ByteWriter& out) const {
  out.fixed(min_);
  out.fixed(max_);
  out.varint(static_cast<uint64_t>(saturated_));
  for (size_t b = 0; b < counts_.size(); ++b) {
    out.varint(static_cast<uint64_t>(counts_[b]));
    if (counts_[b] > 0) sums_[b].write(out);
  }
}

Result<BinnedCounts> BinnedCounts::read(ByteReader& in, std::shared_ptr<const BinMap> map) {
  BinnedCounts out(std::move(map));
  out.min_ = in.fixed<double>();
  out.max_ = in.fixed<double>();
  out.saturated_ = in.count();
  for (size_t b = 0; b < out.counts_.size() && in.ok(); ++b) {
    out.counts_[b] = in.count();
    if (out.counts_[b] > 0) {
      LEEWAY_TRY(out.sums_[b], FixedSum::read(in));
    }
    if (out.counts_[b] > (int64_t{1} << 62) - out.size_) in.fail();
    else out.size_ += out.counts_[b];
  }
  if (std::isnan(out.min_) || std::isnan(out.max_) || (out.size_ > 0) != std::isfinite(out.min_) || out.saturated_ > out.size_) in.fail();
  LEEWAY_CHECK(in.check("bin counts"));
  return out;
}

bool BinnedCounts::operator==(const BinnedCounts& other) const {
  return (map_ == other.map_ || *map_ == *other.map_) && size_ == other.size_ && counts_ == other.counts_ &&
         sums_ == other.sums_ && min_ == other.min_ && max_ == other.max_ && saturated_ == other.saturated_;
}

}  // namespace leeway
