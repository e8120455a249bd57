#include "stats/survival.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "stats/distributions.h"
#include "stats/proportions.h"

namespace leeway::stats {
namespace {

std::vector<uint32_t> order_of(std::span<const double> values) {
  std::vector<uint32_t> order(values.size());
  std::iota(order.begin(), order.end(), 0u);
  std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) { return values[a] < values[b]; });
  return order;
}

}  // namespace

KaplanMeier::KaplanMeier(std::span<const double> times, std::span<const uint8_t> events)
    : KaplanMeier(times, events, false) {}

KaplanMeier KaplanMeier::of_censoring(std::span<const double> times, std::span<const uint8_t> events) {
  return {times, events, true};
}

KaplanMeier::KaplanMeier(std::span<const double> times, std::span<const uint8_t> events, bool censoring)
    : rows_(static_cast<int64_t>(times.size())) {
  const auto order = order_of(times);
  double survival = 1, greenwood = 0;
  int64_t so_far = 0;
  for (size_t begin = 0, end = 0; begin < order.size(); begin = end) {
    const double time = times[order[begin]];
    int64_t here[2] = {0, 0};   // ends of watching, events
    for (end = begin; end < order.size() && times[order[end]] == time; ++end) ++here[events[order[end]]];
    const int64_t counted = here[censoring ? 0 : 1];
    // Who has the event at this time is no longer there when the watching of others ends.
    const int64_t at_risk = rows_ - static_cast<int64_t>(begin) - (censoring ? here[1] : 0);
    ordered_.insert(ordered_.end(), end - begin, time);
    if (counted == 0) continue;
    const auto d = static_cast<double>(counted), n = static_cast<double>(at_risk);
    survival *= (n - d) / n;
    greenwood += counted < at_risk ? d / (n * (n - d)) : 0;   // S is 0 from here on
    so_far += counted;
    steps_.push_back({time, survival, greenwood, so_far});
  }
  if (!ordered_.empty()) longest_ = ordered_.back();
}

const KaplanMeier::Step* KaplanMeier::last_at(double t, bool inclusive) const {
  const auto after = inclusive ? std::ranges::upper_bound(steps_, t, {}, &Step::time)
                               : std::ranges::lower_bound(steps_, t, {}, &Step::time);
  return after == steps_.begin() ? nullptr : &*(after - 1);
}

double KaplanMeier::survival(double t) const {
  const Step* step = last_at(t, true);
  return step ? step->survival : 1;
}

double KaplanMeier::survival_before(double t) const {
  const Step* step = last_at(t, false);
  return step ? step->survival : 1;
}

int64_t KaplanMeier::events_by(double t) const {
  const Step* step = last_at(t, true);
  return step ? step->events : 0;
}

int64_t KaplanMeier::watched_at(double t) const {
  return ordered_.end() - std::ranges::lower_bound(ordered_, t);
}

double KaplanMeier::variance(double t) const {
  const Step* step = last_at(t, true);
  return step ? step->survival * step->survival * step->greenwood : 0;
}

Interval KaplanMeier::interval(double t, double confidence) const {
  if (rows_ == 0) return {};
  const double s = survival(t);
  if (s <= 0 || s >= 1) {
    const auto watched = static_cast<double>(std::max<int64_t>(1, watched_at(t)));
    return proportion_interval(s * watched, watched, confidence);
  }
  const double half = normal_quantile(confidence) * std::sqrt(last_at(t, true)->greenwood) / std::fabs(std::log(s));
  return {std::pow(s, std::exp(half)), std::pow(s, std::exp(-half))};
}

CensoredAuc censored_auc(std::span<const double> scores, std::span<const double> times, std::span<const uint8_t> events,
                         double horizon) {
  const auto watched = KaplanMeier::of_censoring(times, events);
  CensoredAuc result;
  std::vector<double> weight(scores.size(), 0);   // of a case; -1 for a control
  double total = 0, squares = 0;
  for (size_t i = 0; i < scores.size(); ++i) {
    if (events[i] != 0 && times[i] <= horizon) {
      weight[i] = 1 / watched.survival_before(times[i]);
      total += weight[i];
      squares += weight[i] * weight[i];
      ++result.cases;
    } else if (times[i] >= horizon) {
      weight[i] = -1;
      ++result.controls;
    } else {
      ++result.unclear;
    }
  }
  if (!result.defined()) return result;
  result.effective_cases = total * total / squares;

  // Placements: the share of the other class below, half of those equal.
  const auto order = order_of(scores);
  const auto controls = static_cast<double>(result.controls);
  std::vector<double> placement(scores.size(), 0);
  double weight_below = 0, controls_below = 0;
  for (size_t begin = 0, end = 0; begin < order.size(); begin = end) {
    double weight_here = 0, controls_here = 0;
    for (end = begin; end < order.size() && scores[order[end]] == scores[order[begin]]; ++end) {
      const double w = weight[order[end]];
      (w < 0 ? controls_here : weight_here) += std::fabs(w);
    }
    for (size_t i = begin; i < end; ++i)
      placement[order[i]] = weight[order[i]] < 0 ? 1 - (weight_below + weight_here / 2) / total
                                                 : (controls_below + controls_here / 2) / controls;
    weight_below += weight_here;
    controls_below += controls_here;
  }
  double sum = 0;
  for (size_t i = 0; i < scores.size(); ++i) sum += std::max(0.0, weight[i]) * placement[i];
  result.value = sum / total;
  if (result.cases < 2 || result.controls < 2) return result;
  double of_cases = 0, of_controls = 0;
  for (size_t i = 0; i < scores.size(); ++i) {
    const double off = placement[i] - result.value;
    if (weight[i] > 0) of_cases += weight[i] * weight[i] * off * off;
    else if (weight[i] < 0) of_controls += off * off;
  }
  const auto cases = static_cast<double>(result.cases);
  result.variance = of_cases / (total * total) * cases / (cases - 1) + of_controls / (controls * (controls - 1));
  return result;
}

}  // namespace leeway::stats
