// The prepared comparison against the definition, bit for bit, on cases made to break it; statistics against published
// values of R and scipy.
#include "summaries/numeric_scan.h"

#include "base/random.h"

namespace leeway {
namespace {

using Values = std::vector<double>;

/// sup |F_n - F_m| times n·m by the definition: after each distinct pooled value, by counting.
struct Truth {
  int64_t plus = 0, minus = 0;
};
Truth by_definition(const Values& x, const Values& y) {
  Truth out;
  Values pooled = x;
  pooled.insert(pooled.end(), y.begin(), y.end());
  const auto n = static_cast<int64_t>(x.size()), m = static_cast<int64_t>(y.size());
  for (const double z : pooled) {
    const auto upto = [z](double v) { return v <= z; };
    const int64_t difference = std::count_if(x.begin(), x.end(), upto) * m - std::count_if(y.begin(), y.end(), upto) * n;
    out.plus = std::max(out.plus, difference);
    out.minus = std::max(out.minus, -difference);
  }
  return out;
}

/// The same by sorting, for sizes where counting takes too long.
Truth by_sorting(Values x, Values y) {
  std::sort(x.begin(), x.end());
  std::sort(y.begin(), y.end());
  Truth out;
  const auto n = static_cast<int64_t>(x.size()), m = static_cast<int64_t>(y.size());
  for (const Values* side : {&x, &y})
    for (const double z : *side) {
      const auto upto = [z](const Values& v) { return std::upper_bound(v.begin(), v.end(), z) - v.begin(); };
      const int64_t difference = upto(x) * m - upto(y) * n;
      out.plus = std::max(out.plus, difference);
      out.minus = std::max(out.minus, -difference);
    }
  return out;
}

Column reals(Values values) { return Column::of_reals("x", std::move(values)); }

/// F_n - F_m, times n·m, at `location` or just below it.
int64_t signed_difference(const Values& x, const Values& y, const KsResult& ks) {
  const auto count = [&](const Values& v) {
    return std::count_if(v.begin(), v.end(), [&](double z) { return ks.direction > 0 ? z < ks.location : z <= ks.location; });
  };
  return count(x) * ks.m - count(y) * ks.n;
}

testing::AssertionResult agrees(const Values& x, const Values& y, const Truth& truth, ScanScratch& scratch) {
  const auto reference = NumericReference::prepare(y);
  const Column column = reals(x);
  NumericScan scan(*reference, column, scratch);
  const KsResult ks = scan.ks();
  const OneSidedResult sides = scan.one_sided();
  if (ks.numerator != std::max(truth.plus, truth.minus))
    return testing::AssertionFailure() << "numerator " << ks.numerator << ", not " << std::max(truth.plus, truth.minus);
  if (sides.plus != truth.plus || sides.minus != truth.minus)
    return testing::AssertionFailure() << "sides " << sides.plus << " " << sides.minus << ", not " << truth.plus << " " << truth.minus;
  if (ks.direction != 0 && ks.direction * signed_difference(x, y, ks) != ks.numerator)
    return testing::AssertionFailure() << "not reached at " << ks.location;
  if ((ks.direction == 0) != (ks.numerator == 0)) return testing::AssertionFailure() << "direction";
  return testing::AssertionSuccess();
}

/// Finite values that collide, straddle zero, and reach both ends of the doubles.
double awkward(Random& random, int style) {
  static constexpr double special[] = {0.0,     -0.0,  5e-324, -5e-324, 1e-310, -1e-310, 2.2250738585072014e-308, 1e308, -1e308,
                                       1.7976931348623157e308, -1.7976931348623157e308, 1.0, -1.0, 1.0000000000000002};
  switch (style) {
    case 0: return static_cast<double>(random.below(6));
    case 1: return special[random.below(std::size(special))];
    case 2: return random.normal();
    case 3: return 1e9 + 1e-3 * random.normal();
    case 4: return std::ldexp(random.uniform() - 0.5, static_cast<int>(random.below(2000)) - 1000);
    case 5: return random.chance(0.8) ? 0.0 : random.normal();
    case 6: return static_cast<double>(random.below(4)) + 1e-9 * static_cast<double>(random.below(5)) + 1e-15 * random.normal();
    default: return awkward(random, static_cast<int>(random.below(7)));
  }
}
Values awkward_values(Random& random, size_t size, int style) {
  Values out(size);
  for (double& x : out) x = awkward(random, style);
  return out;
}

TEST(NumericScan, KsEqualsTheDefinitionOnHundredThousandSmallCases) {
  ScanScratch scratch;
  for (uint64_t trial = 0; trial < 100'000; ++trial) {
    Random random(trial);
    const int style = static_cast<int>(trial % 8), other = trial % 3 == 0 ? static_cast<int>(random.below(8)) : style;
    const Values x = awkward_values(random, 1 + random.below(trial % 16 == 0 ? 40 : 12), style);
    Values y = awkward_values(random, 1 + random.below(14), other);
    if (trial % 5 == 0) y.insert(y.end(), x.begin(), x.begin() + static_cast<ptrdiff_t>(random.below(x.size() + 1)));
    ASSERT_TRUE(agrees(x, y, by_definition(x, y), scratch)) << "trial " << trial;
  }
}

TEST(NumericScan, KsEqualsSortingWhereCellsHoldManyValues) {
  ScanScratch scratch;
  for (uint64_t trial = 0; trial < 400; ++trial) {
    Random random(trial + 1'000'000);
    const int style = static_cast<int>(trial % 8);
    Values y = awkward_values(random, 500 + random.below(8000), style);
    Values x = awkward_values(random, 1 + random.below(trial % 4 == 0 ? 100 : 12000), trial % 7 == 0 ? 7 : style);
    if (trial % 5 == 1)  // a copy with a part of it moved: one long plateau
      for (size_t i = 0; i < x.size(); ++i) x[i] = y[i % y.size()] + (i % 50 == 0 ? 0.5 : 0);
    if (trial % 5 == 2)  // everything in one crowded place
      for (double& v : x) v = y[0];
    for (double& v : x) v = std::clamp(v, -1.7e308, 1.7e308);
    ASSERT_TRUE(agrees(x, y, by_sorting(x, y), scratch)) << "trial " << trial;
  }
}

// Exact comparison of integers that doubles cannot tell apart.
/// An atom, a tight cluster, and thousands of clusters over six hundred decades: more cells than 16 bits tell apart.
Values clustered(Random& random, size_t size) {
  Values out(size);
  for (double& x : out) {
    const double tight = 1 + 1e-12 * random.uniform();
    x = random.chance(0.02)  ? 0
        : random.chance(0.2) ? 1000 * tight
                             : std::pow(10, 0.05 * static_cast<double>(random.below(12000)) - 300) * tight;
  }
  return out;
}

TEST(NumericScan, ManyCells) {
  Random random(7);
  const Values y = clustered(random, 600'000);
  const auto reference = NumericReference::prepare(y);
  ASSERT_GT(reference->cells(), 65'536u);
  ScanScratch scratch;
  Values x = clustered(random, 50'000);
  ASSERT_TRUE(agrees(x, y, by_sorting(x, y), scratch));
  const Column column = reals(x);
  const std::vector<double> edges = {-1, 0, 1e-200, 1000, 1000.0000000005, 1e100};
  NumericScan scan(*reference, column, scratch, edges);
  std::sort(x.begin(), x.end());
  ptrdiff_t before = 0;
  for (size_t i = 0; i < edges.size(); ++i) {
    const ptrdiff_t below = std::lower_bound(x.begin(), x.end(), edges[i]) - x.begin();
    EXPECT_EQ(scan.counts()[i], below - before) << edges[i];
    before = below;
  }
}

TEST(NumericScan, IntegersBeyondDoublesKeepTheirOrder) {
  constexpr int64_t big = int64_t{1} << 60;
  const Column reference_column = Column::of_integers("id", Type::integer, {big, big + 1, big + 2, big + 3});
  const Column current = Column::of_integers("id", Type::integer, {big + 2, big + 3, big + 3, INT64_MAX});
  const auto reference = NumericReference::prepare(reference_column);
  ASSERT_TRUE(reference->wide());
  ScanScratch scratch;
  NumericScan scan(*reference, current, scratch);
  EXPECT_EQ(scan.ks().numerator, 8);   // at big + 1: none of 4 against 2 of 4
  EXPECT_EQ(scan.ks().direction, -1);
  EXPECT_DOUBLE_EQ(scan.ks().d(), 0.5);
  // Against a reference that doubles hold exactly, an integer batch may be as large as it likes.
  const auto narrow = NumericReference::prepare(Column::of_integers("id", Type::integer, {1, 2, 3}));
  NumericScan outside(*narrow, current, scratch);
  EXPECT_DOUBLE_EQ(outside.ks().d(), 1);
  // Reals against a wide reference: as doubles, where all of it is one value.
  const Column rounded = reals({static_cast<double>(big), 0});
  NumericScan mixed(*reference, rounded, scratch);
  EXPECT_DOUBLE_EQ(mixed.ks().d(), 0.5);
}

TEST(NumericScan, MissingAndNonFiniteRowsAreCountedAndLeftOut) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();
  Random random(7);
  for (const size_t size : {10, 5000}) {
    Values y = awkward_values(random, 4000, 2), x, clean;
    Validity valid(size);
    int64_t nulls = 0, nans = 0, plus = 0, minus = 0;
    for (size_t i = 0; i < size; ++i) {
      x.push_back(i % 7 == 3 ? nan : i % 11 == 5 ? infinity : i % 13 == 6 ? -infinity : random.normal(0.1, 1));
      if (i % 5 == 4) {
        valid.set(i, false);
        ++nulls;
      } else if (std::isfinite(x.back())) {
        clean.push_back(x.back());
      } else {
        ++(std::isnan(x.back()) ? nans : x.back() > 0 ? plus : minus);
      }
    }
    ScanScratch scratch;
    const auto reference = NumericReference::prepare(y);
    const Column dirty = Column::of_reals("x", x, valid), tidy = reals(clean);
    NumericScan scan(*reference, dirty, scratch);
    EXPECT_EQ(scan.rows().rows, static_cast<int64_t>(size));
    EXPECT_EQ(scan.rows().missing, nulls);
    EXPECT_EQ(scan.rows().nan, nans);
    EXPECT_EQ(scan.rows().plus_infinity, plus);
    EXPECT_EQ(scan.rows().minus_infinity, minus);
    EXPECT_EQ(scan.rows().negatives, std::count_if(clean.begin(), clean.end(), [](double v) { return v < 0; }));
    const KsResult ks = scan.ks();
    const Moments moments = scan.moments();
    ScanScratch other;
    NumericScan expected(*reference, tidy, other);
    EXPECT_EQ(ks.numerator, expected.ks().numerator);
    EXPECT_EQ(scan.size(), expected.size());
    EXPECT_EQ(moments, expected.moments());
  }
}

TEST(NumericScan, EmptySidesGiveCountsAndNothingElse) {
  ScanScratch scratch;
  const auto nothing = NumericReference::prepare(Values{});
  const auto something = NumericReference::prepare(Values{1, 2, 3});
  const Column rows = reals({1, 5}), none = reals({}), text = Column::of_text("t", {"a", "b"});
  const std::vector<double> edges = {2};
  NumericScan a(*nothing, rows, scratch, edges);
  EXPECT_EQ(a.size(), 2);
  EXPECT_EQ(std::vector<int64_t>(a.counts().begin(), a.counts().end()), (std::vector<int64_t>{1, 1}));
  NumericScan b(*something, none, scratch, edges);
  EXPECT_EQ(b.size(), 0);
  EXPECT_EQ(b.counts().size(), 2u);
  NumericScan c(*something, text, scratch);
  EXPECT_EQ(c.size(), 0);
  EXPECT_EQ(c.rows().type_errors, 2);
}

TEST(NumericScan, CountsOnAnyEdgesAreExact) {
  ScanScratch scratch;
  for (uint64_t trial = 0; trial < 300; ++trial) {
    Random random(trial + 2'000'000);
    const int style = static_cast<int>(trial % 8);
    const Values y = awkward_values(random, 100 + random.below(6000), style);
    const Values x = awkward_values(random, 1 + random.below(6000), style);
    Values edges = awkward_values(random, 20, style);
    edges.push_back(y[0]);
    edges.push_back(next_double(y[0]));
    std::sort(edges.begin(), edges.end());
    edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
    std::vector<int64_t> expected(edges.size() + 1, 0);
    for (const double v : x) ++expected[static_cast<size_t>(std::upper_bound(edges.begin(), edges.end(), v) - edges.begin())];
    const auto reference = NumericReference::prepare(y);
    const Column column = reals(x);
    NumericScan scan(*reference, column, scratch, edges);
    ASSERT_EQ(std::vector<int64_t>(scan.counts().begin(), scan.counts().end()), expected) << trial;
    scan.one_sided();
    ASSERT_EQ(scan.counts(edges), expected) << trial;
  }
}

// R 4.2.2 (ks.test) and scipy 1.10.1; tolerance 1e-12 relative, W1 standard error by the delta method as there.
const Values a = {.61, .29, .06, .59, -1.73, -.74, .51, -.56, .39, 1.64, .05, -.06};
const Values b = {1.77, 1.09, -1.28, 2.36, 1.31, 1.05, -.32, -.40, 1.06, -2.47, .64, -.82, .37, 1.90, 2.20};
const Values c = {1, 1, 1, 2, 2, 3, 3, 3, 3, 4, 5, 5}, d = {1, 2, 2, 3, 3, 4, 4, 4, 5, 5, 5, 6, 6, 6};

TEST(NumericScan, PublishedValues) {
  ScanScratch scratch;
  {
    const auto reference = NumericReference::prepare(b);
    const Column column = reals(a);
    NumericScan scan(*reference, column, scratch);
    EXPECT_NEAR(scan.ks().d(), 31.0 / 60, 1e-15);
    EXPECT_NEAR(scan.one_sided().d_plus(), .516666666667, 1e-12);
    EXPECT_NEAR(scan.one_sided().d_minus(), .116666666667, 1e-12);
    EXPECT_NEAR(scan.one_sided().kuiper(), .633333333333, 1e-12);
    const auto w = scan.wasserstein();
    EXPECT_NEAR(w.distance, 0.697833333333333, 1e-14);
    EXPECT_NEAR(std::sqrt(w.variance_current / 12 + w.variance_reference / 15), .203838942187, 1e-12);
    scan.sorted();
    EXPECT_EQ(scan.mann_whitney().lower2, 2 * 62);
    EXPECT_NEAR(scan.mann_whitney().auc(), .344444444444, 1e-12);
  }
  const auto reference = NumericReference::prepare(d);
  const Column column = reals(c);
  NumericScan scan(*reference, column, scratch);
  EXPECT_NEAR(scan.ks().d(), 11.0 / 28, 1e-15);
  EXPECT_EQ(scan.one_sided().minus, 0);
  EXPECT_NEAR(scan.wasserstein().distance, 1.25, 1e-14);
  scan.sorted();
  EXPECT_NEAR(scan.mann_whitney().auc(), .279761904762, 1e-12);
  EXPECT_EQ(scan.mann_whitney().half_width(), 0);
}

/// By one merge in long double.
struct WassersteinTruth {
  long double distance = 0, variance_x = 0, variance_y = 0, spread = 0, length = 0;
};
WassersteinTruth wasserstein_by_merging(Values x, Values y) {
  std::sort(x.begin(), x.end());
  std::sort(y.begin(), y.end());
  const auto n = static_cast<long double>(x.size()), m = static_cast<long double>(y.size());
  std::vector<long double> h_x, h_y;
  WassersteinTruth out;
  long double h = 0, last = std::min(x[0], y[0]);
  for (size_t i = 0, j = 0; i < x.size() || j < y.size();) {
    const double value = j == y.size() || (i < x.size() && x[i] < y[j]) ? x[i] : y[j];
    const int64_t lead = static_cast<int64_t>(i * y.size()) - static_cast<int64_t>(j * x.size());
    const long double step = value - last, share = static_cast<long double>(i + j) / (n + m);
    out.distance += std::fabs(static_cast<long double>(lead)) / (n * m) * step;
    out.spread += std::sqrt(share * (1 - share)) * step;
    h += lead > 0 ? step : lead < 0 ? -step : 0;
    last = value;
    for (; i < x.size() && x[i] == value; ++i) h_x.push_back(h);
    for (; j < y.size() && y[j] == value; ++j) h_y.push_back(h);
  }
  const auto variance = [](const std::vector<long double>& values) {
    const auto size = static_cast<long double>(values.size());
    const long double mean = std::accumulate(values.begin(), values.end(), 0.0L) / size;
    long double sum = 0;
    for (const long double v : values) sum += (v - mean) * (v - mean);
    return sum / size;
  };
  out.length = std::max(x.back(), y.back()) - std::min(x[0], y[0]);
  out.variance_x = variance(h_x);
  out.variance_y = variance(h_y);
  return out;
}

/// A deviation is good to nine digits or, where it is tiny, to 1e-11 of the whole length.
testing::AssertionResult agrees(const WassersteinResult& w, const WassersteinTruth& truth, double spread_tolerance) {
  const auto off = [](double got, long double want) -> double {
    if (std::isinf(static_cast<double>(want))) return std::isinf(got) ? 0 : 1;   // beyond the doubles
    return want == 0 ? std::fabs(got) : static_cast<double>(std::fabs(got / want - 1));
  };
  if (off(w.distance, truth.distance) > 1e-12)
    return testing::AssertionFailure() << "distance " << w.distance << " off by " << off(w.distance, truth.distance);
  const auto deviation_off = [&](double got, long double want) {
    return off(got, want) > 1e-9 && std::fabs(std::sqrt(got) - std::sqrt(want)) > 1e-11L * truth.length;
  };
  if (deviation_off(w.variance_current, truth.variance_x))
    return testing::AssertionFailure() << "variance " << w.variance_current << ", not " << truth.variance_x;
  if (deviation_off(w.variance_reference, truth.variance_y))
    return testing::AssertionFailure() << "variance " << w.variance_reference << ", not " << truth.variance_y;
  if (off(w.spread, truth.spread) > spread_tolerance)
    return testing::AssertionFailure() << "spread " << w.spread << " off by " << off(w.spread, truth.spread);
  return testing::AssertionSuccess();
}

TEST(NumericScan, WassersteinToTwelveDigits) {
  ScanScratch scratch;
  for (uint64_t trial = 0; trial < 400; ++trial) {
    Random random(trial + 3'000'000);
    const int style = static_cast<int>(trial % 7);
    if (style == 1) continue;  // ±1e308: the integral itself is beyond the doubles
    const Values y = awkward_values(random, 1 + random.below(3000), style);
    const Values x = awkward_values(random, 1 + random.below(3000), style);
    const auto reference = NumericReference::prepare(y);
    const Column column = reals(x);
    NumericScan scan(*reference, column, scratch);
    ASSERT_TRUE(agrees(scan.wasserstein(), wasserstein_by_merging(x, y), 1e-4)) << "trial " << trial;
  }
}

TEST(NumericScan, WassersteinFromSumsPerCell) {
  ScanScratch scratch;
  for (uint64_t trial = 0; trial < 40; ++trial) {
    Random random(trial + 5'000'000);
    const int style = static_cast<int>(trial % 8) == 1 ? 5 : static_cast<int>(trial % 8);
    const double shift = trial % 3 == 0 ? 0 : style == 3 ? 1e-4 : 0.2, stretch = trial % 4 == 0 ? 1.5 : 1;
    const Values y = awkward_values(random, 60'000, style == 7 ? 2 : style);
    Values x = awkward_values(random, 30'000, style == 7 ? 2 : style);
    for (double& v : x) v = style == 3 ? v + shift : v * stretch + shift;
    if (style == 7) x[0] = -1e12;   // the first cell ends with the batch
    const auto reference = NumericReference::prepare(y);
    const Column column = reals(x);
    NumericScan scan(*reference, column, scratch);
    ASSERT_TRUE(agrees(scan.wasserstein(), wasserstein_by_merging(x, y), 1e-5)) << "trial " << trial;
  }
}

TEST(NumericScan, MannWhitneyBracketHoldsTheExactValue) {
  ScanScratch scratch;
  for (uint64_t trial = 0; trial < 300; ++trial) {
    Random random(trial + 4'000'000);
    const int style = static_cast<int>(trial % 8);
    const Values y = awkward_values(random, 100 + random.below(5000), style);
    const Values x = awkward_values(random, 100 + random.below(5000), style);
    const auto reference = NumericReference::prepare(y);
    const Column column = reals(x);
    NumericScan scan(*reference, column, scratch);
    const MannWhitneyResult bracket = scan.mann_whitney();
    scan.sorted();
    const MannWhitneyResult exact = scan.mann_whitney();
    ASSERT_EQ(exact.lower2, exact.upper2);
    ASSERT_LE(bracket.lower2, exact.lower2) << trial;
    ASSERT_GE(bracket.upper2, exact.upper2) << trial;
  }
}

}  // namespace
}  // namespace leeway
