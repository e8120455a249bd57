#include "checks/drift/domain_classifier.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "base/text.h"
#include "checks/drift/binned.h"
#include "stats/auc.h"
#include "stats/distributions.h"

namespace leeway::drift {
namespace {

constexpr size_t most_named = 3, most_listed = 10;
constexpr double worth_naming = 0.05;

stats::Auc auc_of_half(const stats::DomainScores& scores, const stats::Halves& halves, uint8_t half) {
  std::vector<double> score;
  std::vector<uint8_t> current;
  const auto add = [&](std::span<const double> from, std::span<const uint8_t> of, uint8_t label) {
    for (size_t row = 0; row < from.size(); ++row)
      if (of[row] == half) score.push_back(from[row]), current.push_back(label);
  };
  add(scores.reference, halves.reference, 0);
  add(scores.current, halves.current, 1);
  return stats::auc(score, current);
}

/// The halves' errors are taken to go together fully: each half teaches the classifier that the other is scored by, so
/// when nothing moved both AUCs are the same product of two chance differences. (As if independent, the size of a 5 %
/// test would be 15 % for a linear learner.)
Estimate mean_auc(const std::array<stats::Auc, 2>& halves) {
  Estimate mean{0, 0, 0, 0};
  for (const auto& auc : halves) {
    const auto interval = stats::auc_interval(auc, bound_confidence);
    mean.value += auc.value() / 2;
    mean.lower += interval.lower / 2;
    mean.upper += interval.upper / 2;
    mean.se += auc.se() / 2;
  }
  return mean;
}

/// "told apart by income (62 %) and age (21 %)"
void name_features(std::span<const double> importance, std::span<const std::string> names, Measurement& out) {
  std::vector<size_t> order(importance.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::stable_sort(order, std::greater(), [&](size_t j) { return importance[j]; });
  std::vector<std::string> words;
  for (size_t i = 0; i < std::min(most_listed, order.size()); ++i) {
    const double share = importance[order[i]];
    if (!(share > 0)) break;
    const std::string name = printable(names[order[i]]);
    out.details.push_back({"importance of " + name, share});
    if (words.size() < most_named && share >= worth_naming)
      words.push_back(fmt::format("{} ({})", name, percent(share, 2)));
  }
  if (!words.empty() && out.value.lower > 0.5) out.note = "told apart by " + join_words(words);
}

void note_sample(int64_t used, int64_t rows, std::string_view side, std::string& note) {
  if (used < rows)
    note += fmt::format("{}from {} of {} {} rows", note.empty() ? "" : "; ", grouped(used), grouped(rows), side);
}

void measure_rows(const stats::Learner& learner, const DomainRows& rows, const DomainOptions& options,
                  Measurement& out) {
  const auto halves = stats::deal_halves(rows.samples, options.seed);
  const auto scores = stats::cross_fit(learner, rows.samples, halves, {}, options.seed);
  if (!scores) {
    out.not_computable = "the classifier could not be trained: " + scores.error().message;
    return;
  }
  out.value = mean_auc({auc_of_half(*scores, halves, 0), auc_of_half(*scores, halves, 1)});
  out.by_chance = 0.5;
  const double changed = std::max(0.0, 1 - std::sqrt(2 * (1 - std::max(0.5, out.value.lower))));
  out.details = {{"changed_share", changed}};
  name_features(scores->importance, rows.names, out);
  if (changed > 0) {
    const std::string least = fmt::format("at least {} of the rows must have changed", percent(changed, 2));
    out.note = out.note.empty() ? least : least + ", " + out.note;
  }
  if (!options.p_value || !(out.value.se > 0)) return;
  const auto p = stats::normal_tail((out.value.value - 0.5) / out.value.se);
  out.p_value = p.p;
  out.log_p = p.log_p;
}

}  // namespace

Measurement measure_domain_classifier(const stats::Learner& learner, const DomainRows& rows,
                                      const DomainOptions& options) {
  const auto counts = [](const stats::FeatureRows& side) {
    return InputCounts{.rows = static_cast<int64_t>(side.rows), .used = static_cast<int64_t>(side.rows)};
  };
  const auto& [reference, current] = rows.samples;
  return compare(domain_classifier_info, {}, counts(reference), counts(current), Needs::rows, [&](Measurement& out) {
    out.confidence = bound_confidence;
    if (reference.features == 0) out.not_computable = "no feature can be compared row by row";
    else if (std::min(reference.rows, current.rows) < least_domain_rows)
      out.not_computable = fmt::format("a side has fewer than {} rows", least_domain_rows);
    else measure_rows(learner, rows, options, out);
    note_sample(out.reference_rows.rows, rows.reference_table_rows, "reference", out.note);
    note_sample(out.current_rows.rows, rows.current_table_rows, "current", out.note);
  });
}

constexpr MethodInfo domain_classifier_info{
    .id = "domain_classifier",
    .title = "Classifier two-sample AUC",
    .family = Family::multivariate,
    .version = 1,
    .orientation = Orientation::higher_is_worse,
    .scale = Scale::separation_auc,
    .unit = "",
    .measures =
        "How well a learner tells current from reference rows by all features at once: the AUC on rows it was "
        "not trained on, 0.5 when it cannot. Its importances name the features, or the combination, that moved.",
    .hypothesis = "current and reference rows come from one joint distribution",
    .guarantee =
        "Two-fold cross-fitting with DeLong's bounds in each half, taken to err together: each bound is wrong with "
        "at most about 5 % probability. At least 1 - sqrt(2 (1 - AUC)) of the rows have changed, whatever the "
        "classifier. Rows "
        "independent; equal rows stay in one half, so that copies give nothing away.",
    .misleads =
        "It finds what its learner can learn from these rows: a small movement of one column is seen sooner by "
        "that column's own method. A feature that grows with time tells every window apart.",
    .cost = "Two trainings, on at most 10,000 rows of a side; on demand",
    .source = "Lopez-Paz & Oquab 2017, ICLR; Kim et al. 2021, doi:10.1214/20-AOS1962"};

}  // namespace leeway::drift
