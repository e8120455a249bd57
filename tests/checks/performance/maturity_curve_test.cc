#include "checks/performance/maturity_curve.h"

#include <gtest/gtest.h>

namespace leeway::performance {
namespace {

constexpr int64_t day = 86'400'000'000'000;

/// A row a day for 200 days; every fourth is bad, known (row mod 90) days later; the good ones are known after 90.
struct Loans {
  std::vector<int64_t> labels, times, known;
  Loans() {
    for (int64_t row = 0; row < 200; ++row) {
      const bool bad = row % 4 == 0;
      labels.push_back(bad);
      times.push_back(row * day);
      known.push_back((row + (bad ? row % 90 : 90)) * day);
    }
  }
  std::optional<MaturityCurve> curve(int64_t as_of, int64_t horizon) const {
    return maturity_curve(Column::of_integers("bad", Type::integer, labels), Column::of_integers("t", Type::time, times),
                          Column::of_integers("known", Type::time, known), as_of, horizon);
  }
};

TEST(MaturityCurve, OneOutcomeIsKnownLongBeforeTheOther) {
  const Loans loans;
  const auto curve = loans.curve(199 * day, 90 * day);
  ASSERT_TRUE(curve);
  EXPECT_EQ(curve->ages.size(), 4u);
  EXPECT_EQ(curve->ages.back(), 90 * day);
  ASSERT_EQ(curve->outcomes.size(), 2u);
  // Rows 0 to 109 are at least 90 days old: 28 bad ones, 82 good ones.
  EXPECT_EQ(curve->outcomes[0].label, "0");
  EXPECT_EQ(curve->outcomes[0].rows, 82);
  EXPECT_EQ(curve->outcomes[0].known, (std::vector<double>{0, 0, 0, 1}));
  EXPECT_EQ(curve->outcomes[1].rows, 28);
  int64_t by_half = 0;
  for (int64_t row = 0; row <= 109; row += 4) by_half += row % 90 <= 45;
  EXPECT_DOUBLE_EQ(curve->outcomes[1].known[1], static_cast<double>(by_half) / 28);
  EXPECT_EQ(curve->outcomes[1].known[3], 1);
}

TEST(MaturityCurve, YoungRowsTeachNothing) {
  const Loans loans;
  EXPECT_FALSE(loans.curve(93 * day, 90 * day));    // four rows are old enough
  EXPECT_TRUE(loans.curve(94 * day, 90 * day));
  // What comes after the horizon is seen as missing by then.
  EXPECT_LT(loans.curve(199 * day, 60 * day)->outcomes[1].known.back(), 1);
}

}  // namespace
}  // namespace leeway::performance
