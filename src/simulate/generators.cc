#include "simulate/generators.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <fmt/format.h>

#include "base/portable_math.h"
#include "base/threads.h"
#include "simulate/calendar.h"
#include "simulate/drift_effects.h"

namespace leeway::simulate {
namespace {

constexpr size_t chunk_rows = 4096;
constexpr size_t most_rows = 50'000'000;
constexpr double most_expected = 1e9;  // a count that only stacked drifts could ask for
constexpr double not_recorded = std::numeric_limits<double>::quiet_NaN();
constexpr int64_t never = std::numeric_limits<int64_t>::max();

/// Uses of a row's randomness. Each has a stream of its own, so that one does not disturb another.
enum Use : uint64_t { for_features, for_hidden, for_drift, for_outcome, for_record, for_label_delay };

/// Everything about the rows, by row.
struct Rows {
  std::vector<int64_t> times;
  std::vector<std::vector<double>> features;  ///< By feature: as recorded; NaN: not recorded.
  std::vector<double> score;
  std::vector<double> label;                  ///< NaN: not known yet.
  std::vector<int64_t> known_at;              ///< When the label becomes known.
};

class Generator {
 public:
  explicit Generator(const TableRequest& request)
      : request_(request), table_(*request.table), effects_(table_, request.plan), random_(request.seed) {
    rows_.times = arrivals(table_, request.start, request.span, request.rows, random_.split(0));
    rows_.features.assign(table_.features.size(), std::vector<double>(request.rows));
    rows_.score.resize(request.rows);
    rows_.label.resize(request.rows);
    rows_.known_at.resize(request.rows);
  }

  SyntheticTable make() {
    const size_t chunks = (request_.rows + chunk_rows - 1) / chunk_rows;
    std::vector<DriftEffects::Workspace> work(chunks, effects_.workspace());
    const Random rows = random_.split(1);
    parallel_for(chunks, request_.threads > 0 ? request_.threads : default_threads(), [&](size_t chunk) {
      const size_t end = std::min(request_.rows, (chunk + 1) * chunk_rows);
      for (size_t i = chunk * chunk_rows; i < end; ++i) make_row(i, rows.split(i), work[chunk]);
    });
    SyntheticTable table;
    for (size_t d = 0; d < request_.plan.size(); ++d) table.causes.push_back(cause(d, work));
    add_columns(table);
    return table;
  }

 private:
  void make_row(size_t i, const Random& random, DriftEffects::Workspace& work) {
    const Moment when = moment_of(rows_.times[i]);
    for (uint64_t attempt = 0; !try_row(i, when, random.split(attempt), work); ++attempt) {}
  }

  /// False if a prior shift sends this row away.
  bool try_row(size_t i, const Moment& when, const Random& random, DriftEffects::Workspace& work) {
    Row truth{};
    Random stream = random.split(for_features);
    table_.draw(when, stream, truth);
    for (size_t f = 0; f < table_.features.size(); ++f) truth[f] = natural(table_.features[f], truth[f]);
    effects_.begin(when.nanoseconds, random.split(for_drift), work);
    effects_.move_inputs(truth, work);

    const double response = table_.response(truth, when, random.split(for_hidden).normal());
    const double moved = effects_.move_response(response, truth, work);
    Random outcome = random.split(for_outcome);
    double label = 0;
    if (table_.task == Task::binary) {
      const double probability = portable::logistic(moved);
      label = outcome.chance(probability);
      if (!effects_.accept(probability, label != 0, outcome.uniform(), work)) return false;
    } else {
      label = static_cast<double>(outcome.poisson(std::min(portable::exp(moved), most_expected)));
    }
    put(i, truth, label, random, work);
    effects_.commit(label, work);
    return true;
  }

