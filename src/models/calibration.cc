#include "models/calibration.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "models/split.h"
#include "stats/isotonic.h"
#include "stats/means.h"

namespace leeway::models {
namespace {

constexpr std::array kinds = {CalibrationKind::none, CalibrationKind::platt, CalibrationKind::beta,
                              CalibrationKind::isotonic};
constexpr int64_t fewest_rows = 20;
constexpr int folds = 5;

double softplus(double x) { return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x)); }
double sigmoid(double x) { return x >= 0 ? 1 / (1 + std::exp(-x)) : std::exp(x) / (1 + std::exp(x)); }
double weight_of(const CalibrationRows& rows, size_t i) { return rows.weight.empty() ? 1 : rows.weight[i]; }

/// Weighted rows of each class.
struct Classes {
  double negatives = 0, positives = 0;
  explicit Classes(const CalibrationRows& rows) {
    for (size_t i = 0; i < rows.label.size(); ++i) (rows.label[i] ? positives : negatives) += weight_of(rows, i);
  }
};

/// Logistic regression on up to three terms, the last of them the constant.
class Logistic {
 public:
  using Terms = std::array<double, 3>;

  Logistic(const CalibrationRows& rows, std::array<bool, 3> free) : rows_(rows), free_(free) {
    const Classes classes(rows);
    high_ = (classes.positives + 1) / (classes.positives + 2);
    low_ = 1 / (classes.negatives + 2);
  }

  /// Newton with halved steps; the likelihood is concave.
  template <class TermsOf>
  Terms fit(Terms at, TermsOf&& terms_of) const {
    constexpr int most_steps = 100;
    constexpr double precision = 1e-12;
    double loss = loss_at(at, terms_of);
    for (int step = 0; step < most_steps; ++step) {
      const Terms move = newton_step(at, terms_of);
      double share = 1, next_loss = 0;
      Terms next{};
      for (; share > 1e-8; share /= 2) {
        for (size_t k = 0; k < 3; ++k) next[k] = at[k] + share * move[k];
        next_loss = loss_at(next, terms_of);
        if (next_loss <= loss) break;
      }
      if (!(next_loss <= loss)) break;
      const bool done = loss - next_loss <= precision * (1 + std::fabs(loss));
      at = next;
      loss = next_loss;
      if (done) break;
    }
    return at;
  }

 private:
  double target(size_t i) const { return rows_.label[i] ? high_ : low_; }

  template <class TermsOf>
  double loss_at(const Terms& at, TermsOf& terms_of) const {
    double sum = 0;
    for (size_t i = 0; i < rows_.margin.size(); ++i) {
      const Terms x = terms_of(rows_.margin[i]);
      const double z = at[0] * x[0] + at[1] * x[1] + at[2] * x[2];
      sum += weight_of(rows_, i) * (softplus(z) - target(i) * z);
    }
    return sum;
  }

  template <class TermsOf>
  Terms newton_step(const Terms& at, TermsOf& terms_of) const {
    Terms gradient{};
    std::array<Terms, 3> curvature{};
    for (size_t i = 0; i < rows_.margin.size(); ++i) {
      const Terms x = terms_of(rows_.margin[i]);
      const double p = sigmoid(at[0] * x[0] + at[1] * x[1] + at[2] * x[2]), w = weight_of(rows_, i);
      for (size_t j = 0; j < 3; ++j) {
        gradient[j] += w * (target(i) - p) * x[j];
        for (size_t k = 0; k < 3; ++k) curvature[j][k] += w * p * (1 - p) * x[j] * x[k];
      }
    }
    return solve(curvature, gradient);
  }

  /// Gaussian elimination over the free terms; a term whose curvature vanishes stays where it is.
  Terms solve(std::array<Terms, 3> a, Terms b) const {
    Terms out{};
    for (size_t j = 0; j < 3; ++j)
      if (!free_[j]) {
        for (size_t k = 0; k < 3; ++k) a[j][k] = a[k][j] = 0;
        a[j][j] = 1;
        b[j] = 0;
      }
    for (size_t j = 0; j < 3; ++j) a[j][j] += 1e-12 * (1 + a[j][j]);
    for (size_t j = 0; j < 3; ++j)
      for (size_t i = j + 1; i < 3; ++i) {
        const double factor = a[i][j] / a[j][j];
        for (size_t k = j; k < 3; ++k) a[i][k] -= factor * a[j][k];
        b[i] -= factor * b[j];
      }
    for (size_t j = 3; j-- > 0;) {
      double sum = b[j];
      for (size_t k = j + 1; k < 3; ++k) sum -= a[j][k] * out[k];
      out[j] = sum / a[j][j];
    }
    return out;
  }

