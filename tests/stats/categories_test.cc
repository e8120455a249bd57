// Tests and distances on counts. Values: R 4.2.2 (chisq.test, DescTools::GTest) and scipy 1.10.1 where a package has
// them, else the formulas evaluated independently in Python and R.
#include <array>

#include "base/random.h"
#include "expect_relative.h"
#include "stats/contingency.h"
#include "stats/divergence.h"

namespace leeway::stats {
namespace {

using Counts = std::vector<int64_t>;

const Counts reference = {50, 30, 15, 5, 0}, window = {40, 35, 15, 8, 2};
const Counts moved = {200, 274, 326, 374, 422, 475, 537, 616, 733, 1043}, even(10, 10'000);

TEST(Contingency, homogeneity) {
  const auto x2 = chi_square_homogeneity(window, reference);
  EXPECT_RELATIVE(x2.statistic, 4.18803418803, 1e-11);
  EXPECT_EQ(x2.df, 4);
  EXPECT_EQ(x2.smallest_expected, 1);
  EXPECT_RELATIVE(x2.p.p, .381155893981, 1e-11);
  const auto g = g_homogeneity(window, reference);
  EXPECT_RELATIVE(g.statistic, 4.96958021764, 1e-11);
  EXPECT_RELATIVE(chi_square_homogeneity(reference, window).statistic, x2.statistic, 1e-14);
  // Without the correction: the p that R and scipy report.
  EXPECT_RELATIVE(std::exp(-g.statistic / 2) * (1 + g.statistic / 2), .290433021108, 1e-11);
  EXPECT_GT(g.williams, 1);
  EXPECT_RELATIVE(g.williams,
                  1 + 3 * (200.0 / 90 + 200.0 / 65 + 200.0 / 30 + 200.0 / 13 + 200.0 / 2 - 1) / (6 * 200 * 4), 1e-14);
}

// Full enumeration of small tables; the last row from the factorial moments of the hypergeometric law, in fractions.
TEST(Contingency, exact_moments) {
  struct Case {
    std::vector<double> rows, columns;
    double mean, variance;
  };
  std::vector<double> singletons(150, 1.0);
  singletons.insert(singletons.end(), {100, 100, 50});
  for (const auto& c : {Case{{5, 7}, {3, 4, 5}, 2.18181818182, 3.82730578512},
                        Case{{6, 9}, {1, 1, 2, 4, 7}, 4.28571428571, 3.59350470958},
                        Case{{4, 6}, {2, 2, 2, 2, 2}, 4.44444444444, 5.51146384480},
                        Case{{100, 300}, singletons, 152.380952381, 127.80440096741685}}) {
    const auto moments = chi_square_moments(c.rows, c.columns);
    EXPECT_RELATIVE(moments.mean, c.mean, 1e-11);
    EXPECT_RELATIVE(moments.variance, c.variance, 1e-11);
  }
}

/// All 2 × k tables with the margins, each with its probability up to a factor.
void enumerate(const Counts& columns, size_t at, int64_t left, double weight, Counts& x,
               const std::function<void(const Counts&, double)>& visit) {
  if (at == columns.size()) {
    if (left == 0) visit(x, weight);
    return;
  }
  double choose = 1;
  for (int64_t a = 0; a <= std::min(columns[at], left); ++a) {
    x[at] = a;
    enumerate(columns, at + 1, left - a, weight * choose, x, visit);
    choose = choose * static_cast<double>(columns[at] - a) / static_cast<double>(a + 1);
  }
}

TEST(Contingency, moments_equal_the_enumeration_of_all_tables) {
  const Counts columns = {1, 1, 2, 4, 7};
  double total = 0, mean = 0, square = 0;
  Counts x(columns.size());
  enumerate(columns, 0, 6, 1, x, [&](const Counts& first, double weight) {
    Counts second(columns.size());
    for (size_t i = 0; i < columns.size(); ++i) second[i] = columns[i] - first[i];
    const double statistic = chi_square_homogeneity(first, second).statistic;
    total += weight;
    mean += weight * statistic;
    square += weight * statistic * statistic;
  });
  const double rows[] = {6, 9}, cells[] = {1, 1, 2, 4, 7};
  const auto moments = chi_square_moments(rows, cells);
  EXPECT_RELATIVE(mean / total, moments.mean, 1e-12);
  EXPECT_RELATIVE(square / total - mean * mean / total / total, moments.variance, 1e-11);
}

TEST(Contingency, sparse_tables_hold_their_level) {
  Random random(11);
  std::vector<uint32_t> rows(400);  // categories: 150 singletons, then 100, 100, 50
  for (uint32_t i = 0; i < 400; ++i) rows[i] = i < 150 ? i : i < 250 ? 150 : i < 350 ? 151 : 152;
  int gamma = 0, chi_square = 0;
  constexpr int rounds = 4000;
  for (int round = 0; round < rounds; ++round) {
    random.shuffle(rows);
    Counts x(153), y(153);
    for (int i = 0; i < 400; ++i) ++(i < 100 ? x : y)[rows[i]];
    gamma += homogeneity(x, y).p.p < 0.05;
    chi_square += chi_square_homogeneity(x, y).p.p < 0.05;
  }
  EXPECT_NEAR(gamma / double(rounds), .053, .011);  // ± 3 standard errors
  EXPECT_LT(chi_square / double(rounds), .012);
}

TEST(Contingency, tables_that_cannot_differ) {
  EXPECT_EQ(homogeneity(Counts{5, 0}, Counts{7, 0}).p.p, 1);
  EXPECT_EQ(homogeneity(Counts{5, 3}, Counts{0, 0}).p.p, 1);
  EXPECT_EQ(homogeneity(Counts{}, Counts{}).df, 0);
  EXPECT_EQ(g_homogeneity(Counts{0, 0}, Counts{3, 4}).statistic, 0);
  EXPECT_LT(homogeneity(Counts{1000, 0}, Counts{0, 1000}).p.log_p, -900);
}

TEST(Divergence, distances) {
  const CountPair counts(window, reference);
  const SharePair plain = shares(counts, 0), half = shares(counts, 0.5);
  EXPECT_RELATIVE(jensen_shannon_divergence(plain), .0124239505441, 1e-10);
  EXPECT_RELATIVE(std::sqrt(jensen_shannon_divergence(plain)), .111462776496, 1e-11);
  EXPECT_RELATIVE(std::sqrt(jensen_shannon_divergence(plain) / std::log(2)), .133880438594, 1e-11);
  EXPECT_RELATIVE(std::sqrt(squared_hellinger(plain)), .124514321973, 1e-11);
  EXPECT_RELATIVE(total_variation(plain), .1, 1e-14);
  EXPECT_RELATIVE(largest_difference(plain), .1, 1e-14);
  EXPECT_RELATIVE(population_stability_index(half), .0730787680456, 1e-11);
  EXPECT_RELATIVE(population_stability_index(shares(counts, 1)), .0604172783973, 1e-11);
  EXPECT_RELATIVE(kullback_leibler(half), .0407387480561, 1e-11);
  EXPECT_RELATIVE(kullback_leibler({half.q, half.p}), .0323400199894, 1e-11);
}

TEST(Divergence, psi_without_clear_drift) {
  const CountPair counts(window, reference);
  const auto psi = estimate_divergence(Divergence::psi, counts, .95);
  EXPECT_RELATIVE(psi.statistic, 3.65393840228, 1e-11);
  EXPECT_RELATIVE(psi.corrected, -.0242437144697, 1e-10);
  EXPECT_EQ(psi.kappa, 1);
  EXPECT_EQ(psi.noncentral.lower, 0);
  EXPECT_RELATIVE(psi.noncentral.upper, .168452662783, 1e-10);
  EXPECT_EQ(psi.bounds.lower, 0);
  EXPECT_RELATIVE(psi.bounds.upper, .168452662783, 1e-10);
  EXPECT_NEAR(estimate_divergence(Divergence::psi, counts, .975).noncentral.upper, .21234422, 5e-9);
}

TEST(Divergence, psi_with_drift) {
  const CountPair counts(moved, even);
  const auto psi = estimate_divergence(Divergence::psi, counts, .95);
  EXPECT_RELATIVE(psi.value, .209867467159, 1e-11);
  EXPECT_RELATIVE(psi.statistic, 999.368891233, 1e-11);
  EXPECT_RELATIVE(psi.corrected, .207744354735, 1e-11);
  EXPECT_RELATIVE(psi.noncentral.lower, .186960536342, 1e-10);
  EXPECT_RELATIVE(psi.noncentral.upper, .230551686217, 1e-10);
  EXPECT_RELATIVE(psi.kappa, 1.01491137003, 1e-10);
  EXPECT_RELATIVE(psi.bounds.lower, .186650621135, 1e-10);
  EXPECT_RELATIVE(psi.bounds.upper, .230891774776, 1e-10);
}

// 95 % points of PSI with 10 bins when nothing moved.
TEST(Divergence, psi_critical_values) {
  const double chi2 = 16.918977604620448;
  EXPECT_NEAR(chi2 * 2 / 1000, 0.033838, 5e-7);
  EXPECT_NEAR(chi2 * (1 / 1000.0 + 1e-5), 0.017088, 5e-7);
  EXPECT_NEAR(chi2 * (1 / 100.0 + 1e-3), 0.18611, 5e-6);
  const CountPair counts(Counts(10, 100), Counts(10, 10'000));
  EXPECT_RELATIVE(estimate_divergence(Divergence::psi, counts, .95).expected, 9 * (1 / 1000.0 + 1e-5), 1e-13);
}

TEST(Divergence, the_p_value_follows_the_sizes_of_the_cells) {
  const CountPair dense(Counts{40, 35, 15, 8}, Counts{50, 30, 15, 5}), sparse(window, reference);
  const auto estimate = estimate_divergence(Divergence::psi, dense, .95);
  EXPECT_RELATIVE(divergence_p_value(estimate, dense).p, chi_square_homogeneity(Counts{1}, Counts{1}).p.p, 1);
  EXPECT_LT(divergence_p_value(estimate, dense).p, 1);
  // An expected count of 1: the gamma law on the same cells.
  EXPECT_EQ(divergence_p_value(estimate_divergence(Divergence::psi, sparse, .95), sparse),
            homogeneity(window, reference).p);
}

TEST(Divergence, a_cell_empty_in_both_samples_is_no_cell) {
  Counts wide_window = window, wide_reference = reference;
  wide_window.insert(wide_window.begin() + 2, 0);
  wide_reference.insert(wide_reference.begin() + 2, 0);
  const CountPair with(wide_window, wide_reference), without(window, reference);
  EXPECT_EQ(with.cells(), without.cells());
  EXPECT_EQ(estimate_divergence(Divergence::psi, with, .95).value,
            estimate_divergence(Divergence::psi, without, .95).value);
}

TEST(Divergence, one_cell_or_identical_samples_do_not_differ) {
  for (const auto kind : {Divergence::psi, Divergence::kl, Divergence::kl_reverse, Divergence::jensen_shannon,
                          Divergence::squared_hellinger}) {
    const auto one = estimate_divergence(kind, CountPair(Counts{10}, Counts{90}), .95);
    EXPECT_EQ(one.value, 0);
    EXPECT_EQ(one.df, 0);
    EXPECT_EQ(one.bounds.lower, 0);
    const auto same = estimate_divergence(kind, CountPair(even, even), .95);
    EXPECT_NEAR(same.value, 0, 1e-15);
    EXPECT_LT(same.corrected, 0);
    EXPECT_EQ(same.bounds.lower, 0);
  }
}

// The weighted Jensen-Shannon divergence of two samples is G/(2N), exactly.
TEST(Divergence, g_is_a_jensen_shannon_divergence) {
  const auto entropy = [](const Counts& counts, double total) {
    double sum = 0;
    for (const int64_t c : counts) sum -= c == 0 ? 0 : c / total * std::log(c / total);
    return sum;
  };
  Counts pooled(5);
  for (int i = 0; i < 5; ++i) pooled[i] = window[i] + 3 * reference[i];
  Counts thrice = reference;
  for (int64_t& c : thrice) c *= 3;
  const double divergence = entropy(pooled, 400) - (100 * entropy(window, 100) + 300 * entropy(thrice, 300)) / 400;
  EXPECT_RELATIVE(g_homogeneity(window, thrice).statistic, 800 * divergence, 1e-10);
}

// Ten rows in the one cell do not prove that there is no other: it may hold a quarter of the window.
TEST(Divergence, a_single_cell_is_no_proof_of_stability) {
  const auto upper = [](int64_t n) {
    return estimate_divergence(Divergence::psi, CountPair(Counts{n}, Counts{1000}), .95).bounds.upper;
  };
  const double p = 1 - std::pow(.05, .1), q = .5 / 1001;
  EXPECT_RELATIVE(upper(10), (p - q) * std::log(p / q) + (q - p) * std::log((1 - p) / (1 - q)), 1e-12);
  EXPECT_GT(upper(50), .1);
  EXPECT_LT(upper(1000), .01);
}

TEST(Divergence, disjoint_samples_are_as_far_as_can_be) {
  const CountPair counts(Counts{1000, 0}, Counts{0, 1000});
  EXPECT_RELATIVE(estimate_divergence(Divergence::jensen_shannon, counts, .95).value, std::log(2), 1e-14);
  EXPECT_RELATIVE(estimate_divergence(Divergence::squared_hellinger, counts, .95).value, 1, 1e-14);
  EXPECT_TRUE(std::isfinite(estimate_divergence(Divergence::psi, counts, .95).bounds.upper));
  EXPECT_EQ(estimate_total_variation(counts, .95).value, 1);
  EXPECT_EQ(estimate_largest_difference(counts, .95).value, 1);
}

TEST(Divergence, bias_equals_the_mean_excess_over_the_truth) {
  const std::array<double, 4> p = {.4, .3, .2, .1}, q = {.25, .25, .25, .25};
  Random random(3);
  const auto draw = [&](const std::array<double, 4>& share, int size) {
    Counts counts(4);
    for (int i = 0; i < size; ++i) {
      const double u = random.uniform();
      ++counts[u < share[0] ? 0 : u < share[0] + share[1] ? 1 : u < share[0] + share[1] + share[2] ? 2 : 3];
    }
    return counts;
  };
  const SharePair truth{{p.begin(), p.end()}, {q.begin(), q.end()}};
  const double exact[] = {population_stability_index(truth), kullback_leibler(truth),
                          kullback_leibler({truth.q, truth.p}), jensen_shannon_divergence(truth),
                          squared_hellinger(truth)};
  constexpr int rounds = 1500;
  double corrected[5] = {}, covered_low[5] = {}, covered_high[5] = {};
  for (int round = 0; round < rounds; ++round) {
    const CountPair counts(draw(p, 300), draw(q, 1000));
    for (int k = 0; k < 5; ++k) {
      const auto e = estimate_divergence(static_cast<Divergence>(k), counts, .95);
      corrected[k] += e.corrected / rounds;
      covered_low[k] += (e.bounds.lower <= exact[k]) / double(rounds);
      covered_high[k] += (e.bounds.upper >= exact[k]) / double(rounds);
    }
  }
  for (int k = 0; k < 5; ++k) {
    EXPECT_NEAR(corrected[k] / exact[k], 1, 0.05) << k;
    EXPECT_GT(covered_low[k], .935) << k;
    EXPECT_GT(covered_high[k], .935) << k;
  }
}

TEST(TotalVariation, bounds_hold_and_noise_is_known) {
  Random random(5);
  int missed = 0;
  double mean = 0;
  constexpr int rounds = 1000;
  for (int round = 0; round < rounds; ++round) {
    Counts x(10), y(10);
    for (int i = 0; i < 500; ++i) ++x[random.below(10)];
    for (int i = 0; i < 2000; ++i) ++y[random.below(10)];
    const auto tv = estimate_total_variation(CountPair(x, y), .95);
    missed += tv.bounds.lower > 0;
    mean += (tv.value - tv.expected) / rounds;
  }
  EXPECT_LE(missed, 50);
  EXPECT_NEAR(mean, 0, 0.001);
}

TEST(LargestDifference, bounds_and_p) {
  const auto e = estimate_largest_difference(CountPair(window, reference), .95);
  EXPECT_RELATIVE(e.value, .1, 1e-14);
  EXPECT_EQ(e.cell, 0);
  EXPECT_EQ(e.bounds.lower, 0);
  EXPECT_GT(e.bounds.upper, .2);
  EXPECT_GT(e.p.p, .5);
  const auto clear = estimate_largest_difference(CountPair(moved, even), .95);
  EXPECT_RELATIVE(clear.value, .1086, 1e-12);
  EXPECT_EQ(clear.cell, 9);
  EXPECT_GT(clear.bounds.lower, .09);
  EXPECT_LT(clear.bounds.upper, .12);
  EXPECT_LT(clear.p.log_p, -100);
}

}  // namespace
}  // namespace leeway::stats
