#include "checks/performance/multiclass_sample.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace leeway::performance {
namespace {

bool is_distribution(std::span<const double> scores) {
  const double sum = std::accumulate(scores.begin(), scores.end(), 0.0);
  return std::fabs(sum - 1) <= 0.01 && std::ranges::all_of(scores, [](double s) { return s >= 0 && s <= 1; });
}

}  // namespace

MulticlassSample MulticlassSample::of_rows(const MulticlassRows& rows) {
  MulticlassSample sample(rows.classes);
  sample.counts_ = rows.labelled;
  sample.caveat_ = caveat_of_unknown_labels(rows.usable, rows.labelled);
  const size_t k = rows.classes.size();
  const bool with_scores = !rows.scores.empty();
  for (size_t i = 0; i < rows.size(); ++i) {
    if (rows.labels[i] == unknown_class) continue;
    sample.labels_.push_back(rows.labels[i]);
    ++sample.confusion_.cell(rows.labels[i], rows.predictions[i]);
    if (!with_scores) continue;
    const auto scores = std::span(rows.scores).subspan(i * k, k);
    sample.scores_.insert(sample.scores_.end(), scores.begin(), scores.end());
  }
  sample.probabilities_ = sample.has_scores();
  for (size_t begin = 0; begin < sample.scores_.size() && sample.probabilities_; begin += k)
    sample.probabilities_ = is_distribution(std::span(sample.scores_).subspan(begin, k));
  return sample;
}

int MulticlassSample::observed_classes() const {
  int observed = 0;
  for (size_t c = 0; c < classes_.size(); ++c) observed += confusion_.actual(c) > 0;
  return observed;
}

std::string lacking(const MulticlassSample& sample, unsigned needs) {
  if (sample.rows() == 0) return "no row has both a usable prediction and a known label";
  if ((needs & (need::scores | need::probabilities)) && !sample.has_scores()) return "there are no scores per class";
  if ((needs & need::probabilities) && !sample.probabilities())
    return "the scores are no probabilities: they leave [0, 1] or do not add up to 1";
  if ((needs & need::two_classes) && sample.observed_classes() < 2) return "the labels are all of one class";
  return {};
}

}  // namespace leeway::performance
