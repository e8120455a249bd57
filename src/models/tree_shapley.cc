#include "models/tree_shapley.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace leeway::models {
namespace {

template <int Points>
struct Rule {
  std::array<double, Points> at, weight;
};

/// Gauss and Legendre's rule on [0, 1]: zeros of the Legendre polynomial by Newton's method.
template <int Points>
Rule<Points> gauss_legendre() {
  Rule<Points> rule;
  for (int i = 0; i < Points; ++i) {
    double x = std::cos(std::numbers::pi * (i + 0.75) / (Points + 0.5));
    double slope = 1;
    for (int iteration = 0; iteration < 100; ++iteration) {
      double before = 1, value = x;
      for (int n = 2; n <= Points; ++n) {
        const double next = ((2 * n - 1) * x * value - (n - 1) * before) / n;
        before = value;
        value = next;
      }
      slope = Points * (x * value - before) / (x * x - 1);
      const double move = value / slope;
      x -= move;
      if (std::abs(move) < 1e-16) break;
    }
    rule.at[static_cast<size_t>(i)] = (1 - x) / 2;
    rule.weight[static_cast<size_t>(i)] = 1 / ((1 - x * x) * slope * slope);
  }
  return rule;
}

}  // namespace

TreeShapley::TreeShapley(const Tree& tree) : edges_(tree.nodes.size()) {
  std::vector<double> reach(tree.nodes.size(), 1);
  std::vector<int> distinct(tree.nodes.size(), 0);
  int most = 0;
  for (uint32_t node = 0; node < tree.nodes.size(); ++node) {
    if (tree.is_leaf(node)) {
      base_ += reach[node] * static_cast<double>(tree.values[node]);
      most = std::max(most, distinct[node]);
      continue;
    }
    const TreeNode& split = tree.nodes[node];
    int32_t above = static_cast<int32_t>(node);
    while (above > 0 && edges_[static_cast<size_t>(above)].feature != split.feature)
      above = static_cast<int32_t>(edges_[static_cast<size_t>(above)].parent);
    if (above == 0) above = -1;
    const double share_above = above < 0 ? 1 : edges_[static_cast<size_t>(above)].share;
    for (const uint32_t side : {0u, 1u}) {
      const uint32_t child = split.left + side;
      const double share = side == 0 ? tree.left_share[node] : 1 - tree.left_share[node];
      edges_[child] = {node, split.feature, above, share_above * share, share_above};
      reach[child] = reach[node] * share;
      distinct[child] = distinct[node] + (above < 0 ? 1 : 0);
    }
  }
  points_ = (most + 1) / 2;
}

/// Down: products over the path's features, at each point t. Up: the sums of leaf · product below each edge, of which
/// the edge's feature gets (o - z) / factor. Where a feature splits again further down, the lower edge replaces the
/// upper one's factor for the leaves below it, so it takes the upper one's part away.
template <int Points>
void TreeShapley::run(const Tree& tree, const float* row, double* out, Scratch& scratch) const {
  static const Rule<Points> rule = gauss_legendre<Points>();
  const size_t nodes = tree.nodes.size();
  scratch.products.resize(nodes * Points);
  scratch.sums.resize(nodes * Points);
  scratch.follows.resize(nodes);
  scratch.next.resize(nodes);
  double* products = scratch.products.data();
  double* sums = scratch.sums.data();
  double* follows = scratch.follows.data();
  for (int q = 0; q < Points; ++q) products[q] = 1, sums[q] = 0;
  scratch.next[0] = Tree::step(tree.nodes[0], row[tree.nodes[0].feature]);
  for (uint32_t node = 1; node < nodes; ++node) {
    const Edge& edge = edges_[node];
    const double above = edge.above < 0 ? 1 : follows[edge.above];
    const double o = scratch.next[edge.parent] == node ? above : 0;
    follows[node] = o;
    scratch.next[node] = Tree::step(tree.nodes[node], row[tree.nodes[node].feature]);
    const double value = static_cast<double>(tree.values[node]);
    const double* from = products + size_t{edge.parent} * Points;
    double* to = products + size_t{node} * Points;
    double* sum = sums + size_t{node} * Points;
    for (int q = 0; q < Points; ++q) {
      const double t = rule.at[static_cast<size_t>(q)];
      const double factor = (1 - t) * edge.share + t * o;
      const double factor_above = (1 - t) * edge.share_above + t * above;
      to[q] = from[q] * factor / factor_above;
      sum[q] = value * to[q];
    }
  }
  for (uint32_t node = static_cast<uint32_t>(nodes) - 1; node > 0; --node) {
    const Edge& edge = edges_[node];
    const double above = edge.above < 0 ? 1 : follows[edge.above];
    const double gain = follows[node] - edge.share, gain_above = above - edge.share_above;
    const double* sum = sums + size_t{node} * Points;
    double* up = sums + size_t{edge.parent} * Points;
    double total = 0;
    for (int q = 0; q < Points; ++q) {
      const double t = rule.at[static_cast<size_t>(q)];
      const double factor = (1 - t) * edge.share + t * follows[node];
      const double factor_above = (1 - t) * edge.share_above + t * above;
      total += rule.weight[static_cast<size_t>(q)] * sum[q] * (gain / factor - gain_above / factor_above);
      up[q] += sum[q];
    }
    out[edge.feature] += total;
  }
}

void TreeShapley::add(const Tree& tree, const float* row, double* out, Scratch& scratch) const {
  if (tree.nodes.size() == 1) return;
  if (points_ <= 2) return run<2>(tree, row, out, scratch);
  if (points_ <= 4) return run<4>(tree, row, out, scratch);
  if (points_ <= 8) return run<8>(tree, row, out, scratch);
  if (points_ <= 16) return run<16>(tree, row, out, scratch);
  run<64>(tree, row, out, scratch);
}

}  // namespace leeway::models
