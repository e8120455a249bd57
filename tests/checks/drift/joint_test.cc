// Drift of several columns together: what the two methods see, what they do not, and how often they err.
#include "base/random.h"
#include "checks/drift/joint.h"
#include "expect_relative.h"
#include "stats/equivalence.h"

namespace leeway::drift {
namespace {

using Values = std::vector<double>;
constexpr int columns = 20;

enum class Change { none, mean_of_one, all_means, scale_of_one, correlation };

/// Independent normal columns, changed as named.
std::vector<Column> draw(Random& random, size_t rows, Change change = Change::none, double size = 0, int d = columns) {
  std::vector<Values> out(d, Values(rows));
  for (size_t i = 0; i < rows; ++i) {
    for (auto& column : out) column[i] = random.normal();
    if (change == Change::mean_of_one) out[0][i] += size;
    if (change == Change::scale_of_one) out[0][i] *= size;
    if (change == Change::correlation) out[1][i] = size * out[0][i] + std::sqrt(1 - size * size) * out[1][i];
    if (change == Change::all_means)
      for (auto& column : out) column[i] += size;
  }
  std::vector<Column> named;
  for (int j = 0; j < d; ++j) named.push_back(Column::of_reals("x" + std::to_string(j), std::move(out[j])));
  return named;
}

std::shared_ptr<const JointLayout> layout_of(const std::vector<Column>& data) {
  JointLayout layout;
  for (const Column& column : data)
    if (auto entry = joint_entry(column.name(), *NumericReference::prepare(column))) layout.entries.push_back(*entry);
  return std::make_shared<const JointLayout>(std::move(layout));
}

/// The columns that vary in the reference, on both sides.
struct Comparison {
  JointSummary reference, current;

