#include "checks/fairness/comparison.h"

#include <set>

#include "base/random.h"
#include "checks/fairness/fairness.h"

namespace leeway::fairness {
namespace {

std::vector<Fraction> random_groups() {
  const auto count = *rc::gen::inRange<size_t>(2, 9);
  const auto sizes = *rc::gen::container<std::vector<int64_t>>(count, rc::gen::inRange<int64_t>(10, 500));
  std::vector<Fraction> groups;
  for (const int64_t n : sizes) groups.push_back({*rc::gen::inRange<int64_t>(0, n + 1), n});
  return groups;
}

// The search by one evaluation per pair finds the extremes of all pairs' bounds.
RC_GTEST_PROP(WorstPair, BoundsAreTheExtremesOfAllPairs, ()) {
  const auto groups = random_groups();
  for (const Contrast contrast : {Contrast::difference, Contrast::ratio}) {
    const WorstPair worst = worst_pair(std::span<const Fraction>(groups), contrast, 2.5);
    if (std::isnan(worst.value.value)) continue;
    const bool difference = contrast == Contrast::difference;
    double value = difference ? 0 : 1, lower = value, upper = value;
    for (size_t a = 0; a < groups.size(); ++a)
      for (size_t b = a + 1; b < groups.size(); ++b) {
        const Estimate e = compare(groups[a], groups[b], contrast, 2.5);
        if (std::isnan(e.value)) continue;  // no event in either: a ratio of nothing
        value = difference ? std::max(value, e.value) : std::min(value, e.value);
        lower = difference ? std::max(lower, e.lower) : std::min(lower, e.lower);
        upper = difference ? std::max(upper, e.upper) : std::min(upper, e.upper);
      }
    RC_ASSERT(std::fabs(worst.value.value - value) < 1e-12);
    RC_ASSERT(std::fabs(worst.value.upper - upper) < 1e-9);
    RC_ASSERT(std::fabs(worst.value.lower - lower) < 1e-9);
    RC_ASSERT(worst.value.lower <= worst.value.value + 1e-12 && worst.value.value <= worst.value.upper + 1e-12);
  }
}

// statistics.md §8.
TEST(Compare, FourFifthsAgainstThePublishedInterval) {
  const Estimate e =
      compare(Fraction{30, 60}, Fraction{70, 100}, Contrast::ratio, 1.959963984540054, 1.959963984540054);
  EXPECT_NEAR(e.lower, .526110684637, 1e-9);
  EXPECT_NEAR(e.upper, .931474604797, 1e-9);
  const Estimate swapped =
      compare(Fraction{70, 100}, Fraction{30, 60}, Contrast::ratio, 1.959963984540054, 1.959963984540054);
  EXPECT_NEAR(swapped.lower, e.lower, 1e-9);
  EXPECT_NEAR(swapped.upper, e.upper, 1e-9);
}

TEST(Compare, EstimatesOnTheLogarithm) {
  const Estimate e = compare(Estimated{2, .3}, Estimated{1, .4}, Contrast::ratio, 2);
  EXPECT_NEAR(e.value, 0.5, 1e-15);
  EXPECT_NEAR(e.upper, std::min(1.0, 0.5 * std::exp(2 * 0.5)), 1e-12);
  EXPECT_NEAR(e.lower, 0.5 * std::exp(-plain_critical * 0.5), 1e-12);
}

TEST(FairnessMethods, RecordsAreCompleteAndDistinct) {
  std::set<std::string_view> ids;
  for (const MethodInfo* info : fairness_methods()) {
    EXPECT_TRUE(ids.insert(info->id).second) << info->id;
    EXPECT_EQ(info->family, Family::fairness) << info->id;
    for (const auto text : {info->title, info->measures, info->guarantee, info->misleads, info->cost, info->source})
      EXPECT_FALSE(text.empty()) << info->id;
    EXPECT_EQ(info->id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_"), std::string_view::npos) << info->id;
  }
  EXPECT_GE(ids.size(), 40u);
}

}  // namespace
}  // namespace leeway::fairness
