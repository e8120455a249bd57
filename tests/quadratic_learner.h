#pragma once
// A small learner whose fit is exact and fast: penalised logistic (or linear) regression on the features, their squares
// and products, and whether each is missing. It knows the laws of the tests: moved means, spreads and correlations.

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

#include "stats/learner.h"

namespace leeway::stats {

class QuadraticTerms {
 public:
  explicit QuadraticTerms(const FeatureRows& rows)
      : features_(rows.features), centre_(features_), scale_(features_, 1) {
    for (size_t j = 0; j < features_; ++j) {
      std::vector<float> seen;
      for (size_t i = 0; i < rows.rows; ++i)
        if (const float v = rows.values[i * features_ + j]; !std::isnan(v)) seen.push_back(v);
      missing_.push_back(seen.size() < rows.rows);
      if (seen.empty()) continue;
      std::ranges::sort(seen);
      centre_[j] = seen[seen.size() / 2];
      const double spread = (seen[seen.size() * 3 / 4] - seen[seen.size() / 4]) / 1.349;
      if (spread > 0) scale_[j] = spread;
    }
    for (size_t j = 0; j < features_; ++j) pairs_.emplace_back(j, features_);
    for (size_t j = 0; j < features_; ++j)
      for (size_t k = j; k < features_; ++k) pairs_.emplace_back(j, k);
    for (size_t j = 0; j < features_; ++j)
      if (missing_[j]) pairs_.emplace_back(j, features_ + 1);
  }

  size_t size() const { return pairs_.size() + 1; }
  /// Features of term t > 0.
  std::vector<size_t> features_of(size_t t) const {
    const auto [j, k] = pairs_[t - 1];
    return k < features_ ? std::vector{j, k} : std::vector{j};
  }

  void fill(const FeatureRows& rows, size_t row, std::vector<double>& out) const {
    std::vector<double> x(features_ + 1, 1.0), absent(features_);
    for (size_t j = 0; j < features_; ++j) {
      const float v = rows.values[row * features_ + j];
      absent[j] = std::isnan(v);
      // Limited, so that a square cannot drown the rest.
      x[j] = std::isnan(v) ? 0 : std::clamp((v - centre_[j]) / scale_[j], -6.0, 6.0);
    }
    out.assign(1, 1.0);
    for (const auto& [j, k] : pairs_) out.push_back(k > features_ ? absent[j] : x[j] * x[k]);
  }

 private:
  size_t features_;
  std::vector<double> centre_, scale_;
  std::vector<bool> missing_;
  std::vector<std::pair<size_t, size_t>> pairs_;  ///< second = features_: the first alone; + 1: that it is missing
};

class FittedQuadratic : public FittedLearner {
 public:
  FittedQuadratic(QuadraticTerms terms, std::vector<double> slopes, size_t features, bool binary)
      : terms_(std::move(terms)), slopes_(std::move(slopes)), features_(features), binary_(binary) {}

  Result<std::vector<double>> score(const FeatureRows& rows) const override {
    std::vector<double> out(rows.rows), terms;
    for (size_t i = 0; i < rows.rows; ++i) {
      terms_.fill(rows, i, terms);
      const double z = std::inner_product(terms.begin(), terms.end(), slopes_.begin(), 0.0);
      out[i] = binary_ ? 1 / (1 + std::exp(-z)) : z;
    }
    return out;
  }
  std::vector<double> importance() const override {
    std::vector<double> out(features_);
    double sum = 0;
    for (size_t t = 1; t < slopes_.size(); ++t) {
      const auto of = terms_.features_of(t);
      for (const size_t j : of) out[j] += slopes_[t] * slopes_[t] / static_cast<double>(of.size());
      sum += slopes_[t] * slopes_[t];
    }
    if (sum > 0)
      for (auto& share : out) share /= sum;
    return out;
  }

 private:
  QuadraticTerms terms_;
  std::vector<double> slopes_;
  size_t features_;
  bool binary_;
};

class QuadraticLearner : public Learner {
 public:
  explicit QuadraticLearner(double penalty = 0.05) : penalty_(penalty) {}

  Result<std::unique_ptr<FittedLearner>> fit(Task task, const FeatureRows& rows, std::span<const double> target,
                                             std::span<const double> weights, uint64_t) const override {
    QuadraticTerms terms(rows);
    const size_t d = terms.size();
    std::vector<double> x(rows.rows * d), one;
    for (size_t i = 0; i < rows.rows; ++i) {
      terms.fill(rows, i, one);
      std::ranges::copy(one, x.begin() + static_cast<std::ptrdiff_t>(i * d));
    }
    std::vector<double> slopes(d);
    const int steps = task == Task::binary ? 12 : 1;
    for (int step = 0; step < steps; ++step) newton(task, x, target, weights, slopes);
    return std::make_unique<FittedQuadratic>(std::move(terms), std::move(slopes), rows.features, task == Task::binary);
  }

 private:
  void newton(Task task, const std::vector<double>& x, std::span<const double> target, std::span<const double> weights,
              std::vector<double>& slopes) const {
    const size_t d = slopes.size();
    std::vector<double> hessian(d * d), gradient(d);
    for (size_t i = 0; i < target.size(); ++i) {
      const double* row = &x[i * d];
      const double w = weights.empty() ? 1 : weights[i], z = std::inner_product(row, row + d, slopes.begin(), 0.0);
      const double p = task == Task::binary ? 1 / (1 + std::exp(-z)) : z;
      const double curve = w * (task == Task::binary ? std::max(p * (1 - p), 1e-6) : 1), error = w * (target[i] - p);
      for (size_t j = 0; j < d; ++j) {
        gradient[j] += error * row[j];
        const double scaled = curve * row[j];
        for (size_t k = 0; k <= j; ++k) hessian[j * d + k] += scaled * row[k];
      }
    }
    for (size_t j = 0; j < d; ++j) {
      const double penalty = j == 0 ? 1e-9 : penalty_;
      hessian[j * d + j] += penalty;
      gradient[j] -= penalty * slopes[j];
    }
    cholesky_solve(hessian, gradient);
    for (size_t j = 0; j < d; ++j) slopes[j] += gradient[j];
  }

  /// Solves A x = b in place (lower triangle of A).
  static void cholesky_solve(std::vector<double>& a, std::vector<double>& b) {
    const size_t d = b.size();
    for (size_t j = 0; j < d; ++j) {
      for (size_t k = 0; k <= j; ++k) {
        double sum = a[j * d + k];
        for (size_t l = 0; l < k; ++l) sum -= a[j * d + l] * a[k * d + l];
        a[j * d + k] = j == k ? std::sqrt(std::max(sum, 1e-12)) : sum / a[k * d + k];
      }
      for (size_t k = 0; k < j; ++k) b[j] -= a[j * d + k] * b[k];
      b[j] /= a[j * d + j];
    }
    for (size_t j = d; j-- > 0;) {
      for (size_t k = j + 1; k < d; ++k) b[j] -= a[k * d + j] * b[k];
      b[j] /= a[j * d + j];
    }
  }

  double penalty_;
};

}  // namespace leeway::stats
