// What binned counts claim about the rows behind them, against those rows.
#include "summaries/brackets.h"

#include "base/random.h"
#include "summaries/numeric_scan.h"

namespace leeway {
namespace {

std::vector<double> draw(Random& random, int law, size_t size, double shift) {
  std::vector<double> out(size);
  for (double& x : out) switch (law) {
      case 0: x = random.normal() + shift; break;
      case 1: x = std::exp(random.normal() * 2) + shift; break;
      case 2: x = std::round(random.normal() * 3 + shift); break;
      case 3: x = random.chance(0.7) ? 0 : random.exponential() + shift; break;
      default: x = 1e9 + 1e-3 * (random.normal() + shift);
    }
  return out;
}

BinnedCounts binned(const std::shared_ptr<const BinMap>& map, std::span<const double> rows) {
  BinnedCounts counts(map);
  counts.update(rows);
  return counts;
}

// 10,000 pairs of windows, of the reference itself and drifted: the exact distance is inside, and the KS bracket no wider
// than the largest share that both have in one bin that is no atom.
TEST(Brackets, HoldTheExactDistanceAndTheirWidth) {
  ScanScratch scratch;
  for (uint64_t trial = 0; trial < 10'000; ++trial) {
    Random random(trial);
    const int law = static_cast<int>(trial % 5);
    BinMap::Options options;
    options.bins = trial % 2 == 0 ? 16 : 64;
    const auto reference_rows = draw(random, law, 20 + random.below(300), 0);
    const auto map = std::make_shared<const BinMap>(BinMap::from_reference(*NumericReference::prepare(reference_rows), options));
    const auto x = draw(random, law, 1 + random.below(200), random.chance(0.5) ? 0 : random.normal());
    const auto y = trial % 3 == 0 ? reference_rows : draw(random, law, 1 + random.below(200), random.chance(0.5) ? 0 : random.normal());
    const BinnedCounts f = binned(map, x), g = binned(map, y);
    const auto reference = NumericReference::prepare(y);
    const Column column = Column::of_reals("x", x);
    NumericScan scan(*reference, column, scratch);
    const Bracket ks = *ks_bracket(f, g), w1 = *wasserstein_bracket(f, g);
    ASSERT_LE(ks.lower, scan.ks().d()) << trial;
    ASSERT_GE(ks.upper, scan.ks().d()) << trial;
    double widest = 0;
    for (size_t b = 0; b < map->bins(); ++b)
      if (!map->atom(b))
        widest = std::max(widest, std::min(static_cast<double>(f.counts()[b]) / static_cast<double>(f.size()),
                                           static_cast<double>(g.counts()[b]) / static_cast<double>(g.size())));
    ASSERT_LE(ks.upper - ks.lower, widest + 1e-12) << trial;
    const double exact = scan.wasserstein().distance;
    ASSERT_LE(w1.lower, exact) << trial;
    ASSERT_GE(w1.upper, exact) << trial;
    ASSERT_EQ(*ks_bracket(f, g), *ks_bracket(g, f));
  }
}

// statistics: 1e5 rows, 256 bins: a bracket of 0.004; a clear shift's W1 within 2 %.
TEST(Brackets, AreNarrowWhereItMatters) {
  Random random(9);
  const auto y = draw(random, 0, 100'000, 0), x = draw(random, 0, 100'000, 0.2);
  const auto map = std::make_shared<const BinMap>(BinMap::from_reference(*NumericReference::prepare(y)));
  const BinnedCounts f = binned(map, x), g = binned(map, y);
  EXPECT_LT(ks_bracket(f, g)->upper - ks_bracket(f, g)->lower, 0.0045);
  const Bracket w1 = *wasserstein_bracket(f, g);
  EXPECT_NEAR(w1.lower, 0.2, 0.02 * 0.2 + 0.01);
  EXPECT_LT(w1.upper, 1.25 * w1.lower);
}

TEST(Brackets, AtomsAreExact) {
  std::vector<double> y, x;
  for (int i = 0; i < 300; ++i) y.push_back(i % 3), x.push_back(i % 5 % 3);
  const auto map = std::make_shared<const BinMap>(BinMap::from_reference(*NumericReference::prepare(y)));
  const Bracket ks = *ks_bracket(binned(map, x), binned(map, y));
  EXPECT_EQ(ks.lower, ks.upper);
  EXPECT_NEAR(ks.lower, 0.8 - 2.0 / 3, 1e-15);   // at 1
}

TEST(Brackets, RefuseOtherBinsAndNoRows) {
  const auto a = std::make_shared<const BinMap>(*BinMap::from_edges({0, 1}, {}, 0, 1));
  const auto b = std::make_shared<const BinMap>(*BinMap::from_edges({0, 2}, {}, 0, 1));
  const std::vector<double> rows = {0.5};
  EXPECT_EQ(ks_bracket(binned(a, rows), binned(b, rows)).error().code, Code::failed_precondition);
  EXPECT_EQ(ks_bracket(binned(a, rows), BinnedCounts(a)).error().code, Code::failed_precondition);
}

// A sum that ran over its range proves nothing: the bracket opens upwards instead of lying.
TEST(Brackets, SaturatedSumsOpenTheBracket) {
  const auto map = std::make_shared<const BinMap>(*BinMap::from_edges({0, 1}, {}, 0, 1));
  const std::vector<double> far = {0.5, 1e300}, near = {0.5, 0.25};
  const BinnedCounts f = binned(map, far), g = binned(map, near);
  EXPECT_EQ(f.saturated(), 1);
  const Bracket w1 = *wasserstein_bracket(f, g);
  EXPECT_EQ(w1.upper, std::numeric_limits<double>::infinity());
  EXPECT_LE(w1.lower, 5e299);
}

TEST(BinMap, BinsAreWhatTheyAreCalled) {
  Random random(2);
  std::vector<double> rows = draw(random, 0, 5000, 0);
  for (int i = 0; i < 1000; ++i) rows.push_back(3);   // an atom
  const auto reference = NumericReference::prepare(rows);
  BinMap::Options options;
  options.edges = {0.3282, std::numeric_limits<double>::infinity(), -0.0};
  const BinMap map = BinMap::from_reference(*reference, options);
  EXPECT_TRUE(map.edge_index(0.3282).has_value());
  EXPECT_TRUE(map.edge_index(0).has_value());
  EXPECT_TRUE(map.atom(map.find(3)));
  EXPECT_EQ(map.lower(map.find(3)), 3);
  for (int trial = 0; trial < 20'000; ++trial) {
    const double x = trial % 3 == 0 ? map.edges()[random.below(map.edges().size())] : trial % 3 == 1 ? std::nextafter(map.edges()[random.below(map.edges().size())], -1e300) : random.normal() * 4;
    const uint32_t bin = map.find(x);
    ASSERT_LE(map.lower(bin), x);
    ASSERT_LT(x, map.upper(bin));
  }
  // Nobody outside, no common bin above 1/256 (and what rounding adds).
  const BinnedCounts counts = binned(std::make_shared<const BinMap>(map), rows);
  EXPECT_EQ(counts.below_range(), 0);
  EXPECT_EQ(counts.above_range(), 0);
  for (size_t b = 0; b < map.bins(); ++b)
    if (!map.atom(b)) {
      ASSERT_LE(counts.counts()[b], 6000 / 256 + 1) << b;
    }
}

// Cut points are order statistics of rank ceil(i·m/B), rows equal to one lie below it; an atom above 1/B stands alone.
TEST(PsiEdges, OrderStatisticsAndAtoms) {
  std::vector<double> rows(1000);
  std::iota(rows.begin(), rows.end(), 1.0);
  const auto reference = NumericReference::prepare(rows);
  const auto edges = reference->psi_edges();
  ASSERT_EQ(edges.size(), 9u);
  for (size_t i = 0; i < 9; ++i) EXPECT_EQ(edges[i], next_double(100.0 * static_cast<double>(i + 1)));
  const std::vector<double> few(100, 1.0);
  EXPECT_EQ(NumericReference::prepare(few)->psi_edges(), (std::vector<double>{1, next_double(1)}));   // <, =, >
  std::vector<double> zeros(600, 0.0);
  zeros.insert(zeros.end(), rows.begin(), rows.begin() + 400);
  const auto mixed = NumericReference::prepare(zeros)->psi_edges();
  EXPECT_EQ(mixed[0], 0);
  EXPECT_EQ(mixed[1], next_double(0));
  EXPECT_EQ(mixed.size(), 2u + 3u);   // and the cuts at 70, 80, 90 % (60 % is the atom itself)
  EXPECT_EQ(NumericReference::prepare(std::span(rows).first(120))->psi_edges().size(), 1u);   // m/50 = 2 bins
}

TEST(NumericReference, ScaleByTheFirstRuleThatHolds) {
  using Rule = ReferenceScale::Rule;
  const auto scale = [](std::vector<double> rows) { return NumericReference::prepare(rows)->scale(); };
  EXPECT_EQ(scale({1, 2, 3, 4}).rule, Rule::iqr);
  EXPECT_DOUBLE_EQ(scale({1, 2, 3, 4}).value, 2 / 1.349);
  std::vector<double> mostly_zero(100, 0.0);
  mostly_zero[0] = 10;
  EXPECT_EQ(scale(mostly_zero).rule, Rule::sd);
  EXPECT_DOUBLE_EQ(scale(mostly_zero).value, 1);   // sqrt((100 - 1)/99)
  EXPECT_EQ(scale({7, 7, 7}), (ReferenceScale{7, Rule::abs_median}));
  EXPECT_EQ(scale({0, 0}).rule, Rule::none);
  EXPECT_EQ(scale({}).rule, Rule::none);
}

TEST(Coarsen, AddsUpBins) {
  const std::vector<int64_t> counts = {1, 2, 4, 8, 16};
  const std::vector<double> edges = {0, 1, 2, 3}, coarse = {1, 3};
  EXPECT_EQ(coarsen(counts, edges, coarse), (std::vector<int64_t>{3, 12, 16}));
  EXPECT_EQ(coarsen(counts, edges, {}), (std::vector<int64_t>{31}));
}

}  // namespace
}  // namespace leeway
