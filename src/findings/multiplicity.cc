#include "findings/multiplicity.h"

#include <cmath>
#include <map>

#include "stats/distributions.h"
#include "stats/limit_laws.h"
#include "stats/multiple_testing.h"

namespace leeway {
namespace {

constexpr double level = 0.05;

/// How many half-widths of the lower side the value lies beyond the leeway.
std::optional<double> half_widths_beyond(const Finding& f) {
  const Measurement& m = f.measurement;
  if (!f.leeway || !m.computed() || f.leeway->on != Leeway::On::value) return std::nullopt;
  const double origin = m.method->scale == Scale::separation_auc ? 0.5 : 0.0;
  double value = m.value.value - origin, lower = m.value.lower - origin, limit = f.leeway->limit;
  const bool falling = m.method->orientation == Orientation::lower_is_worse ||
                       (m.method->orientation == Orientation::either && value < 0);
  if (falling) {
    value = -value;
    lower = -(m.value.upper - origin);
    limit = m.method->orientation == Orientation::either ? limit : -limit;
  }
  if (!std::isfinite(lower) || !(value > lower)) return std::nullopt;
  return (value - limit) / (value - lower);
}

}  // namespace

std::optional<double> relevance_p(const Finding& f) {
  const auto beyond = half_widths_beyond(f);
  if (!beyond) return std::nullopt;
  const Measurement& m = f.measurement;
  // The lower bound of a distance between distribution functions is simultaneous, so its error follows Kolmogorov's law.
  if (m.method->scale == Scale::ks)
    return *beyond <= 0 ? 1.0 : stats::kolmogorov_tail(*beyond * stats::kolmogorov_quantile(1 - m.confidence)).p;
  return stats::normal_tail(*beyond * stats::normal_quantile(m.confidence)).p;
}

void correct_for_multiplicity(std::vector<Finding>& findings, Correction correction) {
  if (correction == Correction::none) return;
  std::map<Family, std::vector<size_t>> families;
  for (size_t i = 0; i < findings.size(); ++i)
    if (relevance_p(findings[i])) families[findings[i].method().family].push_back(i);
  for (const auto& [family, members] : families) {
    std::vector<double> p;
    for (const size_t i : members) p.push_back(*relevance_p(findings[i]));
    const auto q = correction == Correction::benjamini_hochberg ? stats::benjamini_hochberg(p) : stats::benjamini_yekutieli(p);
    for (size_t k = 0; k < members.size(); ++k) {
      Finding& finding = findings[members[k]];
      finding.q_value = q[k];
      if (!failed(finding.verdict) || q[k] <= level) continue;
      finding.verdict = Verdict::undecided;
      finding.severity = Severity::none;
      finding.undecidable = "beyond the leeway by itself, but not surely among this many comparisons";
    }
  }
}

}  // namespace leeway
