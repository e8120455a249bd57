#pragma once
// Every performance metric, in the order in which they are shown.

#include <span>
#include <type_traits>
#include <vector>

#include "checks/performance/binary_sample.h"
#include "checks/performance/multiclass_sample.h"
#include "checks/performance/regression_sample.h"

namespace leeway::performance {

std::span<const BinaryMetric* const> binary_metrics();
std::span<const MulticlassMetric* const> multiclass_metrics();
std::span<const RegressionMetric* const> regression_metrics();

/// The records of all of them and of label_coverage.h; ids are unique.
std::vector<const MethodInfo*> methods();

/// Every metric of the kind, in order: measure() for each.
template <class Sample, class Options>
std::vector<Measurement> measure_all(std::span<const Metric<Sample, Options>* const> metrics, const Subject& subject,
                                     const std::type_identity_t<Sample>* reference, const Sample& current,
                                     const std::type_identity_t<Options>& options) {
  std::vector<Measurement> all;
  for (const auto* metric : metrics)
    for (Measurement& m : measure(*metric, subject, reference, current, options)) all.push_back(std::move(m));
  return all;
}

}  // namespace leeway::performance
