#include "explain/column_counts.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "base/random.h"
#include "explain/moved_bins.h"

namespace leeway::explain {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

std::vector<double> draw(size_t rows, double centre, uint64_t seed) {
  Random random(seed);
  std::vector<double> values(rows);
  for (double& x : values) x = centre + random.normal();
  return values;
}

int64_t total(const ColumnCounts& counts, int64_t BinCount::*side) {
  int64_t rows = 0;
  for (const auto& bin : counts.bins) rows += bin.*side;
  return rows;
}

/// Rows of `column` against a prepared reference.
ColumnCounts of_rows(const NumericReference& reference, Type type, const Column& column) {
  ScanScratch scratch;
  auto input = drift::DriftInput::rows(reference, type, column, scratch);
  return count_bins(input);
}

struct Summaries {
  RowCounts rows;
  BinnedCounts bins;
  Moments moments;
  LogHistogram values;
};
Summaries summarise(const Column& column, const std::shared_ptr<const BinMap>& map) {
  Summaries result{RowCounts(column), BinnedCounts(map), Moments(map->centre(), map->unit()), LogHistogram(map->centre(), map->unit())};
  result.bins.update(column);
  std::vector<double> finite;
  for (const double x : column.reals())
    if (std::isfinite(x)) finite.push_back(x);
  result.values.update(finite);
  return result;
}

ColumnCounts of_profiles(const Summaries& a, const Summaries& b, const char* column) {
  auto input = drift::DriftInput::profiles({&a.bins, &a.moments, &b.bins, &b.moments, &a.values, &b.values}, a.rows, b.rows);
  return count_bins(input.about({column, {}}));
}

/// From rows against a prepared reference and from two profiles: the same counts in the same bins.
TEST(ColumnCounts, RowsAndProfilesAgree) {
  auto before = draw(4000, 0, 1), now = draw(3000, 0.7, 2);
  before.push_back(nan);
  for (const double x : {nan, nan, HUGE_VAL, -HUGE_VAL}) now.push_back(x);
  const auto reference = Column::of_reals("x", before), current = Column::of_reals("x", now);
  const auto prepared = *NumericReference::prepare(reference);
  const auto map = std::make_shared<const BinMap>(BinMap::from_reference(prepared));
  const auto a = summarise(reference, map), b = summarise(current, map);

  const auto rows = of_rows(prepared, Type::real, current);
  const auto profiles = of_profiles(a, b, "x");
  ASSERT_EQ(rows.bins.size(), profiles.bins.size());
  for (size_t i = 0; i < rows.bins.size(); ++i) {
    EXPECT_EQ(bin_text("x", rows.bins[i].bin), bin_text("x", profiles.bins[i].bin));
    EXPECT_EQ(rows.bins[i].reference, profiles.bins[i].reference) << i;
    EXPECT_EQ(rows.bins[i].current, profiles.bins[i].current) << i;
  }
  EXPECT_EQ(total(rows, &BinCount::reference), 4001);
  EXPECT_EQ(total(rows, &BinCount::current), 3004);
  EXPECT_EQ(rows.bins.back().current, 2);                        // missing
  EXPECT_EQ(rows.bins[rows.bins.size() - 3].current, 2);         // infinite
  ASSERT_EQ(rows.quantiles.current.size(), 19u);
  ASSERT_EQ(profiles.quantiles.current.size(), 19u);
  for (size_t i = 0; i < 19; ++i) EXPECT_NEAR(rows.quantiles.current[i], profiles.quantiles.current[i], 0.06);
  EXPECT_TRUE(explain_shift(rows).sentence.starts_with("x moved up: ")) << explain_shift(rows).sentence;
}

TEST(ColumnCounts, AChangeOfUnitShowsInProfilesToo) {
  auto before = draw(4000, 6, 3), now = draw(4000, 6, 4);
  for (double& x : now) x *= 1000;
  const auto reference = Column::of_reals("weight", before), current = Column::of_reals("weight", now);
  const auto prepared = *NumericReference::prepare(reference);
  const auto map = std::make_shared<const BinMap>(BinMap::from_reference(prepared));
  const auto a = summarise(reference, map), b = summarise(current, map);
  const auto sentence = explain_shift(of_profiles(a, b, "weight")).sentence;
  EXPECT_TRUE(sentence.starts_with("weight looks as if it were in another unit, 1,000 times as large")) << sentence;
}

/// Ends of many digits are rounded, but never out of order, and those that people chose stay as they are.
TEST(ColumnCounts, EndsReadWell) {
  const auto values = draw(5000, 1e6, 5);
  const auto counts = of_rows(*NumericReference::prepare(values), Type::real, Column::of_reals("x", values));
  double last = -HUGE_VAL;
  for (const auto& bin : counts.bins) {
    if (bin.bin.kind != Bin::Kind::interval || bin.bin.high == HUGE_VAL) continue;
    EXPECT_LE(interval_end(bin.bin.high).text.size(), 13u) << interval_end(bin.bin.high).text;  // "1,000,000.842"
    EXPECT_GT(bin.bin.high, last);
    last = bin.bin.high;
  }
  std::vector<double> grades;
  for (int i = 0; i < 1000; ++i) grades.push_back(i % 5 * 0.25);
  const auto few = of_rows(*NumericReference::prepare(grades), Type::real, Column::of_reals("g", grades));
  EXPECT_EQ(bin_text("g", few.bins[1].bin), "g = 0");
  EXPECT_EQ(bin_text("g", few.bins[3].bin), "g = 0.25");
}

TEST(ColumnCounts, TimesReadAsTimes) {
  std::vector<int64_t> days;
  for (int64_t day = 0; day < 1000; ++day) days.push_back(day * 86'400'000'000'000);
  const auto column = Column::of_integers("t", Type::time, days);
  const auto counts = of_rows(*NumericReference::prepare(column), Type::time, column);
  EXPECT_EQ(bin_text("t", counts.bins[0].bin), "t ≤ 1970-04-10");
  EXPECT_TRUE(counts.quantiles.current.empty());
}

TEST(ColumnCounts, WhatCouldNotBeReadIsOfAnotherType) {
  const auto reference = *NumericReference::prepare(std::vector<double>{1, 2, 3});
  const auto counts = of_rows(reference, Type::real, Column::of_text("x", {"1", "many", "3"}));
  EXPECT_EQ(counts.bins[counts.bins.size() - 2].bin.kind, Bin::Kind::mistyped);
  EXPECT_EQ(counts.bins[counts.bins.size() - 2].current, 1);
  EXPECT_EQ(counts.bins.back().current, 0);
}

TEST(ColumnCounts, AnEmptyReferenceHasOneBin) {
  const auto counts = of_rows(*NumericReference::prepare(std::vector<double>{}), Type::real, Column::of_reals("x", {1, 2}));
  EXPECT_EQ(counts.bins[0].current, 2);
  EXPECT_EQ(explain_shift(counts).sentence, "x has no rows in the reference.");
}

TEST(ColumnCounts, CategoriesOfSummaries) {
  std::vector<std::string> before, now;
  for (int i = 0; i < 1000; ++i) {
    before.push_back(i < 700 ? "employed" : i < 995 ? "self" : "rare" + std::to_string(i));
    now.push_back(i < 600 ? "employed" : i < 900 ? "self" : i < 960 ? "gig" : "odd" + std::to_string(i));
  }
  Validity valid(1000);
  for (size_t row = 0; row < 90; ++row) valid.set(row, false);
  const auto reference = Column::of_text("employment", before), current = Column::of_text("employment", now);
  const auto dictionary = CategoryDictionary::from_reference(reference);
  CategorySummary a(dictionary);
  a.update(reference);
  auto input = drift::DriftInput::category_rows(a, RowCounts(reference), Type::text, current);
  const auto counts = count_bins(input);
  EXPECT_EQ(total(counts, &BinCount::reference), 1000);
  EXPECT_EQ(total(counts, &BinCount::current), 1000);
  EXPECT_EQ(explain_shift(counts).sentence,
            "employment: new category 'gig' holds 6 % of rows; categories that the reference does not have rose from 0 "
            "% to 4 % of rows.");
}

}  // namespace
}  // namespace leeway::explain
