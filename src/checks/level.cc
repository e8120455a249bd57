#include "checks/level.h"

#include <algorithm>
#include <cmath>

#include "stats/distributions.h"
#include "stats/proportions.h"

namespace leeway {
namespace {

Change change_of_proportions(const Proportion& from, const Proportion& to) {
  const auto x1 = static_cast<double>(to.events), n1 = static_cast<double>(to.trials);
  const auto x2 = static_cast<double>(from.events), n2 = static_cast<double>(from.trials);
  const stats::Interval bounds = stats::miettinen_nurminen_difference(x1, n1, x2, n2);
  const double p1 = x1 / n1, p2 = x2 / n2;
  const stats::TwoProportionTest test = stats::two_proportions(to.events, to.trials, from.events, from.trials);
  const double se = std::sqrt(p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2);
  return {{p1 - p2, bounds.lower, bounds.upper, se}, test.p, test.log_p};
}

Change change_of_means(const stats::MeanVariance& from, const stats::MeanVariance& to) {
  const stats::WelchTest test = stats::welch(to, from);
  return {{test.difference, test.interval.lower, test.interval.upper, test.se}, test.p, test.log_p};
}

Change change_of_estimates(const Estimate& from, const Estimate& to) {
  const double value = to.value - from.value;
  const double down = std::hypot(to.value - to.lower, from.upper - from.value);
  const double up = std::hypot(to.upper - to.value, from.value - from.lower);
  Change result{{value, value - down, value + up, std::hypot(from.se, to.se)}, {}, {}};
  if (result.estimate.se > 0) {
    const stats::PValue p = stats::two_sided_normal(value / result.estimate.se);
    result.p_value = p.p;
    result.log_p = p.log_p;
  }
  return result;
}

/// A level known for certain has its own value for a bracket.
stats::Interval bracket_of(const Level& level) {
  return level.bracket.value_or(stats::Interval{level.estimate.value, level.estimate.value});
}

std::optional<Estimate> as_estimate(const std::optional<stats::Interval>& bracket) {
  if (!bracket) return std::nullopt;
  return Estimate{undefined, bracket->lower, bracket->upper, undefined};
}

/// A number that is not finite is never reported (input_policy.h).
std::string why_not(const Level& level) {
  if (!level.computed() || std::isfinite(level.estimate.value)) return level.not_computable;
  return "the result is beyond the range of double-precision numbers";
}

std::string joined(const std::string& first, const std::string& second) {
  if (first.empty() || second.empty() || first == second) return first.empty() ? second : first;
  return first + "; " + second;
}

Measurement measurement_of(const Level* from, const Level* to) {
  Measurement m;
  m.confidence = stats::bound_confidence;
  m.not_computable = to ? why_not(*to) : "the current rows do not have it";
  if (m.computed()) m.current = to->estimate;
  if (to) {
    m.details = to->details;
    m.note = to->note;
  }
  if (!from) {
    m.bracket = to ? as_estimate(to->bracket) : std::nullopt;
    return m;
  }
  for (const Detail& d : from->details) m.details.push_back({"reference_" + d.name, d.value});
  m.note = joined(m.note, from->note);
  if (const std::string reason = why_not(*from); reason.empty()) m.reference = from->estimate;
  else m.note = joined(m.note, "reference: " + reason);
  if (!m.current || !m.reference) return m;

  const Change moved = change(*from, *to);
  m.value = moved.estimate;
  m.p_value = moved.p_value;
  m.log_p = moved.log_p;
  if (from->bracket || to->bracket) {
    const stats::Interval a = bracket_of(*from), b = bracket_of(*to);
    m.bracket = Estimate{undefined, b.lower - a.upper, b.upper - a.lower, undefined};
  }
  return m;
}

const Level* find(std::span<const Level> levels, const std::string& slice) {
  const auto at = std::ranges::find(levels, slice, &Level::slice);
  return at == levels.end() ? nullptr : &*at;
}

}  // namespace

Level Level::of_proportion(int64_t events, int64_t trials, std::string_view without_trials) {
  if (trials <= 0) return failed(without_trials);
  const auto x = static_cast<double>(events), n = static_cast<double>(trials);
  const double p = x / n;
  Level level = of(p, stats::proportion_interval(x, n), std::sqrt(p * (1 - p) / n));
  level.proportion = Proportion{events, trials};
  return level;
}

Level Level::of_mean(const stats::MeanVariance& mean) {
  if (mean.n() == 0) return failed("no rows");
  Level level = of(mean.mean(), stats::mean_interval(mean), mean.se());
  level.mean = mean;
  return level;
}

Level Level::of(double value, stats::Interval interval, double se) {
  Level level;
  level.estimate = {value, interval.lower, interval.upper, se};
  return level;
}

Level Level::failed(std::string_view reason) {
  Level level;
  level.not_computable = reason;
  return level;
}

Change change(const Level& from, const Level& to) {
  if (from.proportion && to.proportion) return change_of_proportions(*from.proportion, *to.proportion);
  if (from.mean && to.mean && from.mean->n() > 1 && to.mean->n() > 1) return change_of_means(*from.mean, *to.mean);
  return change_of_estimates(from.estimate, to.estimate);
}

std::vector<Measurement> compare(const MethodInfo& method, const Subject& subject, std::span<const Level> reference,
                                 const InputCounts& reference_rows, std::span<const Level> current,
                                 const InputCounts& current_rows) {
  std::vector<Measurement> out;
  const auto add = [&](const Level* from, const Level* to) {
    Measurement m = measurement_of(from, to);
    const std::string& slice = to ? to->slice : from->slice;
    m.method = &method;
    m.subject = subject;
    if (!slice.empty()) m.subject.slice = subject.slice.empty() ? slice : subject.slice + ", " + slice;
    m.reference_rows = reference_rows;
    m.current_rows = current_rows;
    out.push_back(std::move(m));
  };
  for (const Level& level : current) add(find(reference, level.slice), &level);
  for (const Level& level : reference)
    if (!find(current, level.slice)) add(&level, nullptr);
  return out;
}

}  // namespace leeway
