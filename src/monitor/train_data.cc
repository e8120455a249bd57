#include "monitor/train_data.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "base/text.h"
#include "base/threads.h"
#include "checks/performance/label_coverage.h"
#include "monitor/outcome_rows.h"
#include "monitor/side_roles.h"
#include "stats/auc.h"

namespace leeway {
namespace {

constexpr int64_t fewest_rows = 30;
constexpr size_t few_values = 50;   // texts with no more are categories however few the rows

std::string quoted(std::string_view name) { return "'" + printable(name) + "'"; }
std::string rows_text(size_t n) { return fmt::format("{} row{}", grouped(static_cast<int64_t>(n)), n == 1 ? "" : "s"); }

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

/// Rows with a value: neither null nor NaN.
size_t known_values(const Column& column) {
  size_t known = 0;
  for (size_t row = 0; row < column.size(); ++row)
    known += column.is_valid(row) && !(column.type() == Type::real && std::isnan(column.reals()[row]));
  return known;
}

bool constant(const Column& column) {
  std::optional<size_t> first;
  for (size_t row = 0; row < column.size(); ++row) {
    if (!column.is_valid(row) || (column.type() == Type::real && std::isnan(column.reals()[row]))) continue;
    if (!first) first = row;
    else if (column.type() == Type::text ? column.codes()[row] != column.codes()[*first]
                                         : column.number(row) != column.number(*first))
      return false;
  }
  return true;
}

/// Reads step by step; each step uses what those before it left.
class Reader {
 public:
  Reader(const Side& side, const MonitorConfig& config, const TrainDataOptions& options)
      : side_(side), config_(config), options_(options) {}

  Result<TrainData> run() {
    LEEWAY_TRY(data_.roles, settle_sides(side_, side_, config_));
    LEEWAY_CHECK(read_label());
    LEEWAY_CHECK(read_time());
    LEEWAY_CHECK(read_target());
    LEEWAY_CHECK(read_weights());
    pick_rows();
    LEEWAY_CHECK(check_rows());
    LEEWAY_CHECK(read_features());
    for (const auto& remark : data_.roles.remarks) data_.notes.push_back(remark);
    return std::move(data_);
  }

 private:
  const ColumnRoles& columns() const { return data_.roles.columns; }
  const std::string& label() const { return columns().label.column; }
  Status read_label();
  Status read_time();
  Status read_target();
  Status read_numbers();
  void read_classes(std::span<const std::string> names);
  Status read_weights();
  void pick_rows();
  Status check_rows() const;
  Status read_features();
  /// Why a column is not learnt from; empty if it is.
  std::string unfit(const std::string& name, const Column& column) const;

