#pragma once
// Tests that two samples of categories come from one law. Tables are 2 × k: `x` (window) and `y` (reference) are counts
// of the same k categories, >= 0; categories empty in both are passed over. Pure functions, safe from any thread, O(k).

#include <cstdint>
#include <span>

#include "stats/p_value.h"

namespace leeway::stats {

struct HomogeneityTest {
  double statistic = 0;
  int64_t df = 0;  ///< categories seen less 1; 0 when there is one category or an empty side
  double smallest_expected = 0;  ///< least expected count of a cell
  PValue p{1, 0};
};

/// Pearson's X² = Σ(O-E)²/E with E from the pooled margins; chi-square law, which needs expected counts of about 5.
HomogeneityTest chi_square_homogeneity(std::span<const int64_t> x, std::span<const int64_t> y);

/// G = 2 Σ O ln(O/E); the statistic is G, the p-value that of G divided by Williams' correction (1976,
/// doi:10.1093/biomet/63.1.33).
struct GTest : HomogeneityTest {
  double williams = 1;
};
GTest g_homogeneity(std::span<const int64_t> x, std::span<const int64_t> y);

/// Mean and variance of X² over all tables with the given margins, exactly (Haldane 1940; Dawson 1954,
/// doi:10.1093/biomet/41.1-2.280). Margins are positive and add up to the same N >= 4.
struct StatisticMoments {
  double mean, variance;
};
StatisticMoments chi_square_moments(std::span<const double> row_totals, std::span<const double> column_totals);

/// P(X² >= seen) by the gamma law with those moments: holds its level where expected counts are small or categories
/// many (type-I error .053 at 153 categories, of which 150 singletons, where the chi-square law gives .0067).
PValue sparse_homogeneity_p(double x2, std::span<const int64_t> x, std::span<const int64_t> y);

/// X² with the chi-square law where all expected counts are at least 5, else with the gamma law.
HomogeneityTest homogeneity(std::span<const int64_t> x, std::span<const int64_t> y);

}  // namespace leeway::stats
