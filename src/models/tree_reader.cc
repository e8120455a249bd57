#include "models/tree_reader.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <fmt/format.h>

#include "base/text.h"

namespace leeway::models {
namespace {

constexpr size_t deepest = 128;
constexpr double smallest_share = 1e-12;  // a split that sends no training weight to one side still needs a share there

struct ObjectiveLink {
  std::string_view objective;
  Link link;
};
constexpr std::array links = {
    ObjectiveLink{"binary:logistic", Link::logistic},      ObjectiveLink{"binary:logitraw", Link::logistic},
    ObjectiveLink{"reg:logistic", Link::logistic},         ObjectiveLink{"multi:softprob", Link::softmax},
    ObjectiveLink{"multi:softmax", Link::softmax},         ObjectiveLink{"reg:squarederror", Link::identity},
    ObjectiveLink{"reg:linear", Link::identity},           ObjectiveLink{"reg:squaredlogerror", Link::identity},
    ObjectiveLink{"reg:pseudohubererror", Link::identity}, ObjectiveLink{"reg:absoluteerror", Link::identity},
    ObjectiveLink{"reg:quantileerror", Link::identity},    ObjectiveLink{"rank:pairwise", Link::identity},
    ObjectiveLink{"rank:ndcg", Link::identity},            ObjectiveLink{"rank:map", Link::identity},
    ObjectiveLink{"count:poisson", Link::exponential},     ObjectiveLink{"reg:gamma", Link::exponential},
    ObjectiveLink{"reg:tweedie", Link::exponential},
};

std::unexpected<Error> damaged(std::string what) { return fail(Code::invalid_data, std::move(what)); }

/// XGBoost writes the numbers of its parameters as texts: "5E-1", "12", in later versions "[5E-1,3E-1]".
Result<std::vector<double>> numbers_in_text(const Document& object, std::string_view key) {
  LEEWAY_TRY(const std::string text, object.text_at(key));
  std::string_view inner = text;
  if (inner.size() > 2 && inner.front() == '[' && inner.back() == ']') inner = inner.substr(1, inner.size() - 2);
  std::vector<double> numbers;
  for (const auto digits : split(inner, ',')) {
    const auto value = parse_double(digits);
    if (!value || !std::isfinite(*value)) return damaged(fmt::format("'{}' is not a number", key));
    numbers.push_back(*value);
  }
  return numbers;
}

Result<size_t> count_in_text(const Document& object, std::string_view key) {
  LEEWAY_TRY(const auto numbers, numbers_in_text(object, key));
  const double value = numbers.front();
  if (numbers.size() != 1 || value < 0 || value > 1e6 || value != std::floor(value))
    return damaged(fmt::format("'{}' is not a count", key));
  return static_cast<size_t>(value);
}

/// The margin from which trees start, from the base score as XGBoost keeps it (in float, as XGBoost does).
float margin_of(float base_score, Link link) {
  switch (link) {
    case Link::logistic: return -std::log(1.0f / base_score - 1.0f);
    case Link::exponential: return std::log(base_score);
    default: return base_score;
  }
}

/// The arrays of one tree in the document, of equal sizes.
struct RawTree {
  std::vector<double> left, right, feature, threshold, default_left, gain, cover;

  static Result<RawTree> read(const Document& tree) {
    RawTree raw;
    struct Wanted {
      std::string_view key;
      std::vector<double> RawTree::*to;
    };
    constexpr std::array wanted = {
        Wanted{"left_children", &RawTree::left},         Wanted{"right_children", &RawTree::right},
        Wanted{"split_indices", &RawTree::feature},      Wanted{"split_conditions", &RawTree::threshold},
        Wanted{"default_left", &RawTree::default_left},  Wanted{"loss_changes", &RawTree::gain},
        Wanted{"sum_hessian", &RawTree::cover},
    };
    for (const auto& [key, to] : wanted) {
      LEEWAY_TRY(raw.*to, flags_or_numbers(tree, key));
      if ((raw.*to).size() != raw.left.size() || raw.left.empty())
        return damaged(fmt::format("'{}' has the wrong size", key));
    }
    if (const auto* kinds = tree.find("split_type"); kinds != nullptr && kinds->numbers() != nullptr &&
        std::ranges::any_of(*kinds->numbers(), [](double kind) { return kind != 0; }))
      return fail(Code::invalid_data, "it has categorical splits, which are not supported",
                  "Train it with categories as numbers or one-hot columns.");
    return raw;
  }

