#include "models/learner.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace leeway::models {
namespace {

std::vector<double> values_of(const TreeEnsemble& trees, const stats::FeatureRows& rows) {
  std::vector<float> margins(rows.rows);
  trees.margins(rows, margins);
  std::vector<double> out(margins.begin(), margins.end());
  if (trees.link() == Link::logistic)
    for (double& value : out) value = 1 / (1 + std::exp(-value));
  return out;
}

Status check_features(const stats::FeatureRows& rows, size_t features) {
  if (rows.features == features && rows.values.size() == rows.rows * features) return {};
  return fail(Code::invalid_argument,
              fmt::format("the rows have {} features, the fit had {}", rows.features, features));
}

class FittedTrees : public stats::FittedLearner {
 public:
  explicit FittedTrees(TreeEnsemble trees) : trees_(std::move(trees)) {}
  Result<std::vector<double>> score(const stats::FeatureRows& rows) const override {
    LEEWAY_CHECK(check_features(rows, trees_.features()));
    return values_of(trees_, rows);
  }
  std::vector<double> importance() const override { return trees_.gain_shares(); }

 private:
  TreeEnsemble trees_;
};

/// A target without variation teaches its value.
class FittedConstant : public stats::FittedLearner {
 public:
  FittedConstant(double value, size_t features) : value_(value), features_(features) {}
  Result<std::vector<double>> score(const stats::FeatureRows& rows) const override {
    LEEWAY_CHECK(check_features(rows, features_));
    return std::vector<double>(rows.rows, value_);
  }
  std::vector<double> importance() const override { return std::vector<double>(features_, 0); }

 private:
  double value_;
  size_t features_;
};

class TreeLearner : public stats::Learner {
 public:
  explicit TreeLearner(BoosterParameters parameters) : parameters_(std::move(parameters)) {}

  Result<std::unique_ptr<stats::FittedLearner>> fit(Task task, const stats::FeatureRows& rows,
                                                    std::span<const double> target, std::span<const double> weights,
                                                    uint64_t seed) const override {
    const auto as_expected = [&](double y) { return task == Task::binary ? y == 0 || y == 1 : std::isfinite(y); };
    if (target.empty()) return fail(Code::invalid_argument, "there are no rows to learn from");
    if (!std::ranges::all_of(target, as_expected))
      return fail(Code::invalid_argument, "the target is not finite, or not 0 or 1");
    if (std::ranges::all_of(target, [&](double y) { return y == target.front(); }) && target.size() == rows.rows)
      return std::make_unique<FittedConstant>(target.front(), rows.features);
    BoosterParameters parameters = parameters_;
    parameters.objective = task == Task::binary ? Objective::binary : Objective::regression;
    parameters.seed = seed;
    parameters.threads = 1;   // more would make the last bits depend on their number
    std::vector<float> tame;
    stats::FeatureRows finite = rows;
    if (std::ranges::any_of(rows.values, [](float x) { return std::abs(x) > largest_feature; })) {
      tame.assign(rows.values.begin(), rows.values.end());
      for (float& x : tame) x = std::isnan(x) ? x : std::clamp(x, -largest_feature, largest_feature);
      finite.values = tame;
    }
    LEEWAY_TRY(const Booster booster, Booster::train(parameters, {finite, target, weights}));
    return std::make_unique<FittedTrees>(booster.trees());
  }

 private:
  BoosterParameters parameters_;
};

}  // namespace

std::unique_ptr<stats::Learner> make_learner(BoosterParameters parameters) {
  return std::make_unique<TreeLearner>(std::move(parameters));
}

}  // namespace leeway::models
