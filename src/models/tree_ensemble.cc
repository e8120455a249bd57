#include "models/tree_ensemble.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "models/tree_reader.h"
#include "models/tree_shapley.h"

namespace leeway::models {
namespace {

constexpr size_t lanes = 8;           // rows that step down a tree side by side, so that their waits overlap
constexpr size_t block_rows = 256;    // rows that stay in the nearest cache while all trees pass

constexpr std::array<std::string_view, 4> link_names = {"identity", "logistic", "softmax", "exponential"};

/// Adds the tree's leaf for each of `lanes` rows. A leaf leads to itself, so that all take the same number of steps.
template <bool Missing>
void add_leaves(const Tree& tree, const float* rows, size_t features, float* out, size_t stride) {
  const TreeNode* nodes = tree.nodes.data();
  uint32_t at[lanes] = {};
  for (int step = 0; step < tree.depth; ++step)
    for (size_t lane = 0; lane < lanes; ++lane) {
      const TreeNode& node = nodes[at[lane]];
      const float x = rows[lane * features + node.feature];
      if constexpr (Missing) at[lane] = Tree::step(node, x);
      else at[lane] = node.left + static_cast<uint32_t>(x >= node.threshold);
    }
  for (size_t lane = 0; lane < lanes; ++lane) out[lane * stride] += tree.values[at[lane]];
}

float leaf_value(const Tree& tree, const float* row) {
  uint32_t at = 0;
  for (int step = 0; step < tree.depth; ++step) at = Tree::step(tree.nodes[at], row[tree.nodes[at].feature]);
  return tree.values[at];
}

}  // namespace

std::string_view name(Link link) { return link_names[static_cast<size_t>(link)]; }

struct TreeEnsemble::State {
  ReadEnsemble read;
  std::vector<TreeShapley> shapley;
  std::vector<double> base_values;
  int depth = 0;
};

Result<TreeEnsemble> TreeEnsemble::read(const Document& model) {
  auto state = std::make_shared<State>();
  LEEWAY_TRY(state->read, read_ensemble(model));
  state->base_values.assign(state->read.base_margins.begin(), state->read.base_margins.end());
  for (size_t i = 0; i < state->read.trees.size(); ++i) {
    state->shapley.emplace_back(state->read.trees[i]);
    state->base_values[state->read.output_of[i]] += state->shapley.back().base();
    state->depth = std::max(state->depth, state->read.trees[i].depth);
  }
  return TreeEnsemble(std::move(state));
}

size_t TreeEnsemble::features() const { return state_->read.features; }
size_t TreeEnsemble::outputs() const { return state_->read.outputs; }
size_t TreeEnsemble::trees() const { return state_->read.trees.size(); }
int TreeEnsemble::depth() const { return state_->depth; }
Link TreeEnsemble::link() const { return state_->read.link; }
std::span<const std::string> TreeEnsemble::feature_names() const { return state_->read.feature_names; }

void TreeEnsemble::margins(const stats::FeatureRows& rows, std::span<float> out) const {
  const ReadEnsemble& model = state_->read;
  for (size_t i = 0; i < out.size(); ++i) out[i] = model.base_margins[i % model.outputs];
  for (size_t begin = 0; begin < rows.rows; begin += block_rows) {
    const size_t count = std::min(block_rows, rows.rows - begin), grouped = count / lanes * lanes;
    const float* values = rows.values.data() + begin * rows.features;
    const bool missing = std::any_of(values, values + count * rows.features, [](float x) { return std::isnan(x); });
    for (size_t t = 0; t < model.trees.size(); ++t) {
      const Tree& tree = model.trees[t];
      float* to = out.data() + begin * model.outputs + model.output_of[t];
      for (size_t r = 0; r < grouped; r += lanes) {
        if (missing)
          add_leaves<true>(tree, values + r * rows.features, rows.features, to + r * model.outputs, model.outputs);
        else add_leaves<false>(tree, values + r * rows.features, rows.features, to + r * model.outputs, model.outputs);
      }
      for (size_t r = grouped; r < count; ++r) to[r * model.outputs] += leaf_value(tree, values + r * rows.features);
    }
  }
}

void TreeEnsemble::contributions(const stats::FeatureRows& rows, std::span<double> out) const {
  const ReadEnsemble& model = state_->read;
  const size_t width = model.features + 1;
  TreeShapley::Scratch scratch;
  std::fill(out.begin(), out.end(), 0.0);
  for (size_t r = 0; r < rows.rows; ++r) {
    double* of_row = out.data() + r * model.outputs * width;
    for (size_t t = 0; t < model.trees.size(); ++t)
      state_->shapley[t].add(model.trees[t], rows.values.data() + r * rows.features,
                             of_row + model.output_of[t] * width, scratch);
    for (size_t k = 0; k < model.outputs; ++k) of_row[k * width + model.features] = state_->base_values[k];
  }
}

std::vector<double> TreeEnsemble::gain_shares() const {
  std::vector<double> gains(features(), 0);
  double total = 0;
  for (const Tree& tree : state_->read.trees)
    for (size_t node = 0; node < tree.nodes.size(); ++node) {
      gains[tree.nodes[node].feature] += static_cast<double>(tree.gains[node]);
      total += static_cast<double>(tree.gains[node]);
    }
  if (total > 0)
    for (double& gain : gains) gain /= total;
  return gains;
}

}  // namespace leeway::models
