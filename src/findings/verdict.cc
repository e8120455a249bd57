#include "findings/verdict.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "findings/scale.h"

namespace leeway {
namespace {

constexpr int64_t least_rows = 5;
constexpr int most_times_as_many = 100;

/// The number that the limit is set against, turned so that larger is worse, with its bounds turned along.
struct Turned {
  double value, lower, upper, limit, red;
};

Estimate judged_estimate(const Measurement& m, const Leeway& leeway) {
  if (leeway.on == Leeway::On::value) {
    Estimate e = m.value;
    if (m.bracket) {
      e.lower -= std::max(0.0, e.value - m.bracket->lower);
      e.upper += std::max(0.0, m.bracket->upper - e.value);
    }
    return e;
  }
  return m.current.value_or(Estimate{});
}

Turned turn(const Measurement& m, const Leeway& leeway) {
  Estimate e = judged_estimate(m, leeway);
  if (m.method->scale == Scale::separation_auc) e = {e.value - 0.5, e.lower - 0.5, e.upper - 0.5, e.se};
  const bool downwards = leeway.on == Leeway::On::current_minimum ||
                         (leeway.on == Leeway::On::value && m.method->orientation == Orientation::lower_is_worse);
  if (downwards) return {-e.value, -e.upper, -e.lower, -leeway.limit, -leeway.red};
  const bool either = leeway.on == Leeway::On::value && m.method->orientation == Orientation::either;
  if (!either) return {e.value, e.lower, e.upper, leeway.limit, leeway.red};
  // |value|: its lower bound is the nearer end of the interval, 0 if the interval covers 0.
  const double near = e.lower > 0 ? e.lower : e.upper < 0 ? -e.upper : 0.0;
  return {std::fabs(e.value), near, std::max(std::fabs(e.lower), std::fabs(e.upper)), leeway.limit, leeway.red};
}

Verdict failure(Family family) {
  switch (family) {
    case Family::performance:
    case Family::estimate:
    case Family::business: return Verdict::degraded;
    case Family::fairness: return Verdict::unfair;
    default: return Verdict::drifted;
  }
}

/// Whether the number judged was made from both sides.
bool from_both_sides(const Measurement& m, const Leeway& leeway) {
  return leeway.on == Leeway::On::value && !m.within_current() && m.reference_rows.rows > 0;
}

/// Rows that the number was taken over: a share is of all rows, whatever they hold, anything else of the usable ones.
int64_t rows_behind(const Measurement& m, const InputCounts& side) {
  return m.method->scale == Scale::share ? side.rows : side.used;
}

bool too_few(const Measurement& m, const Leeway& leeway) {
  return rows_behind(m, m.current_rows) < least_rows ||
         (from_both_sides(m, leeway) && rows_behind(m, m.reference_rows) < least_rows);
}

/// `rows` if that many could ever come.
RowsNeeded realistic(double rows, double at_hand) {
  if (rows > most_times_as_many * at_hand)
    return {{}, fmt::format("it is too near the leeway to be decided with fewer than {} times as many rows", most_times_as_many)};
  return {static_cast<int64_t>(std::ceil(rows)), {}};
}

}  // namespace

RowsNeeded rows_needed(const Measurement& m, const Leeway& leeway) {
  const Turned t = turn(m, leeway);
  const double gap = std::fabs(t.value - t.limit);
  const double half_width = t.value > t.limit ? t.value - t.lower : t.upper - t.value;
  const auto n = static_cast<double>(rows_behind(m, m.current_rows));
  const auto reference = static_cast<double>(rows_behind(m, m.reference_rows));
  if (!std::isfinite(half_width) || n < 1) return {};
  if (gap <= 1e-12 + 1e-9 * std::fabs(t.limit)) return {{}, "the movement equals the leeway, so no number of rows decides"};
  const bool two_sided = from_both_sides(m, leeway) && reference > 0;
  const double effective = two_sided ? n * reference / (n + reference) : n;
  const double needed = std::max({effective * (half_width / gap) * (half_width / gap), effective, 5.0});
  if (!two_sided) return realistic(needed, n);
  if (needed >= reference) return {{}, "the reference is too small for a decision at this leeway"};
  return realistic(1 / (1 / needed - 1 / reference), n);
}

Finding judge(Measurement measurement, std::optional<Leeway> leeway) {
  Finding finding;
  finding.measurement = std::move(measurement);
  finding.leeway = std::move(leeway);
  const Measurement& m = finding.measurement;
  if (!m.computed()) {
    finding.verdict = Verdict::not_computable;
    return finding;
  }
  finding.psi_equivalent = psi_equivalent(m);
  // A column without a value on either side has nothing to judge but that it is empty, which the missing share does.
  const bool empty = m.method->scale != Scale::share && m.reference_rows.rows > 0 && m.current_rows.rows > 0 &&
                     m.reference_rows.used == 0 && m.current_rows.used == 0;
  if (empty) finding.leeway.reset();
  if (!finding.leeway) return finding;

  const Leeway& limit = *finding.leeway;
  const Turned t = turn(m, limit);
  if (too_few(m, limit)) {
    finding.verdict = Verdict::undecided;
    finding.rows_needed = std::max(least_rows, rows_needed(m, limit).rows.value_or(least_rows));
  } else if (t.lower > t.limit) {
    finding.verdict = failure(m.method->family);
    finding.severity = t.lower > t.red ? Severity::red : Severity::yellow;
  } else if (t.upper <= t.limit) {
    finding.verdict = Verdict::stable;
    finding.smallest_detectable = smallest_detectable(m, limit);
  } else {
    finding.verdict = Verdict::undecided;
    auto needed = rows_needed(m, limit);
    finding.rows_needed = needed.rows;
    finding.undecidable = std::move(needed.undecidable);
  }
  return finding;
}

}  // namespace leeway
