#include "checks/quality/registry.h"

#include <cmath>
#include <limits>
#include <set>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/random.h"
#include "checks/input_policy.h"
#include "columns/conform.h"
#include "stats/proportions.h"
#include "summaries/numeric_scan.h"

namespace leeway::quality {
namespace {

constexpr int64_t hour = 3600 * int64_t{1'000'000'000};

// Measures one column and keeps alive what the pair points to.
class Columns {
 public:
  Columns(Column reference, Column current) : reference_(std::move(reference)), current_(std::move(current)) {
    ColumnPair pair;
    pair.reference_field = {reference_.name(), reference_.type(), "", false};
    pair.current_field = {current_.name(), current_.type(), "", false};
    pair.reference = input_counts(RowCounts(reference_));
    auto conformed = conform(current_, reference_.type());
    const Column& now = conformed ? conformed->column : current_;
    pair.current = input_counts(RowCounts(now), conformed ? conformed->type_errors : 0);
    if (reference_.type() == Type::text) {
      CategorySummary then(CategoryDictionary::from_reference(reference_));
      then.update(reference_);
      CategorySummary after(then.shared_dictionary());
      after.update(now);
      pair.reference_categories = &then;
      pair.current_categories = &after;
      measured_ = measure_column(pair, {.p_values = true});
    } else {
      const auto prepared = NumericReference::prepare(reference_);
      ScanScratch scratch;
      NumericScan scan(*prepared, now, scratch);
      pair.numeric = NumericPair{&*prepared, &scan.moments(), scan.values()};
      measured_ = measure_column(pair, {.p_values = true});
    }
  }
  std::vector<const Measurement*> of(std::string_view id) const {
    std::vector<const Measurement*> out;
    for (const auto& m : measured_)
      if (m.method->id == id) out.push_back(&m);
    return out;
  }
  // The only one of a method.
  const Measurement& one(std::string_view id) const {
    const auto found = of(id);
    EXPECT_EQ(found.size(), 1u) << id;
    static const Measurement none;
    return found.empty() ? none : *found.front();
  }
  const std::vector<Measurement>& all() const { return measured_; }

 private:
  Column reference_, current_;
  std::vector<Measurement> measured_;
};

Column reals(std::vector<double> values) { return Column::of_reals("x", std::move(values)); }

std::vector<double> normals(size_t n, uint64_t seed, double mean = 0, double sd = 1) {
  Random random(seed);
  std::vector<double> out(n);
  for (double& x : out) x = random.normal(mean, sd);
  return out;
}

void expect_share(const Measurement& m, int64_t x1, int64_t n1, int64_t x0, int64_t n0) {
  ASSERT_TRUE(m.computed()) << m.not_computable;
  const auto real = [](int64_t v) { return static_cast<double>(v); };
  EXPECT_DOUBLE_EQ(m.current->value, real(x1) / real(n1));
  EXPECT_DOUBLE_EQ(m.reference->value, real(x0) / real(n0));
  const auto bounds = stats::miettinen_nurminen_difference(real(x1), real(n1), real(x0), real(n0), m.confidence);
  EXPECT_DOUBLE_EQ(m.value.lower, bounds.lower);
  EXPECT_DOUBLE_EQ(m.value.upper, bounds.upper);
  EXPECT_TRUE(m.p_value);
}

TEST(QualityTest, EveryRecordIsWhole) {
  std::set<std::string_view> ids;
  for (const MethodInfo* info : methods()) {
    EXPECT_TRUE(ids.insert(info->id).second) << info->id;
    EXPECT_EQ(info->family, Family::quality);
    for (const auto text : {info->title, info->measures, info->guarantee, info->misleads, info->cost, info->source})
      EXPECT_FALSE(text.empty()) << info->id;
    EXPECT_EQ(info->scale == Scale::share, !info->hypothesis.empty()) << info->id;
  }
  EXPECT_EQ(ids.size(), 16u);
}

// ---- tables -------------------------------------------------------------------------------------------------------

class TableTest : public testing::Test {
 protected:
  TableTest() : then_(fields({"a", "b", "label"})), now_(fields({"a", "c"})) {
    pair_.reference = {&then_, 1000, 10, 0};
    pair_.current = {&now_, 400, 40, 2};
    pair_.id = "a";
  }
  static Schema fields(const std::vector<std::string>& names) {
    std::vector<Field> out;
    for (const auto& name : names) out.push_back({name, Type::real, "DOUBLE", false});
    return Schema(std::move(out));
  }
  std::vector<Measurement> of(std::string_view id) const {
    std::vector<Measurement> out;
    for (auto& m : measure_table(pair_, {.p_values = true}))
      if (m.method->id == id) out.push_back(std::move(m));
    return out;
  }
  Schema then_, now_;
  TablePair pair_;
};

TEST_F(TableTest, RowsAndColumnsAreExact) {
  const auto rows = of("row_count");
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].value, (Estimate{.value = -600, .lower = -600, .upper = -600, .se = 0}));
  EXPECT_EQ(rows[0].reference->value, 1000);
  EXPECT_EQ(of("column_count")[0].value.value, -1);
}

TEST_F(TableTest, MissingAndNewColumns) {
  pair_.may_lack = {"label"};
  const auto missing = of("missing_column");
  ASSERT_EQ(missing.size(), 1u);
  EXPECT_EQ(missing[0].subject.column, "b");
  expect_share(missing[0], 400, 400, 0, 1000);
  EXPECT_EQ(missing[0].current_rows.missing, 400);
  const auto added = of("new_column");
  ASSERT_EQ(added.size(), 1u);
  EXPECT_EQ(added[0].subject.column, "c");
  EXPECT_EQ(added[0].note, "the reference has no such column; its type is real");
}

TEST_F(TableTest, Duplicates) {
  expect_share(of("duplicate_rows")[0], 40, 400, 10, 1000);
  expect_share(of("duplicate_ids")[0], 2, 400, 0, 1000);
  EXPECT_EQ(of("duplicate_ids")[0].subject.column, "a");
  pair_.current.duplicate_rows.reset();
  EXPECT_TRUE(of("duplicate_rows").empty()) << "a side that was not counted";
  pair_.reference.duplicate_ids = pair_.current.duplicate_ids = 0;
  EXPECT_TRUE(of("duplicate_ids").empty()) << "nothing to say";
}

TEST_F(TableTest, NoRowsIsNotComputable) {
  pair_.current = {&now_, 0, 0, 0};
  const auto missing = of("missing_column");
  ASSERT_EQ(missing.size(), 2u);
  EXPECT_FALSE(missing[0].computed());
  EXPECT_NE(missing[0].not_computable.find("no rows"), std::string::npos);
}

// ---- columns ------------------------------------------------------------------------------------------------------

TEST(ColumnQualityTest, ACleanColumnHasNothingToSay) {
  std::vector<double> values = normals(5000, 1);
  const Columns same(reals(values), reals({values.begin(), values.begin() + 2000}));
  EXPECT_TRUE(same.all().empty()) << same.all()[0].method->id;
  EXPECT_TRUE(Columns(Column::of_text("x", {"a", "b", "a", "b"}), Column::of_text("x", {"b", "a"})).all().empty());
}

TEST(ColumnQualityTest, NanAndInfinity) {
  constexpr double infinity = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
  const Columns columns(reals({1, 2, nan, 4}), reals({1, nan, nan, infinity, -infinity, 3, 2, 4}));
  expect_share(columns.one("nan_share"), 2, 8, 1, 4);
  expect_share(columns.one("infinite_share"), 2, 8, 0, 4);
}

TEST(ColumnQualityTest, TypeErrorsAndRetypedColumns) {
  const Column now = Column::of_text("x", {"1", "2", "oops", "", "3"}, [] {
    Validity valid(5);
    valid.set(3, false);
    return valid;
  }());
  const Columns columns(Column::of_integers("x", Type::integer, {1, 2, 3, 4}), now);
  expect_share(columns.one("type_errors"), 1, 5, 0, 4);
  EXPECT_EQ(columns.one("retyped_column").note, "integer in the reference, text now; 3 of 4 values can be read as before");
  const Columns nothing(Column::of_integers("x", Type::integer, {1, 2, 3, 4}),
                        Column::of_codes("x", {0, 0}, {}, Validity(2, false)));
  EXPECT_TRUE(nothing.of("retyped_column").empty()) << "nulls alone have no type";
}

TEST(ColumnQualityTest, ConstantNowOrBefore) {
  const Columns now(reals({1, 1, 2, 3}), reals({1, 1, 1}));
  EXPECT_EQ(now.one("constant_column").subject.slice, "value = 1");
  expect_share(now.one("constant_column"), 3, 3, 2, 4);
  const Columns before(reals({7, 7, 7}), reals({7, 8, 9, 7}));
  expect_share(before.one("constant_column"), 2, 4, 3, 3);
  EXPECT_TRUE(Columns(reals({7, 7}), reals({8, 8})).of("constant_column").empty());
  EXPECT_TRUE(Columns(reals({1, 2}), reals({1})).of("constant_column").empty()) << "one row is always constant";
  const Columns words(Column::of_text("x", {"a", "b", "a"}), Column::of_text("x", {"a", "a"}));
  expect_share(words.one("constant_column"), 2, 2, 2, 3);
  EXPECT_EQ(words.one("constant_column").subject.slice, "value = a");
}

TEST(ColumnQualityTest, OutOfRangeLessTheExtremesOfFreshRows) {
  const Columns columns(reals({1, 2, 3, 4, 5, 5}), reals({0, 1, 3, 6, 7}));
  const Measurement& m = columns.one("out_of_range");
  expect_share(m, 3, 5, 1, 6);  // the least of the reference occurs once, its greatest twice
  EXPECT_EQ(m.detail("reference_maximum"), 5);
  EXPECT_EQ(m.detail("current_minimum"), 0);
  EXPECT_TRUE(Columns(reals({1, 5}), reals({1, 5, 2})).of("out_of_range").empty());
}

// Fresh rows of the same law leave the range as often as the reference's own extremes say: the value is 0 on average.
TEST(ColumnQualityTest, OutOfRangeIsCentredWhenNothingMoved) {
  double sum = 0;
  constexpr int runs = 400;
  for (uint64_t run = 0; run < runs; ++run) {
    const Columns columns(reals(normals(200, 2 * run)), reals(normals(300, 2 * run + 1)));
    const auto found = columns.of("out_of_range");
    sum += found.empty() ? -2.0 / 200 : found[0]->value.value;
  }
  // The share outside has mean 2/201 and, over references, sd 0.7 %: 400 runs give 0.05 % with 4.5 sd to spare.
  EXPECT_NEAR(sum / runs, 0, 0.0016);
}

TEST(ColumnQualityTest, VanishedCategoriesLessWhatChanceHides) {
  const Columns columns(Column::of_text("x", {"a", "a", "a", "b", "b", "c", "d"}), Column::of_text("x", {"a", "a", "d", "e"}));
  const Measurement& m = columns.one("vanished_share");
  expect_share(m, 3, 7, 2, 4);  // b and c are gone; d and e were seen just once
  EXPECT_EQ(m.note, "without a current row: b and c");
  EXPECT_EQ(m.detail("categories"), 2);
}

TEST(ColumnQualityTest, SentinelsAndSlipsStandApart) {
  std::vector<double> then = normals(3000, 5, 20, 4), now = normals(2000, 6, 20, 4);
  now.resize(2200, -200);
  const Columns fresh(reals(then), reals(now));
  EXPECT_EQ(fresh.one("suspect_values").subject.slice, "value = -200");
  expect_share(fresh.one("suspect_values"), 200, 2200, 0, 3000);
  then.resize(3300, -200);
  const Columns known(reals(then), reals(now));
  expect_share(known.one("suspect_values"), 200, 2200, 300, 3300);
  std::vector<double> slip = normals(2000, 7, 20, 4);
  slip[10] = 5503.1;
  slip[11] = 5503.8;
  EXPECT_EQ(Columns(reals(normals(3000, 8, 20, 4)), reals(slip)).one("suspect_values").subject.slice, "value 5503.1 to 5503.8");
  EXPECT_EQ(Columns(reals(slip), reals(normals(3000, 8, 20, 4))).one("suspect_values").subject.slice, "value 5503.1 to 5503.8");
}

// Laws that monitored columns have: nothing in them stands apart.
TEST(ColumnQualityTest, OrdinaryLawsHoldNoSuspects) {
  const auto draw = [](uint64_t seed, auto make) {
    Random random(seed);
    std::vector<double> out(2000);
    for (double& x : out) x = make(random);
    return out;
  };
  int alarms = 0;
  for (uint64_t run = 0; run < 50; ++run) {
    const auto both = [&](auto make) {
      alarms += static_cast<int>(Columns(reals(draw(2 * run, make)), reals(draw(2 * run + 1, make))).of("suspect_values").size());
    };
    both([](Random& r) { return r.normal(); });
    both([](Random& r) { return r.exponential(); });
    both([](Random& r) { return std::exp(r.normal()); });
    both([](Random& r) { return r.uniform(); });
    both([](Random& r) { return std::floor(-8 * std::log(1 - r.uniform())); });                      // counts
    both([](Random& r) { return r.chance(0.9) ? 0 : std::exp(6 + r.normal()); });              // capital gains
    both([](Random& r) { return static_cast<double>(r.below(2)); });                                 // flags
    both([](Random& r) { return r.chance(0.5) ? r.normal() : 50 + r.normal(); });                    // two humps
  }
  EXPECT_EQ(alarms, 0);
}

TEST(ColumnQualityTest, TheWidestRangeIsNoSuspect) {
  std::vector<double> wide = normals(100, 9);
  wide[0] = -1.7e308;
  wide[1] = 1.7e308;
  EXPECT_TRUE(Columns(reals(wide), reals(wide)).of("suspect_values").empty());
}

RC_GTEST_PROP(ColumnQualityTest, NothingBreaksIt, (std::vector<double> then, std::vector<double> now)) {
  const Columns columns(reals(then), reals(now));
  for (const auto& m : columns.all()) RC_ASSERT(!m.computed() || (m.value.lower <= m.value.value && m.value.value <= m.value.upper));
}

// ---- times --------------------------------------------------------------------------------------------------------

Column times(std::vector<int64_t> values) { return Column::of_integers("at", Type::time, std::move(values)); }

std::vector<int64_t> hours(int64_t from, int64_t to) {
  std::vector<int64_t> out;
  for (int64_t h = from; h < to; ++h) out.push_back(h * hour);
  return out;
}

std::vector<Measurement> time_checks_of(const Column& then, const Column& now, std::string_view id) {
  std::vector<Measurement> out;
  for (auto& m : measure_time({&then, &now}, {.p_values = true}))
    if (m.method->id == id) out.push_back(std::move(m));
  return out;
}

TEST(TimeQualityTest, MissingHours) {
  auto now = hours(1000, 1100);
  now.erase(now.begin() + 20, now.begin() + 25);
  now.erase(now.begin() + 60);
  const auto gaps = time_checks_of(times(hours(0, 500)), times(now), "time_gaps");
  ASSERT_EQ(gaps.size(), 1u);
  expect_share(gaps[0], 6, 100, 0, 500);
  EXPECT_EQ(gaps[0].detail("step_seconds"), 3600);
  EXPECT_EQ(gaps[0].detail("current_longest_gap_steps"), 5);
}

TEST(TimeQualityTest, DaysWithoutTradeAreMissingOnBothSides) {
  const auto weekdays = [](int64_t weeks) {
    std::vector<int64_t> out;
    for (int64_t day = 0; day < 7 * weeks; ++day)
      if (day % 7 < 5) out.push_back(day * 24 * hour);
    return out;
  };
  const auto gaps = time_checks_of(times(weekdays(100)), times(weekdays(50)), "time_gaps");
  ASSERT_EQ(gaps.size(), 1u);
  expect_share(gaps[0], 98, 348, 198, 698);
}

TEST(TimeQualityTest, EventsAtAnyMomentHaveNoStep) {
  Random random(3);
  const auto events = [&] {
    std::vector<int64_t> out;
    int64_t at = 0;
    for (int i = 0; i < 1000; ++i) out.push_back(at += static_cast<int64_t>(random.exponential() * 1e10));
    return out;
  };
  EXPECT_TRUE(time_checks_of(times(events()), times(events()), "time_gaps").empty());
  EXPECT_TRUE(time_checks_of(times({}), times({}), "time_gaps").empty());
  EXPECT_TRUE(time_checks_of(times({5}), times({5, 6}), "time_gaps").empty());
}

TEST(TimeQualityTest, TheWholeRangeOfTimesIsNoOverflow) {
  constexpr int64_t least = std::numeric_limits<int64_t>::min(), greatest = std::numeric_limits<int64_t>::max();
  const auto gaps = time_checks_of(times(hours(0, 100)), times({least, 0, greatest}), "time_gaps");
  ASSERT_EQ(gaps.size(), 1u);
  EXPECT_TRUE(gaps[0].computed());
  time_checks_of(times({least, greatest, 0}), times({greatest, least}), "time_gaps");
}

TEST(TimeQualityTest, Order) {
  Validity valid(5);
  valid.set(2, false);
  const Column now = Column::of_integers("at", Type::time, {5, 4, 0, 6, 3}, valid);
  const auto order = time_checks_of(times({1, 2, 3}), now, "time_order");
  ASSERT_EQ(order.size(), 1u);
  expect_share(order[0], 2, 4, 0, 3);
  EXPECT_EQ(order[0].current_rows.missing, 1);
  EXPECT_TRUE(time_checks_of(times({1, 1, 2}), times({3}), "time_order").empty());
}

}  // namespace
}  // namespace leeway::quality
