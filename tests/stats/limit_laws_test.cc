// Reference values: mpmath 1.4 from the defining series with 25 digits or more, unless another source is named.
#include "stats/limit_laws.h"

#include "expect_relative.h"

namespace leeway::stats {
namespace {

struct Case {
  double x, p, log_p;
};

void expect_tail(const PValue& actual, const Case& c, double tolerance = 1e-12) {
  EXPECT_RELATIVE(actual.p, c.p, tolerance) << "at " << c.x;
  EXPECT_RELATIVE(actual.log_p, c.log_p, tolerance) << "at " << c.x;
}

TEST(LimitLaws, kolmogorov) {
  for (const auto& c :
       {Case{0.3, 0.9999906941986654, -9.305844633804485e-06}, Case{1, 0.2699996716773545, -1.3093345359943},
        Case{1.18, 0.1234538094297657, -2.091888205588753}, Case{1.3581, 0.04999963043166741, -2.995739664947959},
        Case{2, 0.0006709252557796953, -7.306852819477806}, Case{5, 3.857499695927836e-22, -49.30685281944005},
        Case{30, 0, -1799.30685281944}})
    expect_tail(kolmogorov_tail(c.x), c, 1e-11);
  EXPECT_EQ(kolmogorov_tail(0).p, 1);
  EXPECT_RELATIVE(kolmogorov_quantile(0.05), 1.35809863932, 1e-11);
  EXPECT_RELATIVE(kolmogorov_quantile(0.2), 1.07274917494, 1e-11);
  EXPECT_RELATIVE(kolmogorov_mean, 0.868731160636159, 1e-14);
}

TEST(LimitLaws, kolmogorov_and_kuiper_do_not_jump_where_the_series_change) {
  EXPECT_RELATIVE(kolmogorov_tail(1.18).p, kolmogorov_tail(std::nextafter(1.18, 2)).p, 1e-13);
  EXPECT_RELATIVE(kuiper_tail(1.2).p, kuiper_tail(std::nextafter(1.2, 2)).p, 1e-13);
}

TEST(LimitLaws, kuiper) {
  for (const auto& c :
       {Case{0.5, 0.9999994705192119, -5.294809283094452e-07}, Case{0.9, 0.9233011448977058, -0.07979983019814388},
        Case{1.2, 0.5348406352935142, -0.6257864544166295}, Case{1.5, 0.1777450107104594, -1.727405279832201},
        Case{3, 1.066098582129884e-06, -13.75150475795064}, Case{20, 0, -791.9297191066061}})
    expect_tail(kuiper_tail(c.x), c);
}

TEST(LimitLaws, cramer_von_mises_to_the_far_tail) {
  for (const auto& c :
       {Case{0.01, 0.9999941355671901, -5.864450005722278e-06}, Case{0.118, 0.503625753410623, -0.6859218394963204},
        Case{0.461136, 0.05006677322329898, -2.994397700027557}, Case{1, 0.002460452180133964, -6.00741013286683},
        Case{3, 7.56774345931602e-08, -16.39678581085926}})
    EXPECT_RELATIVE(cramer_von_mises_tail(c.x).p, c.p, 1e-12);
  expect_tail(cramer_von_mises_tail(20), {20, 1.09720931656539e-44, -101.2209741204738});
  expect_tail(cramer_von_mises_tail(300), {300, 0, -1484.316709907897});
  EXPECT_EQ(cramer_von_mises_tail(0).p, 1);
}

TEST(LimitLaws, anderson_darling_to_the_far_tail) {
  for (const auto& c :
       {Case{0.05, 0.9999999998268508, 0}, Case{0.3, 0.938157636057123, 0}, Case{1, 0.3572666732140191, 0},
        Case{2.492, 0.05002218635960787, 0}, Case{6, 0.0009674519415209229, 0}, Case{12, 1.710286999322119e-06, 0}})
    EXPECT_RELATIVE(anderson_darling_tail(c.x).p, c.p, 2e-12);
  expect_tail(anderson_darling_tail(30), {30, 1.65954895277832e-14, -31.72964545166323});
  EXPECT_RELATIVE(anderson_darling_tail(700).log_p, -703.2988757839613, 1e-12);
}

// The short form of adinf in Marsaglia & Marsaglia 2004, as R's goftest computes it, is an approximation good to 2e-5.
TEST(LimitLaws, anderson_darling_is_near_the_approximation_in_common_use) {
  EXPECT_NEAR(1 - anderson_darling_tail(2.492).p, .949985944582, 2e-5);
  EXPECT_NEAR(1 - anderson_darling_tail(1).p, .642713963268, 2e-5);
}

}  // namespace
}  // namespace leeway::stats
