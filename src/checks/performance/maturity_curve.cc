#include "checks/performance/maturity_curve.h"

#include <algorithm>
#include <numeric>

#include "summaries/category_summary.h"

namespace leeway::performance {
namespace {

constexpr int64_t quarters = 4, least_rows = 5;
constexpr size_t most_outcomes = 10;

/// Nanoseconds from `from` to `to`, at least 0; as a double, which no difference overflows.
double between(int64_t from, int64_t to) { return std::max(0.0, static_cast<double>(to) - static_cast<double>(from)); }

}  // namespace

std::optional<MaturityCurve> maturity_curve(const Column& label, const Column& time, const Column& known_at, int64_t as_of,
                                            int64_t horizon) {
  MaturityCurve curve;
  for (int64_t quarter = 1; quarter <= quarters; ++quarter) curve.ages.push_back(horizon / quarters * quarter);
  curve.ages.back() = horizon;
  const Categories outcomes(label);
  curve.outcomes.resize(outcomes.values().size());
  for (size_t i = 0; i < curve.outcomes.size(); ++i) {
    curve.outcomes[i].label = outcomes.values()[i];
    curve.outcomes[i].known.resize(curve.ages.size());
  }
  int64_t rows = 0;
  for (size_t row = 0; row < label.size(); ++row) {
    const uint32_t code = outcomes.codes()[row];
    if (code >= curve.outcomes.size() || !time.is_valid(row) || !known_at.is_valid(row)) continue;
    const int64_t scored = time.integers()[row];
    if (between(scored, as_of) < static_cast<double>(horizon)) continue;
    auto& outcome = curve.outcomes[code];
    ++rows;
    ++outcome.rows;
    const double delay = between(scored, known_at.integers()[row]);
    for (size_t a = 0; a < curve.ages.size(); ++a) outcome.known[a] += delay <= static_cast<double>(curve.ages[a]);
  }
  if (rows < least_rows) return std::nullopt;
  std::erase_if(curve.outcomes, [](const auto& outcome) { return outcome.rows == 0; });
  std::ranges::stable_sort(curve.outcomes, std::greater{}, &MaturityCurve::Outcome::rows);
  curve.outcomes.resize(std::min(curve.outcomes.size(), most_outcomes));
  for (auto& outcome : curve.outcomes)
    for (double& known : outcome.known) known /= static_cast<double>(outcome.rows);
  return curve;
}

}  // namespace leeway::performance
