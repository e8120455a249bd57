#include "models/effects.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <map>
#include <numeric>

#include "base/text.h"
#include "stats/compensated_sum.h"

namespace leeway::models {
namespace {

constexpr double z95 = 1.959963984540054;
constexpr size_t most_values = 12;

double hour_of_day(int64_t time) {
  constexpr int64_t hour = int64_t{3600} * 1'000'000'000, day = 24 * hour;
  return static_cast<double>((time % day + day) % day) / static_cast<double>(hour);
}

/// Columns of the contributions, without the base value.
size_t columns_of(const Scores& scores) {
  return scores.rows == 0 || scores.contributions.empty()
             ? 0
             : scores.contributions.size() / (scores.rows * scores.outputs) - 1;
}

const double* row_of(const Scores& scores, size_t row, size_t output) {
  return scores.contributions.data() + (row * scores.outputs + output) * (columns_of(scores) + 1);
}

struct Moments {
  double mean = 0, variance_of_mean = std::numeric_limits<double>::quiet_NaN();
};

/// Of one number a row.
template <class Of>
Moments moments(size_t rows, Of of) {
  stats::CompensatedSum sum, squares;
  for (size_t r = 0; r < rows; ++r) sum.add(of(r));
  const auto n = static_cast<double>(rows);
  Moments out{sum.value() / n};
  for (size_t r = 0; r < rows; ++r) squares.add((of(r) - out.mean) * (of(r) - out.mean));
  if (rows > 1) out.variance_of_mean = squares.value() / (n - 1) / n;
  return out;
}

stats::Interval around(double change, const Moments& a, const Moments& b) {
  const double half = z95 * std::sqrt(a.variance_of_mean + b.variance_of_mean);
  return {change - half, change + half};
}

std::vector<DependencePoint> of_numbers(std::vector<std::pair<double, double>> values, size_t groups) {
  std::ranges::sort(values);
  std::vector<DependencePoint> points;
  const size_t n = values.size();
  for (size_t begin = 0, group = 1; begin < n; ++group) {
    size_t end = std::max(begin + 1, n * group / groups);
    while (end < n && values[end].first == values[end - 1].first) ++end;   // equal values stay together
    DependencePoint point;
    const std::string low = short_number(values[begin].first, 4), high = short_number(values[end - 1].first, 4);
    point.label = low == high ? low : low + " to " + high;
    point.rows = static_cast<int64_t>(end - begin);
    for (size_t i = begin; i < end; ++i) point.mean += values[i].second / static_cast<double>(end - begin);
    points.push_back(std::move(point));
    begin = end;
    group = std::max(group, end * groups / std::max<size_t>(n, 1));
  }
  return points;
}

std::vector<DependencePoint> of_values(const std::map<std::string, DependencePoint>& by_value) {
  std::vector<DependencePoint> points;
  for (const auto& [value, point] : by_value) points.push_back(point);
  std::ranges::stable_sort(points, std::greater<>(), &DependencePoint::rows);
  if (points.size() > most_values) {
    DependencePoint rest{fmt::format("{} other values", points.size() - most_values)};
    for (size_t i = most_values; i < points.size(); ++i) rest.rows += points[i].rows, rest.mean += points[i].mean;
    points.resize(most_values);
    points.push_back(rest);
  }
  for (auto& point : points) point.mean /= static_cast<double>(point.rows);   // sums until here
  return points;
}

}  // namespace

std::vector<ColumnEffect> column_effects(const Scores& scores, size_t output) {
  std::vector<ColumnEffect> effects(columns_of(scores));
  for (size_t c = 0; c < effects.size(); ++c) {
    effects[c].column = c;
    effects[c].mean_size = moments(scores.rows, [&](size_t r) { return std::abs(row_of(scores, r, output)[c]); }).mean;
    effects[c].mean = moments(scores.rows, [&](size_t r) { return row_of(scores, r, output)[c]; }).mean;
  }
  std::ranges::stable_sort(effects, std::greater<>(), &ColumnEffect::mean_size);
  return effects;
}

std::vector<DependencePoint> dependence(const Model& model, const EncodedBatch& batch, const Scores& scores,
                                        size_t column, size_t groups, size_t output) {
  const Column& values = batch.column(column);
  const Coding coding = model.encoder().columns()[column].coding;
  const bool numeric = is_numeric(values.type()) || coding == Coding::clock;
  std::vector<std::pair<double, double>> numbers;
  std::map<std::string, DependencePoint> by_value;
  DependencePoint missing{"missing"};
  for (size_t r = 0; r < scores.rows; ++r) {
    const double contribution = row_of(scores, r, output)[column];
    const double number = coding == Coding::clock ? hour_of_day(values.integers()[r]) : values.number(r);
    if (!values.is_valid(r) || (numeric && std::isnan(number))) {
      ++missing.rows, missing.mean += contribution;
    } else if (numeric) {
      numbers.emplace_back(number, contribution);
    } else {
      auto& point = by_value[values.text(r)];
      point.label = values.text(r);
      ++point.rows, point.mean += contribution;
    }
  }
  auto points = numeric ? of_numbers(std::move(numbers), std::max<size_t>(groups, 1)) : of_values(by_value);
  if (missing.rows > 0) {
    missing.mean /= static_cast<double>(missing.rows);
    points.push_back(std::move(missing));
  }
  return points;
}

Result<MarginShift> margin_shift(const Scores& reference, const Scores& current, size_t output) {
  if (reference.rows == 0 || current.rows == 0) return fail(Code::invalid_argument, "there are no rows on one side");
  const size_t columns = columns_of(reference);
  if (columns == 0 || columns_of(current) != columns)
    return fail(Code::invalid_argument, "the rows were scored without contributions");
  MarginShift shift;
  stats::CompensatedSum reference_sum, current_sum;
  for (size_t c = 0; c < columns; ++c) {
    const Moments a = moments(reference.rows, [&](size_t r) { return row_of(reference, r, output)[c]; });
    const Moments b = moments(current.rows, [&](size_t r) { return row_of(current, r, output)[c]; });
    shift.columns.push_back({c, a.mean, b.mean, around(b.mean - a.mean, a, b)});
    reference_sum.add(a.mean);
    current_sum.add(b.mean);
  }
  const double base = row_of(reference, 0, output)[columns];
  shift.reference = base + reference_sum.value();
  shift.current = base + current_sum.value();
  shift.interval =
      around(shift.change(),
             moments(reference.rows, [&](size_t r) { return reference.margin[r * reference.outputs + output]; }),
             moments(current.rows, [&](size_t r) { return current.margin[r * current.outputs + output]; }));
  std::ranges::stable_sort(shift.columns,
                           [](const auto& a, const auto& b) { return std::abs(a.change()) > std::abs(b.change()); });
  return shift;
}

}  // namespace leeway::models
