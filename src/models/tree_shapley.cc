#include "models/tree_shapley.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "base/simd.h"

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
    uint32_t above = node;
    while (above > 0 && edges_[above].feature != split.feature) above = edges_[above].parent;
    const double share_above = edges_[above].share;
    for (const uint32_t side : {0u, 1u}) {
      const uint32_t child = split.left + side;
      const double share = side == 0 ? tree.left_share[node] : 1 - tree.left_share[node];
      edges_[child] = {node, split.feature, above, share_above * share, share_above};
      reach[child] = reach[node] * share;
      distinct[child] = distinct[node] + (above == 0 ? 1 : 0);
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
  scratch.inverses.resize(nodes * Points);
  scratch.sums.resize(nodes * Points);
  scratch.follows.resize(nodes);
  follow(tree, row, scratch);
  simd::run([=, edges = edges_.data(), values = tree.values.data(), follows = scratch.follows.data(),
             products = scratch.products.data(), inverses = scratch.inverses.data(), sums = scratch.sums.data(),
             at = &rule.at[0], weight = &rule.weight[0]]() LEEWAY_SIMD_LOOP {
    for (int q = 0; q < Points; ++q) products[q] = inverses[q] = 1, sums[q] = 0;
    for (size_t node = 1; node < nodes; ++node) {
      const Edge& edge = edges[node];
      const double o = follows[node], value = static_cast<double>(values[node]);
      const double* from = products + edge.parent * Points;
      const double* inverse_above = inverses + edge.above * Points;
      double* product = products + node * Points;
      double* inverse = inverses + node * Points;
      double* sum = sums + node * Points;
      for (int q = 0; q < Points; ++q) {
        const double factor = (1 - at[q]) * edge.share + at[q] * o;
        inverse[q] = 1 / factor;
        product[q] = from[q] * inverse_above[q] * factor;
        sum[q] = value * product[q];
      }
    }
    for (size_t node = nodes - 1; node > 0; --node) {
      const Edge& edge = edges[node];
      // The root stands for "no edge above": it follows with share 1, so that nothing is taken away.
      const double gain = follows[node] - edge.share, gain_above = follows[edge.above] - edge.share_above;
      const double* sum = sums + node * Points;
      const double* inverse = inverses + node * Points;
      const double* inverse_above = inverses + edge.above * Points;
      double* up = sums + edge.parent * Points;
      double total = 0;
      for (int q = 0; q < Points; ++q)
        total += weight[q] * sum[q] * (gain * inverse[q] - gain_above * inverse_above[q]);
      for (int q = 0; q < Points; ++q) up[q] += sum[q];
      out[edge.feature] += total;
    }
  });
}

/// follows[node]: 1 if the row goes the path's way at every split on the last edge's feature, else 0.
void TreeShapley::follow(const Tree& tree, const float* row, Scratch& scratch) const {
  double* follows = scratch.follows.data();
  follows[0] = 1;
  for (uint32_t node = 0; node < tree.nodes.size(); ++node) {
    if (tree.is_leaf(node)) continue;
    const TreeNode& split = tree.nodes[node];
    const uint32_t next = Tree::step(split, row[split.feature]);
    const double above = follows[edges_[split.left].above];
    follows[split.left] = next == split.left ? above : 0;
    follows[split.left + 1] = next == split.left ? 0 : above;
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
