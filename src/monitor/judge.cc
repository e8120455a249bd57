#include "monitor/judge.h"

#include <algorithm>
#include <tuple>

#include "base/text.h"
#include "checks/catalogue.h"
#include "findings/multiplicity.h"
#include "findings/sentence.h"
#include "findings/verdict.h"

namespace leeway {
namespace {

std::string origin_of(const MonitorConfig& config, std::string_view key) {
  for (const Setting& setting : config.settings)
    if (setting.key == key && setting.layer != Layer::standard) return setting.place();
  return {};
}

Status known_method(const MonitorConfig& config, const std::string& section, const std::string& id) {
  std::vector<std::string> names;
  for (const MethodInfo* method : catalogue()) {
    if (method->id == id) return {};
    names.emplace_back(method->id);
  }
  std::string remedy = did_you_mean(id, names);
  if (remedy.empty()) remedy = "'leeway methods' lists what can be computed.";
  return fail(config.error_at(section + id, fmt::format("there is no metric '{}'", printable(id)), remedy));
}

Result<LeewayRules> rules_of(const MonitorConfig& config) {
  LeewayRules rules;
  rules.drift = config.leeway.drift;
  rules.drift_origin = origin_of(config, "leeway.drift");
  rules.drift_set_by_user = !rules.drift_origin.empty();
  if (!rules.drift_set_by_user) rules.drift_origin = "default";
  rules.favourable_known = !config.columns.label.favourable.empty();
  for (const auto& [column, psi] : config.leeway.columns)
    rules.columns[column] = {.change = psi, .origin = origin_of(config, "leeway.columns." + column)};
  for (const auto& [id, limit] : config.leeway.metrics) {
    LEEWAY_CHECK(known_method(config, "leeway.", id));
    rules.metrics[id] = {limit.min, limit.max, limit.change, {}, origin_of(config, "leeway." + id)};
  }
  for (const auto* section : {&config.leeway.fairness, &config.leeway.quality}) {
    const std::string prefix = section == &config.leeway.fairness ? "leeway.fairness." : "leeway.quality.";
    for (const auto& [id, limit] : *section) {
      LEEWAY_CHECK(known_method(config, prefix, id));
      rules.metrics[id] = {.value = limit, .origin = origin_of(config, prefix + id)};
    }
  }
  return rules;
}

int rank(const Finding& f) {
  switch (f.verdict) {
    case Verdict::drifted:
    case Verdict::degraded:
    case Verdict::unfair: return f.severity == Severity::red ? 0 : 1;
    case Verdict::undecided: return 2;
    case Verdict::stable: return 3;
    case Verdict::measured: return 4;
    case Verdict::not_computable: return 5;
  }
  return 6;
}

}  // namespace

Result<Judge> Judge::make(const MonitorConfig& config, const std::string& policy) {
  Judge judge;
  LEEWAY_TRY(judge.rules_, rules_of(config));
  if (policy == "leeway") return judge;
  judge.policy_ = find_policy(policy);
  if (judge.policy_ != nullptr) return judge;
  std::vector<std::string> names = {"leeway"};
  for (const Policy* known : policies()) names.emplace_back(known->id);
  const std::string hint = did_you_mean(policy, names);
  const std::string message = fmt::format("there is no policy '{}'", printable(policy));
  const std::string remedy = hint.empty() ? "Policies are " + join_words(names) + "." : hint;
  return fail(policy == config.policy ? config.error_at("policy", message, remedy)
                                      : Error{Code::invalid_argument, message, {}, 0, 0, remedy});
}

std::string_view Judge::drift_method(ColumnKind kind, int64_t reference_rows) const {
  return policy_ == nullptr ? std::string_view() : policy_->method(kind, reference_rows);
}

Finding Judge::operator()(Measurement measurement, bool headline) const {
  if (measurement.method->family != Family::drift || policy_ == nullptr) {
    auto leeway = rules_.for_measurement(measurement);
    return judge(std::move(measurement), std::move(leeway));
  }
  return headline ? policy_->judge(std::move(measurement)) : judge(std::move(measurement), std::nullopt);
}

void Judge::settle(std::vector<Finding>& findings) const {
  if (policy_ == nullptr) {
    correct_for_multiplicity(findings, Correction::benjamini_hochberg);
  } else if (policy_->overall != nullptr) {
    std::vector<Finding> columns, rest;
    for (auto& finding : findings) {
      const bool of_policy = finding.method().family == Family::drift && finding.leeway.has_value();
      (of_policy ? columns : rest).push_back(std::move(finding));
    }
    auto overall = policy_->overall(columns);
    findings = std::move(rest);
    std::move(columns.begin(), columns.end(), std::back_inserter(findings));
    if (overall) findings.push_back(std::move(*overall));
  }
  for (auto& finding : findings) finding.sentence = sentence(finding);
  sort_findings(findings);
}

void sort_findings(std::vector<Finding>& findings) {
  const auto key = [](const Finding& f) {
    const double size = f.psi_equivalent ? f.psi_equivalent->value : 0;
    return std::tuple(rank(f), f.method().family, std::isfinite(size) ? -size : 0.0,
                      std::string_view(f.measurement.subject.column), std::string_view(f.measurement.subject.slice));
  };
  std::stable_sort(findings.begin(), findings.end(),
                   [&](const Finding& a, const Finding& b) { return key(a) < key(b); });
}

}  // namespace leeway