  void put(size_t i, const Row& truth, double label, const Random& random, DriftEffects::Workspace& work) {
    Row recorded = truth;
    Random stream = random.split(for_record);
    for (size_t f = 0; f < table_.features.size(); ++f)
      if (table_.features[f].missing > 0 && stream.chance(table_.features[f].missing)) recorded[f] = not_recorded;
    if (table_.hide != nullptr) table_.hide(truth, stream, recorded);
    effects_.move_record(recorded, truth, work);
    for (size_t f = 0; f < table_.features.size(); ++f) rows_.features[f][i] = recorded[f];
    if (table_.score_row != nullptr) rows_.score[i] = score(recorded);
    rows_.known_at[i] = known_at(rows_.times[i], random.split(for_label_delay));
    const bool known = !request_.as_of || rows_.known_at[i] <= *request_.as_of;
    const double noted = effects_.flip_label(label, truth, work);
    rows_.label[i] = known ? noted : not_recorded;
    if (!known) rows_.known_at[i] = never;
  }

  double score(const Row& recorded) const {
    const double value = table_.score_row(recorded);
    if (table_.task != Task::binary) return std::round(value * 100) / 100;
    return std::clamp(std::round(value * 1e6) / 1e6, 1e-6, 1 - 1e-6);
  }

  /// Labels are due at the horizon, and come some days late whatever they are, so that those known are no biased half.
  int64_t known_at(int64_t time, Random random) const {
    if (table_.horizon_days == 0) return time;
    const auto delay = static_cast<int64_t>(std::min(random.exponential() * 2, 10.0) * static_cast<double>(day));
    return time + table_.horizon_days * day + delay / second * second;
  }

  Cause cause(size_t d, std::span<const DriftEffects::Workspace> work) const;
  void add_columns(SyntheticTable& out);
  void add(SyntheticTable& out, Column column, bool date_only = false);
  Column feature_column(size_t index);
  Column label_column();
  Column known_at_column();

