#include "checks/performance/regression_sample.h"

#include <cmath>

namespace leeway::performance {

RegressionSample RegressionSample::of_rows(const RegressionRows& rows) {
  RegressionSample sample;
  sample.counts_ = rows.labelled;
  sample.caveat_ = caveat_of_unknown_labels(rows.usable, rows.labelled);
  for (size_t i = 0; i < rows.size(); ++i) {
    if (std::isnan(rows.labels[i])) continue;
    sample.predictions_.push_back(rows.predictions[i]);
    sample.labels_.push_back(rows.labels[i]);
  }
  return sample;
}

std::string lacking(const RegressionSample& sample, unsigned) {
  return sample.rows() == 0 ? "no row has both a usable prediction and a known label" : "";
}

}  // namespace leeway::performance
