#include "explain/moved_bins.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/random.h"
#include "explain/unit_change.h"

namespace leeway::explain {
namespace {

std::vector<double> quantiles(const Column& column) {
  std::vector<double> values, quantiles;
  for (size_t row = 0; row < column.size(); ++row)
    if (const double x = column.number(row); std::isfinite(x)) values.push_back(x);
  std::ranges::sort(values);
  for (size_t i = 1; i < 20 && !values.empty(); ++i) quantiles.push_back(values[values.size() * i / 20]);
  return quantiles;
}

ColumnShift shift_of(const Column& reference, const Column& current, int bins = 10) {
  const BinnedFeature feature = bin_feature(reference, current, bins).value();
  ColumnCounts counts;
  counts.column = feature.column;
  for (const auto& bin : feature.bins) counts.bins.push_back({bin, 0, 0});
  for (const uint8_t bin : feature.reference) ++counts.bins[bin].reference;
  for (const uint8_t bin : feature.current) ++counts.bins[bin].current;
  if (feature.intervals() > 0) counts.quantiles = {quantiles(reference), quantiles(current)};
  return explain_shift(counts);
}

Column numbers(double scale, double centre, double spread, size_t rows, uint64_t seed) {
  Random random(seed);
  std::vector<double> values(rows);
  for (double& x : values) x = scale * (centre + spread * random.normal());
  return Column::of_reals("income", std::move(values));
}

BinCount interval(double low, double high, int64_t reference, int64_t current) {
  return {{.kind = Bin::Kind::interval, .low = low, .high = high}, reference, current};
}
BinCount category(std::string name, int64_t reference, int64_t current) {
  return {{.kind = Bin::Kind::category, .category = std::move(name)}, reference, current};
}
constexpr double inf = std::numeric_limits<double>::infinity();

/// Terms by hand: shares smoothed by half a row each, (q - p) ln(q / p).
TEST(MovedBins, ContributionsAreTermsOfThePsi) {
  const auto shift = explain_shift({"c", {category("a", 60, 40), category("b", 40, 60), category("none", 0, 0)}, {}});
  ASSERT_EQ(shift.bins.size(), 2u);  // a bin empty on both sides is no bin
  const double p = 60.5 / 101, q = 40.5 / 101;
  const double a = (q - p) * std::log(q / p), b = ((1 - q) - (1 - p)) * std::log((1 - q) / (1 - p));
  EXPECT_NEAR(shift.bins[0].contribution, a / (a + b), 1e-12);
  EXPECT_NEAR(shift.bins[0].reference_share, 0.6, 1e-15);
}

RC_GTEST_PROP(MovedBins, ContributionsSumToOne, (std::vector<std::pair<uint16_t, uint16_t>> rows)) {
  ColumnCounts counts{"c", {}, {}};
  int64_t before = 0, now = 0;
  for (const auto& [m, n] : rows) {
    counts.bins.push_back(category(std::to_string(counts.bins.size()), m, n));
    before += m;
    now += n;
  }
  RC_PRE(before > 0 && now > 0);
  const auto shift = explain_shift(counts);
  double sum = 0;
  for (const auto& bin : shift.bins) sum += bin.contribution;
  RC_ASSERT(sum == 0 || std::fabs(sum - 1) < 1e-12);
  RC_ASSERT(std::ranges::is_sorted(shift.bins, std::greater{}, &BinShift::contribution));
  RC_ASSERT(!shift.sentence.empty());
}

TEST(MovedBins, MovedDown) {
  const auto shift = explain_shift({"income",
                                    {interval(-inf, 20'000, 200, 340), interval(20'000, 50'000, 500, 460),
                                     interval(50'000, inf, 300, 200)},
                                    {}});
  EXPECT_EQ(shift.sentence, "income moved down: 34 % of values are now below 20,000 (was 20 %).");
  EXPECT_EQ(shift.bins[0].label, "income < 20,000");
}

TEST(MovedBins, MovedUpAboveAnInclusiveCut) {
  const double cut = std::nextafter(7.0, inf);
  const auto shift = explain_shift({"x", {interval(-inf, cut, 500, 250), interval(cut, inf, 500, 750)}, {}});
  EXPECT_EQ(shift.sentence, "x moved up: 75 % of values are now above 7 (was 50 %).");
}

TEST(MovedBins, SpreadOutAndDrewTogether) {
  const auto apart = explain_shift(
      {"x", {interval(-inf, -1, 100, 250), interval(-1, 1, 800, 530), interval(1, inf, 100, 220)}, {}});
  EXPECT_EQ(apart.sentence,
            "x spread out: 25 % of values are now below -1 (was 10 %), and 22 % at or above 1 (was 10 %).");
  const auto together = explain_shift(
      {"x", {interval(-inf, -1, 250, 100), interval(-1, 1, 530, 800), interval(1, inf, 220, 100)}, {}});
  EXPECT_EQ(together.sentence, "x drew together: 80 % of values are now at or above -1 and below 1 (was 53 %).");
}

TEST(MovedBins, SharesAreToldApart) {
  const auto shift = explain_shift({"x", {interval(-inf, 0, 13'600, 13'602), interval(0, inf, 86'400, 86'398)}, {}});
  EXPECT_EQ(shift.sentence, "x moved down: 13.602 % of values are now below 0 (was 13.6 %).");
}

/// Missing rows take rows from every interval alike: that is no movement of the values.
TEST(MovedBins, MissingIsToldApartFromTheValues) {
  const auto shift = explain_shift({"x", {interval(-inf, 0, 495, 455), interval(0, inf, 495, 455), {{}, 10, 90}}, {}});
  EXPECT_EQ(shift.sentence, "x: missing rose from 1 % to 9 % of rows.");
  EXPECT_EQ(shift.bins[0].label, "x is missing");
}

TEST(MovedBins, Categories) {
  const auto shift = explain_shift({"employment",
                                    {category("employed", 700, 500), category("self", 200, 380), category("gig", 0, 60),
                                     category("retired", 50, 0), {{.kind = Bin::Kind::other}, 50, 60}},
                                    {}});
  EXPECT_EQ(shift.sentence,
            "employment: new category 'gig' holds 6 % of rows; category 'retired' is gone (was 5 % of rows); "
            "category 'self' rose from 20 % to 38 % of rows.");
}

TEST(MovedBins, NothingMovedAndNoRows) {
  EXPECT_EQ(explain_shift({"x", {category("a", 10, 20), category("b", 20, 40)}, {}}).sentence,
            "x has the same share of rows in every bin.");
  EXPECT_EQ(explain_shift({"x", {category("a", 10, 0)}, {}}).sentence, "x has no rows now.");
  EXPECT_EQ(explain_shift({"x", {}, {}}).sentence, "x has no rows in the reference.");
}

TEST(MovedBins, HundredTimesAsLarge) {
  const auto shift = shift_of(numbers(1, 500, 100, 4000, 1), numbers(100, 500, 100, 4000, 2));
  EXPECT_TRUE(shift.sentence.starts_with(
      "income looks as if it were in another unit, 100 times as large: the median went from 49"))
      << shift.sentence;
  EXPECT_NE(shift.sentence.find("the values divided by 100 lie as the reference's do (to within "), std::string::npos);
  const auto smaller = shift_of(numbers(1000, 500, 100, 4000, 3), numbers(1, 500, 100, 4000, 4));
  EXPECT_TRUE(smaller.sentence.starts_with("income looks as if it were in another unit, 1,000 times smaller: "))
      << smaller.sentence;
}

TEST(UnitChange, OnlyWhenTheShapeIsKept) {
  const auto reference = numbers(1, 500, 100, 4000, 5);
  // Ten times the median, but three times as spread about it: no change of unit.
  EXPECT_TRUE(shift_of(reference, numbers(10, 500, 300, 4000, 6)).sentence.starts_with("income moved up"));
  // A movement that is no known factor.
  EXPECT_TRUE(shift_of(reference, numbers(3, 500, 100, 4000, 7)).sentence.starts_with("income moved up"));
  // Centred at 0: the medians say nothing.
  EXPECT_FALSE(shift_of(numbers(1, 0, 1, 4000, 8), numbers(1, 0, 1, 4000, 9)).sentence.contains("unit"));
}

TEST(UnitChange, DiscreteAndNegativeValues) {
  const double reference[] = {-30, -20, -20, -20, -10, -10, 0, 0, 10};
  const double current[] = {-30000, -20000, -20000, -20000, -10000, -10000, 0, 0, 10000};
  const auto change = find_unit_change(reference, current, 10'000, 10'000);
  ASSERT_TRUE(change);
  EXPECT_EQ(change->factor, 1000);
  EXPECT_EQ(change->gap, 0);
  EXPECT_EQ(change->reference_median, -10);
  EXPECT_FALSE(find_unit_change({}, {}, 0, 0));
  const double constant[] = {5, 5, 5}, cents[] = {500, 500, 500};
  EXPECT_EQ(find_unit_change(constant, cents, 100, 100)->factor, 100);
}

}  // namespace
}  // namespace leeway::explain
