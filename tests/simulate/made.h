#pragma once
// What the tests of this folder share: a table in one call, its columns as numbers, and a rank statistic.

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <numeric>

#include "simulate/calendar.h"
#include "simulate/csv_writer.h"
#include "simulate/generators.h"

namespace leeway::simulate {

inline TableRequest request_for(std::string_view table, size_t rows, uint64_t seed = 1, std::string_view plan = {}) {
  TableRequest request;
  request.table = find_table(table);
  request.rows = rows;
  request.seed = seed;
  request.start = *parse_time("2025-01-06");  // a Monday
  request.span = request.table->default_days * day;
  request.threads = 2;
  if (!plan.empty()) {
    auto read = read_drift_plan(plan, "plan.yaml", *request.table, {request.start, request.start + request.span, {}});
    EXPECT_TRUE(read) << read.error().text();
    if (read) request.plan = *read;
  }
  return request;
}

inline SyntheticTable make(const TableRequest& request) {
  auto made = make_table(request);
  EXPECT_TRUE(made) << made.error().text();
  return *made;
}

inline const Column& column(const SyntheticTable& table, std::string_view name) {
  const auto at = table.schema.find(name);
  EXPECT_TRUE(at) << name;
  return table.columns[at.value_or(0)];
}

/// As numbers: categories by their code, null as NaN.
inline std::vector<double> numbers(const SyntheticTable& table, std::string_view name) {
  const Column& from = column(table, name);
  std::vector<double> out(from.size());
  for (size_t i = 0; i < out.size(); ++i)
    out[i] = from.type() == Type::text && from.is_valid(i) ? from.codes()[i] : from.number(i);
  return out;
}

/// Of the values that are not NaN.
inline double mean(std::span<const double> values) {
  double sum = 0, count = 0;
  for (const double v : values)
    if (!std::isnan(v)) sum += v, ++count;
  return sum / count;
}

inline double missing_share(std::span<const double> values) {
  return static_cast<double>(std::ranges::count_if(values, [](double v) { return std::isnan(v); })) /
         static_cast<double>(values.size());
}

inline std::vector<double> ranks(std::span<const double> values) {
  std::vector<size_t> order(values.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::sort(order, [&](size_t a, size_t b) { return values[a] < values[b]; });
  std::vector<double> rank(values.size());
  for (size_t i = 0, j = 0; i < order.size(); i = j) {
    while (j < order.size() && values[order[j]] == values[order[i]]) ++j;
    for (size_t k = i; k < j; ++k) rank[order[k]] = static_cast<double>(i + j + 1) / 2;
  }
  return rank;
}

/// Spearman's rank correlation over rows where both are there.
inline double rank_correlation(std::span<const double> x, std::span<const double> y) {
  std::vector<double> a, b;
  for (size_t i = 0; i < x.size(); ++i)
    if (!std::isnan(x[i]) && !std::isnan(y[i])) a.push_back(x[i]), b.push_back(y[i]);
  const auto ra = ranks(a), rb = ranks(b);
  const double centre = static_cast<double>(a.size() + 1) / 2;
  double ab = 0, aa = 0, bb = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    ab += (ra[i] - centre) * (rb[i] - centre);
    aa += (ra[i] - centre) * (ra[i] - centre);
    bb += (rb[i] - centre) * (rb[i] - centre);
  }
  return ab / std::sqrt(aa * bb);
}

/// Mann-Whitney: P(score of a positive > score of a negative), ties half.
inline double roc_auc(std::span<const double> score, std::span<const double> label) {
  const auto rank = ranks(score);
  double sum = 0, positives = 0;
  for (size_t i = 0; i < rank.size(); ++i)
    if (label[i] == 1) sum += rank[i], ++positives;
  const double negatives = static_cast<double>(rank.size()) - positives;
  return (sum - positives * (positives + 1) / 2) / (positives * negatives);
}

}  // namespace leeway::simulate
