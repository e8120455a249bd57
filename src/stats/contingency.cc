#include "stats/contingency.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "stats/compensated_sum.h"
#include "stats/distributions.h"

namespace leeway::stats {
namespace {

constexpr double enough_expected = 5;

/// A 2 × k table without its empty columns.
struct Table {
  std::vector<double> x, y, column;
  double n = 0, m = 0, all = 0;

  Table(std::span<const int64_t> first, std::span<const int64_t> second) {
    for (size_t i = 0; i < first.size(); ++i) {
      if (first[i] + second[i] == 0) continue;
      x.push_back(static_cast<double>(first[i]));
      y.push_back(static_cast<double>(second[i]));
      column.push_back(x.back() + y.back());
      n += x.back();
      m += y.back();
    }
    all = n + m;
  }

  bool testable() const { return n > 0 && m > 0 && column.size() > 1; }

  /// Everything but statistic and p.
  void describe(HomogeneityTest& test) const {
    test.df = testable() ? std::ssize(column) - 1 : 0;
    test.smallest_expected =
        column.empty() ? 0 : std::min(n, m) * *std::min_element(column.begin(), column.end()) / all;
  }
};

double information(double observed, double expected) {
  return observed == 0 ? 0 : observed * std::log(observed / expected);
}

}  // namespace

HomogeneityTest chi_square_homogeneity(std::span<const int64_t> x, std::span<const int64_t> y) {
  const Table table(x, y);
  HomogeneityTest test;
  table.describe(test);
  if (!table.testable()) return test;
  // Both rows of a column deviate by the same amount: X² = Σ (x m - y n)² / (n m C).
  CompensatedSum sum;
  for (size_t i = 0; i < table.column.size(); ++i) {
    const double off = table.x[i] * table.m - table.y[i] * table.n;
    sum.add(off * off / table.column[i]);
  }
  test.statistic = sum.value() / (table.n * table.m);
  test.p = chi_square_tail(test.statistic, static_cast<double>(test.df));
  return test;
}

GTest g_homogeneity(std::span<const int64_t> x, std::span<const int64_t> y) {
  const Table table(x, y);
  GTest test;
  table.describe(test);
  if (!table.testable()) return test;
  CompensatedSum sum, inverse_columns;
  for (size_t i = 0; i < table.column.size(); ++i) {
    const double share = table.column[i] / table.all;
    sum.add(information(table.x[i], table.n * share));
    sum.add(information(table.y[i], table.m * share));
    inverse_columns.add(table.all / table.column[i]);
  }
  test.statistic = std::max(0.0, 2 * sum.value());
  const double rows = table.all / table.n + table.all / table.m - 1;
  test.williams = 1 + rows * (inverse_columns.value() - 1) / (6 * table.all * static_cast<double>(test.df));
  test.p = chi_square_tail(test.statistic / test.williams, static_cast<double>(test.df));
  return test;
}

StatisticMoments chi_square_moments(std::span<const double> row_totals, std::span<const double> column_totals) {
  const double n = std::accumulate(row_totals.begin(), row_totals.end(), 0.0);
  struct Margin {
    double size, v, w;
  };
  const auto margin = [n](std::span<const double> totals) {
    CompensatedSum inverse;
    for (const double t : totals) inverse.add(1 / t);
    const auto size = static_cast<double>(totals.size());
    return Margin{size, (n - size) * (size - 1) / (n - 1), (n * inverse.value() - size * size) / (n - 2)};
  };
  const Margin r = margin(row_totals), c = margin(column_totals);
  return {n * (r.size - 1) * (c.size - 1) / (n - 1),
          2 * n / (n - 3) * (r.v - r.w) * (c.v - c.w) + n * n / (n - 1) * r.w * c.w};
}

PValue sparse_homogeneity_p(double x2, std::span<const int64_t> x, std::span<const int64_t> y) {
  const Table table(x, y);
  if (!table.testable()) return {1, 0};
  if (table.all < 4) return {};
  const double rows[] = {table.n, table.m};
  const auto [mean, variance] = chi_square_moments(rows, table.column);
  if (!(variance > 0)) return {1, 0};  // every table with these margins has the same statistic
  return gamma_tail(x2, mean * mean / variance, variance / mean);
}

HomogeneityTest homogeneity(std::span<const int64_t> x, std::span<const int64_t> y) {
  auto test = chi_square_homogeneity(x, y);
  if (test.df > 0 && test.smallest_expected < enough_expected) test.p = sparse_homogeneity_p(test.statistic, x, y);
  return test;
}

}  // namespace leeway::stats
