#include "simulate/drift_effects.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/portable_math.h"

namespace leeway::simulate {
namespace {

constexpr double not_recorded = std::numeric_limits<double>::quiet_NaN();
constexpr double most_recorded = 1e15;  // whole numbers up to there are exact

double rounded(double value, int decimals) {
  constexpr double powers[] = {1, 10, 100, 1e3, 1e4, 1e5, 1e6};
  const double power = powers[decimals];
  return std::round(value * power) / power;
}

double odds(double rate) { return rate / (1 - rate); }

void compare(DriftEffects::Touch& touch, double before, double after) {
  touch.compared = true;
  touch.before = before;
  touch.after = after;
}

}  // namespace

double natural(const Feature& feature, double value) {
  if (feature.kind == Kind::category) return value;
  return std::clamp(rounded(value, feature.decimals), feature.low, feature.high);
}

void DriftTally::add(const DriftTally& other) {
  in_range += other.in_range;
  affected += other.affected;
  before_rows += other.before_rows;
  after_rows += other.after_rows;
  before += other.before;
  after += other.after;
}

DriftEffects::DriftEffects(const TableSpec& table, const DriftPlan& plan) : table_(table), plan_(plan) {
  for (const auto& feature : table.features)
    categories_.emplace_back(feature.categories.begin(), feature.categories.end());
  for (const auto& drift : plan) effects_.push_back(effect_of(drift));
}

DriftEffects::Effect DriftEffects::effect_of(const Drift& drift) {
  switch (drift.kind) {
    case DriftKind::factor:
    case DriftKind::shift: return {Stage::inputs};
    case DriftKind::response: return {Stage::response};
    case DriftKind::label_noise: return {Stage::label};
    case DriftKind::prior: return {Stage::prior, 0, odds(drift.size) / odds(table_.base_rate)};
    case DriftKind::category: {
      auto& names = categories_[drift.feature];
      const auto known = table_.features[drift.feature].categories.size();
      const auto at = static_cast<size_t>(std::ranges::find(names, drift.category) - names.begin());
      if (at == names.size()) names.push_back(drift.category);
      return {at < known ? Stage::inputs : Stage::record, static_cast<double>(at)};
    }
    case DriftKind::unit:
    case DriftKind::missing: break;
  }
  return {Stage::record};
}

double DriftEffects::mean_of(double response) const {
  return table_.task == Task::binary ? portable::logistic(response) : portable::exp(response);
}

void DriftEffects::begin(int64_t time, Random random, Workspace& work) const {
  work.touches.resize(plan_.size());
  for (size_t d = 0; d < plan_.size(); ++d)
    work.touches[d] = {.strength = plan_[d].strength(time), .coin = random.uniform()};
}

/// Calls apply(drift, effect, touch) for each drift of the stage in whose time and segment the row lies.
template <class Apply>
void DriftEffects::each(Stage stage, const Row& truth, Workspace& work, Apply apply) const {
  for (size_t d = 0; d < plan_.size(); ++d) {
    Touch& touch = work.touches[d];
    if (effects_[d].stage != stage || touch.strength == 0) continue;
    if (holds(plan_[d].where, truth)) apply(plan_[d], effects_[d], touch);
    else touch.strength = 0;
  }
}

void DriftEffects::move_inputs(Row& truth, Workspace& work) const {
  const Row drawn = truth;  // segments are those of the rows as drawn, whatever the order of the plan
  each(Stage::inputs, drawn, work, [&](const Drift& drift, const Effect& effect, Touch& touch) {
    double& value = truth[drift.feature];
    const double before = value;
    if (drift.kind == DriftKind::category) {
      if (touch.coin < drift.size * touch.strength) value = effect.category;
      compare(touch, before == effect.category, value == effect.category);
    } else if (touch.coin < drift.share) {
      const double moved = drift.kind == DriftKind::factor ? value * (1 + (drift.size - 1) * touch.strength)
                                                           : value + drift.size * touch.strength;
      value = natural(table_.features[drift.feature], moved);
      if (value != before) compare(touch, before, value);
    }
    touch.affected = value != before;
  });
}

double DriftEffects::move_response(double response, const Row& truth, Workspace& work) const {
  each(Stage::response, truth, work, [&](const Drift& drift, const Effect&, Touch& touch) {
    if (touch.coin >= drift.share) return;
    const double before = response;
    response += drift.size * touch.strength;
    touch.affected = true;
    compare(touch, mean_of(before), mean_of(response));
  });
  return response;
}

bool DriftEffects::accept(double probability, bool positive, double coin, Workspace& work) const {
  double factor = 1;
  for (size_t d = 0; d < plan_.size(); ++d) {
    if (effects_[d].stage != Stage::prior || work.touches[d].strength == 0) continue;
    factor *= 1 + (effects_[d].odds_factor - 1) * work.touches[d].strength;
    // Of every row proposed, kept or not: what the rate would have been.
    work.tallies[d].before += probability;
    ++work.tallies[d].before_rows;
  }
  factor = std::clamp(factor, 1 / most_odds_change, most_odds_change);  // several together, or rows would never end
  return coin < (positive ? factor : 1 / factor);
}

double DriftEffects::flip_label(double label, const Row& truth, Workspace& work) const {
  each(Stage::label, truth, work, [&](const Drift& drift, const Effect&, Touch& touch) {
    const double before = label;
    touch.affected = touch.coin < drift.size * touch.strength;
    if (touch.affected) label = 1 - label;
    compare(touch, before, label);
  });
  return label;
}

void DriftEffects::move_record(Row& recorded, const Row& truth, Workspace& work) const {
  each(Stage::record, truth, work, [&](const Drift& drift, const Effect& effect, Touch& touch) {
    double& value = recorded[drift.feature];
    const double before = value;
    const bool chosen = touch.coin < (drift.kind == DriftKind::unit ? drift.share : drift.size) * touch.strength;
    if (drift.kind == DriftKind::missing) {
      if (chosen) value = not_recorded;
      touch.affected = chosen && !std::isnan(before);
      compare(touch, std::isnan(before), std::isnan(value));
    } else if (drift.kind == DriftKind::category) {
      touch.affected = chosen && !std::isnan(before);
      if (touch.affected) value = effect.category;
      compare(touch, before == effect.category, value == effect.category);
    } else if (chosen && !std::isnan(before) && before != 0) {
      value = rounded(std::clamp(before * drift.size, -most_recorded, most_recorded),
                      table_.features[drift.feature].decimals);
      touch.affected = true;
      compare(touch, before, value);
    }
  });
}

void DriftEffects::commit(double outcome, Workspace& work) const {
  for (size_t d = 0; d < plan_.size(); ++d) {
    const Touch& touch = work.touches[d];
    DriftTally& tally = work.tallies[d];
    if (touch.strength == 0) continue;
    ++tally.in_range;
    if (effects_[d].stage == Stage::prior) {
      ++tally.affected;
      ++tally.after_rows;
      tally.after += outcome;
      continue;
    }
    tally.affected += touch.affected;
    if (!touch.compared) continue;
    ++tally.before_rows, ++tally.after_rows;
    tally.before += touch.before;
    tally.after += touch.after;
  }
}

}  // namespace leeway::simulate