  const CalibrationRows& rows_;
  std::array<bool, 3> free_;
  double high_, low_;
};

double log_odds(const CalibrationRows& rows) {
  const Classes classes(rows);
  return std::log((classes.positives + 1) / (classes.negatives + 1));
}

CalibrationMap fit_platt(const CalibrationRows& rows) {
  const auto terms = [](double margin) { return Logistic::Terms{margin, 0, 1}; };
  auto at = Logistic(rows, {true, false, true}).fit({1, 0, 0}, terms);
  if (at[0] < 0) at = Logistic(rows, {false, false, true}).fit({0, 0, log_odds(rows)}, terms);
  CalibrationMap map;
  map.kind = CalibrationKind::platt;
  map.a = at[0];
  map.b = at[2];
  return map;
}

CalibrationMap fit_beta(const CalibrationRows& rows) {
  // a ln p - b ln(1 - p) + c, with p the logistic of the margin.
  const auto terms = [](double margin) { return Logistic::Terms{-softplus(-margin), softplus(margin), 1}; };
  auto at = Logistic(rows, {true, true, true}).fit({1, 1, 0}, terms);
  for (size_t k = 0; k < 2; ++k)
    if (at[k] < 0) {   // as the authors do: the other one alone
      at = Logistic(rows, {k != 0, k != 1, true}).fit({k != 0 ? 1.0 : 0.0, k != 1 ? 1.0 : 0.0, 0}, terms);
      if (at[1 - k] < 0) at = Logistic(rows, {false, false, true}).fit({0, 0, log_odds(rows)}, terms);
      break;
    }
  CalibrationMap map;
  map.kind = CalibrationKind::beta;
  map.a = at[0];
  map.b = at[1];
  map.c = at[2];
  return map;
}

CalibrationMap fit_isotonic(const CalibrationRows& rows) {
  std::vector<uint32_t> order(rows.margin.size());
  std::iota(order.begin(), order.end(), 0u);
  std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) { return rows.margin[a] < rows.margin[b]; });
  std::vector<stats::IsotonicCell> cells;
  for (const uint32_t i : order) {
    const double p = sigmoid(rows.margin[i]), w = weight_of(rows, i);
    if (cells.empty() || cells.back().x != p) cells.push_back({p, 0, 0});
    cells.back().weight += w;
    cells.back().events += rows.label[i] ? w : 0;
  }
  const auto fitted = stats::IsotonicMap::fit(cells);
  const double least = 1 / (2 * static_cast<double>(order.size()) + 2);
  CalibrationMap map;
  map.kind = CalibrationKind::isotonic;
  for (size_t i = 0; i < cells.size(); ++i) {
    const double y = std::clamp(fitted(cells[i].x), least, 1 - least);
    const size_t n = map.y.size();
    // The inside of a step needs no knots of its own.
    if (n >= 2 && map.y[n - 1] == y && map.y[n - 2] == y) map.x.back() = cells[i].x;
    else {
      map.x.push_back(cells[i].x);
      map.y.push_back(y);
    }
  }
  return map;
}

/// Rows picked out of others, owning what the spans point into.
struct Part {
  std::vector<double> margin, weight;
  std::vector<uint8_t> label;

  Part(const CalibrationRows& rows, std::span<const uint32_t> picked) {
    for (const uint32_t i : picked) {
      margin.push_back(rows.margin[i]);
      label.push_back(rows.label[i]);
      if (!rows.weight.empty()) weight.push_back(rows.weight[i]);
    }
  }
  CalibrationRows rows() const { return {margin, label, weight}; }
};

double log_loss(double p, bool event) {
  constexpr double least = 1e-12;
  return -std::log(std::clamp(event ? p : 1 - p, least, 1.0));
}

