// What tuning and reporting are put together from: class weights, search spaces, stability over time.

#include <cmath>
#include <set>

#include "models/class_weights.h"
#include "models/out_of_time.h"
#include "models/search_space.h"

namespace leeway::models {
namespace {

const std::vector<std::string> names = {"no", "yes"};

/// scikit-learn 1.2.1: compute_class_weight("balanced", classes=[0, 1], y=[0, 0, 0, 1]) = [2/3, 2].
TEST(ClassWeights, BalancedAsScikitLearn) {
  const std::vector<uint32_t> rows = {0, 0, 0, 1};
  const auto weights = class_weights({ClassWeighting::Kind::balanced, {}}, rows, names);
  ASSERT_TRUE(weights);
  EXPECT_NEAR((*weights)[0], 2.0 / 3, 1e-15);
  EXPECT_NEAR((*weights)[1], 2, 1e-15);
}

TEST(ClassWeights, GivenByName) {
  const std::vector<uint32_t> rows = {0, 1};
  const auto given = parse_class_weighting("yes=10");
  ASSERT_TRUE(given);
  EXPECT_EQ(*class_weights(*given, rows, names), (std::vector<double>{1, 10}));
  EXPECT_EQ(text_of(*given), "yes=10");
  EXPECT_EQ(class_weights(*parse_class_weighting("maybe=2"), rows, names).error().code, Code::invalid_argument);
  for (const auto* text : {"heavy", "yes=0", "yes=-1", "yes=inf", ""})
    EXPECT_FALSE(parse_class_weighting(text)) << text;
  EXPECT_EQ(text_of(*parse_class_weighting("balanced-subsample")), "balanced-subsample");
}

const std::vector<std::string> known = {"max_depth", "learning_rate", "subsample"};
const std::vector<std::string> whole = {"max_depth"};

SearchRange range(std::string_view text) {
  const auto parsed = parse_search_range(text, known, whole);
  EXPECT_TRUE(parsed) << text;
  return *parsed;
}

TEST(SearchSpace, ReadsRangesAndLists) {
  EXPECT_EQ(range("max_depth=3..8"), (SearchRange{"max_depth", {}, 3, 8, false, true}));
  EXPECT_EQ(range("learning_rate=0.01..0.3:log"), (SearchRange{"learning_rate", {}, 0.01, 0.3, true, false}));
  EXPECT_EQ(range("subsample=0.6,0.8,1").values, (std::vector<double>{0.6, 0.8, 1}));
  for (const auto* text :
       {"max_depth", "max_depth=", "max_depth=8..3", "max_depth=2.5..4", "subsample=a..b", "learning_rate=0..1:log"})
    EXPECT_FALSE(parse_search_range(text, known, whole)) << text;
  EXPECT_NE(parse_search_range("max_dept=3", known, whole).error().remedy.find("max_depth"), std::string::npos);
}

TEST(SearchSpace, RandomPointsLieWithinAndDoNotDependOnTheCount) {
  const SearchSpace space = {range("max_depth=3..8"), range("learning_rate=0.01..0.3:log"),
                             range("subsample=0.6,0.8,1")};
  const auto few = random_points(space, 10, Random(7)), many = random_points(space, 400, Random(7));
  ASSERT_EQ(many.size(), 400u);
  EXPECT_TRUE(std::equal(few.begin(), few.end(), many.begin()));
  std::set<double> depths;
  int below_middle = 0;
  for (const auto& point : many) {
    depths.insert(point[0]);
    EXPECT_GE(point[1], 0.01);
    EXPECT_LE(point[1], 0.3);
    below_middle += point[1] < std::sqrt(0.01 * 0.3);   // the middle of a logarithmic range
  }
  EXPECT_EQ(depths, (std::set<double>{3, 4, 5, 6, 7, 8}));
  EXPECT_NEAR(below_middle, 200, 40);
}

TEST(SearchSpace, AnExhaustedSpaceEnds) {
  EXPECT_EQ(random_points({range("max_depth=3..5")}, 100, Random(1)).size(), 3u);
}

TEST(SearchSpace, GridIsEveryCombination) {
  const auto grid =
      grid_points({range("max_depth=3..4"), range("learning_rate=0.01..1:log"), range("subsample=0.5,1")});
  ASSERT_TRUE(grid);
  EXPECT_EQ(grid->size(), 2u * 3 * 2);
  EXPECT_EQ((*grid)[2], (SearchPoint{3, 0.1, 0.5}));
  const SearchSpace wide(10, range("learning_rate=0..1"));
  EXPECT_EQ(grid_points(wide).error().code, Code::invalid_argument);
}

/// By hand: levels .80 .78 .74, variance 0.000933…, mean SE² 0.0004.
TEST(OutOfTime, CoefficientOfVariationLessWhatSamplingExplains) {
  const WindowLevel levels[] = {{0.80, 0.02}, {0.78, 0.02}, {0.74, 0.02}};
  const auto s = stability(levels);
  const double mean = 2.32 / 3,
               variance = (std::pow(0.80 - mean, 2) + std::pow(0.78 - mean, 2) + std::pow(0.74 - mean, 2)) / 2;
  EXPECT_NEAR(s.mean, mean, 1e-12);
  EXPECT_NEAR(s.cv_raw, std::sqrt(variance) / mean, 1e-12);
  EXPECT_NEAR(s.cv_corrected, std::sqrt(variance - 0.0004) / mean, 1e-12);
  EXPECT_NEAR(s.cv_by_chance, 0.02 / mean, 1e-12);
}

TEST(OutOfTime, NoiseAloneIsNoInstability) {
  const WindowLevel noisy[] = {{0.80, 0.05}, {0.78, 0.05}, {0.74, 0.05}};
  EXPECT_EQ(stability(noisy).cv_corrected, 0);
  const WindowLevel one[] = {{0.8, 0.01}, {NAN, 0.01}};
  EXPECT_EQ(stability(one).windows, 1);
  EXPECT_TRUE(std::isnan(stability(one).cv_raw));
  const WindowLevel unsure[] = {{0.8, NAN}, {0.7, 0.01}};
  EXPECT_FALSE(std::isnan(stability(unsure).cv_raw));
  EXPECT_TRUE(std::isnan(stability(unsure).cv_corrected));
  EXPECT_EQ(stability({}).windows, 0);
}

}   // namespace
}   // namespace leeway::models
