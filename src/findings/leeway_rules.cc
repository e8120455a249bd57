#include "findings/leeway_rules.h"

#include <algorithm>
#include <cmath>

#include "findings/scale.h"

namespace leeway {
namespace {

/// A tenth (yellow) and a fifth (red) of the reference's skill, the traffic light that credit-risk validation uses for
/// the Gini. `chance` is the level of a model without skill.
struct SkillRule {
  std::string_view method;
  double chance;
  bool error;      ///< An error measure: skill is lost as it rises.
};
constexpr SkillRule skill_rules[] = {
    {"roc_auc", 0.5, false},
    {"estimated_roc_auc", 0.5, false},
    {"kappa_multiclass", 0.0, false},
    {"mae", 0.0, true},
};
constexpr double yellow_share = 0.1, red_share = 0.2;

std::optional<Leeway> skill_default(const Measurement& m) {
  for (const auto& rule : skill_rules) {
    if (rule.method != m.method->id || !m.subject.slice.empty() || !m.reference) continue;
    const double skill = m.reference->value - rule.chance;
    if (!(skill > 0)) return std::nullopt;
    const double sign = rule.error ? 1 : -1;
    return Leeway{.limit = sign * yellow_share * skill, .red = sign * red_share * skill, .origin = "default"};
  }
  return std::nullopt;
}

std::optional<Leeway> named_limit(const Measurement& m, const LeewayRules::Limit& limit) {
  Leeway out{.set_by_user = true, .origin = limit.origin};
  if (limit.min) {
    // A minimum of a ratio or another value without levels of its own is a minimum of the value itself.
    out.on = m.current && !m.within_current() ? Leeway::On::current_minimum : Leeway::On::value;
    out.limit = *limit.min;
  } else if (limit.max) {
    out.on = m.current && !m.within_current() ? Leeway::On::current_maximum : Leeway::On::value;
    out.limit = *limit.max;
  } else if (limit.change) {
    const bool falls = m.method->orientation == Orientation::lower_is_worse;
    out.limit = falls ? -std::fabs(*limit.change) : std::fabs(*limit.change);
  } else if (limit.value) {
    out.limit = *limit.value;
  } else {
    return std::nullopt;
  }
  // A separation AUC is judged by its distance from 1/2 (verdict.cc).
  if (m.method->scale == Scale::separation_auc && !limit.change) out.limit -= 0.5;
  return out;
}

}  // namespace

std::optional<Leeway> LeewayRules::for_measurement(const Measurement& m) const {
  // A fairness leeway is for the worst pair of a group column, which speaks for all of its pairs.
  if (m.method->family == Family::fairness && !m.subject.slice.empty()) return std::nullopt;
  if (const auto named = metrics.find(std::string(m.method->id)); named != metrics.end()) return named_limit(m, named->second);
  if (const auto skill = skill_default(m)) return skill;
  if (favourable_known && m.method->id == "adverse_impact_ratio")
    return Leeway{.limit = 0.8, .origin = "default: four-fifths rule"};

  const bool drift_like = m.method->family == Family::drift || m.method->family == Family::multivariate ||
                          (m.method->family == Family::quality && m.method->scale == Scale::share);
  if (!drift_like) return std::nullopt;
  const auto column = columns.find(m.subject.column);
  const bool own = column != columns.end() && column->second.change;
  const double psi = own ? *column->second.change : drift;
  const auto limit = limit_from_psi(m, psi);
  if (!limit) return std::nullopt;
  const double red = limit_from_psi(m, std::max(drift_red, 2.5 * psi)).value_or(undefined);
  return Leeway{.limit = *limit, .red = red, .psi_equivalent = psi, .set_by_user = own || drift_set_by_user,
                .origin = own ? column->second.origin : drift_origin};
}

}  // namespace leeway