/// Each row's calibrated probability by a map fitted without its fold.
Result<std::vector<double>> held_out(CalibrationKind kind, const CalibrationRows& rows, std::span<const Fold> parts) {
  std::vector<double> out(rows.margin.size());
  for (const Fold& fold : parts) {
    LEEWAY_TRY(const CalibrationMap map, fit_calibration(kind, Part(rows, fold.train).rows()));
    for (const uint32_t i : fold.validation) out[i] = map(rows.margin[i]);
  }
  return out;
}

/// The standard error of a kind's mean loss less that of the best.
double paired_error(const CalibrationRows& rows, const std::vector<double>& of_kind,
                    const std::vector<double>& of_best) {
  const size_t n = of_kind.size();
  double sum = 0, squares = 0;
  for (size_t i = 0; i < n; ++i) {
    const double d = log_loss(of_kind[i], rows.label[i]) - log_loss(of_best[i], rows.label[i]);
    sum += d;
    squares += d * d;
  }
  const double mean = sum / static_cast<double>(n);
  return std::sqrt(std::max(0.0, squares / static_cast<double>(n) - mean * mean) / static_cast<double>(n));
}

CalibrationTrial trial_of(CalibrationKind kind, const CalibrationRows& rows, const std::vector<double>& probability) {
  CalibrationTrial out{kind, 0, 0, false};
  double total = 0;
  for (size_t i = 0; i < probability.size(); ++i) {
    const double w = weight_of(rows, i), error = probability[i] - rows.label[i];
    out.log_loss += w * log_loss(probability[i], rows.label[i]);
    out.brier += w * error * error;
    total += w;
  }
  out.log_loss /= total;
  out.brier /= total;
  return out;
}

}   // namespace

Result<CalibrationMap> fit_calibration(CalibrationKind kind, const CalibrationRows& rows) {
  if (rows.margin.size() != rows.label.size() || (!rows.weight.empty() && rows.weight.size() != rows.label.size()))
    return fail(Code::invalid_argument, "margins, labels and weights differ in number");
  const Classes classes(rows);
  if (!(classes.positives > 0) || !(classes.negatives > 0))
    return fail(Code::failed_precondition, "a calibration cannot be fitted to rows of one class",
                "Give more labelled rows.");
  switch (kind) {
    case CalibrationKind::platt: return fit_platt(rows);
    case CalibrationKind::beta: return fit_beta(rows);
    case CalibrationKind::isotonic: return fit_isotonic(rows);
    case CalibrationKind::none: break;
  }
  return CalibrationMap{};
}

Result<ChosenCalibration> choose_calibration(const CalibrationRows& rows, std::optional<CalibrationKind> only,
                                             Random random) {
  const auto positives = std::count(rows.label.begin(), rows.label.end(), uint8_t{1});
  const int64_t fewest = std::min<int64_t>(positives, static_cast<int64_t>(rows.label.size()) - positives);
  ChosenCalibration out;
  if (fewest < fewest_rows) {
    out.note = fmt::format("Not calibrated: only {} validation rows of the rarer class, of at least {} needed.", fewest,
                           fewest_rows);
    return out;
  }
  std::vector<uint32_t> all(rows.margin.size()), strata(rows.label.begin(), rows.label.end());
  std::iota(all.begin(), all.end(), 0u);
  LEEWAY_TRY(const auto parts, stratified_folds(all, strata, folds, random));
  std::vector<std::vector<double>> probabilities;
  for (const CalibrationKind kind : kinds) {
    if (only && kind != *only && kind != CalibrationKind::none) continue;
    LEEWAY_TRY(auto probability, held_out(kind, rows, parts));
    out.trials.push_back(trial_of(kind, rows, probability));
    probabilities.push_back(std::move(probability));
  }
  size_t best = out.trials.size() - 1;
  if (!only) {
    const auto less = [](const CalibrationTrial& a, const CalibrationTrial& b) { return a.log_loss < b.log_loss; };
    const auto least =
        static_cast<size_t>(std::min_element(out.trials.begin(), out.trials.end(), less) - out.trials.begin());
    for (best = 0; best < least; ++best)
      if (out.trials[best].log_loss - out.trials[least].log_loss <=
          paired_error(rows, probabilities[best], probabilities[least]))
        break;
  }
  out.trials[best].chosen = true;
  LEEWAY_TRY(out.map, fit_calibration(out.trials[best].kind, rows));
  return out;
}

}   // namespace leeway::models
