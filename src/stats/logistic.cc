#include "stats/logistic.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace leeway::stats {
namespace {

struct Point {
  double intercept = 0, slope = 0;
};

/// Gradient and information of the log-likelihood at a point.
struct Slope {
  double g0 = 0, g1 = 0, h00 = 0, h01 = 0, h11 = 0;

  double determinant() const { return h00 * h11 - h01 * h01; }
  Point newton_step() const {
    const double d = determinant();
    return {(h11 * g0 - h01 * g1) / d, (h00 * g1 - h01 * g0) / d};
  }
};

Slope slope_at(std::span<const LogisticCell> cells, Point at) {
  Slope s;
  for (const LogisticCell& cell : cells) {
    const double eta = at.intercept + at.slope * cell.x;
    const double e = std::exp(-std::fabs(eta)), low = e / (1 + e);
    const double p = eta < 0 ? low : 1 - low;
    const auto positives = static_cast<double>(cell.positives), negatives = static_cast<double>(cell.negatives);
    const double residual = positives * (1 - p) - negatives * p;
    const double weight = (positives + negatives) * low * (1 - low);
    s.g0 += residual;
    s.g1 += residual * cell.x;
    s.h00 += weight;
    s.h01 += weight * cell.x;
    s.h11 += weight * cell.x * cell.x;
  }
  return s;
}

double log_likelihood(std::span<const LogisticCell> cells, Point at) {
  double sum = 0;
  for (const LogisticCell& cell : cells) {
    const double eta = at.intercept + at.slope * cell.x;
    const double log_other = std::log1p(std::exp(-std::fabs(eta))) + std::max(eta, 0.0);   // -ln P(y = 0)
    sum += static_cast<double>(cell.positives) * (eta - log_other) - static_cast<double>(cell.negatives) * log_other;
  }
  return sum;
}

bool negligible(Point step, Point at) {
  const double size = std::fabs(step.intercept) + std::fabs(step.slope);
  return size <= 1e-11 * (1 + std::fabs(at.intercept) + std::fabs(at.slope));
}

bool finite(Point p) { return std::isfinite(p.intercept) && std::isfinite(p.slope); }

/// Newton from `at`; true once a step is negligible. `damped`: halve steps that lower the likelihood, which always
/// reaches the maximum but evaluates it at every step.
bool newton(std::span<const LogisticCell> cells, Point& at, int steps, bool damped) {
  double reached = damped ? log_likelihood(cells, at) : 0;
  for (int i = 0; i < steps; ++i) {
    Point step = slope_at(cells, at).newton_step();
    if (!finite(step)) return false;
    Point next{at.intercept + step.intercept, at.slope + step.slope};
    if (damped) {
      double here = log_likelihood(cells, next);
      for (int half = 0; half < 40 && !(here >= reached) && !negligible(step, at); ++half) {
        step = {step.intercept / 2, step.slope / 2};
        next = {at.intercept + step.intercept, at.slope + step.slope};
        here = log_likelihood(cells, next);
      }
      reached = here;
    }
    at = next;
    if (negligible(step, at)) return true;
  }
  return false;
}

/// Neighbouring cells put together, weighted means of x.
std::vector<LogisticCell> merged(std::span<const LogisticCell> cells, size_t count) {
  std::vector<LogisticCell> out;
  for (size_t part = 0; part < count; ++part) {
    const size_t begin = cells.size() * part / count, end = cells.size() * (part + 1) / count;
    LogisticCell sum{0, 0, 0};
    for (const LogisticCell& cell : cells.subspan(begin, end - begin)) {
      sum.x += cell.x * static_cast<double>(cell.negatives + cell.positives);
      sum.negatives += cell.negatives;
      sum.positives += cell.positives;
    }
    if (sum.negatives + sum.positives == 0) continue;
    sum.x /= static_cast<double>(sum.negatives + sum.positives);
    out.push_back(sum);
  }
  return out;
}

/// The maximum is finite exactly if neither class lies wholly on one side of the other (touching included).
bool overlapping(std::span<const LogisticCell> cells) {
  const auto has_negatives = [](const LogisticCell& c) { return c.negatives > 0; };
  const auto has_positives = [](const LogisticCell& c) { return c.positives > 0; };
  const auto range = [&](auto has) {
    const auto first = std::find_if(cells.begin(), cells.end(), has);
    const auto last = std::find_if(cells.rbegin(), cells.rend(), has);
    return first == cells.end() ? std::pair{1.0, 0.0} : std::pair{first->x, last->x};
  };
  const auto [low_n, high_n] = range(has_negatives);
  const auto [low_p, high_p] = range(has_positives);
  return low_n <= high_n && low_p <= high_p && high_n > low_p && high_p > low_n;
}

}  // namespace

LogisticFit fit_logistic(std::span<const LogisticCell> cells) {
  if (!overlapping(cells)) return {};
  constexpr size_t coarse = 512;
  Point at;
  if (cells.size() > coarse) {
    Point start;
    if (newton(merged(cells, coarse), start, 30, true)) at = start;
  }
  if (Point quick = at; newton(cells, quick, 8, false)) at = quick;
  else if (!newton(cells, at, 200, true)) return {};
  const Slope s = slope_at(cells, at);
  const double d = s.determinant();
  return {at.intercept, at.slope, s.h11 / d, s.h00 / d, -s.h01 / d, true};
}

}  // namespace leeway::stats
