#include "stats/auc.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/random.h"

namespace leeway::stats {
namespace {

const std::vector<double> scores{.1, .2, .2, .3, .4, .4, .5, .6, .6, .7, .8, .9};
const std::vector<uint8_t> labels{0, 0, 1, 0, 0, 1, 0, 1, 0, 1, 1, 1};

struct BruteForce {
  uint64_t twice_u = 0;
  double variance = 0;
};

BruteForce brute_force(const std::vector<double>& s, const std::vector<uint8_t>& y) {
  BruteForce result;
  std::vector<double> placed[2];
  for (const int label : {0, 1})
    for (size_t i = 0; i < s.size(); ++i) {
      if (y[i] != label) continue;
      double lower = 0, others = 0;
      for (size_t j = 0; j < s.size(); ++j) {
        if (y[j] == label) continue;
        others += 1;
        lower += s[j] < s[i] ? 1 : s[j] == s[i] ? .5 : 0;
      }
      placed[label].push_back(lower / others);
      if (label == 1) result.twice_u += static_cast<uint64_t>(std::lround(2 * lower));
    }
  for (const auto& values : placed) {
    const auto n = static_cast<double>(values.size());
    double mean = 0, squares = 0;
    for (const double v : values) mean += v / n;
    for (const double v : values) squares += (v - mean) * (v - mean);
    result.variance += squares / (n - 1) / n;
  }
  return result;
}

// scikit-learn 1.9.1 roc_auc_score; SE by numpy covariances of the structural components, as in pROC (R 4.2.2).
TEST(Auc, equals_scikit_learn_and_proc) {
  const Auc a = auc(scores, labels);
  EXPECT_EQ(a.twice_u, 57u);
  EXPECT_NEAR(a.value(), .7916666666666665, 1e-15);
  EXPECT_NEAR(a.se(), .14191155304938666, 1e-14);
}

TEST(Auc, paired_models_equal_the_covariance_of_structural_components) {
  const std::vector<double> other{.3, .1, .2, .2, .6, .3, .4, .9, .1, .5, .9, .7};
  const PairedAuc pair = paired_auc(scores, other, labels);   // numpy, as above
  EXPECT_NEAR(pair.second.value(), .8055555555555556, 1e-15);
  EXPECT_NEAR(pair.second.variance, .017283950617283952, 1e-15);
  EXPECT_NEAR(pair.covariance, .0125, 1e-15);
  EXPECT_NEAR(pair.se(), std::sqrt(.14191155304938666 * .14191155304938666 + .017283950617283952 - .025), 1e-12);
  EXPECT_NEAR(paired_auc(scores, scores, labels).se(), 0, 1e-8);
}

template <class Score>
void fast_equals_brute_force(Score score) {
  const int n = *rc::gen::inRange(2, 60);
  std::vector<double> s;
  std::vector<uint8_t> y{0, 1};
  for (int i = 0; i < n; ++i) s.push_back(score());
  while (y.size() < s.size()) y.push_back(*rc::gen::arbitrary<bool>());
  const Auc fast = auc(s, y);
  const BruteForce slow = brute_force(s, y);
  RC_ASSERT(fast.twice_u == slow.twice_u);
  if (fast.positives > 1 && fast.negatives > 1) RC_ASSERT(std::fabs(fast.variance - slow.variance) < 1e-12);
}

RC_GTEST_PROP(Auc, fast_equals_brute_force_with_ties, ()) {
  fast_equals_brute_force([] { return *rc::gen::inRange(-3, 4) / 4.0; });
}

RC_GTEST_PROP(Auc, fast_equals_brute_force_on_any_doubles, ()) {
  fast_equals_brute_force([] {
    return *rc::gen::element(0.0, -0.0, 5e-324, -5e-324, 1e-310, 1e308, -1e308, 1.0, -1.0, 1 + 1e-16, 0.1, 0.1f * 1.0,
                             std::nextafter(0.1, 1));
  });
}

// Large enough for the radix passes; the scores of the last three agree in their leading bits.
TEST(Auc, the_radix_sort_orders_as_a_comparison_sort_does) {
  Random random(7);
  const auto check = [&](auto score) {
    std::vector<double> s(5000);
    std::vector<uint8_t> y(s.size());
    for (size_t i = 0; i < s.size(); ++i) {
      s[i] = score();
      y[i] = random.chance(.3);
    }
    std::vector<std::pair<double, int>> sorted;
    for (size_t i = 0; i < s.size(); ++i) sorted.emplace_back(s[i] + 0.0, y[i]);
    std::sort(sorted.begin(), sorted.end());
    size_t at = 0;
    RankedScores::of_rows(s, y).visit([&](double value, int64_t negatives, int64_t positives) {
      for (int64_t i = 0; i < negatives + positives; ++i, ++at) {
        ASSERT_EQ(value, sorted[at].first);
        ASSERT_EQ(i >= negatives, sorted[at].second == 1);
      }
    });
    EXPECT_EQ(at, s.size());
  };
  check([&] { return static_cast<double>(static_cast<float>(random.uniform())); });
  check([&] { return random.uniform(); });
  check([&] { return random.normal(0, 100); });
  check([&] { return std::pow(10, 600 * random.uniform() - 300); });
  check([&] { return 1e9 + random.normal(0, 1e-3); });
  check([&] { return 1 + std::ldexp(static_cast<double>(random.below(40)), -52); });
  check([&] { return random.chance(.01) ? 1e300 : 1 + std::ldexp(static_cast<double>(random.below(4000)), -52); });
}

TEST(Auc, degenerate_inputs_are_defined) {
  EXPECT_FALSE(auc(std::vector<double>{}, std::vector<uint8_t>{}).defined());
  const std::vector<uint8_t> one_class{1, 1, 1};
  const Auc single = auc(std::vector<double>{.1, .2, .3}, one_class);
  EXPECT_FALSE(single.defined());
  EXPECT_TRUE(std::isnan(single.value()));
  EXPECT_TRUE(std::isnan(auc_interval(single).lower));
  const Auc constant = auc(std::vector<double>(12, .5), labels);
  EXPECT_EQ(constant.value(), .5);
  EXPECT_EQ(constant.variance, 0);
  EXPECT_LT(auc_interval(constant).lower, .5);
  EXPECT_GT(auc_interval(constant).upper, .5);
}

// scipy 1.17.1: expit(logit(A) ± norm.ppf(.975) SE / (A (1 - A))).
TEST(Auc, interval_on_the_logit_scale) {
  const Interval interval = auc_interval(auc(scores, labels));
  EXPECT_NEAR(interval.lower, 0.4130393379272958, 1e-12);
  EXPECT_NEAR(interval.upper, 0.9535323552130116, 1e-12);
}

// scipy 1.17.1 brentq on (A - theta)² = z² V(theta), V of Hanley & McNeil with both sizes (P + N)/2.
TEST(Auc, a_perfect_or_tiny_sample_never_has_zero_width) {
  Auc perfect{20, 30, 2 * 20 * 30, 0, 0};
  EXPECT_EQ(auc_interval(perfect).upper, 1);
  EXPECT_NEAR(auc_interval(perfect).lower, 0.9159389279347223, 1e-12);
  Auc few{3, 50, 240, 0, .002};   // .8
  EXPECT_NEAR(auc_interval(few).lower, 0.46172850788176767, 1e-12);
  EXPECT_NEAR(auc_interval(few).upper, 0.9427768091020677, 1e-12);
  Auc pair{1, 1, 2};
  EXPECT_NEAR(auc_interval(pair).lower, 1 / (1 + 3.841458820694124), 1e-12);
}

// Sums of squares that 64 bits do not hold: every count a hundred million times what it was leaves the AUC as it is,
// and DeLong's variance against its definition by bins.
TEST(Auc, huge_counts_are_exact) {
  constexpr int64_t times = 100'000'000;
  const std::vector<ScoreBin> bins = {{.1, 3, 1}, {.4, 2, 2}, {.5, 0, 1}, {.9, 1, 4}};
  std::vector<ScoreBin> huge = bins;
  for (ScoreBin& bin : huge) bin.negatives *= times, bin.positives *= times;
  const Auc a = auc(RankedScores::of_bins(huge));
  EXPECT_DOUBLE_EQ(a.value(), auc(RankedScores::of_bins(bins)).value());
  const auto p = static_cast<long double>(a.positives), n = static_cast<long double>(a.negatives);
  long double below_n = 0, below_p = 0, of_positives = 0, of_negatives = 0;
  for (const ScoreBin& bin : huge) {
    const auto own_n = static_cast<long double>(bin.negatives), own_p = static_cast<long double>(bin.positives);
    const long double v10 = (below_n + own_n / 2) / n - a.value(), v01 = 1 - (below_p + own_p / 2) / p - a.value();
    of_positives += own_p * v10 * v10;
    of_negatives += own_n * v01 * v01;
    below_n += own_n;
    below_p += own_p;
  }
  const auto variance = static_cast<double>(of_positives / (p - 1) / p + of_negatives / (n - 1) / n);
  EXPECT_NEAR(a.variance, variance, 1e-12 * variance);
}

TEST(Auc, bins_bracket_the_auc_of_the_rows) {
  Random random(11);
  std::vector<double> s(2000);
  std::vector<uint8_t> y(s.size());
  std::vector<ScoreBin> bins(64, {0, 0, 0});
  for (size_t i = 0; i < s.size(); ++i) {
    s[i] = random.uniform();
    y[i] = random.chance(s[i]);
    auto& bin = bins[static_cast<size_t>(s[i] * 64)];
    ++(y[i] ? bin.positives : bin.negatives);
  }
  const Auc exact = auc(s, y), binned = auc(RankedScores::of_bins(bins));
  EXPECT_GT(binned.half_width_of_bins(), 0);
  EXPECT_LE(std::fabs(exact.value() - binned.value()), binned.half_width_of_bins());
  EXPECT_NEAR(exact.se(), binned.se(), .02 * exact.se());
}

// 2000 windows of 40 positives and 60 negatives, binormal scores, AUC .8.
TEST(Auc, interval_covers_as_stated) {
  Random random(3);
  const double shift = std::sqrt(2.0) * .8416212335729143, truth = .8;
  int covered = 0;
  for (int run = 0; run < 2000; ++run) {
    std::vector<double> s;
    std::vector<uint8_t> y;
    for (int i = 0; i < 100; ++i) {
      y.push_back(i < 40);
      s.push_back(random.normal(i < 40 ? shift : 0, 1));
    }
    const Interval interval = auc_interval(auc(s, y));
    covered += interval.lower <= truth && truth <= interval.upper;
  }
  EXPECT_GE(covered / 2000.0, .93);
  EXPECT_LE(covered / 2000.0, .97);
}

}  // namespace
}  // namespace leeway::stats