  static JointSummary summarise(const std::shared_ptr<const JointLayout>& layout, const std::vector<Column>& data) {
    std::vector<Column> some;
    for (const auto& entry : layout->entries)
      some.push_back(*std::find_if(data.begin(), data.end(), [&](const Column& c) { return c.name() == entry.column; }));
    return {layout, some, static_cast<int64_t>(data.front().size()), true};
  }
  Comparison(const std::shared_ptr<const JointLayout>& layout, const std::vector<Column>& before,
             const std::vector<Column>& after)
      : reference(summarise(layout, before)), current(summarise(layout, after)) {}
  Comparison(const std::vector<Column>& before, const std::vector<Column>& after)
      : Comparison(layout_of(before), before, after) {}
  Measurement measure(std::string_view id) { return drift::measure(*find_joint(id), reference, current, true); }
};

TEST(JointDrift, a_correlation_that_no_column_shows) {
  Random random(1);
  Comparison comparison(draw(random, 3000), draw(random, 2000, Change::correlation, 0.5));
  const auto moments = comparison.measure("second_moments");
  // Jeffreys' divergence of correlations 0 and ρ is ρ²/(1-ρ²).
  EXPECT_NEAR(moments.value.value, 0.25 / 0.75, 0.08);
  EXPECT_GT(moments.value.lower, 0.15);
  EXPECT_LT(*moments.p_value, 1e-10);
  EXPECT_NE(moments.note.find("the correlation of x0 and x1"), std::string::npos);
  EXPECT_EQ(moments.current_rows.used, 2000);
  EXPECT_EQ(*moments.detail("moments"), columns * (columns + 1) / 2);
}

TEST(JointDrift, a_spread) {
  Random random(2);
  Comparison comparison(draw(random, 3000), draw(random, 3000, Change::scale_of_one, 1.5));
  const auto moments = comparison.measure("second_moments");
  EXPECT_NEAR(moments.value.value, (2.25 + 1 / 2.25) / 2 - 1, 0.06);
  EXPECT_NE(moments.note.find("the spread of x0"), std::string::npos);
}

// A shift of every column by .04 is a shift of the row by .04·sqrt(20) = .18 standard deviations.
TEST(JointDrift, a_small_shift_of_everything_adds_up) {
  Random random(3);
  Comparison comparison(draw(random, 4000), draw(random, 4000, Change::all_means, 0.1));
  const auto mmd = comparison.measure("random_fourier_mmd");
  EXPECT_NEAR(mmd.value.value, 0.1 * std::sqrt(20), 0.06);
  EXPECT_LT(mmd.value.lower, 0.1 * std::sqrt(20));
  EXPECT_GT(mmd.value.upper, 0.1 * std::sqrt(20));
  EXPECT_GT(mmd.value.lower, 0.2);
  EXPECT_LT(*mmd.p_value, 1e-10);
}

// Reference: 40 runs at d = 20, n = m = 2000 gave .05 and .07 under the null, power 1.00 of second moments against a
// correlation of .5 and a scale of 1.2, .97 of the features against means moved by .04 each. Here fewer rows and runs.
TEST(JointDrift, sizes_and_power) {
  constexpr int runs = 80, powered = 10;
  Random random(4);
  int moments_reject = 0, mmd_reject = 0, wrong_lower = 0;
  for (int run = 0; run < runs; ++run) {
    Comparison null(draw(random, 400, Change::none, 0, 8), draw(random, 400, Change::none, 0, 8));
    const auto moments = null.measure("second_moments"), mmd = null.measure("random_fourier_mmd");
    moments_reject += *moments.p_value < 0.05;
    mmd_reject += *mmd.p_value < 0.05;
    wrong_lower += moments.value.lower > 0 || mmd.value.lower > 0;
  }
  // At most nominal, plus three standard errors.
  EXPECT_LE(moments_reject, runs * .05 + 3 * std::sqrt(runs * .05));
  EXPECT_LE(mmd_reject, runs * .05 + 3 * std::sqrt(runs * .05));
  EXPECT_LE(wrong_lower, runs * .1 + 3 * std::sqrt(runs * .1));
  int correlation = 0, means = 0;
  for (int run = 0; run < powered; ++run) {
    Comparison a(draw(random, 1000), draw(random, 1000, Change::correlation, 0.3));
    correlation += *a.measure("second_moments").p_value < 0.05;
    Comparison b(draw(random, 1000), draw(random, 1000, Change::all_means, 0.06));
    means += *b.measure("random_fourier_mmd").p_value < 0.05;
  }
  EXPECT_GE(correlation, powered - 2);
  EXPECT_GE(means, powered - 3);
}

TEST(JointDrift, bounds_of_the_discrepancy_hold_the_shift) {
  constexpr int runs = 40;
  Random random(5);
  for (const double shift : {0.2, 0.6}) {
    int low = 0, high = 0;
    for (int run = 0; run < runs; ++run) {
      Comparison comparison(draw(random, 600, Change::none, 0, 5), draw(random, 500, Change::mean_of_one, shift, 5));
      const auto mmd = comparison.measure("random_fourier_mmd");
      low += mmd.value.lower > shift;
      high += mmd.value.upper < shift;
    }
    EXPECT_LE(low, runs * .05 + 3 * std::sqrt(runs * .05)) << shift;
    EXPECT_LE(high, runs * .05 + 3 * std::sqrt(runs * .05)) << shift;
  }
}

TEST(JointDrift, sums_do_not_depend_on_how_rows_are_split) {
  Random random(6);
  const auto data = draw(random, 700, Change::none, 0, 4);
  const auto layout = layout_of(data);
  SecondMoments whole(layout), parts(layout);
  RandomFourier whole_features(layout, 9), part_features(layout, 9);
  whole.update(data);
  whole_features.update(data);
  for (const auto& [from, to] : {std::pair{300, 700}, std::pair{0, 10}, std::pair{10, 300}}) {
    std::vector<uint32_t> rows;
    for (int i = from; i < to; ++i) rows.push_back(static_cast<uint32_t>(i));
    std::vector<Column> piece;
    for (const Column& column : data) piece.push_back(column.gather(rows));
    SecondMoments one(layout);
    one.update(piece);
    ASSERT_TRUE(parts.merge(one));
    RandomFourier features(layout, 9);
    features.update(piece);
    ASSERT_TRUE(part_features.merge(features));
  }
  for (size_t j = 0; j < 4; ++j)
    for (size_t k = j; k < 4; ++k) EXPECT_EQ(whole.moment(j, k).mean, parts.moment(j, k).mean);
  for (size_t b = 0; b < 3; ++b) {
    EXPECT_EQ(whole_features.mean(b), part_features.mean(b));
    EXPECT_EQ(whole_features.spread(b).trace, part_features.spread(b).trace);
  }
  EXPECT_FALSE(part_features.merge(RandomFourier(layout, 10)));
}

TEST(JointDrift, moments_are_those_of_the_standardised_values) {
  const std::vector<Column> data = {Column::of_reals("a", {1, 2, 3, 4, NAN, 100}),
                                    Column::of_integers("b", Type::integer, {2, 2, 4, 4, 5, 5})};
  const auto layout = std::make_shared<const JointLayout>(JointLayout{{{"a", 2, 1}, {"b", 4, 2}}});
  SecondMoments moments(layout);
  moments.update(data);
  // a: -1 0 1 2 . 5(cut off); b: -1 -1 0 0 .5 .5
  EXPECT_EQ(moments.moment(0, 0).n, 5);
  EXPECT_RELATIVE(moments.moment(0, 0).mean, 31 / 5.0, 1e-12);
  EXPECT_RELATIVE(moments.moment(0, 1).mean, 3.5 / 5, 1e-12);
  EXPECT_RELATIVE(moments.moment(1, 1).mean, 2.5 / 6, 1e-12);
  EXPECT_RELATIVE(moments.moment(0, 1).variance, (1 + 6.25) / 5 - .49, 1e-12);
}

TEST(JointDrift, awkward_tables) {
  Random random(7);
  const auto data = draw(random, 50, Change::none, 0, 3);
  std::vector<Column> missing, constant, single;
  for (const Column& column : data) {
    missing.push_back(Column::of_reals(column.name(), Values(20, NAN)));
    constant.push_back(Column::of_reals(column.name(), Values(20, 1.0)));
    single.push_back(Column::of_reals(column.name(), {0.5}));
  }
  for (const auto* after : {&missing, &constant, &single}) {
    Comparison comparison(data, *after);
    for (const JointMethod* method : joint_methods()) {
      const auto m = comparison.measure(method->info.id);
      EXPECT_FALSE(m.computed() && m.value.lower > m.value.upper) << method->info.id;
    }
  }
  Comparison one_column({data[0]}, {data[0]});
  for (const JointMethod* method : joint_methods())
    EXPECT_EQ(one_column.measure(method->info.id).not_computable,
              "fewer than two numeric columns vary in the reference");
  Comparison constant_reference(constant, data);
  EXPECT_FALSE(constant_reference.measure("second_moments").computed());
  Comparison one_row(single, data);
  for (const JointMethod* method : joint_methods()) EXPECT_FALSE(one_row.measure(method->info.id).computed());
}

TEST(JointDrift, big_tables_are_sampled_evenly_and_say_so) {
  EXPECT_EQ(joint_sample(3), (std::vector<uint32_t>{0, 1, 2}));
  const auto rows = joint_sample(25'000);
  EXPECT_EQ(rows.size(), 10'000u);
  EXPECT_EQ(rows.front(), 0u);
  EXPECT_EQ(rows[1], 2u);
  EXPECT_LT(rows.back(), 25'000u);
  Random random(8);
  const auto data = draw(random, 100, Change::none, 0, 3);
  const auto layout = layout_of(data);
  const JointSummary side(layout, data, 5000, true);
  EXPECT_NE(measure(*find_joint("second_moments"), side, side).note.find("from 100 of 5,000 reference rows"),
            std::string::npos);
}

}  // namespace
}  // namespace leeway::drift
