#include <cmath>

#include "checks/performance/binary_sample.h"

namespace leeway::performance {

BinarySample BinarySample::of_table(const ScoreTable& table, uint32_t group) {
  BinarySample sample;
  sample.has_scores_ = true;
  sample.probabilities_ = table.layout().probability;
  const BinMap& map = *table.layout().bins;
  const std::vector<int64_t> negatives = table.counts(Outcome::negative, group);
  const std::vector<int64_t> positives = table.counts(Outcome::positive, group);
  const size_t first = group == ScoreTable::all_groups ? 0 : group;
  const size_t last = group == ScoreTable::all_groups ? table.layout().group_count() : group + 1;
  for (size_t b = 0; b < map.bins(); ++b) {
    const int64_t n = negatives[b] + positives[b];
    if (n == 0) continue;
    double score = std::isinf(map.lower(b)) ? map.upper(b) : map.lower(b);
    if (sample.probabilities_) {
      double sum = 0;
      for (size_t g = first; g < last; ++g)
        for (const Outcome outcome : {Outcome::negative, Outcome::positive})
          sum += table.cell(b, outcome, static_cast<uint32_t>(g)).p.value(0x1p-53);
      score = sum / static_cast<double>(n);
    }
    sample.bins_.push_back({score, negatives[b], positives[b]});
    sample.ranges_.push_back({map.lower(b), map.upper(b)});
    sample.rows_ += n;
    sample.positives_ += positives[b];
  }
  const int64_t unknown = table.rows(Outcome::unknown, group);
  sample.counts_.rows = sample.rows_ + unknown;
  sample.counts_.used = sample.rows_;
  sample.counts_.missing = unknown;
  sample.ranked_ = stats::RankedScores::of_bins(sample.bins_);
  if (sample.probabilities_ && sample.rows_ > 0) {
    sample.log_loss_ = table.log_loss(group);
    sample.brier_ = table.brier(group);
  }
  return sample;
}

}  // namespace leeway::performance
