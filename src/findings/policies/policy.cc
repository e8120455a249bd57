#include "findings/policies/policy.h"

#include <algorithm>
#include <fmt/format.h>

#include "base/text.h"

namespace leeway {

extern const Policy psi_025_policy;
extern const Policy ks_005_policy;
extern const Policy evidently_policy;
extern const Policy share_of_features_policy;

std::span<const Policy* const> policies() {
  static constexpr const Policy* all[] = {&psi_025_policy, &ks_005_policy, &evidently_policy, &share_of_features_policy};
  return all;
}

const Policy* find_policy(std::string_view id) {
  for (const Policy* policy : policies())
    if (policy->id == id) return policy;
  return nullptr;
}

namespace {

constexpr MethodInfo drifted_share{
    .id = "drifted_share",
    .title = "Share of drifted columns",
    .family = Family::drift,
    .version = 1,
    .orientation = Orientation::higher_is_worse,
    .scale = Scale::none,
    .unit = "share",
    .measures = "The share of the judged columns that the policy calls drifted.",
    .hypothesis = "",
    .guarantee = "None: it counts verdicts and has no error bound of its own.",
    .misleads = "One column of twenty that breaks entirely is 5 %: no alarm. Correlated columns count as often as they are repeated.",
    .cost = "O(columns)",
    .source = "Convention, as in Evidently's data set drift.",
};

Finding decided(Measurement measurement, bool beyond, Leeway limit, std::string note) {
  Finding finding;
  finding.measurement = std::move(measurement);
  if (!finding.measurement.computed()) {
    finding.verdict = Verdict::not_computable;
    return finding;
  }
  finding.leeway = std::move(limit);
  finding.verdict = beyond ? Verdict::drifted : Verdict::stable;
  finding.severity = beyond ? Severity::yellow : Severity::none;
  finding.measurement.note = std::move(note);
  return finding;
}

Leeway policy_limit(double limit, std::string_view policy) {
  return {.limit = limit, .set_by_user = false, .origin = fmt::format("policy {}", policy)};
}

}  // namespace

Finding judge_by_value(Measurement measurement, double limit, std::string_view policy) {
  const bool beyond = measurement.value.value > limit;
  return decided(std::move(measurement), beyond, policy_limit(limit, policy), "a fixed limit that ignores sampling error");
}

Finding judge_by_p(Measurement measurement, double level, std::string_view policy) {
  const double p = measurement.p_value.value_or(1.0);
  const bool beyond = p < level;
  std::string note = fmt::format("p-value {} against {}, whatever the size of the movement", short_number(p), short_number(level));
  return decided(std::move(measurement), beyond, policy_limit(undefined, policy), std::move(note));
}

Finding judge_drifted_share(const std::vector<Finding>& columns, double limit, std::string_view policy) {
  const auto judged = std::count_if(columns.begin(), columns.end(), [](const Finding& f) { return f.leeway.has_value(); });
  const auto drifted = std::count_if(columns.begin(), columns.end(), [](const Finding& f) { return failed(f.verdict); });
  Measurement m;
  m.method = &drifted_share;
  if (judged == 0) m.not_computable = "no column could be judged";
  else m.value.value = static_cast<double>(drifted) / static_cast<double>(judged);
  m.details = {{"drifted", static_cast<double>(drifted)}, {"judged", static_cast<double>(judged)}};
  const bool beyond = m.value.value >= limit;
  return decided(std::move(m), beyond, policy_limit(limit, policy), fmt::format("{} of {} columns drifted", drifted, judged));
}

}  // namespace leeway
