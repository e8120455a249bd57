#include "checks/input_policy.h"

#include <cmath>

namespace leeway {
namespace {

constexpr MethodInfo method{.id = "some",
                            .title = "Some",
                            .family = Family::drift,
                            .version = 1,
                            .orientation = Orientation::higher_is_worse,
                            .scale = Scale::none,
                            .unit = "",
                            .measures = "",
                            .hypothesis = "",
                            .guarantee = "",
                            .misleads = "",
                            .cost = "",
                            .source = ""};

InputCounts all_used(int64_t rows) { return {.rows = rows, .used = rows}; }

Measurement compare_with(double value, InputCounts current, Needs needs = Needs::values) {
  return compare(method, {"income", ""}, all_used(10), current, needs, [&](Measurement& out) {
    out.value.value = value;
    out.details = {{"seen", 1}};
  });
}

TEST(InputPolicy, no_rows_and_no_values_are_said_not_computed) {
  EXPECT_EQ(compare_with(1, {}).not_computable, "the current data have no rows");
  EXPECT_EQ(
      compare_with(1, {.rows = 1200, .used = 0, .missing = 1000, .nan = 150, .plus_infinity = 20, .type_errors = 30})
          .not_computable,
      "the current data have no usable value: of 1,200 rows 1,000 are missing, 150 not a number, 20 infinite and "
      "30 of another type");
  EXPECT_EQ(compare_with(1, {.rows = 1, .missing = 1}).not_computable,
            "the current data have no usable value: of 1 row 1 is missing");
  EXPECT_EQ(why_not_comparable({}, {}, Needs::rows), "the reference has no rows");
  EXPECT_TRUE(compare_with(1, {.rows = 3, .missing = 3}, Needs::rows).computed());
}

TEST(InputPolicy, a_refused_measurement_has_no_number_but_says_what_it_is_about) {
  const Measurement m = compare_with(1, {});
  EXPECT_TRUE(std::isnan(m.value.value));
  EXPECT_EQ(m.method, &method);
  EXPECT_EQ(m.subject.column, "income");
  EXPECT_EQ(m.reference_rows.rows, 10);
}

TEST(InputPolicy, a_number_that_is_not_finite_is_never_reported) {
  for (const double value : {INFINITY, -INFINITY, NAN}) {
    const Measurement m = compare_with(value, all_used(5));
    EXPECT_FALSE(m.computed());
    EXPECT_TRUE(std::isnan(m.value.value));
    EXPECT_TRUE(m.detail("seen"));
  }
  EXPECT_TRUE(compare_with(0, all_used(1)).computed());
}

TEST(InputPolicy, what_overflowed_beside_a_finite_value_is_left_out) {
  const Measurement m = compare(method, {}, all_used(10), all_used(10), Needs::values, [](Measurement& out) {
    out.value = {.value = 1, .lower = -INFINITY, .upper = 2};
    out.by_chance = INFINITY;
    out.p_value = NAN;
    out.log_p = NAN;
  });
  EXPECT_TRUE(m.computed());
  EXPECT_TRUE(std::isnan(m.value.lower));
  EXPECT_EQ(m.value.upper, 2);
  EXPECT_FALSE(m.by_chance || m.p_value || m.log_p);
}

TEST(InputPolicy, type_errors_are_not_missing_values) {
  RowCounts rows;
  rows.rows = 10;
  rows.missing = 4;
  rows.nan = 1;
  const InputCounts counts = input_counts(rows, 3);
  EXPECT_EQ(counts, (InputCounts{.rows = 10, .used = 5, .missing = 1, .nan = 1, .type_errors = 3}));
  EXPECT_EQ(counts.used + counts.missing + counts.nan + counts.type_errors, counts.rows);
}

}  // namespace
}  // namespace leeway
