#include "stats/equivalence.h"

#include "expect_relative.h"

namespace leeway::stats {
namespace {

constexpr Scale columns[] = {Scale::ks, Scale::standard_units, Scale::psi, Scale::js_distance, Scale::hellinger,
                             Scale::kl, Scale::separation_auc};

// A normal shift by d standard deviations over 10 equal-mass bins; scipy 1.17 norm, digits as printed.
TEST(Equivalence, distances_of_a_shift) {
  const double rows[][8] = {
      {0.05, .0199, .05, .0024, .0173, .0173, .0012, .514}, {0.10, .0399, .10, .0096, .0346, .0346, .0048, .528},
      {0.20, .0797, .20, .0383, .0691, .0691, .0191, .556}, {0.316, .1255, .316, .0954, .1087, .1090, .0476, .588},
      {0.50, .1974, .50, .2377, .1704, .1714, .1179, .638}, {0.80, .3108, .80, .6004, .2663, .2700, .2938, .714}};
  for (const auto& row : rows)
    for (int i = 0; i < 7; ++i)
      EXPECT_NEAR(distance_of_shift(columns[i], row[0]), row[i + 1], i == 6 ? 5.1e-4 : 5.1e-5) << row[0] << ' ' << i;
}

TEST(Equivalence, the_leeway_table_from_psi) {
  const Scale order[] = {Scale::standard_units, Scale::ks, Scale::js_distance,
                         Scale::hellinger,      Scale::kl, Scale::separation_auc};
  const double rows[][7] = {
      {0.01, .10213, .04073, .03534, .03535, .00500, .52879}, {0.02, .14446, .05758, .04995, .04998, .00999, .54068},
      {0.05, .22853, .09097, .07886, .07896, .02496, .56419}, {0.10, .32347, .12849, .11126, .11153, .04983, .59046},
      {0.20, .45828, .18124, .15658, .15734, .09932, .62705}, {0.25, .51283, .20237, .17464, .17569, .12392, .64156}};
  for (const auto& row : rows)
    for (int i = 0; i < 6; ++i)
      EXPECT_NEAR(distance_from_psi(order[i], row[0]), row[i + 1], 5.1e-6) << row[0] << ' ' << i;
}

TEST(Equivalence, going_to_psi_undoes_coming_from_it) {
  for (const Scale scale : columns)
    for (const double psi : {1e-6, 0.003, 0.1, 0.25, 2.0}) {
      EXPECT_RELATIVE(psi_from_distance(scale, distance_from_psi(scale, psi)), psi, 1e-7);
    }
  EXPECT_RELATIVE(psi_from_distance(Scale::energy, distance_from_psi(Scale::energy, 0.1)), 0.1, 1e-9);
}

// E² = 2∫(F-G)² by numerical integration (scipy.integrate.quad, N(0,1) against N(d,1)).
TEST(Equivalence, energy_of_a_shift) {
  EXPECT_RELATIVE(distance_of_shift(Scale::energy, 0.5), 0.37362590211258145, 1e-10);
  EXPECT_RELATIVE(distance_of_shift(Scale::energy, 2.0), 1.3943671799239337, 1e-10);
}

TEST(Equivalence, an_auc_counts_on_both_sides_and_negative_distances_are_none) {
  EXPECT_EQ(psi_from_distance(Scale::separation_auc, 0.25), psi_from_distance(Scale::separation_auc, 0.75));
  EXPECT_EQ(psi_from_distance(Scale::separation_auc, 0.5), 0);
  EXPECT_EQ(psi_from_distance(Scale::psi, -0.02), 0);
  EXPECT_EQ(shift_of_distance(Scale::ks, 1), largest_shift);
  EXPECT_TRUE(std::isnan(psi_from_distance(Scale::metric, 0.1)));
  EXPECT_TRUE(std::isnan(psi_from_distance(Scale::ks, NAN)));
  EXPECT_FALSE(has_equivalent(Scale::share));
}

// Roots of (p-q)[ln(p/q) - ln((1-p)/(1-q))] = L by scipy.optimize.brentq, digits as printed.
TEST(Equivalence, share_limits) {
  const double shares[] = {.001, .01, .02, .05, .1, .2, .3, .5, .8, .9};
  const double limits[][10] = {{.0097, .0287, .0443, .0851, .1462, .2594, .3666, .5705, .8534, .9382},
                               {.0301, .0628, .0856, .1391, .2126, .3391, .4524, .6555, .9091, .9727},
                               {.0609, .1099, .1403, .2064, .2912, .4280, .5441, .7395, .9533, .9926}};
  const double psi[] = {.02, .10, .25};
  for (int l = 0; l < 3; ++l)
    for (int i = 0; i < 10; ++i) EXPECT_NEAR(share_limit(shares[i], psi[l]), limits[l][i], 5.1e-5);
  EXPECT_RELATIVE(psi_of_shares(0.3, share_limit(0.3, 0.1)), 0.1, 1e-12);
  EXPECT_EQ(share_limit(0, 0.1), 0);
  EXPECT_EQ(share_limit(1, 0.1), 1);
  EXPECT_EQ(psi_of_shares(0, 0.01), INFINITY);
  EXPECT_EQ(psi_of_shares(0, 0), 0);
}

}  // namespace
}  // namespace leeway::stats
