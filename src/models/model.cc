#include "models/model.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <fmt/format.h>
#include <numeric>
#include <mutex>

#include "base/text.h"
#include "base/threads.h"

namespace leeway::models {
namespace {

constexpr size_t block_rows = 4096;
constexpr std::array<std::string_view, 5> level_names = {"MINIMAL", "LOW", "MEDIUM", "HIGH", "CRITICAL"};

/// From margins to what the margins mean, for `rows` rows of k outputs.
void fill_values(Scores& scores, Link link, const CalibrationMap& calibration, size_t begin, size_t end) {
  const size_t k = scores.outputs;
  for (size_t i = begin * k; i < end * k; ++i) {
    const double m = scores.margin[i];
    scores.value[i] = link == Link::logistic ? calibration(m) : link == Link::exponential ? std::exp(m) : m;
  }
  if (link != Link::softmax) return;
  for (size_t r = begin; r < end; ++r) {
    const std::span<double> row(scores.value.data() + r * k, k);
    const double most = *std::ranges::max_element(row);
    double sum = 0;
    for (double& v : row) sum += v = std::exp(v - most);
    for (double& v : row) v /= sum;
  }
}

void fill_decisions(Scores& scores, Task task, double threshold, const RiskCuts& cuts, size_t begin, size_t end) {
  const size_t k = scores.outputs;
  for (size_t r = begin; r < end; ++r) {
    if (task == Task::binary) {
      scores.prediction[r] = scores.value[r] >= threshold ? 1 : 0;
      scores.risk[r] = cuts(scores.value[r]);
    } else if (task == Task::multiclass) {
      const auto row = scores.value.begin() + static_cast<std::ptrdiff_t>(r * k);
      scores.prediction[r] = static_cast<uint32_t>(std::max_element(row, row + static_cast<std::ptrdiff_t>(k)) - row);
    }
  }
}

/// Contributions of features added up by raw column.
void fill_contributions(Scores& scores, const Encoder& encoder, const TreeEnsemble& trees,
                        const stats::FeatureRows& rows, size_t begin) {
  const size_t features = trees.features(), columns = encoder.columns().size(), k = scores.outputs;
  std::vector<double> by_feature(rows.rows * k * (features + 1));
  trees.contributions(rows, by_feature);
  double* to = scores.contributions.data() + begin * k * (columns + 1);
  for (const double* from = by_feature.data(); from != by_feature.data() + by_feature.size();
       from += features + 1, to += columns + 1) {
    std::fill(to, to + columns, 0.0);
    for (size_t f = 0; f < features; ++f) to[encoder.column_of(f)] += from[f];
    to[columns] = from[features];
  }
}

Scores sized(const EncodedBatch& batch, size_t outputs, size_t columns, Task task, bool contributions) {
  Scores scores;
  scores.rows = batch.rows();
  scores.outputs = outputs;
  scores.margin.resize(scores.rows * outputs);
  scores.value.resize(scores.rows * outputs);
  if (task != Task::regression) scores.prediction.resize(scores.rows);
  if (task == Task::binary) scores.risk.resize(scores.rows);
  if (contributions) scores.contributions.resize(scores.rows * outputs * (columns + 1));
  scores.readings = batch.readings();
  scores.extra = batch.extra();
  scores.remarks = batch.remarks();
  return scores;
}

std::string signed_number(double value) { return (value < 0 ? "" : "+") + short_number(value); }

std::string clock_text(int64_t time) {
  static constexpr std::array<std::string_view, 7> days = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                           "Friday", "Saturday", "Sunday"};
  constexpr int64_t minute = int64_t{60} * 1'000'000'000, day = 1440 * minute;
  const int64_t within = (time % day + day) % day, number = (time - within) / day;
  return fmt::format("{:02}:{:02} on a {} (UTC)", within / (60 * minute), within / minute % 60,
                     days[static_cast<size_t>(((number + 3) % 7 + 7) % 7)]);
}

/// "amount is 1,240 (usually 23 to 190)"
std::string value_text(const EncodedColumn& coding, const Column& column, size_t row) {
  const std::string name = printable(coding.name);
  const bool known = column.is_valid(row) && !(column.type() == Type::real && std::isnan(column.reals()[row]));
  std::string is = "missing", usually;
  if (is_numeric(coding.type)) {
    if (known) is = short_number(column.number(row), 4);
    if (std::isfinite(coding.low))
      usually = coding.low == coding.high ? short_number(coding.low, 4)
                                          : short_number(coding.low, 4) + " to " + short_number(coding.high, 4);
  } else if (coding.coding == Coding::clock) {
    if (known) is = clock_text(column.integers()[row]);
  } else {
    const bool text = coding.type == Type::text;
    if (known) is = text ? "'" + ellipsize(printable(column.text(row)), 40) + "'" : column.text(row);
    usually = text && !coding.usual.empty() ? "'" + ellipsize(printable(coding.usual), 40) + "'" : coding.usual;
    if (known && column.text(row) == coding.usual) usually = "as usual";
    if (known && text && std::ranges::find(coding.levels, column.text(row), &Level::text) == coding.levels.end())
      usually = "not seen in training";
  }
  if (coding.missing_share > 0.5) usually = "missing";
  if (usually.empty() || usually == is) return fmt::format("{} is {}", name, is);
  const bool phrase = usually == "as usual" || usually == "not seen in training";
  return fmt::format("{} is {} ({}{})", name, is, phrase ? "" : "usually ", usually);
}

Status check_parts(const ModelFacts& facts, const Encoder& encoder, const TreeEnsemble& trees,
                   const CalibrationMap& calibration, double threshold, const RiskCuts& cuts) {
  const auto wrong = [](std::string what) { return fail(Code::invalid_argument, std::move(what)); };
  if (encoder.features() != trees.features())
    return wrong(fmt::format("the model takes {} features, the schema gives {}", trees.features(), encoder.features()));
  const Link link = trees.link();
  const bool fits = facts.task == Task::binary       ? link == Link::logistic
                    : facts.task == Task::multiclass ? link == Link::softmax
                    : facts.task == Task::regression ? link == Link::identity || link == Link::exponential : false;
  if (!fits)
    return wrong(
        fmt::format("a model with the link '{}' is not one for the task '{}'", name(link), leeway::name(facts.task)));
  if (facts.task == Task::multiclass && facts.classes.size() != trees.outputs())
    return wrong(fmt::format("the model has {} classes, {} are named", trees.outputs(), facts.classes.size()));
  if (!calibration.valid()) return wrong("the calibration is not a nondecreasing map");
  if (facts.task != Task::binary && calibration.kind != CalibrationKind::none)
    return wrong("only binary models are calibrated");
  if (!(threshold >= 0 && threshold <= 1)) return wrong("the threshold must be between 0 and 1");
  if (!cuts.valid()) return wrong("the risk levels' cuts must ascend strictly between 0 and 1");
  return {};
}

}  // namespace

