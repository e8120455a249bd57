#include "models/threshold.h"

#include <cmath>
#include <limits>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"

namespace leeway::models {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// What a rule gives a threshold; the greatest wins, minus infinity is not allowed.
double merit(const ChosenThreshold& at, const ThresholdRule& rule) {
  switch (rule.kind) {
    case ThresholdRule::Kind::cost: return -at.cost_per_row(rule);
    case ThresholdRule::Kind::f1: return at.f1();
    case ThresholdRule::Kind::precision: return at.precision() >= rule.target ? at.recall() : -infinity;
    case ThresholdRule::Kind::recall:
      return at.recall() >= rule.target && at.precision() >= 0 ? at.precision() : -infinity;
    case ThresholdRule::Kind::given: return at.threshold == rule.target ? 0 : -infinity;
  }
  return -infinity;
}

/// Every way to cut, from "never" down to "always"; a threshold between two scores.
std::vector<ChosenThreshold> cuts_of(const stats::RankedScores& ranked) {
  struct Step {
    double score;
    int64_t negatives, positives;
  };
  std::vector<Step> steps;
  ranked.visit(
      [&](double score, int64_t negatives, int64_t positives) { steps.push_back({score, negatives, positives}); });
  std::vector<ChosenThreshold> out;
  ChosenThreshold cut;
  cut.false_negatives = ranked.positives();
  cut.true_negatives = ranked.negatives();
  cut.threshold = std::nextafter(steps.back().score, infinity);
  out.push_back(cut);
  for (size_t i = steps.size(); i-- > 0;) {
    cut.true_positives += steps[i].positives;
    cut.false_negatives -= steps[i].positives;
    cut.false_positives += steps[i].negatives;
    cut.true_negatives -= steps[i].negatives;
    const double middle = i > 0 ? steps[i - 1].score + (steps[i].score - steps[i - 1].score) / 2 : steps[i].score;
    cut.threshold = i > 0 && middle <= steps[i - 1].score ? steps[i].score : middle;
    out.push_back(cut);
  }
  return out;
}

ChosenThreshold at_given(const stats::RankedScores& ranked, double threshold) {
  ChosenThreshold out;
  out.threshold = threshold;
  ranked.visit([&](double score, int64_t negatives, int64_t positives) {
    (score >= threshold ? out.true_positives : out.false_negatives) += positives;
    (score >= threshold ? out.false_positives : out.true_negatives) += negatives;
  });
  return out;
}

}   // namespace

Result<ThresholdRule> parse_threshold_rule(std::string_view text) {
  ThresholdRule rule;
  const auto number = [](std::string_view word) {
    return parse_double(word).value_or(std::numeric_limits<double>::quiet_NaN());
  };
  if (text == "f1") return rule;
  if (text == "cost") {
    rule.kind = ThresholdRule::Kind::cost;
    return rule;
  }
  const bool precision = text.starts_with("precision="), recall = text.starts_with("recall=");
  rule.kind = precision ? ThresholdRule::Kind::precision
              : recall  ? ThresholdRule::Kind::recall
                        : ThresholdRule::Kind::given;
  rule.target = number(precision || recall ? text.substr(text.find('=') + 1) : text);
  if (!(rule.target >= 0 && rule.target <= 1))
    return fail(Code::invalid_argument, fmt::format("'{}' does not say how to choose a threshold", printable(text)),
                "Write cost, f1, precision=0.9, recall=0.8, or a threshold between 0 and 1.");
  return rule;
}

std::string text_of(const ThresholdRule& rule) {
  switch (rule.kind) {
    case ThresholdRule::Kind::cost: return "least cost";
    case ThresholdRule::Kind::f1: return "greatest F1";
    case ThresholdRule::Kind::precision:
      return fmt::format("greatest recall at a precision of {} or more", exact_number(rule.target));
    case ThresholdRule::Kind::recall:
      return fmt::format("greatest precision at a recall of {} or more", exact_number(rule.target));
    case ThresholdRule::Kind::given: return "given";
  }
  return {};
}

double ChosenThreshold::precision() const {
  return static_cast<double>(true_positives) / static_cast<double>(true_positives + false_positives);
}
double ChosenThreshold::recall() const {
  return static_cast<double>(true_positives) / static_cast<double>(true_positives + false_negatives);
}
double ChosenThreshold::f1() const {
  return static_cast<double>(2 * true_positives) /
         static_cast<double>(2 * true_positives + false_positives + false_negatives);
}
double ChosenThreshold::cost_per_row(const ThresholdRule& rule) const {
  const double rows = static_cast<double>(true_positives + false_positives + false_negatives + true_negatives);
  return (rule.false_negative * static_cast<double>(false_negatives) +
          rule.false_positive * static_cast<double>(false_positives) +
          rule.true_negative * static_cast<double>(true_negatives) +
          rule.true_positive * static_cast<double>(true_positives)) /
         rows;
}

Result<ChosenThreshold> choose_threshold(const stats::RankedScores& ranked, const ThresholdRule& rule) {
  if (ranked.positives() == 0 || ranked.negatives() == 0)
    return fail(Code::failed_precondition, "a threshold cannot be chosen on rows of one class",
                "Give more labelled rows, or the threshold itself.");
  if (rule.kind == ThresholdRule::Kind::given) return at_given(ranked, rule.target);
  const auto cuts = cuts_of(ranked);
  const ChosenThreshold* best = nullptr;
  double most = -infinity;
  for (const auto& cut : cuts)
    if (const double value = merit(cut, rule); value > most) {
      most = value;
      best = &cut;
    }
  if (best != nullptr) return *best;
  ThresholdRule instead = rule;
  instead.kind = ThresholdRule::Kind::f1;
  LEEWAY_TRY(ChosenThreshold out, choose_threshold(ranked, instead));
  out.note =
      fmt::format("No threshold reaches a {} of {}; the one with the greatest F1 was taken.",
                  rule.kind == ThresholdRule::Kind::precision ? "precision" : "recall", exact_number(rule.target));
  return out;
}

}   // namespace leeway::models
