#pragma once
// Exact Shapley values of one tree: what tree_ensemble.h's contributions() describes.

#include <cstdint>
#include <span>
#include <vector>

#include "models/tree.h"

namespace leeway::models {

/// Prepared once a tree. `const` calls are thread safe given a scratch of their own.
class TreeShapley {
 public:
  explicit TreeShapley(const Tree& tree);

  /// Work space, kept between calls.
  struct Scratch {
    std::vector<double> products, inverses, sums, follows;
  };
  /// Adds the row's contributions to `out` (one a feature).
  void add(const Tree& tree, const float* row, double* out, Scratch& scratch) const;
  /// The expected leaf over the training weight.
  double base() const { return base_; }

 private:
  template <int Points>
  void run(const Tree& tree, const float* row, double* out, Scratch& scratch) const;
  void follow(const Tree& tree, const float* row, Scratch& scratch) const;

  struct Edge {
    uint32_t parent = 0;
    uint32_t feature = 0;
    uint32_t above = 0;      // the last edge further up that splits on the same feature; 0, the root, if there is none
    double share = 1;        // z: training weight that follows all the path's splits on this feature, down to here
    double share_above = 1;  // the same at `above`
  };
  std::vector<Edge> edges_;   // by the node below; the root's stands for no edge
  int points_ = 2;
  double base_ = 0;
};

}  // namespace leeway::models
