#include "models/train.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include <fmt/format.h>

#include "base/text.h"
#include "models/tree_settings.h"
#include "stats/ranked_scores.h"

namespace leeway::models {
namespace {

constexpr int forest_trees = 300, forest_depth = 12;
constexpr int most_rounds = 1000, stop_after = 30;
constexpr double tuning_share = 0.75;   // of the progress bar

/// Streams of randomness, one a purpose.
enum Use : uint64_t { for_points, for_folds, for_calibration, for_bootstrap };

Objective objective_of(Task task) {
  return task == Task::regression   ? Objective::regression
         : task == Task::multiclass ? Objective::multiclass
                                    : Objective::binary;
}

std::vector<Column> gathered(const std::vector<Column>& columns, std::span<const uint32_t> rows) {
  std::vector<Column> out;
  out.reserve(columns.size());
  for (const Column& column : columns) out.push_back(column.gather(rows));
  return out;
}

/// For each tree a sample of as many rows, drawn with replacement, whose classes weigh the same: n / (classes · rows of
/// the class drawn), as scikit-learn's class_weight="balanced_subsample".
TreeWeights balanced_bootstrap(const EncodedRows& rows, size_t classes, uint64_t seed) {
  return [&rows, classes, random = Random(seed).split(for_bootstrap)](int tree, std::span<double> weights) {
    Random draws = random.split(static_cast<uint64_t>(tree));
    std::ranges::fill(weights, 0.0);
    std::vector<double> drawn(classes, 0);
    for (size_t k = 0; k < weights.size(); ++k) {
      const size_t row = draws.below(weights.size());
      ++weights[row];
      ++drawn[static_cast<size_t>(rows.target[row])];
    }
    const auto present = static_cast<double>(std::ranges::count_if(drawn, [](double n) { return n > 0; }));
    for (size_t row = 0; row < weights.size(); ++row) {
      if (weights[row] == 0) continue;
      weights[row] *= static_cast<double>(weights.size()) / (present * drawn[static_cast<size_t>(rows.target[row])]);
      if (!rows.weights.empty()) weights[row] *= rows.weights[row];
    }
  };
}

/// An encoding with the rows it was fitted to and those it is judged on.
struct Encoded {
  Encoder encoder;
  EncodedFold rows;
};

/// One run, step by step.
class Trainer {
 public:
  Trainer(const TrainingTable& table, const Split& split, ModelFacts facts, const TrainOptions& options)
      : table_(table),
        split_(split),
        options_(options),
        facts_(std::move(facts)),
        objective_(objective_of(facts_.task)) {}

  Result<Training> run() {
    LEEWAY_CHECK(check_parts());
    LEEWAY_CHECK(weigh_classes());
    LEEWAY_TRY(criterion_, options_.criterion ? Result<Criterion>(*options_.criterion) : default_criterion(objective_));
    LEEWAY_TRY(Encoded encoded, encode({split_.train, split_.validation}));
    LEEWAY_TRY(BoosterParameters parameters, base_parameters(encoded));
    space_ = options_.space.empty() ? default_search_space(options_.forest) : options_.space;
    LEEWAY_CHECK(search(parameters));
    LEEWAY_TRY(Booster booster, final_fit(parameters, encoded.rows));
    return finish(std::move(parameters), std::move(booster), std::move(encoded));
  }

 private:
  bool classifies() const { return objective_ != Objective::regression; }
  bool subsamples() const { return options_.weighting.kind == ClassWeighting::Kind::balanced_subsample; }
  Status check_parts() const;
  Status check_classes(std::span<const uint32_t> rows, std::string_view part) const;
  Status weigh_classes();
  Result<Encoded> encode(const Fold& fold) const;
  EncodedRows rows_of(const Encoder& encoder, const EncodedBatch& batch, std::span<const uint32_t> rows) const;
  Result<std::vector<int8_t>> monotone_signs(const Encoder& encoder) const;
  Result<BoosterParameters> base_parameters(const Encoded& encoded) const;
  Result<std::vector<Fold>> folds() const;
  Status search(BoosterParameters& parameters);
  Result<Booster> fit(const BoosterParameters& parameters, const EncodedFold& parts,
                      const RoundCallback& progress) const;
  Result<Booster> final_fit(const BoosterParameters& parameters, const EncodedFold& parts) const;
  Result<Training> finish(BoosterParameters parameters, Booster booster, Encoded encoded);
  bool progress(double done, const std::string& what) const {
    return !options_.progress || options_.progress(done, what);
  }

