#include "models/calibration.h"

#include <cmath>

namespace leeway::models {
namespace {

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

/// Margins whose events happen with the chance chance_of(margin).
struct Drawn {
  std::vector<double> margin;
  std::vector<uint8_t> label;
  template <class Chance>
  Drawn(size_t n, uint64_t seed, Chance chance_of) {
    Random random(seed);
    for (size_t i = 0; i < n; ++i) {
      margin.push_back(random.normal(-1, 1.5));
      label.push_back(random.chance(chance_of(margin.back())));
    }
  }
  CalibrationRows rows() const { return {margin, label, {}}; }
};

// Eight rows; the maximum of the likelihood on Platt's targets (5/6 and 1/6) by Newton's method in numpy 1.24, which
// scipy.optimize.minimize (Nelder-Mead, xatol 1e-13) confirms to 1e-7.
const std::vector<double> margins = {-2.0, -1.0, -0.5, 0.0, 0.25, 0.75, 1.5, 3.0};
const std::vector<uint8_t> labels = {0, 0, 1, 0, 1, 0, 1, 1};

TEST(Calibration, PlattAgainstScipy) {
  const auto map = fit_calibration(CalibrationKind::platt, {margins, labels, {}});
  ASSERT_TRUE(map);
  EXPECT_NEAR(map->a, 0.599065081964, 1e-7);
  EXPECT_NEAR(map->b, -0.133009609338, 1e-7);
}

TEST(Calibration, BetaAgainstScipy) {
  const auto map = fit_calibration(CalibrationKind::beta, {margins, labels, {}});
  ASSERT_TRUE(map);
  EXPECT_NEAR(map->a, 0.721260901622, 1e-6);
  EXPECT_NEAR(map->b, 0.51144054391, 1e-6);
  EXPECT_NEAR(map->c, 0.0453905255854, 1e-6);
}

/// Levels of pool-adjacent-violators by hand: 0 0 | ½ ½ (-0.5, 0) | ½ ½ (0.25, 0.75) | 1 1, kept off 0 and 1 by 1/18.
TEST(Calibration, IsotonicByHand) {
  const auto map = fit_calibration(CalibrationKind::isotonic, {margins, labels, {}});
  ASSERT_TRUE(map);
  EXPECT_TRUE(map->valid());
  EXPECT_NEAR((*map)(-2), 1.0 / 18, 1e-12);
  EXPECT_NEAR((*map)(-0.5), 0.5, 1e-12);
  EXPECT_NEAR((*map)(0.5), 0.5, 1e-12);
  EXPECT_NEAR((*map)(9), 17.0 / 18, 1e-12);
}

TEST(Calibration, EveryKindIsMonotoneAndFiniteEvenWhereClassesAreParted) {
  const std::vector<double> apart = {-3, -2, -1, 1, 2, 3};
  for (const bool reversed : {false, true}) {
    std::vector<uint8_t> happened = {0, 0, 0, 1, 1, 1};
    if (reversed) std::ranges::reverse(happened);
    for (const auto kind : {CalibrationKind::platt, CalibrationKind::beta, CalibrationKind::isotonic}) {
      const auto map = fit_calibration(kind, {apart, happened, {}});
      ASSERT_TRUE(map && map->valid()) << name(kind);
      double before = 0;
      for (double m = -6; m <= 6; m += 0.25) {
        const double p = (*map)(m);
        EXPECT_GE(p, before);
        EXPECT_GT(p, 0);
        EXPECT_LT(p, 1);
        before = p;
      }
    }
  }
}

/// Weighing the rare class ten times as much moves the log-odds by ln 10: Platt's map with slope 1 undoes it.
TEST(Calibration, UndoesClassWeights) {
  const Drawn drawn(20'000, 5, [](double m) { return sigmoid(m - std::log(10)); });
  const auto map = fit_calibration(CalibrationKind::platt, drawn.rows());
  EXPECT_NEAR(map->a, 1, 0.06);
  EXPECT_NEAR(map->b, -std::log(10), 0.1);
}

TEST(Calibration, ChoosesTheKindByHeldOutLoss) {
  const Drawn honest(4'000, 1, [](double m) { return sigmoid(m); });
  const Drawn sharp(4'000, 2, [](double m) { return sigmoid(0.4 * m - 1); });
  const Drawn stepped(20'000, 3, [](double m) { return m < -1.5 ? 0.02 : m < 0.5 ? 0.3 : 0.35; });
  const auto kind_of = [](const Drawn& drawn) {
    const auto chosen = choose_calibration(drawn.rows(), std::nullopt, Random(1));
    EXPECT_TRUE(chosen);
    EXPECT_EQ(chosen->trials.size(), 4u);
    EXPECT_EQ(std::ranges::count_if(chosen->trials, [](const auto& t) { return t.chosen; }), 1);
    return chosen->map.kind;
  };
  EXPECT_EQ(kind_of(honest), CalibrationKind::none);
  EXPECT_EQ(kind_of(sharp), CalibrationKind::platt);
  EXPECT_EQ(kind_of(stepped), CalibrationKind::isotonic);
}

TEST(Calibration, TooFewRowsAreLeftAsTheyAre) {
  const Drawn few(60, 1, [](double m) { return sigmoid(m - 3); });
  const auto chosen = choose_calibration(few.rows(), std::nullopt, Random(1));
  ASSERT_TRUE(chosen);
  EXPECT_EQ(chosen->map.kind, CalibrationKind::none);
  EXPECT_NE(chosen->note, "");
  const std::vector<uint8_t> one(margins.size(), 1);
  EXPECT_EQ(fit_calibration(CalibrationKind::platt, {margins, one, {}}).error().code, Code::failed_precondition);
}

}   // namespace
}   // namespace leeway::models
