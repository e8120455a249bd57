#pragma once
// Gradient-boosted trees and random forests: trained by XGBoost, read and evaluated by TreeEnsemble.

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "models/tree_ensemble.h"
#include "stats/learner.h"

namespace leeway::models {

enum class Objective : uint8_t { binary, multiclass, regression };

/// The knobs of training. The defaults suit 10,000 to 1M rows.
struct BoosterParameters {
  Objective objective = Objective::binary;
  int classes = 2;                    ///< Multiclass only: targets are 0 .. classes - 1.
  int rounds = 300;                   ///< At most; early stopping may end sooner.
  int trees_per_round = 1;            ///< A random forest is one round of many trees: see forest().
  double learning_rate = 0.1;
  int max_depth = 6;
  double min_child_weight = 1;        ///< Least sum of second derivatives in a leaf.
  double lambda = 1;                  ///< L2 penalty on leaf values.
  double alpha = 0;                   ///< L1 penalty on leaf values.
  double gamma = 0;                   ///< Least loss reduction of a split.
  double row_share = 1;               ///< Rows drawn (without replacement) for each tree.
  double column_share = 1;            ///< Features drawn for each tree.
  double column_share_per_node = 1;   ///< Features drawn for each split.
  int max_bins = 256;
  std::optional<double> base_score;  ///< Start. None: the weighted mean target; 0.5 for a forest.
  std::vector<int8_t> monotone;       ///< One a feature: +1 nondecreasing, -1 nonincreasing, 0 free; empty: all free.
  int stop_after = 0;                 ///< Early stopping: rounds without a better held-out loss; 0: never.
  uint64_t seed = 1;
  int threads = 1;                    ///< Same seed, data and thread count: same bytes.

  /// A random forest: `trees` trees at once, each on 63.2 % of the rows and sqrt(features)/features of the features a
  /// split, unpenalised. With base score ½ a leaf adds 4 (share - ½) / trees, so that the order of scores is that of the
  /// average share of events in the leaves, as in Breiman 2001 (doi:10.1023/A:1010933404324).
  static BoosterParameters forest(Objective objective, int trees, int depth, size_t features);

  bool operator==(const BoosterParameters&) const = default;
};

/// Features must lie within ± this, infinities included: beyond it XGBoost's bin edges overflow.
constexpr float largest_feature = 1e30f;

/// What to learn from. The values are the caller's; NaN features are missing.
struct TrainingRows {
  stats::FeatureRows features;
  std::span<const double> target;    ///< One a row: 0 or 1, a class number, or a value.
  std::span<const double> weights;   ///< One a row, >= 0; empty for equal weights.
};

/// Called after each round (counted from 1) with the held-out loss (NaN without held-out rows); false cancels.
using RoundCallback = std::function<bool(int round, double held_out_loss)>;

/// Fills in how much each row counts for the numbered tree (from 0); at least one above 0.
using TreeWeights = std::function<void(int tree, std::span<double> weights)>;

/// A trained or loaded model. A value; copying shares the trees. `const` calls are safe from several threads, take no
/// lock and call no library.
class Booster {
 public:
  /// `held_out` (may be null) drives early stopping by its weighted mean loss (log loss; squared error for regression);
  /// the rounds after the best one are cut off. Errors: invalid_argument (sizes differ, no rows, features beyond
  /// largest_feature, a target that is not as the objective asks, one class only, parameters out of range); cancelled; internal.
  static Result<Booster> train(const BoosterParameters& parameters, const TrainingRows& rows,
                               const TrainingRows* held_out = nullptr, const RoundCallback& progress = {});
  /// A forest of `parameters.trees_per_round` trees, each grown from the base score on weights of its own: a bootstrap
  /// sample, balanced or not. A tree adds learning_rate / trees of its leaves; row_share does not apply. `rows.weights`
  /// only place the bins. Errors: as train().
  static Result<Booster> grow(const BoosterParameters& parameters, const TrainingRows& rows,
                              const TreeWeights& weights_of, const RoundCallback& progress = {});
  /// A model as XGBoost saves it, JSON or UBJSON (recognised by content). Errors: invalid_data, saying what is wrong:
  /// truncated, not a model, damaged, or of a kind that is not supported (linear or DART booster, categorical splits).
  static Result<Booster> load(std::string bytes);

  const TreeEnsemble& trees() const { return trees_; }
  /// As trained (UBJSON) or loaded: XGBoost's format, equal models giving equal bytes.
  const std::string& bytes() const { return bytes_; }

 private:
  Booster(TreeEnsemble trees, std::string bytes) : trees_(std::move(trees)), bytes_(std::move(bytes)) {}
  TreeEnsemble trees_;
  std::string bytes_;
};

/// Version of the training library: "1.7.4".
std::string xgboost_version();

}  // namespace leeway::models
