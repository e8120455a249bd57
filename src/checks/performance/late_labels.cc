#include "checks/performance/late_labels.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "checks/level.h"
#include "checks/performance/label_coverage.h"
#include "checks/performance/metric.h"
#include "stats/auc.h"
#include "stats/survival.h"

namespace leeway::performance {
namespace {

/// Nanoseconds between two times, at least 0; as a double, which no difference overflows.
double age_at(int64_t from, int64_t to) { return std::max(0.0, static_cast<double>(to) - static_cast<double>(from)); }

Status check_time(const Column& column, size_t rows) {
  if (column.type() != Type::time)
    return fail(Code::invalid_argument, fmt::format("column '{}' does not hold times", column.name()),
                "Name the column that says when, or leave it out.");
  if (column.size() != rows)
    return fail(Code::invalid_argument, fmt::format("column '{}' has {} rows instead of {}", column.name(),
                                                    column.size(), rows));
  return {};
}

std::string by_age(int64_t age) { return "by " + duration_text(age); }

Level too_young(const stats::KaplanMeier& curve, double age) {
  return Level::failed(fmt::format("no row has been watched for {}: the longest for {}",
                                   duration_text(static_cast<int64_t>(age)),
                                   duration_text(static_cast<int64_t>(std::min(curve.longest(), 9e18)))));
}

Levels rates(const WatchedRows& rows, std::span<const int64_t> ages) {
  const stats::KaplanMeier curve(rows.ages, rows.events);
  Levels levels;
  for (const int64_t at : ages) {
    const auto age = static_cast<double>(at);
    const int64_t watched = curve.watched_at(age);
    if (watched == 0 && curve.survival(age) > 0) {
      levels.push_back(too_young(curve, age));
    } else {
      const stats::Interval without = curve.interval(age);
      levels.push_back(Level::of(1 - curve.survival(age), {1 - without.upper, 1 - without.lower},
                                 std::sqrt(curve.variance(age))));
      levels.back().details = {{"at_risk", static_cast<double>(watched)},
                               {"events", static_cast<double>(curve.events_by(age))}};
    }
    levels.back().slice = by_age(at);
  }
  return levels;
}

Level auc_level(const WatchedRows& rows, double age) {
  const stats::CensoredAuc auc = stats::censored_auc(rows.scores, rows.ages, rows.events, age);
  if (auc.controls == 0) return Level::failed("no row without an event has been watched that long");
  if (auc.cases == 0) return Level::failed("no row has had its event by then");
  const auto controls = static_cast<double>(auc.controls);
  Level level = Level::of(auc.value, stats::auc_interval(auc.value, auc.variance, auc.effective_cases, controls),
                          std::sqrt(auc.variance));
  level.details = {{"cases", static_cast<double>(auc.cases)},
                   {"controls", controls},
                   {"unclear", static_cast<double>(auc.unclear)},
                   {"effective_cases", auc.effective_cases}};
  return level;
}

Levels aucs(const WatchedRows& rows, std::span<const int64_t> ages) {
  Levels levels;
  for (const int64_t age : ages) {
    levels.push_back(auc_level(rows, static_cast<double>(age)));
    levels.back().slice = by_age(age);
  }
  return levels;
}

}  // namespace

constexpr MethodInfo event_rate_by_age_info{
    .id = "event_rate_by_age",
    .title = "Event rate by age",
    .family = Family::performance,
    .version = 1,
    .orientation = Orientation::either,
    .scale = Scale::metric,
    .unit = "share",
    .measures = "The share of rows with a positive outcome by a given age, from all rows for as long as each has been "
                "watched (Kaplan-Meier)",
    .hypothesis = no_change,
    .guarantee = "95 % intervals from Greenwood's variance on the log(-log) scale, for independent rows whose watching "
                 "ends for reasons that have nothing to do with the outcome",
    .misleads = "Where outcomes of some rows are recorded later than they happen, the newest ages look too good",
    .cost = "O(n log n)",
    .source = "Kaplan & Meier 1958, doi:10.2307/2281868"};

constexpr MethodInfo roc_auc_by_age_info{
    .id = "roc_auc_by_age",
    .title = "ROC-AUC by age",
    .family = Family::performance,
    .version = 1,
    .orientation = Orientation::lower_is_worse,
    .scale = Scale::metric,
    .unit = "",
    .measures = "The probability that a row with a positive outcome by a given age scores above one without, each "
                "outcome weighted by the inverse of the share of rows watched until its age",
    .hypothesis = no_change,
    .guarantee = "95 % intervals from DeLong's variance with the weights taken as known, which is on the safe side, for "
                 "independent rows whose watching ends for reasons that have nothing to do with outcome and score",
    .misleads = "Just below the greatest age few rows carry most of the weight: see effective_cases in its details",
    .cost = "O(n log n)",
    .source = "Uno, Cai, Tian & Wei 2007, doi:10.1198/016214507000000149; Hung & Chiang 2010, doi:10.1002/cjs.10046"};

Result<WatchedRows> watched_rows(const BinaryRows& rows, const Column& time, const Column* label_time, int64_t as_of) {
  const auto all = static_cast<size_t>(rows.usable.rows);
  LEEWAY_CHECK(check_time(time, all));
  if (label_time) LEEWAY_CHECK(check_time(*label_time, all));
  WatchedRows out;
  out.counts = rows.usable;
  out.counts.used = 0;
  for (size_t i = 0; i < rows.size(); ++i) {
    const size_t at = rows.positions.empty() ? i : rows.positions[i];
    const bool known = label_time && label_time->is_valid(at), event = rows.labels[i] == 1;
    if (!time.is_valid(at) || (event && !known)) {
      ++out.counts.missing;
      continue;
    }
    const bool ends = known && rows.labels[i] != unknown_label;
    out.ages.push_back(age_at(time.integers()[at], ends ? label_time->integers()[at] : as_of));
    out.events.push_back(event ? 1 : 0);
    if (!rows.scores.empty()) out.scores.push_back(rows.scores[i]);
    ++out.counts.used;
  }
  return out;
}

std::vector<Measurement> measure_late_labels(const Subject& subject, const WatchedRows* reference,
                                             const WatchedRows& current, std::span<const int64_t> ages) {
  std::vector<Measurement> out;
  const auto add = [&](const MethodInfo& info, Levels (*levels)(const WatchedRows&, std::span<const int64_t>)) {
    const Levels from = reference && reference->size() > 0 ? levels(*reference, ages) : Levels{};
    for (Measurement& m : compare(info, subject, from, reference ? reference->counts : InputCounts{},
                                  levels(current, ages), current.counts))
      out.push_back(std::move(m));
  };
  add(event_rate_by_age_info, rates);
  const auto scored = [](const WatchedRows& rows) { return rows.scores.size() == rows.size(); };
  if (scored(current) && (!reference || scored(*reference))) add(roc_auc_by_age_info, aucs);
  return out;
}

}  // namespace leeway::performance
