// The two-sample statistics and their p-values on two small data sets, one of them full of ties. Values: R 4.2.2
// (ks.test, kSamples, exactRankTests, goftest) and scipy 1.10.1, 1e-10 relative unless fewer digits are known.
#include <algorithm>
#include <numbers>

#include "base/random.h"
#include "expect_relative.h"
#include "stats/anderson_darling.h"
#include "stats/cramer_von_mises.h"
#include "stats/energy.h"
#include "stats/kolmogorov_smirnov.h"
#include "stats/limit_laws.h"
#include "stats/mann_whitney.h"
#include "stats/ranked_pair.h"
#include "stats/wasserstein.h"

namespace leeway::stats {
namespace {

using Values = std::vector<double>;

Values sorted(Values v) {
  std::sort(v.begin(), v.end());
  return v;
}

struct Example {
  Values x, y;
  RankedPair pair;
  std::vector<int64_t> cumulative;

  Example(Values window, Values reference)
      : x(sorted(std::move(window))),
        y(sorted(std::move(reference))),
        pair(rank_pair(x, y)),
        cumulative(pooled_cumulative(SortedRuns<double>(x), SortedRuns<double>(y))) {}
};

const Example& ab() {
  static const Example example(
      {.61, .29, .06, .59, -1.73, -.74, .51, -.56, .39, 1.64, .05, -.06},
      {1.77, 1.09, -1.28, 2.36, 1.31, 1.05, -.32, -.40, 1.06, -2.47, .64, -.82, .37, 1.90, 2.20});
  return example;
}
const Example& cd() {
  static const Example example({1, 1, 1, 2, 2, 3, 3, 3, 3, 4, 5, 5}, {1, 2, 2, 3, 3, 4, 4, 4, 5, 5, 5, 6, 6, 6});
  return example;
}

double d_plus(const Example& e) { return static_cast<double>(e.pair.plus) / static_cast<double>(e.pair.n * e.pair.m); }
double d_minus(const Example& e) {
  return static_cast<double>(e.pair.minus) / static_cast<double>(e.pair.n * e.pair.m);
}

TEST(TwoSample, kolmogorov_smirnov) {
  EXPECT_EQ(ab().pair.plus, 93);  // 31/60 of 180
  EXPECT_EQ(ab().pair.minus, 21);
  EXPECT_EQ(cd().pair.plus, 66);  // 11/28 of 168
  EXPECT_EQ(cd().pair.minus, 0);
  const auto p = ks_p_value(93, 12, 15, ab().cumulative);
  EXPECT_EQ(p.method, KsMethod::exact);
  EXPECT_RELATIVE(p.value.p, 0.0398049685167736, 1e-12);
  EXPECT_RELATIVE(ks_p_value(66, 12, 14, cd().cumulative).value.p, 0.106952587054889, 1e-12);
  // Without regard to the ties, as scipy has it.
  EXPECT_NEAR(ks_p_value(66, 12, 14, {}).value.p, 0.2058, 5e-5);
  EXPECT_RELATIVE(ks_one_sided_p_value(93, 12, 15, {}).value.p, .0199024842584, 1e-10);
  EXPECT_RELATIVE(ks_one_sided_p_value(21, 15, 12, {}).value.p, .771390243594, 1e-10);
}

TEST(TwoSample, kuiper) {
  const double v = d_plus(ab()) + d_minus(ab());
  EXPECT_RELATIVE(v, .633333333333333, 1e-14);
  EXPECT_RELATIVE(kuiper_p_value(v, 12, 15).p, .038417898, 1e-7);
}

TEST(TwoSample, wasserstein_and_energy) {
  EXPECT_RELATIVE(ab().pair.wasserstein, 0.697833333333333, 1e-14);
  EXPECT_RELATIVE(cd().pair.wasserstein, 1.25, 1e-14);
  EXPECT_RELATIVE(2 * ab().pair.cramer, 0.366283333333333, 1e-14);
  EXPECT_RELATIVE(energy_distance(ab().pair), 0.605213460965082, 1e-14);
  EXPECT_RELATIVE(energy_distance(cd().pair), 0.826674072821773, 1e-14);
  EXPECT_RELATIVE(wasserstein_se(ab().pair.wasserstein_variance_x, 12, ab().pair.wasserstein_variance_y, 15),
                  .203838942187, 1e-11);
}

TEST(TwoSample, cramer_von_mises) {
  EXPECT_RELATIVE(ab().pair.cramer_von_mises, .367901234567902, 1e-13);
  EXPECT_RELATIVE(cramer_von_mises_asymptotic(ab().pair.cramer_von_mises, 12, 15).p, .0890748662900, 1e-10);
  EXPECT_RELATIVE(cramer_von_mises_p_value(ab().pair).p, .0923091304233, 1e-11);
  EXPECT_RELATIVE(cramer_von_mises_asymptotic(.394688644688645, 12, 14).p, .0753490279696, 1e-10);
}

// With ties, T sums (F - G)² over the pooled values; mean, variance and p over all C(26, 12) assignments. scipy ranks
// within ties by position, which gives T = .3947 here and rejects nearly always once n is large.
TEST(TwoSample, cramer_von_mises_and_anderson_darling_given_the_ties) {
  const RankedPair& pair = cd().pair;
  EXPECT_RELATIVE(pair.cramer_von_mises, 0.427796562411947, 1e-13);
  EXPECT_RELATIVE(pair.cramer_von_mises_kernel.first * 26 / 25, 0.16905325443786984, 1e-12);
  EXPECT_RELATIVE(pair.anderson_darling_kernel.first, 1, 1e-12);
  // The rest is the normal limit's, approached as 1/N with N = 26 here.
  EXPECT_RELATIVE(2 * pair.cramer_von_mises_kernel.second, 0.02287972174819653, .06);
  EXPECT_RELATIVE(2 * pair.anderson_darling_kernel.second, 0.8480356374381446, .16);
  EXPECT_RELATIVE(cramer_von_mises_p_value(pair).p, 0.06658893939550825, .08);
  EXPECT_RELATIVE(anderson_darling_test(pair).p.p, 0.06646157987926733, .11);
}

/// The version that counts ties to the right (Scholz & Stephens 1987, eq. 3), which R's kSamples shows beside ours.
double right_continuous(const Example& e) {
  const auto n = static_cast<double>(e.pair.n), m = static_cast<double>(e.pair.m), all = n + m;
  double sum = 0;
  for_each_rank(SortedRuns<double>(e.x), SortedRuns<double>(e.y), [&](double, const RankStep& s) {
    const auto i = static_cast<double>(s.x_below + s.x_at), j = static_cast<double>(s.y_below + s.y_at);
    const double below = i + j;
    if (below < all)
      sum += static_cast<double>(s.x_at + s.y_at) * (i * m - j * n) * (i * m - j * n) / (below * (all - below));
  });
  return sum / (n * m);
}

// p: the exact limit law. The values of R's goftest (.0978454357884, .0395368667796, .0985017952362, .0609997817498)
// rest on an approximation of it that is good to 2e-5, kSamples' (.098000, .039764, .098576, .061160) on
// interpolation.
TEST(TwoSample, anderson_darling) {
  EXPECT_RELATIVE(ab().pair.anderson_darling, 1.888680738483, 1e-12);
  EXPECT_RELATIVE(cd().pair.anderson_darling, 2.574782423945, 1e-12);
  EXPECT_RELATIVE(anderson_darling_sd(2, 27, 1 / 12.0 + 1 / 15.0), .712161881111, 1e-11);
  EXPECT_RELATIVE(anderson_darling_sd(2, 26, 1 / 12.0 + 1 / 14.0), .710369392888, 1e-11);
  const auto first = anderson_darling_test(ab().pair);
  const auto second = anderson_darling_untied(cd().pair.anderson_darling, 12, 14);
  EXPECT_RELATIVE(first.standardised, 1.24786338901, 1e-11);
  EXPECT_RELATIVE(second.standardised, 2.21685004972, 1e-11);
  EXPECT_NEAR(first.p.p, .0978454357884, 2e-5);
  EXPECT_NEAR(second.p.p, .0395368667796, 2e-5);
  const auto first_right = anderson_darling_untied(right_continuous(ab()), 12, 15);
  const auto second_right = anderson_darling_untied(right_continuous(cd()), 12, 14);
  EXPECT_RELATIVE(first_right.standardised, 1.24097232615, 1e-11);
  EXPECT_RELATIVE(second_right.standardised, 1.74525607593, 1e-11);
  EXPECT_NEAR(first_right.p.p, .0985017952362, 2e-5);
  EXPECT_NEAR(second_right.p.p, .0609997817498, 2e-5);
}

TEST(TwoSample, mann_whitney) {
  EXPECT_EQ(ab().pair.twice_u, 2 * 62);
  EXPECT_EQ(cd().pair.twice_u, 2 * 47);
  EXPECT_RELATIVE(62.0 / 180, .344444444444444, 1e-14);
  EXPECT_RELATIVE(mann_whitney_normal(124, 0, 12, 15, 0).p, .171857339063, 1e-11);
  EXPECT_RELATIVE(mann_whitney_normal(124, 0, 12, 15).p, .179640550151, 1e-11);
  const double ties = cd().pair.tie_cubes;
  EXPECT_RELATIVE(mann_whitney_normal(94, ties, 12, 14, 0).p, .0532725072699, 1e-11);
  EXPECT_RELATIVE(mann_whitney_normal(94, ties, 12, 14).p, .0565739993686, 1e-11);
  const auto exact = mann_whitney_test(124, 0, 12, 15, ab().cumulative);
  EXPECT_TRUE(exact.exact);
  EXPECT_RELATIVE(exact.p.p, .182761366003, 1e-11);
  EXPECT_RELATIVE(mann_whitney_test(94, ties, 12, 14, cd().cumulative).p.p, .0570238255485, 1e-11);
  EXPECT_FALSE(mann_whitney_test(94, 0, 40, 14, {}).exact);
}

// ---- Kolmogorov-Smirnov p-values at larger sizes ----

TEST(KsPValue, exact_against_the_approximations_at_the_sizes_of_monitoring) {
  struct Case {
    int64_t n, m;
    double d, exact, exact_tolerance, plain, stephens;
  };
  for (const auto& c :
       {Case{50, 1000, .197, .043462, 5e-7, .049640, .042851},
        Case{100, 9000, .196, .00083947, 5e-9, .00100214, .00081916},
        Case{1000, 1000, .061, .0483972, 5e-8, .0484188, .0464417}, Case{500, 1000, .075, .04622, 5e-6, .04703, .04465},
        Case{200, 2000, .101, .04621, 5e-6, .04898, .04563}, Case{97, 1000, .14464, .04424, 5e-6, .04946, .04456}}) {
    const auto numerator = static_cast<int64_t>(std::llround(c.d * static_cast<double>(c.n * c.m)));
    const double size = effective_size(c.n, c.m);
    EXPECT_NEAR(ks_lattice(numerator, c.n, c.m, {}, false), c.exact, c.exact_tolerance) << c.n;
    EXPECT_NEAR(kolmogorov_tail(std::sqrt(size) * c.d).p, c.plain, c.plain * 2e-4) << c.n;
    EXPECT_NEAR(ks_asymptotic(c.d, size).p, c.stephens, c.stephens * 2e-4) << c.n;
  }
}

// scipy 1.17 ks_2samp(method='exact').
TEST(KsPValue, exact_equals_scipy_without_ties) {
  EXPECT_RELATIVE(ks_lattice(3 * 11, 7, 11, {}, false), 0.3266716943187531, 1e-12);
  EXPECT_RELATIVE(ks_equal_sizes(61, 1000), ks_lattice(61'000, 1000, 1000, {}, false), 1e-11);
  EXPECT_RELATIVE(ks_equal_sizes(500, 1000), ks_lattice(500'000, 1000, 1000, {}, false), 1e-10);
  EXPECT_EQ(ks_equal_sizes(0, 5), 1);
  EXPECT_RELATIVE(ks_equal_sizes(5, 5), 2.0 / 252, 1e-13);
}

TEST(KsPValue, ties_count_only_at_the_end_of_their_block) {
  // One block: the distance is 0 whatever the assignment; two blocks: a hypergeometric tail.
  const std::vector<int64_t> one = {6}, two = {2, 6};
  EXPECT_EQ(ks_lattice(0, 3, 3, one, false), 1);
  EXPECT_EQ(ks_lattice(1, 3, 3, one, false), 0);
  // |2a - 2|·... with a of the first two values in x: the numerator is 3|2a - 2|, so 6 needs a = 0 or 2: 2·3/15.
  EXPECT_RELATIVE(ks_lattice(6, 3, 3, two, false), 6.0 / 15, 1e-14);
  EXPECT_RELATIVE(ks_lattice(6, 3, 3, two, true), 3.0 / 15, 1e-14);
}

TEST(KsPValue, bridge_at_few_values) {
  struct Case {
    int values;
    double critical;
  };
  for (const auto& c : {Case{2, 0.97998}, Case{3, 1.04281}, Case{5, 1.10322}, Case{10, 1.17576}, Case{50, 1.27588}}) {
    Values times;
    for (int i = 1; i < c.values; ++i) times.push_back(static_cast<double>(i) / c.values);
    EXPECT_NEAR(brownian_bridge_tail(c.critical, times), 0.05, 2e-6) << c.values;  // five digits of λ
  }
  // Two values: one normal variable. Far tails keep their digits.
  EXPECT_RELATIVE(brownian_bridge_tail(3, Values{0.5}), 1.973175290075e-9, 1e-11);
  EXPECT_RELATIVE(brownian_bridge_tail(3, Values{0.5, 0.5 + 1e-9}), 1.973175290075e-9, 1e-11);
}

TEST(KsPValue, dispatch_by_sizes_alone) {
  EXPECT_EQ(ks_p_value(100 * 20'000, 20'000, 20'000, {}).method, KsMethod::exact);
  EXPECT_EQ(ks_p_value(1'000'000, 9'999, 10'001, {}).method, KsMethod::exact);
  EXPECT_EQ(ks_p_value(1'000'000, 20'000, 20'001, {}).method, KsMethod::asymptotic);
  const std::vector<int64_t> two = {20'000, 40'001};
  EXPECT_EQ(ks_p_value(1'000'000, 20'000, 20'001, two).method, KsMethod::bridge);
}

TEST(KsBounds, decision_reference_value) {
  const auto bounds = ks_bounds(.15, 1000, 100'000, .95);
  EXPECT_RELATIVE(bounds.lower, .106838950044, 1e-10);
  EXPECT_RELATIVE(bounds.upper, .176137133013, 1e-10);
  EXPECT_EQ(ks_bounds(.01, 1000, 100'000, .95).lower, 0);
  EXPECT_EQ(ks_bounds(.99, 10, 10, .95).upper, 1);
  const auto finite = ks_finite_sample_bounds(.5, 1000, 1000, .95);
  EXPECT_RELATIVE(.5 - finite.lower, 2 * std::sqrt(std::log(2 / .025) / 2000), 1e-13);
  EXPECT_RELATIVE(finite.upper - .5, .5 - finite.lower, 1e-13);
}

// ---- Properties ----

double brute_distribution(const Values& v, double at) {
  return static_cast<double>(std::count_if(v.begin(), v.end(), [&](double a) { return a <= at; }));
}

/// Values from a small set with ties, both zeros and denormals, or from anywhere.
Values small_sample() {
  const auto any = rc::gen::map(rc::gen::arbitrary<double>(), [](double v) { return std::isfinite(v) ? v : 0.0; });
  const auto few = rc::gen::element(-1.0, -0.0, 0.0, 5e-324, 1e-300, 1.0, 1.0 + 2.3e-16, 3.0, 1e9, 1e9 + 1);
  return sorted(*rc::gen::nonEmpty(rc::gen::container<Values>(rc::gen::oneOf(any, few, few, few))));
}

TEST(RankedPairLaw, ks_equals_brute_force_to_the_bit) {
  const double values[] = {-1e300, -1, -5e-324, -0.0, 0.0, 5e-324, 1e-300, 1, 1 + 2.3e-16, 3, 1e9, 1e9 + 1};
  Random random(20'231);
  for (int round = 0; round < 20'000; ++round) {
    Values x(1 + random.below(9)), y(1 + random.below(9));
    const uint64_t kinds = 1 + random.below(std::size(values));
    for (auto* side : {&x, &y})
      for (double& v : *side) v = random.chance(0.1) ? random.normal() : values[random.below(kinds)];
    x = sorted(x), y = sorted(y);
    const auto n = std::ssize(x), m = std::ssize(y);
    int64_t plus = 0, minus = 0;
    for (const auto* side : {&x, &y})
      for (const double v : *side) {
        const auto lead =
            static_cast<int64_t>(brute_distribution(x, v)) * m - static_cast<int64_t>(brute_distribution(y, v)) * n;
        plus = std::max(plus, lead);
        minus = std::max(minus, -lead);
      }
    const auto pair = rank_pair(x, y);
    ASSERT_EQ(pair.plus, plus);
    ASSERT_EQ(pair.minus, minus);
  }
}

RC_GTEST_PROP(RankedPairLaw, distances_equal_long_double_sums, ()) {
  const auto x = small_sample(), y = small_sample();
  Values all = x;
  all.insert(all.end(), y.begin(), y.end());
  std::sort(all.begin(), all.end());
  long double w = 0, e = 0;
  for (size_t i = 1; i < all.size(); ++i) {
    const long double dx = static_cast<long double>(all[i]) - all[i - 1];
    const long double f = brute_distribution(x, all[i - 1]) / static_cast<long double>(x.size()) -
                          brute_distribution(y, all[i - 1]) / static_cast<long double>(y.size());
    w += std::fabs(f) * dx;
    e += f * f * dx;
  }
  const auto pair = rank_pair(x, y);
  if (!std::isfinite(static_cast<double>(w)) || !std::isfinite(all.back() - all.front())) return;
  RC_ASSERT(std::fabs(pair.wasserstein - static_cast<double>(w)) <= 1e-12 * static_cast<double>(w));
  RC_ASSERT(std::fabs(pair.cramer - static_cast<double>(e)) <= 1e-12 * static_cast<double>(e));
}

RC_GTEST_PROP(RankedPairLaw, exchanging_the_samples_mirrors, ()) {
  const auto x = small_sample(), y = small_sample();
  const auto a = rank_pair(x, y), b = rank_pair(y, x);
  RC_ASSERT(a.plus == b.minus);
  RC_ASSERT(a.minus == b.plus);
  RC_ASSERT(a.twice_u + b.twice_u == 2 * a.n * a.m);
  RC_ASSERT(std::fabs(a.cramer_von_mises - b.cramer_von_mises) <= 1e-13 * a.cramer_von_mises);
  RC_ASSERT(a.wasserstein == b.wasserstein);
  RC_ASSERT(std::fabs(a.anderson_darling - b.anderson_darling) <= 1e-12 * a.anderson_darling);
}

RC_GTEST_PROP(RankedPairLaw, runs_of_distinct_values_are_the_same_sample, ()) {
  const auto x = small_sample(), y = small_sample();
  Values distinct;
  std::vector<uint32_t> cumulative;
  for (size_t i = 0; i < y.size(); ++i) {
    if (i + 1 < y.size() && y[i + 1] == y[i]) continue;
    distinct.push_back(y[i]);
    cumulative.push_back(static_cast<uint32_t>(i + 1));
  }
  const auto a = rank_pair(x, y), b = rank_pair(x, distinct, cumulative);
  RC_ASSERT(a.plus == b.plus);
  RC_ASSERT(a.m == b.m);
  RC_ASSERT(a.twice_u == b.twice_u);
  RC_ASSERT(a.cramer_von_mises == b.cramer_von_mises);
}

TEST(RankedPair, integers_beyond_the_doubles_are_told_apart) {
  const int64_t big = int64_t{1} << 60;
  const std::vector<int64_t> x = {big + 1, big + 3}, y = {big, big + 2};
  const auto pair = rank_pair(x, y);
  EXPECT_EQ(pair.minus, 2);  // one of two below in y where none is in x
  EXPECT_EQ(pair.distinct, 4);
  EXPECT_EQ(pair.wasserstein, 1);
}

TEST(RankedPair, an_offset_costs_no_digits) {
  Random random(7);
  Values x, y;
  for (int i = 0; i < 20'000; ++i) x.push_back(random.normal(0, 1e-3)), y.push_back(random.normal(2e-4, 1e-3));
  const double ulp = std::ldexp(1, -23);  // spacing of doubles near 1e9
  for (auto* v : {&x, &y})
    for (double& a : *v) a = std::round(a / ulp) * ulp;
  const auto near = rank_pair(sorted(x), sorted(y));
  for (auto* v : {&x, &y})
    for (double& a : *v) a += 1e9;
  const auto far = rank_pair(sorted(x), sorted(y));
  EXPECT_EQ(near.plus, far.plus);
  EXPECT_EQ(near.minus, far.minus);
  EXPECT_RELATIVE(near.wasserstein, far.wasserstein, 1e-15);
}

TEST(RankedPair, equal_samples_and_constants) {
  const Values same = {2, 2, 2};
  const auto pair = rank_pair(same, same);
  EXPECT_EQ(pair.plus + pair.minus, 0);
  EXPECT_EQ(pair.twice_u, 9);
  EXPECT_EQ(pair.anderson_darling, 0);
  EXPECT_EQ(pair.wasserstein, 0);
  EXPECT_EQ(energy_p_value(pair).p, 1);
  EXPECT_EQ(mann_whitney_normal(pair.twice_u, pair.tie_cubes, 3, 3).p, 1);
}

// ---- Bounds and null laws of W1 and energy ----

TEST(WassersteinBounds, clear_the_noise_before_the_margin) {
  const auto moved = wasserstein_bounds(0.5, 0.02, 0.05, 0.95);
  EXPECT_RELATIVE(moved.lower, std::sqrt(0.25 - 0.0025) - 1.6448536269514722 * 0.02, 1e-12);
  EXPECT_RELATIVE(moved.upper, 0.5 + 1.6448536269514722 * 0.02, 1e-13);
  EXPECT_EQ(wasserstein_bounds(0.04, 0.01, 0.05, 0.95).lower, 0);
}

// ∫sqrt(Φ(1-Φ)) dx = 1.8062… ; n=5000, m=50,000: floor .0191 (simulated mean .0194).
TEST(WassersteinBounds, null_mean_of_normal_samples) {
  EXPECT_NEAR(wasserstein_null_mean(1.6148, 5000, 50'000), .0191, 5e-5);
}

// For uniform data the energy null law is the Cramér-von Mises law: eigenvalues 1/(j²π²).
TEST(Energy, null_cumulants_of_uniform_data) {
  Values x, y;
  for (int i = 0; i < 4000; ++i) x.push_back((i + 0.5) / 4000), y.push_back((i + 0.25) / 4000);
  const auto pair = rank_pair(x, y);
  EXPECT_NEAR(pair.cramer_kernel.first, 1.0 / 6, 1e-3);
  EXPECT_NEAR(pair.cramer_kernel.second, 1.0 / 90, 1e-4);
  EXPECT_NEAR(pair.cramer_kernel.third, 1.0 / 945, 1e-5);
  RankedPair at = pair;
  at.cramer = 0.461136 / effective_size(pair.n, pair.m);  // the 5 % point of that law
  EXPECT_NEAR(energy_p_value(at).p, 0.05, 0.002);
}

}  // namespace
}  // namespace leeway::stats
