#include "models/tuning.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <mutex>

#include <fmt/format.h>

#include "base/text.h"
#include "base/threads.h"
#include "models/tree_settings.h"
#include "stats/auc.h"
#include "stats/multiclass_auc.h"

namespace leeway::models {
namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

struct CriterionInfo {
  Criterion criterion;
  std::string_view name;
  bool higher;
  std::vector<Objective> objectives;
};
const std::vector<CriterionInfo>& criteria() {
  using enum Objective;
  static const std::vector<CriterionInfo> all = {{Criterion::roc_auc, "roc_auc", true, {binary}},
                                                 {Criterion::average_precision, "average_precision", true, {binary}},
                                                 {Criterion::hand_till_auc, "hand_till_auc", true, {multiclass}},
                                                 {Criterion::log_loss, "log_loss", false, {binary, multiclass}},
                                                 {Criterion::rmse, "rmse", false, {regression}},
                                                 {Criterion::mae, "mae", false, {regression}}};
  return all;
}
const CriterionInfo& info_of(Criterion criterion) {
  return *std::ranges::find(criteria(), criterion, &CriterionInfo::criterion);
}

/// Σ over distinct scores of (recall gained) · precision, as scikit-learn's average_precision_score.
double average_precision(std::span<const double> scores, std::span<const uint8_t> labels) {
  const auto ranked = stats::RankedScores::of_rows(scores, labels);
  if (ranked.positives() == 0) return undefined;
  double below_events = 0, below_rows = 0, sum = 0;
  const double events = static_cast<double>(ranked.positives()), rows = static_cast<double>(ranked.rows());
  ranked.visit(
      [&](double, int64_t negatives, int64_t positives) {   // ascending: at or above a score is all not below it
        sum += static_cast<double>(positives) * (events - below_events) / (rows - below_rows);
        below_events += static_cast<double>(positives);
        below_rows += static_cast<double>(negatives + positives);
      });
  return sum / events;
}

double softplus(double x) { return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x)); }

/// -ln of the softmax share of class `label`.
double softmax_loss(std::span<const double> margins, size_t label) {
  const double most = *std::ranges::max_element(margins);
  double sum = 0;
  for (const double m : margins) sum += std::exp(m - most);
  return std::log(sum) + most - margins[label];
}

template <class Loss>
double mean_over(size_t rows, Loss loss) {
  double sum = 0;
  for (size_t i = 0; i < rows; ++i) sum += loss(i);
  return rows == 0 ? undefined : sum / static_cast<double>(rows);
}

double measure(Criterion criterion, std::span<const double> margins, const EncodedRows& rows, size_t outputs) {
  const auto& target = rows.target;
  const auto error = [&](size_t i) { return margins[i] - target[i]; };
  switch (criterion) {
    case Criterion::roc_auc:
    case Criterion::average_precision: {
      const std::vector<uint8_t> labels(target.begin(), target.end());
      return criterion == Criterion::roc_auc ? stats::auc(margins, labels).value() : average_precision(margins, labels);
    }
    case Criterion::hand_till_auc: {
      const std::vector<uint32_t> labels(target.begin(), target.end());
      return stats::hand_till_auc(margins, labels, outputs).value;
    }
    case Criterion::log_loss:
      if (outputs == 1)
        return mean_over(rows.rows, [&](size_t i) { return softplus(margins[i]) - target[i] * margins[i]; });
      return mean_over(rows.rows, [&](size_t i) {
        return softmax_loss(margins.subspan(i * outputs, outputs), static_cast<size_t>(target[i]));
      });
    case Criterion::rmse: return std::sqrt(mean_over(rows.rows, [&](size_t i) { return error(i) * error(i); }));
    case Criterion::mae: return mean_over(rows.rows, [&](size_t i) { return std::fabs(error(i)); });
  }
  return undefined;
}

