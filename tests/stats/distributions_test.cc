// Reference values: mpmath 1.4 with 25 digits or more, unless another source is named.
#include "stats/distributions.h"

#include "expect_relative.h"

namespace leeway::stats {
namespace {

struct TailCase {
  double x, df, p, log_p;
};

void expect_tail(const PValue& actual, double p, double log_p, double tolerance = 1e-12) {
  EXPECT_RELATIVE(actual.p, p, tolerance);
  EXPECT_RELATIVE(actual.log_p, log_p, tolerance);
}

TEST(Distributions, normal_tail_keeps_its_logarithm_beyond_underflow) {
  expect_tail(normal_tail(1.5), 0.06680720126885807, -2.70594440082389);
  expect_tail(normal_tail(8), 6.220960574271784e-16, -35.01343715991455);
  expect_tail(normal_tail(36), 4.182624065797283e-284, -652.5032275937984);
  expect_tail(normal_tail(50), 0, -1254.83136113942);
  expect_tail(normal_tail(200), 0, -20006.21728089819);
  expect_tail(two_sided_normal(-1.5), 2 * 0.06680720126885807, -2.70594440082389 + std::log(2));
  EXPECT_EQ(two_sided_normal(0).p, 1);
  EXPECT_EQ(two_sided_normal(0).log_p, 0);
  EXPECT_TRUE(std::isnan(normal_tail(NAN).p));
}

TEST(Distributions, normal_quantile_inverts_the_distribution_function) {
  EXPECT_RELATIVE(normal_quantile(0.95), 1.6448536269514722, 1e-14);
  EXPECT_RELATIVE(normal_quantile(0.975), 1.959963984540054, 1e-14);
  EXPECT_RELATIVE(normal_quantile(1e-300), -37.04709629936120, 1e-13);
  EXPECT_EQ(normal_quantile(0.5), 0);
  EXPECT_EQ(normal_quantile(0), -INFINITY);
  EXPECT_TRUE(std::isnan(normal_quantile(1.5)));
}

TEST(Distributions, chi_square_tail_keeps_its_logarithm_beyond_underflow) {
  for (const auto& c :
       {TailCase{700, 9, 6.916357838795498e-145, -331.9409491769376}, TailCase{3000, 9, 0, -1476.855130716979},
        TailCase{1e6, 4, 0, -499986.8776346226}, TailCase{2000, 99, 0, -807.5414896492087}})
    expect_tail(chi_square_tail(c.x, c.df), c.p, c.log_p);
  EXPECT_EQ(chi_square_tail(-1, 3).p, 1);
  EXPECT_EQ(chi_square_tail(0, 0).p, 1);
  EXPECT_RELATIVE(chi_square_quantile(0.95, 9), 16.918977604620448, 1e-13);
  EXPECT_RELATIVE(chi_square_cdf(16.918977604620448, 9), 0.95, 1e-13);
}

TEST(Distributions, t_tail_keeps_its_logarithm_beyond_underflow) {
  for (const auto& c :
       {TailCase{2, 5, 0.1019394788298584, -2.283375986601867},
        TailCase{-30, 5, 7.718648620496052e-07, -14.07445635140307}, TailCase{1e70, 5, 0, -802.9613791315426},
        TailCase{60, 1000.5, 0, -766.7718056418468}, TailCase{3, 1e7, 0.002699802711037161, -5.914576578627832}})
    expect_tail(two_sided_t(c.x, c.df), c.p, c.log_p);
  EXPECT_RELATIVE(t_quantile(0.95, 5), 2.0150483733330224, 1e-12);
}

TEST(Distributions, noncentral_chi_square_equals_its_poisson_mixture) {
  struct Case {
    double x, df, noncentrality, sf, cdf;
  };
  for (const auto& c : {Case{20, 9, 5, 0.1591234852697063, 0.8408765147302937},
                        Case{100, 4, 200, 0.999990129826216, 9.870173784027395e-6},
                        Case{999.368891233, 9, 900, 0.0690502314004606, 0.9309497685995394},
                        Case{3, 9, 30, 0.9999997305519262, 2.694480737759567e-7},
                        Case{5000, 9, 5200, 0.9273541198651244, 0.07264588013487562}}) {
    EXPECT_RELATIVE(noncentral_chi_square_sf(c.x, c.df, c.noncentrality), c.sf, 1e-12);
    EXPECT_RELATIVE(noncentral_chi_square_cdf(c.x, c.df, c.noncentrality), c.cdf, 1e-12);
  }
}

TEST(Distributions, noncentrality_bounds_put_the_stated_error_beyond_the_statistic) {
  for (const double statistic : {20.0, 999.0, 1e5, 3e6, 1e9}) {
    const double low = noncentrality_lower(statistic, 9, 0.05), high = noncentrality_upper(statistic, 9, 0.05);
    EXPECT_LT(low, statistic);
    EXPECT_GT(high, statistic - 9);
    EXPECT_RELATIVE(noncentral_chi_square_sf(statistic, 9, low), 0.05, 1e-7);
    EXPECT_RELATIVE(noncentral_chi_square_cdf(statistic, 9, high), 0.05, 1e-7);
  }
  EXPECT_EQ(noncentrality_lower(9, 9, 0.05), 0);
  EXPECT_EQ(noncentrality_upper(2, 9, 0.05), 0);
  EXPECT_EQ(noncentrality_upper(7, 0, 0.05), 0);
}

}  // namespace
}  // namespace leeway::stats
