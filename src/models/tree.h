#pragma once
// One decision tree as it is kept: nodes in breadth-first order, siblings side by side.

#include <cstdint>
#include <vector>

namespace leeway::models {

/// Sixteen bytes, so that a step down reads one line of the cache.
struct TreeNode {
  float threshold;        ///< A row whose feature is below goes left. NaN in a leaf: no row goes right.
  uint32_t feature;       ///< 0 in a leaf.
  uint32_t left;          ///< Place of the left child, the right one is the next; a leaf's own place.
  uint32_t missing_right; ///< 1: a row without the feature goes right.
};

struct Tree {
  std::vector<TreeNode> nodes;     ///< The root first; children come after their parents.
  std::vector<float> values;       ///< One a node: what a leaf adds to the margin, 0 in an inner node.
  std::vector<float> gains;        ///< One a node: loss reduction of its split, 0 in a leaf.
  std::vector<double> left_share;  ///< One a node: share of the training weight that goes left, within (0, 1).
  int depth = 0;                   ///< Steps from the root to the deepest leaf.
  bool is_leaf(uint32_t node) const { return nodes[node].left == node; }

  /// Where the row goes from an inner node. Comparisons with NaN are false.
  static uint32_t step(const TreeNode& node, float x) {
    return node.left + static_cast<uint32_t>((x >= node.threshold) | ((x != x) & node.missing_right));
  }
};

}  // namespace leeway::models
