#include "explain/disde.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "base/hash.h"
#include "base/random.h"
#include "base/text.h"
#include "base/threads.h"
#include "explain/sentence.h"
#include "stats/distributions.h"
#include "stats/domain_scores.h"
#include "stats/means.h"

namespace leeway::explain {
namespace {

/// Keeps the shared part from being empty; weights are at most 1 without it.
constexpr double least_score = 1e-6;

/// The rows of one side that have a loss.
struct Cases {
  std::vector<float> values;
  std::vector<double> loss;
  size_t features;

  explicit Cases(const CaseRows& side) : features(side.features.features) {
    for (size_t row = 0; row < side.loss.size(); ++row) {
      if (!std::isfinite(side.loss[row])) continue;
      const auto from = side.features.values.subspan(row * features, features);
      values.insert(values.end(), from.begin(), from.end());
      loss.push_back(side.loss[row]);
    }
  }
  stats::FeatureRows rows() const { return {values, loss.size(), features}; }
};

enum Term : size_t { familiar, response, new_cases, shared_reference, shared_current };
using Terms = std::array<double, 5>;

/// Mean of `loss` with the weights `shared` times `rows`.
struct Mean {
  double weight = 0, sum = 0, squares = 0;
  void add(double w, double loss) {
    weight += w;
    sum += w * loss;
    squares += w * w;
  }
  double value() const { return sum / weight; }
  double effective_rows() const { return weight * weight / squares; }
};

/// One side: all of it, and the part that both sides share.
struct Split {
  Mean all, shared;
};

Split split_side(std::span<const double> loss, std::span<const double> score, std::span<const double> weights,
                 bool current) {
  Split out;
  for (size_t row = 0; row < loss.size(); ++row) {
    const double weight = weights.empty() ? 1 : weights[row];
    const double pi = std::clamp(score[row], least_score, 1 - least_score);
    out.all.add(weight, loss[row]);
    out.shared.add(weight * (current ? 1 - pi : pi), loss[row]);
  }
  return out;
}

/// Squared standard errors of the terms with the scores held fixed.
Terms fixed_score_variances(const std::array<Split, 2>& sides, const std::array<const Cases*, 2>& cases,
                            const stats::DomainScores& scores) {
  Terms out = {};
  for (const size_t current : {0, 1}) {
    const auto& [all, shared] = sides[current];
    const auto& score = current == 1 ? scores.current : scores.reference;
    for (size_t row = 0; row < score.size(); ++row) {
      const double pi = std::clamp(score[row], least_score, 1 - least_score), loss = cases[current]->loss[row];
      const double by_shared = (current == 1 ? 1 - pi : pi) * (loss - shared.value()) / shared.weight;
      const double by_all = (loss - all.value()) / all.weight;
      out[current == 1 ? new_cases : familiar] += (by_shared - by_all) * (by_shared - by_all);
      out[response] += by_shared * by_shared;
    }
  }
  return out;
}

struct Fit {
  Terms terms = {}, variances = {};
};

class Decomposer {
 public:
  Decomposer(const stats::Learner& learner, const Cases& reference, const Cases& current, const CaseOptions& options)
      : learner_(learner), cases_{&reference, &current}, options_(options) {}

  /// The cross-fits of the rows as they are, then those of the bootstraps.
  Result<std::vector<Fit>> fits() const {
    const auto splits = static_cast<size_t>(options_.splits), all = splits + static_cast<size_t>(options_.refits);
    std::vector<Result<Fit>> tried(all);
    parallel_for(all, options_.threads, [&](size_t i) { tried[i] = fit(i, i >= splits); });
    std::vector<Fit> out;
    for (auto& one : tried) {
      LEEWAY_TRY(out.emplace_back(), std::move(one));
    }
    return out;
  }

 private:
  Result<Fit> fit(size_t number, bool resampled) const {
    std::array<std::vector<double>, 2> weights;
    if (resampled) {
      Random random = Random(options_.seed).split(number);
      for (const size_t side : {0, 1})
        for (size_t row = 0; row < cases_[side]->loss.size(); ++row) weights[side].push_back(random.exponential());
    }
    const stats::TwoSamples samples{cases_[0]->rows(), cases_[1]->rows()};
    const uint64_t seed = combine64(options_.seed, number);
    const auto halves = stats::deal_halves(samples, seed);
    LEEWAY_TRY(const auto scores, stats::cross_fit(learner_, samples, halves, {weights[0], weights[1]}, seed));
    const std::array sides = {split_side(cases_[0]->loss, scores.reference, weights[0], false),
                              split_side(cases_[1]->loss, scores.current, weights[1], true)};
    Fit out;
    out.terms = {sides[0].shared.value() - sides[0].all.value(), sides[1].shared.value() - sides[0].shared.value(),
                 sides[1].all.value() - sides[1].shared.value(), sides[0].shared.effective_rows(),
                 sides[1].shared.effective_rows()};
    if (!resampled) out.variances = fixed_score_variances(sides, cases_, scores);
    return out;
  }