  /// default_left is an array of booleans in older JSON.
  static Result<std::vector<double>> flags_or_numbers(const Document& tree, std::string_view key) {
    LEEWAY_TRY(const Document* found, tree.member(key));
    if (const auto* entries = found->items()) {
      std::vector<double> flags;
      for (const auto& entry : *entries) {
        if (entry.boolean() == nullptr) return damaged(fmt::format("'{}' is not an array of numbers", key));
        flags.push_back(*entry.boolean() ? 1 : 0);
      }
      return flags;
    }
    return tree.numbers_at(key);
  }
};

double share_left(double left, double right) {
  const double total = left + right;
  if (!(total > 0) || !std::isfinite(total)) return 0.5;
  return std::clamp(left / total, smallest_share, 1 - smallest_share);
}

/// Breadth first from the root, so that nodes that pruning left unreachable drop out.
Result<Tree> tree_of(const RawTree& raw, size_t features) {
  Tree tree;
  struct Place {
    size_t raw;
    int depth;
  };
  std::vector<Place> order = {{0, 0}};
  const auto inside = [&](double child) {
    return child > 0 && child < static_cast<double>(raw.left.size()) && child == std::floor(child);
  };
  for (size_t i = 0; i < order.size(); ++i) {
    const auto [at, depth] = order[i];
    const auto self = static_cast<uint32_t>(i);
    tree.depth = std::max(tree.depth, depth);
    const auto value = static_cast<float>(raw.threshold[at]);
    if (std::isnan(value)) return damaged("a tree holds a threshold or leaf that is not a number");
    if (raw.left[at] == -1) {
      if (!std::isfinite(value)) return damaged("a leaf is infinite");
      tree.nodes.push_back({std::numeric_limits<float>::quiet_NaN(), 0, self, 0});
      tree.values.push_back(value);
      tree.gains.push_back(0);
      tree.left_share.push_back(0.5);
      continue;
    }
    if (!inside(raw.left[at]) || !inside(raw.right[at]) || order.size() + 2 > raw.left.size() ||
        depth >= static_cast<int>(deepest))
      return damaged("a tree is not a tree (its nodes do not hang together)");
    if (!(raw.feature[at] >= 0) || raw.feature[at] >= static_cast<double>(features))
      return damaged("a split is on a feature that the model does not have");
    const auto left = static_cast<size_t>(raw.left[at]), right = static_cast<size_t>(raw.right[at]);
    tree.nodes.push_back({value, static_cast<uint32_t>(raw.feature[at]), static_cast<uint32_t>(order.size()),
                          raw.default_left[at] == 0 ? 1u : 0u});
    tree.values.push_back(0);
    tree.gains.push_back(std::isfinite(raw.gain[at]) ? static_cast<float>(std::max(0.0, raw.gain[at])) : 0);
    tree.left_share.push_back(share_left(raw.cover[left], raw.cover[right]));
    order.push_back({left, depth + 1});
    order.push_back({right, depth + 1});
  }
  return tree;
}

Result<Link> link_of(const Document& learner) {
  LEEWAY_TRY(const Document* objective, learner.member("objective"));
  LEEWAY_TRY(const std::string name, objective->text_at("name"));
  for (const auto& entry : links)
    if (entry.objective == name) return entry.link;
  return damaged(fmt::format("its objective '{}' is not supported", printable(name)));
}

Result<const Document*> tree_model(const Document& learner) {
  LEEWAY_TRY(const Document* booster, learner.member("gradient_booster"));
  LEEWAY_TRY(const std::string kind, booster->text_at("name"));
  if (kind != "gbtree")
    return damaged(fmt::format("it is a '{}' booster; only trees ('gbtree') are supported", printable(kind)));
  return booster->member("model");
}

Status read_shape(const Document& learner, ReadEnsemble& ensemble) {
  LEEWAY_TRY(const Document* shape, learner.member("learner_model_param"));
  LEEWAY_TRY(ensemble.features, count_in_text(*shape, "num_feature"));
  if (ensemble.features == 0) return damaged("it has no features");
  LEEWAY_TRY(const size_t classes, count_in_text(*shape, "num_class"));
  LEEWAY_TRY(const auto bases, numbers_in_text(*shape, "base_score"));
  LEEWAY_TRY(ensemble.link, link_of(learner));
  if (const auto* targets = shape->find("num_target");
      targets != nullptr && targets->text() != nullptr && *targets->text() != "1" && *targets->text() != "0")
    return damaged("it has several targets, which is not supported");
  ensemble.outputs = std::max<size_t>(1, classes);
  if (bases.size() != 1 && bases.size() != ensemble.outputs) return damaged("its base scores do not fit its classes");
  for (size_t k = 0; k < ensemble.outputs; ++k) {
    ensemble.base_margins.push_back(margin_of(static_cast<float>(bases[bases.size() == 1 ? 0 : k]), ensemble.link));
    if (!std::isfinite(ensemble.base_margins.back())) return damaged("its base score is out of range");
  }
  if ((ensemble.link == Link::softmax) != (ensemble.outputs > 1))
    return damaged("its classes do not fit its objective");
  if (const auto* names = learner.find("feature_names"); names != nullptr && names->items() != nullptr) {
    LEEWAY_TRY(ensemble.feature_names, learner.texts_at("feature_names"));
    if (ensemble.feature_names.size() != ensemble.features) return damaged("its feature names do not fit its features");
  }
  return {};
}

}  // namespace

Result<ReadEnsemble> read_ensemble(const Document& model) {
  const Document* learner = model.find("learner");
  if (learner == nullptr) return damaged("is not a model of XGBoost (it has no 'learner')");
  ReadEnsemble ensemble;
  LEEWAY_CHECK(read_shape(*learner, ensemble));
  LEEWAY_TRY(const Document* trees, tree_model(*learner));
  LEEWAY_TRY(const auto* raw_trees, trees->items_at("trees"));
  LEEWAY_TRY(const auto outputs, trees->numbers_at("tree_info"));
  if (outputs.size() != raw_trees->size()) return damaged("'tree_info' has the wrong size");
  for (size_t i = 0; i < raw_trees->size(); ++i) {
    if (!(outputs[i] >= 0) || outputs[i] >= static_cast<double>(ensemble.outputs))
      return damaged("'tree_info' names a class that is not there");
    LEEWAY_TRY(const RawTree raw, RawTree::read((*raw_trees)[i]));
    LEEWAY_TRY(auto tree, tree_of(raw, ensemble.features));
    ensemble.trees.push_back(std::move(tree));
    ensemble.output_of.push_back(static_cast<uint32_t>(outputs[i]));
  }
  return ensemble;
}

}  // namespace leeway::models
