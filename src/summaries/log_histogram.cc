#include "summaries/log_histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "summaries/bytes.h"

namespace leeway {
namespace {

constexpr int dropped_bits = 52 - 5;
constexpr int32_t last_key = static_cast<int32_t>((uint64_t{0x7FE} << 5 | 31) + 1);

int32_t key_of(double t) {
  const uint64_t magnitude = std::bit_cast<uint64_t>(t) << 1 >> 1;
  if (magnitude == 0) return 0;
  const auto key = std::min(static_cast<int32_t>(magnitude >> dropped_bits) + 1, last_key);
  return t < 0 ? -key : key;
}

/// The least |t| with the key, from which the next key's is the end.
double least_magnitude(int32_t key) {
  if (key <= 0) return 0;
  return std::bit_cast<double>(static_cast<uint64_t>(key - 1) << dropped_bits);
}
double most_magnitude(int32_t key) {
  return key == last_key ? std::numeric_limits<double>::max() : least_magnitude(key + 1);
}

}  // namespace

void LogHistogram::update(std::span<const double> finite) {
  constexpr size_t chunk = 1 << 16;
  const double scale = 1 / unit_;
  std::vector<int32_t> keys;
  std::vector<int64_t> counts;
  for (size_t at = 0; at < finite.size(); at += chunk) {
    const auto run = finite.subspan(at, std::min(chunk, finite.size() - at));
    keys.resize(run.size());
    int32_t low = last_key, high = -last_key;
    for (size_t i = 0; i < run.size(); ++i) {
      const int32_t key = key_of((run[i] - centre_) * scale);
      keys[i] = key;
      low = std::min(low, key);
      high = std::max(high, key);
    }
    counts.assign(static_cast<size_t>(high - low) + 1, 0);
    for (const int32_t key : keys) ++counts[static_cast<size_t>(key - low)];
    std::vector<Bin> fresh;
    for (size_t i = 0; i < counts.size(); ++i)
      if (counts[i] > 0) fresh.push_back({low + static_cast<int32_t>(i), counts[i]});
    add(fresh);
  }
}

void LogHistogram::add(std::span<const Bin> other) {
  std::vector<Bin> sum;
  sum.reserve(bins_.size() + other.size());
  size_t i = 0, j = 0;
  while (i < bins_.size() || j < other.size()) {
    const bool mine = j == other.size() || (i < bins_.size() && bins_[i].key <= other[j].key);
    const bool both = mine && j < other.size() && bins_[i].key == other[j].key;
    sum.push_back(mine ? bins_[i] : other[j]);
    if (both) sum.back().count += other[j].count;
    i += mine;
    j += !mine || both;
  }
  bins_ = std::move(sum);
}

Status LogHistogram::merge(const LogHistogram& other) {
  if (centre_ != other.centre_ || unit_ != other.unit_)
    return fail(Code::failed_precondition, "histograms about different centres cannot be merged",
                "Profile both data sets again with the same --reference.");
  add(std::vector<Bin>(other.bins_));   // a copy, so that merging with itself doubles
  return {};
}

int64_t LogHistogram::size() const {
  int64_t sum = 0;
  for (const Bin& bin : bins_) sum += bin.count;
  return sum;
}

double LogHistogram::lower_value(int32_t key) const {
  return centre_ + unit_ * (key < 0 ? -most_magnitude(-key) : least_magnitude(key));
}
double LogHistogram::upper_value(int32_t key) const {
  return centre_ + unit_ * (key < 0 ? -least_magnitude(-key) : key == 0 ? 0 : most_magnitude(key));
}

void LogHistogram::write(ByteWriter& out) const {
  out.fixed(centre_);
  out.fixed(unit_);
  out.varint(bins_.size());
  int32_t last = -last_key - 1;
  for (const Bin& bin : bins_) {
    out.varint(static_cast<uint64_t>(bin.key - last - 1));
    out.varint(static_cast<uint64_t>(bin.count));
    last = bin.key;
  }
}

Result<LogHistogram> LogHistogram::read(ByteReader& in) {
  const auto centre = in.fixed<double>(), unit = in.fixed<double>();
  LogHistogram out(centre, unit);
  if (!std::isfinite(centre) || !std::isnormal(unit) || unit < 0) in.fail();
  int64_t last = -last_key - 1;
  for (size_t left = in.length(2); left > 0 && in.ok(); --left) {
    last += static_cast<int64_t>(in.varint() & 0xFFFFFF) + 1;
    const int64_t count = in.count();
    if (last > last_key || count == 0) in.fail();
    else out.bins_.push_back({static_cast<int32_t>(last), count});
  }
  LEEWAY_CHECK(in.check("log histogram"));
  return out;
}

}  // namespace leeway
