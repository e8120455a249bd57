#include "explain/feature_bins.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "base/random.h"

namespace leeway::explain {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

Column reals(std::vector<double> values) { return Column::of_reals("x", std::move(values)); }

std::vector<std::string> texts(const BinnedFeature& feature) {
  std::vector<std::string> all;
  for (size_t bin = 0; bin < feature.bins.size(); ++bin) all.push_back(predicate_text(feature, bin, bin));
  return all;
}

TEST(FeatureBins, EveryNumberIsWhereItsBinSays) {
  Random random(3);
  std::vector<double> reference, current;
  for (int i = 0; i < 3000; ++i) reference.push_back(random.normal());
  for (int i = 0; i < 2000; ++i) current.push_back(random.chance(0.1) ? nan : 3 * random.normal());
  current.push_back(infinity);
  current.push_back(-infinity);
  const auto feature = bin_feature(reals(reference), reals(current)).value();
  EXPECT_EQ(feature.intervals(), 10u);
  ASSERT_EQ(feature.bins.size(), 12u);
  EXPECT_EQ(feature.bins[10].kind, Bin::Kind::infinite);
  EXPECT_EQ(feature.bins[11].kind, Bin::Kind::missing);
  for (size_t row = 0; row < current.size(); ++row) {
    const Bin& bin = feature.bins[feature.current[row]];
    if (std::isnan(current[row])) EXPECT_EQ(bin.kind, Bin::Kind::missing);
    else if (std::isinf(current[row])) EXPECT_EQ(bin.kind, Bin::Kind::infinite);
    else EXPECT_TRUE(bin.low <= current[row] && current[row] < bin.high);
  }
}

TEST(FeatureBins, PredicatesReadAsPeopleSayThem) {
  std::vector<int64_t> ages;
  for (int i = 0; i < 1000; ++i) ages.push_back(18 + i % 60);
  const auto age = bin_feature(Column::of_integers("age", Type::integer, ages),
                               Column::of_integers("age", Type::integer, ages), 4)
                       .value();
  EXPECT_EQ(texts(age), (std::vector<std::string>{"age < 32", "32 ≤ age < 48", "48 ≤ age < 62", "age ≥ 62"}));
  EXPECT_EQ(predicate_text(age, 0, 1), "age < 48");
  EXPECT_EQ(predicate_text(age, 1, 2), "32 ≤ age < 62");
  EXPECT_EQ(predicate_text(age, 0, 3), "age is present");

  Validity valid(4);
  valid.set(3, false);
  const auto children = bin_feature(Column::of_integers("children", Type::integer, {0, 1, 2, 0}),
                                    Column::of_integers("children", Type::integer, {0, 1, 2, 9}, valid))
                            .value();
  EXPECT_EQ(texts(children),
            (std::vector<std::string>{"children = 0", "children = 1", "children = 2", "children is missing"}));
}

TEST(FeatureBins, LargeCutsAreGroupedAndNamesMadePrintable) {
  std::vector<double> values;
  for (int i = 0; i < 1000; ++i) values.push_back(20.0 * i);
  const auto column = Column::of_reals("in\ncome", values);
  const auto income = bin_feature(column, column, 2).value();
  EXPECT_EQ(predicate_text(income, 1, 1), "in\\ncome ≥ 10,000");
}

TEST(FeatureBins, ACutBehindARounderNumberReadsAsThat) {
  const double behind = std::nextafter(30.0, infinity);
  EXPECT_EQ(bin_text("x", {.kind = Bin::Kind::interval, .high = behind}), "x ≤ 30");
  EXPECT_EQ(bin_text("x", {.kind = Bin::Kind::interval, .low = behind}), "x > 30");
  EXPECT_EQ(bin_text("x", {.kind = Bin::Kind::interval, .low = 30, .high = behind}), "x = 30");
  EXPECT_EQ(bin_text("x", {.kind = Bin::Kind::interval, .low = behind, .high = 40}), "30 < x < 40");
}

/// Values outside a reference of few values must not hide in the bin of its least or greatest one.
TEST(FeatureBins, WhatLiesOutsideAReferenceOfFewValuesHasABin) {
  const auto constant = bin_feature(reals({5, 5, 5, 5}), reals({5, 7, 8, 2})).value();
  EXPECT_EQ(texts(constant), (std::vector<std::string>{"x = 2", "x = 5", "x ≥ 6"}));
  EXPECT_EQ(constant.current, (std::vector<uint8_t>{1, 2, 2, 0}));
  const auto binary = bin_feature(reals({0, 1, 1}), reals({0, 1, 100})).value();
  EXPECT_EQ(binary.current, (std::vector<uint8_t>{0, 1, 2}));
}

TEST(FeatureBins, CommonestCategoriesOfBothSidesAndTheRest) {
  const auto feature = bin_feature(Column::of_text("c", {"a", "a", "b", "b", "c", "d"}),
                                   Column::of_text("c", {"gig", "gig", "gig", "a", "", "b"}), 3)
                           .value();
  EXPECT_EQ(texts(feature), (std::vector<std::string>{"c = a", "c = b", "c is a rarer category"}));
  EXPECT_EQ(feature.current, (std::vector<uint8_t>{2, 2, 2, 0, 2, 1}));
  EXPECT_EQ(feature.intervals(), 0u);
}

TEST(FeatureBins, BooleansAndTextsAreTheSameCategories) {
  const auto feature = bin_feature(Column::of_integers("b", Type::boolean, {1, 0, 1}),
                                   Column::of_text("b", {"true", "false", "maybe"}))
                           .value();
  EXPECT_EQ(feature.reference, (std::vector<uint8_t>{0, 1, 0}));
  EXPECT_EQ(feature.current, (std::vector<uint8_t>{0, 1, 2}));
}

TEST(FeatureBins, DegenerateColumns) {
  const auto empty = bin_feature(reals({}), reals({})).value();
  EXPECT_EQ(empty.bins.size(), 1u);
  const auto all_missing = bin_feature(reals({nan, nan}), reals({1, nan})).value();
  EXPECT_EQ(texts(all_missing), (std::vector<std::string>{"x = 1", "x is missing"}));
  const auto extreme = bin_feature(reals({1e308, -1e308, 5e-324, 0.0, -0.0}), reals({1e308, -1e308})).value();
  EXPECT_EQ(extreme.intervals(), 4u);
  EXPECT_EQ(bin_feature(Column::of_text("c", {}), Column::of_text("c", {})).value().bins.size(), 0u);
}

TEST(FeatureBins, WhatCannotBeComparedIsRefused) {
  const auto mixed = bin_feature(reals({1}), Column::of_text("x", {"a"}));
  ASSERT_FALSE(mixed);
  EXPECT_EQ(mixed.error().code, Code::invalid_argument);
  EXPECT_EQ(mixed.error().message, "'x' is real in the reference and text now");
  EXPECT_FALSE(bin_feature(Column::of_integers("t", Type::time, {1}), Column::of_integers("t", Type::time, {1})));
}

}  // namespace
}  // namespace leeway::explain