  const Side& side_;
  const MonitorConfig& config_;
  const TrainDataOptions& options_;
  TrainData data_{.roles = {},
                  .classes = {},
                  .label = Column::of_reals("", {}),
                  .time = {},
                  .table = {},
                  .rows = {},
                  .left_out = {},
                  .notes = {}};
};

Status Reader::read_label() {
  if (label().empty())
    return fail(Code::invalid_argument, "which column is the outcome to learn is not known",
                "Name it with --label COLUMN.");
  LEEWAY_TRY(data_.label, side_.read(label()));
  const Column& column = data_.label;
  if (column.size() > 0 && known_values(column) == 0)
    return fail(Code::invalid_data, fmt::format("the label {} has no value in any row", quoted(label())),
                "Name another column with --label.");
  if (column.type() == Type::real)
    if (const auto n = std::ranges::count_if(column.reals(), [](double v) { return std::isinf(v); }); n > 0)
      return fail(Code::invalid_data,
                  fmt::format("the label {} is infinite in {}", quoted(label()), rows_text(static_cast<size_t>(n))),
                  "Correct or leave out those rows.");
  if (column.size() >= 2 && constant(column)) {
    size_t row = 0;
    while (!column.is_valid(row)) ++row;
    return fail(Code::invalid_data,
                fmt::format("the label {} is {} in every row, so there is nothing to learn", quoted(label()),
                            printable(column.text(row))),
                "Give rows with another outcome, or name another column with --label.");
  }
  if (data_.roles.task == Task::none)
    return fail(Code::invalid_argument,
                fmt::format("whether {} is to be predicted as a number or as a class is not clear", quoted(label())),
                "Say --task regression or --task multiclass.");
  return {};
}

Status Reader::read_time() {
  const std::string& name = columns().time;
  if (name.empty()) return {};
  LEEWAY_TRY(Column time, side_.read(name));
  if (time.type() != Type::time)
    return fail(Code::invalid_argument, fmt::format("the time column {} holds no times", quoted(name)),
                "Name a column of dates or times, or none with --set columns.time=.");
  data_.time = std::move(time);
  if (const auto age = columns().label.matures_after) {
    OutcomeData outcome;
    outcome.label = data_.label;
    outcome.time = data_.time;
    const auto young = outcome.forget_immature_labels(outcome.latest().value_or(0), *age);
    if (!young.empty())
      data_.notes.push_back(fmt::format("{} left out: younger than {}, so their outcome may still change",
                                        rows_text(young.size()), performance::duration_text(*age)));
    data_.label = std::move(*outcome.label);
  }
  return {};
}

void Reader::read_classes(std::span<const std::string> names) {
  data_.table.classes.assign(names.begin(), names.end());
  data_.table.target.assign(data_.label.size(), undefined);
  const Categories categories(data_.label);
  std::vector<double> of_value(categories.values().size(), undefined);
  for (size_t v = 0; v < of_value.size(); ++v)
    if (const auto at = std::ranges::find(names, categories.values()[v]); at != names.end())
      of_value[v] = static_cast<double>(at - names.begin());
  for (size_t row = 0; row < data_.label.size(); ++row)
    if (categories.codes()[row] < of_value.size()) data_.table.target[row] = of_value[categories.codes()[row]];
}

Status Reader::read_numbers() {
  if (!is_numeric(data_.label.type()) && data_.label.type() != Type::boolean)
    return fail(
        Code::invalid_argument,
        fmt::format("the label {} is {}, and a regression predicts numbers", quoted(label()), name(data_.label.type())),
        "Say --task multiclass, or name another column with --label.");
  data_.table.target = row_numbers(data_.label);
  return {};
}

Status Reader::read_target() {
  if (data_.roles.task == Task::regression) return read_numbers();
  LEEWAY_TRY(const auto names, performance::class_names(data_.label));
  if (data_.roles.task == Task::multiclass) {
    read_classes(names);
    return {};
  }
  LEEWAY_TRY(data_.classes, performance::binary_classes(names, columns().label.positive));
  data_.roles.columns.label.positive = data_.classes.positive;
  const std::string ordered[] = {data_.classes.negative, data_.classes.positive};
  read_classes(ordered);
  return {};
}

Status Reader::read_weights() {
  if (columns().weight.empty()) return {};
  LEEWAY_TRY(const Column weight, side_.read(columns().weight));
  data_.table.weights = row_numbers(weight);
  size_t wrong = 0;
  for (const double w : data_.table.weights) wrong += !(w >= 0) || std::isinf(w);
  if (wrong > 0)
    return fail(
        Code::invalid_data,
        fmt::format("the weight {} is missing, negative or infinite in {}", quoted(columns().weight), rows_text(wrong)),
        "Correct those rows, or leave the weight out with --set columns.weight=.");
  return {};
}

void Reader::pick_rows() {
  size_t without_label = 0, without_time = 0;
  for (size_t row = 0; row < data_.table.target.size(); ++row) {
    const bool labelled = std::isfinite(data_.table.target[row]), timed = !data_.time || data_.time->is_valid(row);
    without_label += !labelled;
    without_time += labelled && !timed;
    if (labelled && timed) data_.rows.push_back(static_cast<uint32_t>(row));
  }
  if (without_label > 0)
    data_.notes.push_back(fmt::format("{} left out: the outcome is not known", rows_text(without_label)));
  if (without_time > 0) data_.notes.push_back(fmt::format("{} left out: they have no time", rows_text(without_time)));
}

Status Reader::check_rows() const {
  if (static_cast<int64_t>(data_.rows.size()) < fewest_rows)
    return fail(Code::invalid_data,
                fmt::format("{} with a known outcome cannot train a model", rows_text(data_.rows.size())),
                fmt::format("Give at least {}; some thousands make a model worth having.", fewest_rows));
  return {};
}

std::string Reader::unfit(const std::string& name, const Column& column) const {
  if (contains(columns().groups, name) && !options_.use_groups)
    return "a sensitive group (to learn from it: --use-groups)";
  if (contains(columns().text, name)) return "free text";
  if (column.type() == Type::time) return "a time";
  const size_t known = known_values(column);
  if (known == 0) return "empty";
  if (constant(column)) return "the same in every row";
  if (column.type() != Type::text || contains(columns().categorical, name)) return {};
  std::vector<bool> seen(column.dictionary().size(), false);
  size_t distinct = 0;
  for (size_t row = 0; row < column.size(); ++row)
    if (column.is_valid(row) && !seen[column.codes()[row]]) {
      seen[column.codes()[row]] = true;
      ++distinct;
    }
  if (distinct > few_values && 2 * distinct > known)
    return fmt::format("{} different texts in {} (to learn from it: --set columns.categorical=[{}])",
                       grouped(static_cast<int64_t>(distinct)), rows_text(known), name);
  return {};
}

Status Reader::read_features() {
  for (const std::string& name : data_.roles.features) {
    LEEWAY_TRY(Column column, side_.read(name));
    std::string reason = unfit(name, column);
    if (reason.empty()) data_.table.features.push_back(std::move(column));
    else data_.left_out.emplace_back(name, std::move(reason));
  }
  if (options_.time_features && data_.time) data_.table.features.push_back(*data_.time);
  if (data_.table.features.empty())
    return fail(Code::invalid_data, "no column is left to learn from",
                data_.left_out.empty()
                    ? "Give data with features beside the label."
                    : fmt::format("Left out: {} ({}).", printable(data_.left_out[0].first), data_.left_out[0].second));
  for (const Column& column : data_.table.features) {
    if (column.type() != Type::real) continue;
    const auto infinite = std::ranges::count_if(column.reals(), [](double v) { return std::isinf(v); });
    if (infinite > 0)
      data_.notes.push_back(
          fmt::format("{} is infinite in {}, taken as beyond every limit: is something divided by 0 upstream?",
                      quoted(column.name()), rows_text(static_cast<size_t>(infinite))));
  }
  return {};
}

}   // namespace

Result<TrainData> read_train_data(const Side& side, const MonitorConfig& config, const TrainDataOptions& options) {
  return Reader(side, config, options).run();
}

std::vector<std::string> leak_notes(const TrainData& data, std::span<const uint32_t> rows, int threads) {
  constexpr double suspicious = 0.99;
  std::vector<std::string> found(data.table.features.size());
  if (data.roles.task != Task::binary) return {};
  parallel_for(found.size(), threads, [&](size_t f) {
    const Column& column = data.table.features[f];
    if (!is_numeric(column.type()) && column.type() != Type::boolean) return;
    std::vector<double> values;
    std::vector<uint8_t> labels;
    for (const uint32_t row : rows)
      if (const double v = column.number(row); std::isfinite(v)) {
        values.push_back(v);
        labels.push_back(data.table.target[row] != 0);
      }
    const auto alone = stats::auc(values, labels);
    if (!alone.defined()) return;
    const double area = std::max(alone.value(), 1 - alone.value());
    if (area >= suspicious)
      found[f] = fmt::format(
          "{} alone has an AUC of {}: is it known before the outcome? If not, leave it out with --set "
          "columns.ignore=[{}]",
          quoted(column.name()), short_number(area, 4), column.name());
  });
  std::erase_if(found, [](const std::string& note) { return note.empty(); });
  return found;
}

}   // namespace leeway