void summarise(std::vector<Candidate>& candidates, Criterion criterion) {
  for (auto& candidate : candidates) {
    const double n = static_cast<double>(candidate.by_fold.size());
    double sum = 0, squares = 0;
    for (const double v : candidate.by_fold) sum += v;
    candidate.mean = sum / n;
    for (const double v : candidate.by_fold) squares += (v - candidate.mean) * (v - candidate.mean);
    candidate.se = std::sqrt(squares / (n - 1) / n);
  }
  Candidate* best = nullptr;
  const auto better = [&](double a, double b) { return higher_is_better(criterion) ? a > b : a < b; };
  for (auto& candidate : candidates)
    if (best == nullptr || better(candidate.mean, best->mean) ||
        (std::isnan(best->mean) && !std::isnan(candidate.mean)))
      best = &candidate;
  best->chosen = true;
}

}   // namespace

std::string_view name(Criterion criterion) { return info_of(criterion).name; }
bool higher_is_better(Criterion criterion) { return info_of(criterion).higher; }

Criterion default_criterion(Objective objective) {
  switch (objective) {
    case Objective::binary: return Criterion::roc_auc;
    case Objective::multiclass: return Criterion::log_loss;
    case Objective::regression: return Criterion::rmse;
  }
  return Criterion::roc_auc;
}

Result<Criterion> criterion_of(std::string_view name, Objective objective) {
  std::vector<std::string> known;
  for (const auto& candidate : criteria()) {
    if (std::ranges::find(candidate.objectives, objective) == candidate.objectives.end()) continue;
    if (candidate.name == name) return candidate.criterion;
    known.emplace_back(candidate.name);
  }
  return fail(Code::invalid_argument, fmt::format("'{}' is no criterion for this task", printable(name)),
              fmt::format("Criteria are {}.", join_words(known)));
}

double evaluate(Criterion criterion, const Booster& booster, const EncodedRows& rows) {
  const size_t outputs = booster.trees().outputs();
  std::vector<float> floats(rows.rows * outputs);
  booster.trees().margins({rows.values, rows.rows, rows.features}, floats);
  const std::vector<double> margins(floats.begin(), floats.end());
  return measure(criterion, margins, rows, outputs);
}

Result<std::vector<Candidate>> tune(const TuningPlan& plan, std::span<const EncodedFold> folds) {
  std::vector<BoosterParameters> parameters;
  for (const auto& point : plan.points) {
    BoosterParameters p = plan.base;
    for (size_t r = 0; r < plan.space.size(); ++r) LEEWAY_CHECK(apply(p, plan.space[r].parameter, point[r]));
    parameters.push_back(std::move(p));
  }
  const size_t all = parameters.size() * folds.size();
  std::vector<Candidate> candidates(parameters.size());
  for (size_t c = 0; c < candidates.size(); ++c)
    candidates[c] = {plan.points[c], std::vector<double>(folds.size(), undefined)};
  std::vector<double> rounds(all, 0);
  std::vector<Status> failures(all);
  std::atomic<bool> cancelled{false};
  std::mutex mutex;
  size_t done = 0;
  parallel_for(all, plan.threads, [&](size_t task) {
    if (cancelled) return;
    const size_t c = task / folds.size(), f = task % folds.size();
    BoosterParameters of_fold = parameters[c];
    of_fold.monotone = folds[f].monotone;
    const auto booster = plan.fit(of_fold, folds[f]);
    if (booster) {
      candidates[c].by_fold[f] = evaluate(plan.criterion, *booster, folds[f].validation);
      const auto per_round =
          static_cast<double>(parameters[c].trees_per_round) * static_cast<double>(booster->trees().outputs());
      rounds[task] = static_cast<double>(booster->trees().trees()) / per_round;
    } else {
      failures[task] = std::unexpected(booster.error());
    }
    const std::lock_guard lock(mutex);
    if (plan.progress && !plan.progress(++done, all)) cancelled = true;
  });
  if (cancelled) return fail(Code::cancelled, "tuning was interrupted");
  for (const auto& status : failures) LEEWAY_CHECK(status);
  for (size_t task = 0; task < all; ++task)
    candidates[task / folds.size()].rounds += rounds[task] / static_cast<double>(folds.size());
  summarise(candidates, plan.criterion);
  return candidates;
}

}   // namespace leeway::models