  const TableRequest& request_;
  const TableSpec& table_;
  DriftEffects effects_;
  Random random_;
  Rows rows_;
};

std::string quantity(const TableSpec& table, const Drift& drift) {
  const std::string_view column = table.features[drift.feature].name;
  switch (drift.kind) {
    case DriftKind::factor:
    case DriftKind::shift: return fmt::format("mean of {} in the rows affected", column);
    case DriftKind::unit: return fmt::format("mean of {} as recorded in the rows affected", column);
    case DriftKind::category: return fmt::format("share of {} = {} in the rows in range", column, drift.category);
    case DriftKind::missing: return fmt::format("share of {} not recorded in the rows in range", column);
    case DriftKind::response:
      return fmt::format("mean {} of {} in the rows affected",
                         table.task == Task::binary ? "probability" : "expectation", table.label);
    case DriftKind::label_noise: return fmt::format("share of {} as recorded in the rows in range", table.label);
    case DriftKind::prior: return fmt::format("share of {} in the rows in range", table.label);
  }
  return {};
}

Cause Generator::cause(size_t d, std::span<const DriftEffects::Workspace> work) const {
  DriftTally sum;
  for (const auto& chunk : work) sum.add(chunk.tallies[d]);  // in the chunks' order, whichever thread had them
  const auto mean = [](double total, int64_t rows) {
    return rows > 0 ? total / static_cast<double>(rows) : not_recorded;
  };
  const Drift& drift = request_.plan[d];
  const double before = mean(sum.before, sum.before_rows), after = mean(sum.after, sum.after_rows);
  return {drift, sum.in_range, sum.affected, quantity(table_, drift), before, after};
}

/// Valid where `present` says so; empty when that is everywhere.
template <class Present>
Validity validity(size_t rows, Present present) {
  Validity valid(rows);
  for (size_t i = 0; i < rows; ++i)
    if (!present(i)) valid.set(i, false);
  return valid;
}

std::vector<int64_t> whole(const std::vector<double>& values) {
  std::vector<int64_t> out(values.size());
  for (size_t i = 0; i < out.size(); ++i) out[i] = std::isnan(values[i]) ? 0 : static_cast<int64_t>(values[i]);
  return out;
}

Column Generator::feature_column(size_t index) {
  const Feature& feature = table_.features[index];
  std::vector<double> values = std::move(rows_.features[index]);
  Validity valid = validity(values.size(), [&](size_t i) { return !std::isnan(values[i]); });
  std::string name(feature.name);
  if (feature.kind == Kind::category) {
    std::vector<uint32_t> codes(values.size());
    for (size_t i = 0; i < codes.size(); ++i) codes[i] = std::isnan(values[i]) ? 0 : static_cast<uint32_t>(values[i]);
    return Column::of_codes(std::move(name), std::move(codes), effects_.categories(index), std::move(valid));
  }
  if (feature.kind != Kind::real)
    return Column::of_integers(std::move(name), Type::integer, whole(values), std::move(valid));
  for (auto& value : values)
    if (std::isnan(value)) value = 0;
  return Column::of_reals(std::move(name), std::move(values), std::move(valid));
}

Column Generator::label_column() {
  Validity valid = validity(request_.rows, [&](size_t i) { return !std::isnan(rows_.label[i]); });
  return Column::of_integers(std::string(table_.label), Type::integer, whole(rows_.label), std::move(valid));
}

Column Generator::known_at_column() {
  Validity valid = validity(request_.rows, [&](size_t i) { return rows_.known_at[i] != never; });
  return Column::of_integers(std::string(table_.label_known_at), Type::time, std::move(rows_.known_at),
                             std::move(valid));
}

void Generator::add(SyntheticTable& out, Column column, bool date_only) {
  std::vector<Field> fields(out.schema.begin(), out.schema.end());
  fields.push_back({column.name(), column.type(), "", date_only});
  out.schema = Schema(std::move(fields));
  out.columns.push_back(std::move(column));
}

/// "A260115-0000042": the table's letter, the day it starts, the row; short enough to need no memory of its own.
std::vector<std::string> ids(const TableRequest& request) {
  const std::string date = format_time(request.start, true);
  const std::string prefix =
      fmt::format("{}{}{}{}-", request.table->id_prefix, date.substr(2, 2), date.substr(5, 2), date.substr(8, 2));
  std::vector<std::string> out(request.rows);
  for (size_t i = 0; i < out.size(); ++i) out[i] = fmt::format("{}{:07}", prefix, i + 1);
  return out;
}

void Generator::add_columns(SyntheticTable& out) {
  if (!table_.id.empty()) {
    std::vector<uint32_t> order(request_.rows);
    for (size_t i = 0; i < order.size(); ++i) order[i] = static_cast<uint32_t>(i);
    add(out, Column::of_codes(std::string(table_.id), std::move(order), ids(request_)));
  }
  if (!table_.snapshot.empty()) {
    std::vector<int64_t> months(request_.rows);
    std::ranges::transform(rows_.times, months.begin(), month_of);
    add(out, Column::of_integers(std::string(table_.snapshot), Type::time, std::move(months)), true);
  }
  if (!table_.elapsed.empty()) {
    std::vector<int64_t> seconds(request_.rows);
    std::ranges::transform(rows_.times, seconds.begin(), [&](int64_t t) { return (t - request_.start) / second; });
    add(out, Column::of_integers(std::string(table_.elapsed), Type::integer, std::move(seconds)));
  }
  if (!table_.time.empty()) add(out, Column::of_integers(std::string(table_.time), Type::time, std::move(rows_.times)));
  for (size_t f = 0; f < table_.features.size(); ++f) add(out, feature_column(f));
  if (request_.with_score && !table_.score.empty()) add(out, Column::of_reals(std::string(table_.score), std::move(rows_.score)));
  add(out, label_column());
  if (!table_.label_known_at.empty()) add(out, known_at_column());
}

}  // namespace

Result<SyntheticTable> make_table(const TableRequest& request) {
  if (request.rows == 0 || request.rows > most_rows)
    return fail(Code::invalid_argument, fmt::format("cannot make {} rows", request.rows), "Ask for 1 to 50,000,000.");
  if (request.span < day || request.span > 36'525 * day)
    return fail(Code::invalid_argument, "the table must span at least a day and at most 100 years");
  return Generator(request).make();
}

}  // namespace leeway::simulate