std::string_view name(RiskLevel level) { return level_names[static_cast<size_t>(level)]; }

RiskLevel RiskCuts::operator()(double probability) const {
  return static_cast<RiskLevel>(std::upper_bound(from.begin(), from.end(), probability) - from.begin());
}

bool RiskCuts::valid() const {
  return from.front() > 0 && from.back() < 1 &&
         std::ranges::adjacent_find(from, [](double a, double b) { return !(a < b); }) == from.end();
}

Result<Model> Model::make(ModelFacts facts, Encoder encoder, Booster booster, CalibrationMap calibration,
                          double threshold, RiskCuts cuts) {
  LEEWAY_CHECK(check_parts(facts, encoder, booster.trees(), calibration, threshold, cuts));
  Model model(std::move(facts), std::move(encoder), std::move(booster));
  model.calibration_ = std::move(calibration);
  model.threshold_ = threshold;
  model.cuts_ = cuts;
  return model;
}

Result<Scores> Model::score(std::span<const Column> raw, const ScoreOptions& options) const {
  LEEWAY_TRY(const EncodedBatch batch, encoder_.bind(raw));
  return score(batch, options);
}

Result<Scores> Model::score(const EncodedBatch& batch, const ScoreOptions& options) const {
  const TreeEnsemble& trees = booster_.trees();
  const size_t k = trees.outputs(), features = trees.features();
  Scores scores = sized(batch, k, encoder_.columns().size(), facts_.task, options.contributions);
  const size_t blocks = (scores.rows + block_rows - 1) / block_rows;
  std::mutex reporting;
  size_t done = 0;
  std::atomic<bool> stopped = false;
  parallel_for(blocks, options.threads, [&](size_t block) {
    if (stopped) return;
    const size_t begin = block * block_rows, end = std::min(scores.rows, begin + block_rows);
    std::vector<float> values((end - begin) * features), margins((end - begin) * k);
    batch.encode(begin, end, values);
    const stats::FeatureRows rows{values, end - begin, features};
    trees.margins(rows, margins);
    std::ranges::copy(margins, scores.margin.begin() + static_cast<std::ptrdiff_t>(begin * k));
    fill_values(scores, trees.link(), calibration_, begin, end);
    fill_decisions(scores, facts_.task, threshold_, cuts_, begin, end);
    if (options.contributions) fill_contributions(scores, encoder_, trees, rows, begin);
    if (!options.progress) return;
    const std::lock_guard lock(reporting);
    if (!options.progress(static_cast<double>(++done) / static_cast<double>(blocks))) stopped = true;
  });
  if (stopped) return fail(Code::cancelled, "scoring was stopped");
  return scores;
}

std::vector<Reason> Model::reasons(const EncodedBatch& batch, const Scores& scores, size_t row, size_t count,
                                   size_t output) const {
  const size_t columns = encoder_.columns().size();
  const double* contribution = scores.contributions.data() + (row * scores.outputs + output) * (columns + 1);
  std::vector<size_t> order(columns);
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::stable_sort(order,
                           [&](size_t a, size_t b) { return std::abs(contribution[a]) > std::abs(contribution[b]); });
  std::vector<Reason> reasons;
  for (const size_t column : order) {
    if (reasons.size() == count || contribution[column] == 0) break;
    const std::string value = value_text(encoder_.columns()[column], batch.column(column), row);
    reasons.push_back({column, contribution[column],
                       fmt::format("{}, which {} the score ({})", value, contribution[column] > 0 ? "raises" : "lowers",
                                   signed_number(contribution[column]))});
  }
  return reasons;
}

std::vector<double> column_gains(const Model& model) {
  const auto by_feature = model.booster().trees().gain_shares();
  std::vector<double> gains(model.encoder().columns().size(), 0);
  for (size_t f = 0; f < by_feature.size(); ++f) gains[model.encoder().column_of(f)] += by_feature[f];
  return gains;
}

}  // namespace leeway::models
