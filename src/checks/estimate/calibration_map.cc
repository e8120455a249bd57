#include "checks/estimate/calibration_map.h"

#include <algorithm>
#include <cmath>

namespace leeway::estimate {
namespace {

double logit(double probability) {
  constexpr double smallest = 1e-15;
  const double p = std::clamp(probability, smallest, 1 - smallest);
  return std::log(p) - std::log1p(-p);
}

}  // namespace

ScoreCells calibration_cells(const stats::RankedScores& ranked) {
  const int64_t least = std::max<int64_t>(20, (ranked.rows() + 1023) / 1024);
  ScoreCells cells;
  int64_t in_last = least;
  ranked.visit([&](double score, int64_t n, int64_t p) {
    if (in_last >= least) {
      cells.push_back({0, 0, 0});
      in_last = 0;
    }
    auto& cell = cells.back();
    in_last += n + p;
    cell.x += (score - cell.x) * (static_cast<double>(n + p) / static_cast<double>(in_last));
    cell.negatives += n;
    cell.positives += p;
  });
  return cells;
}

CalibrationMap::Kind CalibrationMap::kind_for(int64_t rows) { return rows < 2000 ? Kind::logistic : Kind::isotonic; }

CalibrationMap CalibrationMap::fit(std::span<const stats::LogisticCell> cells, Kind kind, bool probabilities) {
  CalibrationMap map;
  map.probabilities_ = probabilities;
  if (kind == Kind::logistic) {
    ScoreCells points(cells.begin(), cells.end());
    if (probabilities)
      for (auto& point : points) point.x = logit(point.x);
    if (const stats::LogisticFit fit = stats::fit_logistic(points); fit.converged) {
      map.kind_ = Kind::logistic;
      map.intercept_ = fit.intercept;
      map.slope_ = fit.slope;
      return map;
    }
  }
  std::vector<stats::IsotonicCell> steps;
  for (const auto& cell : cells) {
    const auto events = static_cast<double>(cell.positives);
    steps.push_back({cell.x, static_cast<double>(cell.negatives) + events, events});
  }
  map.kind_ = Kind::isotonic;
  map.steps_ = stats::IsotonicMap::fit(steps);
  return map;
}

double CalibrationMap::operator()(double score) const {
  switch (kind_) {
    case Kind::identity: return score;
    case Kind::isotonic: return steps_(score);
    case Kind::logistic: break;
  }
  const double eta = intercept_ + slope_ * (probabilities_ ? logit(score) : score);
  return eta < 0 ? std::exp(eta) / (1 + std::exp(eta)) : 1 / (1 + std::exp(-eta));
}

}  // namespace leeway::estimate
