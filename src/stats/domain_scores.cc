#include "stats/domain_scores.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <numeric>
#include <string_view>

#include "base/hash.h"

namespace leeway::stats {
namespace {

std::span<const float> row_of(const FeatureRows& rows, size_t row) {
  return rows.values.subspan(row * rows.features, rows.features);
}

uint64_t row_hash(std::span<const float> values) {
  uint64_t hash = 0;
  for (const float value : values) {
    const float plain = std::isnan(value) ? std::numeric_limits<float>::quiet_NaN() : value + 0.0f;
    hash = combine64(hash, std::bit_cast<uint32_t>(plain));
  }
  return hash;
}

/// A row of either sample: 2 · row + (1 if current).
struct Entry {
  uint64_t hash;
  uint64_t row;
};

/// Rows that stay together: entries [first, last).
struct Unit {
  uint64_t order;
  size_t first, last;
};

std::vector<Entry> sorted_entries(const TwoSamples& samples) {
  std::vector<Entry> entries;
  entries.reserve(samples.reference.rows + samples.current.rows);
  for (size_t row = 0; row < samples.reference.rows; ++row)
    entries.push_back({row_hash(row_of(samples.reference, row)), 2 * row});
  for (size_t row = 0; row < samples.current.rows; ++row)
    entries.push_back({row_hash(row_of(samples.current, row)), 2 * row + 1});
  std::ranges::sort(entries, {}, [](const Entry& e) { return std::pair(e.hash, e.row); });
  return entries;
}

std::vector<Unit> shuffled_units(std::span<const Entry> entries, uint64_t seed) {
  std::vector<Unit> units;
  for (size_t first = 0; first < entries.size();) {
    size_t last = first + 1;
    while (last < entries.size() && entries[last].hash == entries[first].hash) ++last;
    const bool together = last - first <= most_copies;
    for (size_t at = first; at < last; at = together ? last : at + 1) {
      const uint64_t key = together ? entries[at].hash : combine64(entries[at].hash, entries[at].row + 1);
      units.push_back({combine64(seed, key), at, together ? last : at + 1});
    }
    first = last;
  }
  std::ranges::sort(units, {}, [](const Unit& unit) { return std::pair(unit.order, unit.first); });
  return units;
}

/// The rows of one half, both samples one after the other, ready for a learner.
struct Part {
  std::vector<float> values;
  std::vector<double> target, weight;
  std::vector<size_t> reference, current;

  FeatureRows rows(size_t features) const { return {values, target.size(), features}; }
};

double weight_of(std::span<const double> weights, size_t row) { return weights.empty() ? 1 : weights[row]; }

void add_sample(Part& part, const FeatureRows& sample, std::span<const uint8_t> halves, std::span<const double> weights,
                uint8_t half, bool current) {
  auto& kept = current ? part.current : part.reference;
  for (size_t row = 0; row < sample.rows; ++row) {
    if (halves[row] != half) continue;
    const auto values = row_of(sample, row);
    part.values.insert(part.values.end(), values.begin(), values.end());
    part.target.push_back(current);
    part.weight.push_back(weight_of(weights, row));
    kept.push_back(row);
  }
}

Part part_of(const TwoSamples& samples, const Halves& halves, const SampleWeights& weights, uint8_t half) {
  Part part;
  add_sample(part, samples.reference, halves.reference, weights.reference, half, false);
  add_sample(part, samples.current, halves.current, weights.current, half, true);
  return part;
}

Status weigh_alike(Part& part) {
  const auto border = part.weight.begin() + static_cast<std::ptrdiff_t>(part.reference.size());
  const std::array totals = {std::accumulate(part.weight.begin(), border, 0.0),
                             std::accumulate(border, part.weight.end(), 0.0)};
  const double least = std::min(totals[0], totals[1]);
  if (!(least > 0)) return fail(Code::invalid_argument, "a half of the rows has none of one sample");
  for (size_t i = 0; i < part.weight.size(); ++i) part.weight[i] *= least / totals[i >= part.reference.size()];
  return {};
}

}  // namespace

Halves deal_halves(const TwoSamples& samples, uint64_t seed) {
  const auto entries = sorted_entries(samples);
  Halves halves{std::vector<uint8_t>(samples.reference.rows), std::vector<uint8_t>(samples.current.rows)};
  std::array<int64_t, 2> excess = {};  // rows of each sample that half 0 has beyond half 1
  for (const Unit& unit : shuffled_units(entries, seed)) {
    std::array<int64_t, 2> count = {};
    for (size_t i = unit.first; i < unit.last; ++i) ++count[entries[i].row & 1];
    const int64_t lean = count[0] * excess[0] + count[1] * excess[1];
    const auto half = static_cast<uint8_t>(lean == 0 ? unit.order & 1 : lean > 0);
    for (size_t i = unit.first; i < unit.last; ++i) {
      const bool current = entries[i].row & 1;
      (current ? halves.current : halves.reference)[entries[i].row >> 1] = half;
      excess[current] += half == 0 ? 1 : -1;
    }
  }
  return halves;
}

Result<DomainScores> cross_fit(const Learner& learner, const TwoSamples& samples, const Halves& halves,
                               const SampleWeights& weights, uint64_t seed) {
  const size_t features = samples.reference.features;
  DomainScores out{std::vector<double>(samples.reference.rows), std::vector<double>(samples.current.rows),
                   std::vector<double>(features)};
  std::array<Part, 2> parts = {part_of(samples, halves, weights, 0), part_of(samples, halves, weights, 1)};
  for (const size_t half : {0, 1}) {
    Part& learnt = parts[half];
    const Part& other = parts[1 - half];
    LEEWAY_CHECK(weigh_alike(learnt));
    LEEWAY_TRY(const auto fitted, learner.fit(Learner::Task::binary, learnt.rows(features), learnt.target,
                                              learnt.weight, combine64(seed, half)));
    LEEWAY_TRY(const auto scores, fitted->score(other.rows(features)));
    for (size_t i = 0; i < other.reference.size(); ++i) out.reference[other.reference[i]] = scores[i];
    for (size_t i = 0; i < other.current.size(); ++i)
      out.current[other.current[i]] = scores[other.reference.size() + i];
    const auto importance = fitted->importance();
    for (size_t j = 0; j < features; ++j) out.importance[j] += importance[j] / 2;
  }
  return out;
}

}  // namespace leeway::stats