  const stats::Learner& learner_;
  std::array<const Cases*, 2> cases_;
  const CaseOptions& options_;
};

/// A term over all fits: the mean over the splits, with the variance described in the header.
Estimate estimate_of(Term term, std::span<const Fit> splits, std::span<const Fit> refits) {
  stats::MeanVariance seen, resampled;
  double fixed = 0;
  for (const auto& fit : splits) {
    seen.add(fit.terms[term]);
    fixed += fit.variances[term] / static_cast<double>(splits.size());
  }
  for (const auto& fit : refits) resampled.add(fit.terms[term]);
  Estimate out{.value = seen.mean()};
  if (refits.size() < 2) return out;
  const auto count = static_cast<double>(splits.size());
  const double division = splits.size() > 1 ? seen.variance() * (1 - 1 / count) : 0;
  out.se = std::sqrt(std::max(resampled.variance() - division, fixed));
  const double margin = stats::t_quantile(0.975, static_cast<double>(refits.size() - 1)) * out.se;
  out.lower = out.value - margin;
  out.upper = out.value + margin;
  return out;
}

Estimate level_of(std::span<const double> loss) {
  stats::MeanVariance mean;
  for (const double value : loss) mean.add(value);
  const auto interval = stats::mean_interval(mean);
  return {mean.mean(), interval.lower, interval.upper, mean.se()};
}

Estimate change_of(const Estimate& reference, const Estimate& current) {
  const double change = current.value - reference.value, se = std::hypot(reference.se, current.se);
  const double margin = stats::normal_quantile(0.975) * se;
  return {change, change - margin, change + margin, se};
}

Status check_lengths(const CaseRows& reference, const CaseRows& current) {
  for (const auto* side : {&reference, &current})
    if (side->loss.size() != side->features.rows)
      return fail(Code::invalid_argument, "a side has not as many losses as rows");
  if (reference.features.features != current.features.features)
    return fail(Code::invalid_argument, "the two sides have not the same features");
  return {};
}

std::string rows_left_out(const CaseRows& reference, const Cases& kept, const CaseRows& current,
                          const Cases& kept_now) {
  const size_t before = reference.loss.size() - kept.loss.size(), now = current.loss.size() - kept_now.loss.size();
  if (before + now == 0) return {};
  return fmt::format("{} reference and {} current rows without a known loss are left out",
                     grouped(static_cast<int64_t>(before)), grouped(static_cast<int64_t>(now)));
}

}  // namespace

Result<CaseDecomposition> decompose_by_cases(const LossMetric& metric, const stats::Learner& learner,
                                             const CaseRows& reference, const CaseRows& current,
                                             const CaseOptions& options) {
  LEEWAY_CHECK(check_lengths(reference, current));
  const Cases before(reference), now(current);
  if (std::min(before.loss.size(), now.loss.size()) < least_case_rows)
    return fail(Code::invalid_argument,
                fmt::format("a side has fewer than {} rows with a known outcome", least_case_rows));
  LEEWAY_TRY(const auto fits, Decomposer(learner, before, now, options).fits());
  const auto splits = std::span(fits).first(static_cast<size_t>(options.splits));
  const auto refits = std::span(fits).subspan(splits.size());

  CaseDecomposition out;
  out.metric = metric.name;
  out.in_shares = metric.in_shares;
  out.reference = level_of(before.loss);
  out.current = level_of(now.loss);
  out.total = change_of(out.reference, out.current);
  out.familiar = estimate_of(familiar, splits, refits);
  out.response = estimate_of(response, splits, refits);
  out.new_cases = estimate_of(new_cases, splits, refits);
  out.reference_rows = static_cast<int64_t>(before.loss.size());
  out.current_rows = static_cast<int64_t>(now.loss.size());
  out.shared_reference_rows = estimate_of(shared_reference, splits, {}).value;
  out.shared_current_rows = estimate_of(shared_current, splits, {}).value;
  out.note = rows_left_out(reference, before, current, now);
  out.sentence = cases_sentence(out);
  return out;
}

}  // namespace leeway::explain