  const TrainingTable& table_;
  const Split& split_;
  const TrainOptions& options_;
  ModelFacts facts_;
  Objective objective_;
  Criterion criterion_ = Criterion::roc_auc;
  SearchSpace space_;
  std::vector<double> class_weights_;   // by class; empty when all are 1
  std::vector<Candidate> candidates_;
};

Status Trainer::check_classes(std::span<const uint32_t> rows, std::string_view part) const {
  std::set<double> seen;
  for (const uint32_t row : rows) seen.insert(table_.target[row]);
  if (seen.size() > 1 || (part != "training" && objective_ != Objective::binary)) return {};
  if (!classifies())
    return fail(Code::invalid_data,
                fmt::format("the label '{}' is {} in every {} row, so there is nothing to learn",
                            printable(facts_.label), exact_number(seen.empty() ? 0 : *seen.begin()), part),
                "Is it the right column? Name another with --label.");
  const std::string only = seen.empty() ? "none" : table_.classes[static_cast<size_t>(*seen.begin())];
  return fail(Code::invalid_data,
              fmt::format("all {} {} rows have '{}' = {}, and a model cannot learn from one class",
                          grouped(static_cast<int64_t>(rows.size())), part, printable(facts_.label), printable(only)),
              split_.by_time() ? "Give rows of the other class, data over a longer span, or --split random."
                               : "Give rows of the other class, or name another --label.");
}

Status Trainer::check_parts() const {
  LEEWAY_CHECK(check_classes(split_.train, "training"));
  return check_classes(split_.validation, "validation");
}

Status Trainer::weigh_classes() {
  if (!classifies()) {
    if (options_.weighting.kind != ClassWeighting::Kind::none)
      return fail(Code::invalid_argument, "class weights need classes, and this is a regression",
                  "Leave --class-weight out.");
    return {};
  }
  if (subsamples()) return {};   // each tree weighs its own
  std::vector<uint32_t> classes;
  for (const uint32_t row : split_.train) classes.push_back(static_cast<uint32_t>(table_.target[row]));
  LEEWAY_TRY(class_weights_, models::class_weights(options_.weighting, classes, table_.classes));
  if (std::ranges::all_of(class_weights_, [](double w) { return w == 1; })) class_weights_.clear();
  return {};
}

EncodedRows Trainer::rows_of(const Encoder& encoder, const EncodedBatch& batch, std::span<const uint32_t> rows) const {
  EncodedRows out;
  out.values = batch.all();
  out.rows = rows.size();
  out.features = encoder.features();
  for (const uint32_t row : rows) {
    const double y = table_.target[row];
    out.target.push_back(y);
    if (table_.weights.empty() && class_weights_.empty()) continue;
    const double weight = table_.weights.empty() ? 1 : table_.weights[row];
    out.weights.push_back(class_weights_.empty() ? weight : weight * class_weights_[static_cast<size_t>(y)]);
  }
  return out;
}

/// Fits an encoder to the training rows alone: what it learns of the label must not reach the rows it is judged by.
Result<Encoded> Trainer::encode(const Fold& fold) const {
  const auto train = gathered(table_.features, fold.train), validation = gathered(table_.features, fold.validation);
  std::vector<double> target;
  for (const uint32_t row : fold.train) target.push_back(table_.target[row]);
  LEEWAY_TRY(Encoder encoder, Encoder::fit(train, target, options_.encoding));
  LEEWAY_TRY(const EncodedBatch train_batch, encoder.bind(train));
  LEEWAY_TRY(const EncodedBatch validation_batch, encoder.bind(validation));
  LEEWAY_TRY(auto signs, monotone_signs(encoder));
  EncodedFold rows{rows_of(encoder, train_batch, fold.train), rows_of(encoder, validation_batch, fold.validation),
                   std::move(signs)};
  return Encoded{std::move(encoder), std::move(rows)};
}

Result<std::vector<int8_t>> Trainer::monotone_signs(const Encoder& encoder) const {
  std::vector<int8_t> signs;
  if (options_.monotone.empty()) return signs;
  signs.assign(encoder.features(), 0);
  std::vector<std::string> names;
  for (const auto& column : encoder.columns()) names.push_back(column.name);
  for (const auto& wish : options_.monotone) {
    const auto at = std::ranges::find(names, wish.column);
    if (at == names.end())
      return fail(Code::invalid_argument,
                  fmt::format("--monotone names '{}', which the model does not learn from", printable(wish.column)),
                  std::string(trim(did_you_mean(wish.column, names))));
    const EncodedColumn& column = encoder.columns()[static_cast<size_t>(at - names.begin())];
    if (column.coding != Coding::number && column.coding != Coding::boolean)
      return fail(Code::invalid_argument,
                  fmt::format("'{}' is not a number, so the score cannot rise or fall with it", printable(wish.column)),
                  "Leave it out of --monotone.");
    signs[column.first] = wish.sign;
  }
  return signs;
}

Result<BoosterParameters> Trainer::base_parameters(const Encoded& encoded) const {
  BoosterParameters p;
  if (options_.forest) {
    p = BoosterParameters::forest(objective_, forest_trees, forest_depth, encoded.encoder.features());
  } else {
    p.objective = objective_;
    p.rounds = most_rounds;
    p.stop_after = stop_after;
  }
  p.classes = static_cast<int>(table_.classes.size());
  p.seed = options_.seed;
  p.threads = 1;   // sums over rows depend on the number of threads, and the bytes must not
  for (const auto& [name, value] : options_.settings) LEEWAY_CHECK(apply(p, name, value));
  p.monotone = encoded.rows.monotone;
  return p;
}

Result<std::vector<Fold>> Trainer::folds() const {
  if (!table_.times.empty()) return time_folds(split_.train, table_.times, options_.folds);
  std::vector<uint32_t> strata;
  if (classifies())
    for (const double y : table_.target) strata.push_back(std::isfinite(y) ? static_cast<uint32_t>(y) : 0);
  else strata = strata_of_numbers(split_.train, table_.target);
  return stratified_folds(split_.train, strata, options_.folds, Random(options_.seed).split(for_folds));
}

/// Replaces what the space names by the best candidate's values.
Status Trainer::search(BoosterParameters& parameters) {
  if (options_.trials == 0 && !options_.grid) return {};
  TuningPlan plan;
  plan.base = parameters;
  for (const auto& [name, value] : options_.tuning_settings) LEEWAY_CHECK(apply(plan.base, name, value));
  plan.space = space_;
  if (options_.grid) {
    LEEWAY_TRY(plan.points, grid_points(space_));
  } else {
    plan.points = random_points(space_, options_.trials, Random(options_.seed).split(for_points));
  }
  plan.criterion = criterion_;
  plan.fit = [&](const BoosterParameters& of_fold, const EncodedFold& fold) { return fit(of_fold, fold, {}); };
  plan.threads = options_.threads;
  plan.progress = [&](size_t done, size_t all) {
    return progress(tuning_share * static_cast<double>(done) / static_cast<double>(all),
                    fmt::format("tuning: fit {} of {}", done, all));
  };
  LEEWAY_TRY(const auto parts, folds());
  std::vector<EncodedFold> encoded;
  for (const Fold& fold : parts) {
    LEEWAY_CHECK(check_classes(fold.train, "training"));
    LEEWAY_TRY(Encoded part, encode(fold));
    encoded.push_back(std::move(part.rows));
  }
  LEEWAY_TRY(candidates_, tune(plan, encoded));
  const auto best = std::ranges::find_if(candidates_, &Candidate::chosen);
  for (size_t r = 0; r < space_.size(); ++r) LEEWAY_CHECK(apply(parameters, space_[r].parameter, best->point[r]));
  return {};
}

Result<Booster> Trainer::fit(const BoosterParameters& parameters, const EncodedFold& parts,
                             const RoundCallback& progress) const {
  if (subsamples())
    return Booster::grow(parameters, parts.train.view(),
                         balanced_bootstrap(parts.train, table_.classes.size(), options_.seed), progress);
  const auto held_out = parts.validation.view();
  return Booster::train(parameters, parts.train.view(), &held_out, progress);
}

Result<Booster> Trainer::final_fit(const BoosterParameters& parameters, const EncodedFold& parts) const {
  const double begin = candidates_.empty() ? 0 : tuning_share;
  const int steps = subsamples() ? parameters.trees_per_round : parameters.rounds;
  return fit(parameters, parts, [&](int step, double) {
    return progress(begin + (1 - begin) * step / steps, fmt::format("training: {} of {}", step, steps));
  });
}

Result<Training> Trainer::finish(BoosterParameters parameters, Booster booster, Encoded encoded) {
  const EncodedRows& validation = encoded.rows.validation;
  const size_t trees = booster.trees().trees(), outputs = booster.trees().outputs();
  CalibrationMap map;
  ChosenCalibration calibration;
  std::optional<ChosenThreshold> threshold;
  if (objective_ == Objective::binary) {
    std::vector<float> floats(validation.rows);
    booster.trees().margins(validation.view().features, floats);
    const std::vector<double> margins(floats.begin(), floats.end());
    const std::vector<uint8_t> labels(validation.target.begin(), validation.target.end());
    std::vector<double> weights;
    if (!table_.weights.empty())
      for (const uint32_t row : split_.validation) weights.push_back(table_.weights[row]);
    LEEWAY_TRY(calibration, choose_calibration({margins, labels, weights}, options_.calibration,
                                               Random(options_.seed).split(for_calibration)));
    map = calibration.map;
    std::vector<double> probabilities;
    for (const double m : margins) probabilities.push_back(map(m));
    LEEWAY_TRY(threshold, choose_threshold(stats::RankedScores::of_rows(probabilities, labels), options_.threshold));
  }
  facts_.classes = objective_ == Objective::multiclass ? table_.classes : std::vector<std::string>{};
  facts_.positive = objective_ == Objective::binary ? table_.classes[1] : "";
  facts_.algorithm = options_.forest ? "random forest" : "gradient-boosted trees";
  facts_.seed = options_.seed;
  facts_.training_rows = static_cast<int64_t>(split_.train.size());
  LEEWAY_TRY(Model model, Model::make(std::move(facts_), std::move(encoded.encoder), std::move(booster), map,
                                      threshold ? threshold->threshold : 0.5));
  const int rounds = static_cast<int>(trees / (outputs * static_cast<size_t>(parameters.trees_per_round)));
  return Training{std::move(model),
                  std::move(parameters),
                  rounds,
                  trees,
                  criterion_,
                  std::move(space_),
                  std::move(candidates_),
                  std::move(class_weights_),
                  std::move(calibration),
                  std::move(threshold)};
}

}   // namespace

Result<Training> train_model(const TrainingTable& table, const Split& split, ModelFacts facts,
                             const TrainOptions& options) {
  return Trainer(table, split, std::move(facts), options).run();
}

std::vector<std::pair<std::string, double>> column_importance(const Model& model) {
  const auto gains = model.booster().trees().gain_shares();
  std::vector<std::pair<std::string, double>> out;
  for (const auto& column : model.encoder().columns()) {
    const auto first = gains.begin() + static_cast<std::ptrdiff_t>(column.first);
    out.emplace_back(column.name, std::accumulate(first, first + static_cast<std::ptrdiff_t>(column.width), 0.0));
  }
  std::ranges::stable_sort(out, std::greater(), &std::pair<std::string, double>::second);
  return out;
}

}   // namespace leeway::models
