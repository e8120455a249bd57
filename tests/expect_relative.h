#pragma once
// Comparison by relative error, for reference values of every magnitude.

#include <cmath>

#include <gtest/gtest.h>

namespace leeway {

inline testing::AssertionResult relatively_near(double actual, double expected, double tolerance) {
  if (actual == expected || (std::isnan(actual) && std::isnan(expected))) return testing::AssertionSuccess();
  const double error = std::fabs(actual - expected) / std::fabs(expected);
  if (error <= tolerance) return testing::AssertionSuccess();
  return testing::AssertionFailure() << fmt::format("{:.17g} should be {:.17g}; relative error {:.3g} > {:.3g}", actual,
                                                    expected, error, tolerance);
}

}  // namespace leeway

#define EXPECT_RELATIVE(actual, expected, tolerance) EXPECT_TRUE(leeway::relatively_near(actual, expected, tolerance))
