#pragma once
// A sum of decision trees, evaluated: margins in bulk, exact contributions, importances.

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "stats/learner.h"

namespace leeway::models {

class Document;

/// From a margin (the sum of leaves) to the value it predicts.
enum class Link : uint8_t { identity, logistic, softmax, exponential };
std::string_view name(Link link);

/// Immutable; copying shares. Every call is const, lock free and safe from several threads.
///
/// A row goes left at a node where its feature is below the threshold (as floats); a missing (NaN) feature goes the way
/// that training chose. Leaves are added up in float in tree order, so that margins equal XGBoost's bit for bit.
class TreeEnsemble {
 public:
  /// From XGBoost's model document. Checks everything that evaluation relies on. Errors: invalid_data.
  static Result<TreeEnsemble> read(const Document& model);

  size_t features() const;
  size_t outputs() const;          ///< 1, or the number of classes
  size_t trees() const;
  int depth() const;               ///< of the deepest tree
  Link link() const;
  /// Names of the features if the model carries them; else empty.
  std::span<const std::string> feature_names() const;

  /// rows · outputs margins, row-major. Requires rows.features == features(). About 0.5 µs a row for 100 trees of
  /// depth 6, in one thread.
  void margins(const stats::FeatureRows& rows, std::span<float> out) const;

  /// Exact Shapley values of the margin under the trees' own (path-dependent) expectations, as TreeSHAP
  /// (Lundberg et al. 2020, doi:10.1038/s42256-019-0138-9): rows · outputs · (features + 1), the last being the base
  /// value; each row's sum is its margin to rounding (about 1e-6 relative, that of the float margin).
  ///
  /// A leaf with value v reached through d distinct features gives feature i
  ///     v (o_i - z_i) ∫₀¹ ∏_{j≠i} ((1 - t) z_j + t o_j) dt
  /// where z is the share of training weight that follows the path at the feature's splits and o whether the row does.
  /// The integrand is a polynomial of degree d - 1, which Gauss and Legendre's rule with ⌈d/2⌉ points integrates
  /// exactly, and its products are carried down the tree: O(nodes · depth / 2) a row instead of O(leaves · depth²).
  void contributions(const stats::FeatureRows& rows, std::span<double> out) const;

  /// Share of the loss reduction of all splits that each feature's splits brought; sums to 1, or all 0 without splits.
  std::vector<double> gain_shares() const;

 private:
  struct State;
  explicit TreeEnsemble(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  std::shared_ptr<const State> state_;
};

}  // namespace leeway::models
