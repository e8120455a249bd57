// Laws that every drift method obeys: on any input an outcome or a reason, never a number that is none.
#include <set>

#include "checks/drift/drift_fixture.h"

namespace leeway::drift {
namespace {

TEST(DriftRegistry, records_are_complete_and_names_unique) {
  std::set<std::string_view> ids;
  for (const DriftMethod* method : methods()) {
    const MethodInfo& info = method->info;
    EXPECT_TRUE(ids.insert(info.id).second) << info.id;
    EXPECT_EQ(find(info.id), method);
    EXPECT_GE(info.version, 1);
    EXPECT_NE(method->accepts, 0u) << info.id;
    EXPECT_TRUE(info.family == Family::drift || info.family == Family::quality);
    for (const auto text : {info.title, info.measures, info.guarantee, info.misleads, info.cost, info.source})
      EXPECT_FALSE(text.empty()) << info.id;
    for (const char c : info.id) EXPECT_TRUE(std::islower(c) || std::isdigit(c) || c == '_') << info.id;
  }
  EXPECT_EQ(find("no_such_method"), nullptr);
}

TEST(DriftRegistry, defaults) {
  EXPECT_EQ(headline_method(Kind::numeric).info.id, "ks");
  EXPECT_EQ(headline_method(Kind::numeric, true).info.id, "kuiper");
  EXPECT_EQ(headline_method(Kind::category).info.id, "psi");
  EXPECT_EQ(headline_method(Kind::text).info.id, "text_vocabulary");
  for (const Kind kind : {Kind::numeric, Kind::category, Kind::text}) {
    bool missing = false;
    for (const DriftMethod* method : default_methods(kind)) {
      EXPECT_TRUE(method->takes(kind));
      missing = missing || method->info.id == "missing_share";
    }
    EXPECT_TRUE(missing);
  }
}

TEST(DriftRegistry, a_method_for_other_columns_says_so) {
  RowsFixture rows(Values{1, 2, 3}, Values{1, 2, 3});
  EXPECT_EQ(rows.measure("text_length").not_computable, "text_length is not defined for numbers");
  EXPECT_EQ(rows.measure("true_share").not_computable, "true_share is not defined for numbers");
  CategoriesFixture categories(words({"a"}), words({"a"}));
  EXPECT_EQ(categories.measure("ks").not_computable, "ks is not defined for categories");
}

void expect_sound(const Measurement& m, std::string_view where) {
  const auto label = fmt::format("{} on {}", m.method->id, where);
  if (!m.computed()) {
    EXPECT_TRUE(std::isnan(m.value.value)) << label;
    EXPECT_NE(m.not_computable.back(), '.') << label;
    return;
  }
  EXPECT_TRUE(std::isfinite(m.value.value)) << label;
  if (!std::isnan(m.value.lower) && !std::isnan(m.value.upper)) {
    EXPECT_LE(m.value.lower, m.value.upper) << label;
  }
  if (m.p_value) {
    EXPECT_GE(*m.p_value, 0) << label;
    EXPECT_LE(*m.p_value, 1) << label;
    EXPECT_LE(*m.log_p, 0) << label;
    EXPECT_FALSE(std::isnan(*m.log_p)) << label;
  }
  EXPECT_TRUE(std::isfinite(m.by_chance.value_or(0))) << label;
  EXPECT_FALSE(m.bracket && m.bracket->lower > m.bracket->upper) << label;
  const InputCounts& c = m.current_rows;
  EXPECT_EQ(c.used + c.missing + c.nan + c.plus_infinity + c.minus_infinity + c.type_errors, c.rows) << label;
}

const std::map<std::string_view, Values>& awkward() {
  constexpr double inf = INFINITY, nan = NAN;
  static const std::map<std::string_view, Values> columns = {
      {"empty", {}},
      {"one row", {3}},
      {"two rows", {1, 2}},
      {"constant", Values(40, 5.0)},
      {"zeros", Values(40, 0.0)},
      {"all NaN", Values(10, nan)},
      {"all infinite", {inf, -inf, inf}},
      {"mostly NaN", {nan, nan, nan, 1, nan, 2}},
      {"both zeros", {-0.0, 0.0, 0.0, -0.0}},
      {"denormals", {5e-324, 1e-323, 0, -5e-324, 1e-310}},
      {"huge", {1.7e308, -1.7e308, 1e308, 1.79e308, 3}},
      {"distinct", {9, 2, 7, 4, 5, 1, 8, 3, 6, 0.5, 11, 15, 12}},
      {"outlier", {1, 2, 3, 2, 1, 2, 3, 2, 1e300}},
  };
  return columns;
}

TEST(DriftRegistry, every_method_gives_a_number_or_a_reason_on_every_pair_of_columns) {
  for (const auto& [reference_name, reference] : awkward())
    for (const auto& [current_name, current] : awkward()) {
      const auto where = fmt::format("{} against {}", current_name, reference_name);
      RowsFixture rows(reference, current);
      for (const DriftMethod* method : methods()) expect_sound(rows.measure(method->info.id), where);
      if (rows.reference().size() == 0) continue;
      ProfilesFixture profiles(numbers(reference), numbers(current));
      for (const DriftMethod* method : methods()) expect_sound(profiles.measure(method->info.id), where);
    }
}

TEST(DriftRegistry, every_method_gives_a_number_or_a_reason_on_every_pair_of_categories) {
  const std::map<std::string_view, Column> columns = {
      {"empty", words({})},
      {"one", words({"a"})},
      {"constant", repeated({{"a", 30}})},
      {"all null", Column::of_codes("x", {0, 0, 0}, {}, Validity(3, false))},
      {"distinct", words({"a", "b", "c", "d", "e", "f"})},
      {"markup", words({"<b>", "\x1b[31m", "", " ", "ünïcode", "missing"})},
      {"numbers", numbers({1, 2, NAN, INFINITY, 1})},
      {"booleans", Column::of_integers("x", Type::boolean, {1, 0, 1, 1})},
  };
  for (const auto& [reference_name, reference] : columns)
    for (const auto& [current_name, current] : columns) {
      const auto where = fmt::format("{} against {}", current_name, reference_name);
      CategoriesFixture categories(reference, current);
      for (const DriftMethod* method : methods()) expect_sound(categories.measure(method->info.id), where);
      if (reference.type() != Type::text) continue;
      TextFixture texts(reference, current);
      for (const DriftMethod* method : methods()) expect_sound(texts.measure(method->info.id), where);
    }
}

TEST(DriftRegistry, reasons) {
  RowsFixture empty(Values{1, 2, 3}, Values{});
  EXPECT_EQ(empty.measure("ks").not_computable, "the current data have no rows");
  EXPECT_EQ(empty.measure("missing_share").not_computable, "the current data have no rows");
  RowsFixture nothing(Values{1, 2, 3}, Values{NAN, NAN});
  EXPECT_EQ(nothing.measure("ks").not_computable,
            "the current data have no usable value: of 2 rows 2 are not a number");
  EXPECT_RELATIVE(nothing.measure("missing_share").value.value, 1, 1e-15);
  EXPECT_TRUE(nothing.measure("psi").computed());  // all rows are in the bin of the missing
  EXPECT_GT(nothing.measure("psi").value.value, 1);
}

}  // namespace
}  // namespace leeway::drift
