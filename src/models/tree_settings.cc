#include "models/tree_settings.h"

#include <cmath>

#include <fmt/format.h>

#include "base/text.h"

namespace leeway::models {
namespace {

using P = BoosterParameters;

template <auto Member>
void set(P& p, double value) {
  p.*Member = static_cast<std::remove_reference_t<decltype(p.*Member)>>(value);
}
template <auto Member>
double get(const P& p) {
  return static_cast<double>(p.*Member);
}

bool is_forest(const P& p) { return p.trees_per_round > 1; }
void set_trees(P& p, double value) { (is_forest(p) ? p.trees_per_round : p.rounds) = static_cast<int>(value); }
double trees(const P& p) { return is_forest(p) ? p.trees_per_round : p.rounds; }

constexpr double unlimited = 1e9;
constexpr TreeSetting settings[] = {
    {"max_depth", true, 1, 30, "depth of a tree", set<&P::max_depth>, get<&P::max_depth>},
    {"learning_rate", false, 1e-4, 1, "share of each tree that is added", set<&P::learning_rate>, get<&P::learning_rate>},
    {"n_estimators", true, 1, 100'000, "rounds at most, or the trees of a forest", set_trees, trees},
    {"min_child_weight", false, 0, unlimited, "least weight in a leaf", set<&P::min_child_weight>, get<&P::min_child_weight>},
    {"subsample", false, 0.01, 1, "share of rows drawn for a tree", set<&P::row_share>, get<&P::row_share>},
    {"colsample_bytree", false, 0.01, 1, "share of features drawn for a tree", set<&P::column_share>, get<&P::column_share>},
    {"colsample_bynode", false, 0.01, 1, "share of features drawn for a split", set<&P::column_share_per_node>, get<&P::column_share_per_node>},
    {"reg_lambda", false, 0, unlimited, "L2 penalty on leaves", set<&P::lambda>, get<&P::lambda>},
    {"reg_alpha", false, 0, unlimited, "L1 penalty on leaves", set<&P::alpha>, get<&P::alpha>},
    {"gamma", false, 0, unlimited, "least gain of a split", set<&P::gamma>, get<&P::gamma>},
    {"max_bin", true, 2, 65'535, "bins of a feature", set<&P::max_bins>, get<&P::max_bins>},
    {"early_stopping_rounds", true, 0, 100'000, "rounds without a better held-out loss, 0 for never", set<&P::stop_after>, get<&P::stop_after>},
};

}  // namespace

std::span<const TreeSetting> tree_settings() { return settings; }

std::vector<std::string> tree_setting_names() {
  std::vector<std::string> out;
  for (const auto& setting : settings) out.emplace_back(setting.name);
  return out;
}

std::vector<std::string> integer_tree_settings() {
  std::vector<std::string> out;
  for (const auto& setting : settings)
    if (setting.integer) out.emplace_back(setting.name);
  return out;
}

Status apply(BoosterParameters& parameters, std::string_view name, double value) {
  for (const auto& setting : settings) {
    if (setting.name != name) continue;
    if (!(value >= setting.least && value <= setting.most) || (setting.integer && std::floor(value) != value))
      return fail(Code::invalid_argument, fmt::format("{} = {} is out of range", name, exact_number(value)),
                  fmt::format("Give a {} from {} to {} ({}).", setting.integer ? "whole number" : "number", exact_number(setting.least),
                              exact_number(setting.most), setting.help));
    setting.set(parameters, value);
    return {};
  }
  const auto names = tree_setting_names();
  const std::string near(trim(did_you_mean(name, names)));
  return fail(Code::invalid_argument, fmt::format("'{}' is no setting of the trees", printable(name)),
              near.empty() ? fmt::format("Settings are {}.", join_words(names)) : near);
}

Result<std::pair<std::string, double>> parse_tree_setting(std::string_view text) {
  const size_t equals = text.find('=');
  const auto value = equals == std::string_view::npos ? std::nullopt : parse_double(text.substr(equals + 1));
  if (!value)
    return fail(Code::invalid_argument, fmt::format("'{}' is not a setting with its value", printable(text)), "Write max_depth=8.");
  const std::string name(trim(text.substr(0, equals)));
  BoosterParameters probe;
  LEEWAY_CHECK(apply(probe, name, *value));
  return std::pair(name, *value);
}

SearchSpace default_search_space(bool forest) {
  if (forest)
    return {{"max_depth", {}, 6, 18, false, true}, {"min_child_weight", {}, 0.5, 20, true, false}, {"colsample_bynode", {}, 0.15, 0.7, false, false}};
  return {{"max_depth", {}, 3, 8, false, true},          {"learning_rate", {}, 0.03, 0.3, true, false},
          {"min_child_weight", {}, 1, 30, true, false},  {"subsample", {}, 0.6, 1, false, false},
          {"colsample_bytree", {}, 0.5, 1, false, false}, {"reg_lambda", {}, 0.3, 30, true, false}};
}

}  // namespace leeway::models
