#include "checks/share_difference.h"

#include <cmath>

#include "stats/boschloo.h"
#include "stats/proportions.h"

namespace leeway {
namespace {

Estimate level(const ShareCount& count, double confidence) {
  const auto hits = static_cast<double>(count.hits), rows = static_cast<double>(count.rows);
  const stats::Interval interval = stats::wilson(hits, rows, confidence);
  return {.value = hits / rows, .lower = interval.lower, .upper = interval.upper};
}

}  // namespace

void measure_share_difference(const ShareCount& reference, const ShareCount& current, bool p_value, Measurement& out) {
  out.reference = level(reference, out.confidence);
  out.current = level(current, out.confidence);
  const auto real = [](int64_t v) { return static_cast<double>(v); };
  const stats::Interval bounds = stats::miettinen_nurminen_difference(
      real(current.hits), real(current.rows), real(reference.hits), real(reference.rows), out.confidence);
  out.value = {.value = out.current->value - out.reference->value, .lower = bounds.lower, .upper = bounds.upper};
  if (!p_value) return;
  const auto test = stats::two_proportions(current.hits, current.rows, reference.hits, reference.rows);
  out.p_value = test.p;
  out.log_p = test.log_p;
  if (!test.exact || current.hits + reference.hits == 0) return;
  const double boschloo = stats::boschloo(current.hits, current.rows, reference.hits, reference.rows).two_sided;
  if (std::isfinite(boschloo)) out.details.push_back({"boschloo_p", boschloo});
}

}  // namespace leeway
