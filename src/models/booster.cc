#include "models/booster.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/text.h"
#include "models/document.h"
#include "models/xgboost_handles.h"
#include "stats/compensated_sum.h"

namespace leeway::models {
namespace {

std::unexpected<Error> wrong(std::string what) { return fail(Code::invalid_argument, std::move(what)); }

struct Range {
  std::string_view name;
  double value, low, high;
};

Status check_ranges(const BoosterParameters& p, size_t features) {
  const std::array ranges = {
      Range{"rounds", static_cast<double>(p.rounds), 1, 100'000},
      Range{"trees_per_round", static_cast<double>(p.trees_per_round), 1, 100'000},
      Range{"learning_rate", p.learning_rate, 1e-6, 1},
      Range{"max_depth", static_cast<double>(p.max_depth), 1, 64},
      Range{"min_child_weight", p.min_child_weight, 0, 1e9},
      Range{"lambda", p.lambda, 0, 1e9},
      Range{"alpha", p.alpha, 0, 1e9},
      Range{"gamma", p.gamma, 0, 1e9},
      Range{"row_share", p.row_share, 1e-6, 1},
      Range{"column_share", p.column_share, 1e-6, 1},
      Range{"column_share_per_node", p.column_share_per_node, 1e-6, 1},
      Range{"max_bins", static_cast<double>(p.max_bins), 2, 65'536},
      Range{"threads", static_cast<double>(p.threads), 1, 1024},
      Range{"stop_after", static_cast<double>(p.stop_after), 0, 100'000},
  };
  for (const auto& [name, value, low, high] : ranges)
    if (!(value >= low && value <= high))
      return wrong(fmt::format("{} must be between {} and {}, not {}", name, exact_number(low), exact_number(high),
                               exact_number(value)));
  if (!p.monotone.empty() && p.monotone.size() != features) return wrong("monotone must have one entry a feature");
  if (p.objective == Objective::multiclass && (p.classes < 2 || p.classes > 10'000))
    return wrong("classes must be between 2 and 10,000");
  if (p.base_score && !std::isfinite(*p.base_score)) return wrong("base_score must be finite");
  if (p.objective == Objective::binary && p.base_score && !(*p.base_score > 0 && *p.base_score < 1))
    return wrong("base_score must be between 0 and 1");
  return {};
}

Status check_target(const BoosterParameters& p, const TrainingRows& rows) {
  double low = rows.target.front(), high = low;
  for (const double y : rows.target) {
    if (!std::isfinite(y)) return wrong("the target holds values that are missing or infinite");
    if (p.objective == Objective::binary && y != 0 && y != 1) return wrong("a binary target must be 0 or 1");
    if (p.objective == Objective::multiclass && (y < 0 || y >= p.classes || y != std::floor(y)))
      return wrong("a class number is out of range");
    low = std::min(low, y);
    high = std::max(high, y);
  }
  if (low == high)
    return wrong(p.objective == Objective::regression
                     ? "the target is the same in every row, so there is nothing to learn"
                     : "the target holds one class only, so there is nothing to learn");
  return {};
}

Status check_rows(const TrainingRows& rows, size_t features, std::string_view which) {
  const auto& [values, count, width] = rows.features;
  if (count == 0 || width == 0) return wrong(fmt::format("there are no {} rows", which));
  if (width != features || values.size() != count * width || rows.target.size() != count ||
      (!rows.weights.empty() && rows.weights.size() != count))
    return wrong(fmt::format("the sizes of the {} rows, target and weights differ", which));
  if (std::ranges::any_of(values, [](float x) { return std::abs(x) > largest_feature; }))
    return wrong("a feature is infinite or beyond 1e30");
  double total = 0;
  for (const double w : rows.weights) {
    if (!(w >= 0) || !std::isfinite(w)) return wrong("a weight is negative, missing or infinite");
    total += w;
  }
  if (!rows.weights.empty() && !(total > 0)) return wrong("all weights are 0");
  return {};
}

double weighted_mean(const TrainingRows& rows) {
  stats::CompensatedSum sum, total;
  for (size_t i = 0; i < rows.target.size(); ++i) {
    const double w = rows.weights.empty() ? 1 : rows.weights[i];
    sum.add(w * rows.target[i]);
    total.add(w);
  }
  return sum.value() / total.value();
}

double start(const BoosterParameters& p, const TrainingRows& rows) {
  if (p.base_score) return *p.base_score;
  if (p.objective == Objective::regression) return weighted_mean(rows);
  if (p.objective == Objective::multiclass || p.trees_per_round > 1) return 0.5;
  return std::clamp(weighted_mean(rows), 1e-6, 1 - 1e-6);
}

std::string text_of(double number) { return exact_number(number); }

Status configure(const xgb::Handle& booster, const BoosterParameters& p, double base_score) {
  constexpr std::array<std::string_view, 3> objectives = {"binary:logistic", "multi:softprob", "reg:squarederror"};
  std::vector<std::pair<std::string, std::string>> settings = {
      {"verbosity", "0"},
      {"booster", "gbtree"},
      {"tree_method", "hist"},
      {"objective", std::string(objectives[static_cast<size_t>(p.objective)])},
      {"disable_default_eval_metric", "1"},
      {"nthread", std::to_string(p.threads)},
      {"seed", std::to_string(p.seed & 0x7FFFFFFF)},
      {"num_parallel_tree", std::to_string(p.trees_per_round)},
      {"learning_rate", text_of(p.learning_rate)},
      {"max_depth", std::to_string(p.max_depth)},
      {"min_child_weight", text_of(p.min_child_weight)},
      {"lambda", text_of(p.lambda)},
      {"alpha", text_of(p.alpha)},
      {"gamma", text_of(p.gamma)},
      {"subsample", text_of(p.row_share)},
      {"colsample_bytree", text_of(p.column_share)},
      {"colsample_bynode", text_of(p.column_share_per_node)},
      {"max_bin", std::to_string(p.max_bins)},
      {"base_score", text_of(base_score)},
  };
  if (p.objective == Objective::multiclass) settings.emplace_back("num_class", std::to_string(p.classes));
  if (std::ranges::any_of(p.monotone, [](int8_t sign) { return sign != 0; })) {
    std::vector<int> signs;
    for (const int8_t sign : p.monotone) signs.push_back((sign > 0) - (sign < 0));
    settings.emplace_back("monotone_constraints", fmt::format("({})", fmt::join(signs, ",")));
  }
  for (const auto& [name, value] : settings) LEEWAY_CHECK(xgb::set(booster, name, value));
  return {};
}

double row_loss(Objective objective, std::span<const float> margin, double target) {
  if (objective == Objective::regression)
    return (static_cast<double>(margin[0]) - target) * (static_cast<double>(margin[0]) - target);
  if (objective == Objective::binary) {
    const double x = target > 0 ? -static_cast<double>(margin[0]) : static_cast<double>(margin[0]);
    return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x));
  }
  const double most = static_cast<double>(*std::ranges::max_element(margin));
  double sum = 0;
  for (const float m : margin) sum += std::exp(static_cast<double>(m) - most);
  return std::log(sum) + most - static_cast<double>(margin[static_cast<size_t>(target)]);
}

/// Weighted mean loss, from margins that the library updates by the last round's trees alone.
Result<double> held_out_loss(const xgb::Handle& booster, const xgb::Matrix& matrix, const TrainingRows& rows,
                             Objective objective) {
  const bst_ulong* shape = nullptr;
  bst_ulong dimensions = 0;
  const float* margins = nullptr;
  constexpr const char* config =
      R"({"type":1,"training":false,"iteration_begin":0,"iteration_end":0,"strict_shape":true})";
  LEEWAY_CHECK(
      xgb::checked(XGBoosterPredictFromDMatrix(booster.get(), matrix.get(), config, &shape, &dimensions, &margins)));
  const size_t outputs = dimensions > 1 ? shape[1] : 1;
  stats::CompensatedSum sum, total;
  for (size_t i = 0; i < rows.target.size(); ++i) {
    const double w = rows.weights.empty() ? 1 : rows.weights[i];
    sum.add(w * row_loss(objective, {margins + i * outputs, outputs}, rows.target[i]));
    total.add(w);
  }
  return sum.value() / total.value();
}

Result<std::string> saved(BoosterHandle handle) {
  bst_ulong size = 0;
  const char* bytes = nullptr;
  LEEWAY_CHECK(xgb::checked(XGBoosterSaveModelToBuffer(handle, R"({"format":"ubj"})", &size, &bytes)));
  return std::string(bytes, size);
}

Result<std::string> first_rounds(const xgb::Handle& booster, int rounds) {
  BoosterHandle cut = nullptr;
  LEEWAY_CHECK(xgb::checked(XGBoosterSlice(booster.get(), 0, rounds, 1, &cut)));
  const xgb::Handle owned(cut);
  return saved(cut);
}

/// Runs the rounds; the number to keep.
Result<int> boost(const xgb::Handle& booster, const BoosterParameters& p, const xgb::Matrix& matrix,
                  const TrainingRows* held_out, const xgb::Matrix& held_out_matrix, const RoundCallback& progress) {
  int best_round = 0;
  double best = std::numeric_limits<double>::infinity();
  for (int round = 1; round <= p.rounds; ++round) {
    LEEWAY_CHECK(xgb::checked(XGBoosterUpdateOneIter(booster.get(), round - 1, matrix.get())));
    double loss = std::numeric_limits<double>::quiet_NaN();
    if (held_out != nullptr) {
      LEEWAY_TRY(loss, held_out_loss(booster, held_out_matrix, *held_out, p.objective));
    }
    if (progress && !progress(round, loss)) return fail(Code::cancelled, "training was stopped");
    if (loss < best) {
      best = loss;
      best_round = round;
    }
    if (held_out != nullptr && p.stop_after > 0 && round - best_round >= p.stop_after) return std::max(1, best_round);
  }
  return held_out != nullptr && p.stop_after > 0 ? std::max(1, best_round) : p.rounds;
}

/// First and second derivatives of the loss at the start, an entry a row and class, times the row's weight.
struct Gradients {
  std::vector<float> first, second;

  Gradients(const BoosterParameters& p, const TrainingRows& rows) : p_(p), rows_(rows), start_(start(p, rows)) {
    const size_t outputs = p.objective == Objective::multiclass ? static_cast<size_t>(p.classes) : 1;
    first.resize(rows.target.size() * outputs);
    second.resize(first.size());
  }

  void weigh(std::span<const double> weights) {
    for (size_t i = 0; i < weights.size(); ++i) {
      const double y = rows_.target[i], w = weights[i];
      if (p_.objective == Objective::regression) {
        put(i, w * (start_ - y), w);
      } else if (p_.objective == Objective::binary) {
        put(i, w * (start_ - y), w * start_ * (1 - start_));
      } else {
        const auto classes = static_cast<size_t>(p_.classes);
        const double share = 1.0 / p_.classes;
        for (size_t c = 0; c < classes; ++c)
          put(i * classes + c, w * (share - (y == static_cast<double>(c))), 2 * w * share * (1 - share));
      }
    }
  }

 private:
  void put(size_t at, double gradient, double curvature) {
    first[at] = static_cast<float>(gradient);
    second[at] = static_cast<float>(curvature);
  }

  const BoosterParameters& p_;
  const TrainingRows& rows_;
  double start_;
};

}  // namespace

BoosterParameters BoosterParameters::forest(Objective objective, int trees, int depth, size_t features) {
  BoosterParameters p;
  p.objective = objective;
  p.rounds = 1;
  p.trees_per_round = trees;
  p.learning_rate = 1;
  p.max_depth = depth;
  p.min_child_weight = 0;
  p.lambda = 0;
  p.row_share = 0.632;
  p.column_share_per_node = 1 / std::sqrt(static_cast<double>(std::max<size_t>(features, 1)));
  return p;
}

Result<Booster> Booster::train(const BoosterParameters& p, const TrainingRows& rows, const TrainingRows* held_out,
                               const RoundCallback& progress) {
  LEEWAY_CHECK(check_rows(rows, rows.features.features, "training"));
  LEEWAY_CHECK(check_ranges(p, rows.features.features));
  LEEWAY_CHECK(check_target(p, rows));
  LEEWAY_TRY(const auto matrix, xgb::matrix(rows.features, rows.target, rows.weights, p.threads));
  xgb::Matrix held_out_matrix;
  std::vector<DMatrixHandle> matrices = {matrix.get()};
  if (held_out != nullptr) {
    LEEWAY_CHECK(check_rows(*held_out, rows.features.features, "held-out"));
    LEEWAY_TRY(held_out_matrix, xgb::matrix(held_out->features, held_out->target, held_out->weights, p.threads));
    matrices.push_back(held_out_matrix.get());
  }
  LEEWAY_TRY(const auto booster, xgb::booster(matrices));
  LEEWAY_CHECK(configure(booster, p, start(p, rows)));
  LEEWAY_TRY(const int keep, boost(booster, p, matrix, held_out, held_out_matrix, progress));
  int done = 0;
  LEEWAY_CHECK(xgb::checked(XGBoosterBoostedRounds(booster.get(), &done)));
  LEEWAY_TRY(std::string bytes, keep < done ? first_rounds(booster, keep) : saved(booster.get()));
  return load(std::move(bytes));
}

Result<Booster> Booster::grow(const BoosterParameters& p, const TrainingRows& rows, const TreeWeights& weights_of,
                              const RoundCallback& progress) {
  LEEWAY_CHECK(check_rows(rows, rows.features.features, "training"));
  LEEWAY_CHECK(check_ranges(p, rows.features.features));
  LEEWAY_CHECK(check_target(p, rows));
  LEEWAY_TRY(const auto matrix, xgb::matrix(rows.features, rows.target, rows.weights, p.threads));
  const std::vector<DMatrixHandle> matrices = {matrix.get()};
  LEEWAY_TRY(const auto booster, xgb::booster(matrices));
  BoosterParameters each = p;
  each.trees_per_round = 1;
  each.row_share = 1;
  each.learning_rate = p.learning_rate / p.trees_per_round;
  LEEWAY_CHECK(configure(booster, each, start(p, rows)));
  Gradients gradients(p, rows);
  std::vector<double> weights(rows.target.size());
  for (int tree = 0; tree < p.trees_per_round; ++tree) {
    weights_of(tree, weights);
    gradients.weigh(weights);
    LEEWAY_CHECK(xgb::checked(XGBoosterBoostOneIter(booster.get(), matrix.get(), gradients.first.data(),
                                                    gradients.second.data(), gradients.first.size())));
    if (progress && !progress(tree + 1, std::numeric_limits<double>::quiet_NaN()))
      return fail(Code::cancelled, "training was stopped");
  }
  LEEWAY_TRY(std::string bytes, saved(booster.get()));
  return load(std::move(bytes));
}

Result<Booster> Booster::load(std::string bytes) {
  LEEWAY_TRY(const Document document, Document::read(bytes));
  LEEWAY_TRY(TreeEnsemble trees, TreeEnsemble::read(document));
  return Booster(std::move(trees), std::move(bytes));
}

std::string xgboost_version() {
  int major = 0, minor = 0, patch = 0;
  XGBoostVersion(&major, &minor, &patch);
  return fmt::format("{}.{}.{}", major, minor, patch);
}

}  // namespace leeway::models
