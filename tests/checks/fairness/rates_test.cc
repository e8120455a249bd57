// Parity of selection, error, predictive and accuracy rates.

#include "checks/fairness/fairness.h"

#include "checks/fairness/group_rows_builder.h"

namespace leeway::fairness {
namespace {

const Measurement& compas(std::string_view id, std::string_view column = "race", std::string_view slice = {}) {
  static const FairnessMeasurements all = [] {
    const RowsBuilder builder = compas_rows();
    GroupRows rows = builder.rows();
    rows.columns[0].compared_with = "Caucasian";
    return *measure_fairness(nullptr, rows, {.min_rows = 100});
  }();
  for (const auto* list : {&all.parity, &all.pairs, &all.levels})
    for (const Measurement& m : *list)
      if (m.method->id == id && m.subject.column == column && m.subject.slice == slice) return m;
  ADD_FAILURE() << "no measurement " << id << ' ' << column << ' ' << slice;
  static const Measurement none;
  return none;
}

// Fairlearn 0.15.0 and scikit-learn on the four races with at least 100 rows, positive = decile >= 5.
TEST(CompasRates, AgreeWithFairlearn) {
  const std::pair<std::string_view, double> expected[] = {
      {"demographic_parity_difference", 0.378654391585426},
      {"demographic_parity_ratio", 0.35625269949414223},
      {"adverse_impact_ratio", 0.35625269949414223},
      {"equal_opportunity_difference", 0.39683902022283485},
      {"equal_opportunity_ratio", 0.4489474233428714},
      {"equalised_odds", 0.39683902022283485},
      {"equalised_odds_mean", 0.3488830015950468},
      {"average_odds_difference", 0.34888300159504676},
      {"false_positive_ratio", 0.32898890133387637},
      {"false_negative_ratio", 0.4135601145595886},
      {"predictive_parity_difference", 0.08760954824964895},
      {"predictive_parity_ratio", 0.8608742455115144},
      {"false_discovery_ratio", 0.8086688026731804},
      {"false_omission_difference", 0.06141507884362679},
      {"false_omission_ratio", 0.8242974624060151},
      {"accuracy_equality", 0.03166907460917234},
      {"treatment_equality", 0.2643478260869565},
  };
  for (const auto& [id, value] : expected) EXPECT_NEAR(compas(id).value.value, value, 1e-12) << id;
}

// ProPublica 2016: FPR 44.85 % and 23.45 %, FNR 27.99 % and 47.72 %, PPV 0.63 and 0.59, from 805/1795, 349/1488 and so
// on; FPR ratio African-American to Caucasian 1.912093.
TEST(CompasRates, HaveThePublishedLevelsAndRatio) {
  const auto level = [](std::string_view id, std::string_view race) {
    return compas(id, "race", "race = " + std::string(race)).current->value;
  };
  EXPECT_NEAR(level("group_false_positive_rate", "African-American"), 805.0 / 1795, 1e-15);
  EXPECT_NEAR(level("group_false_positive_rate", "Caucasian"), 349.0 / 1488, 1e-15);
  EXPECT_NEAR(1 - level("group_true_positive_rate", "African-American"), 532.0 / 1901, 1e-15);
  EXPECT_NEAR(1 - level("group_true_positive_rate", "Caucasian"), 461.0 / 966, 1e-15);
  EXPECT_NEAR(level("group_positive_predictive_value", "African-American"), 0.63, 0.005);
  EXPECT_NEAR(level("group_positive_predictive_value", "Caucasian"), 0.59, 0.005);
  const Measurement& pair = compas("false_positive_ratio", "race", "African-American against Caucasian");
  EXPECT_NEAR(*pair.detail("ratio"), 1.912093, 5e-7);
  EXPECT_NEAR(pair.value.value, 1 / 1.912093, 5e-7);
  EXPECT_LT(pair.value.upper, 0.8);
}

TEST(CompasRates, RacesAreUnequalAndSexesNearlyEqual) {
  EXPECT_LT(compas("adverse_impact_ratio").value.upper, 0.8);         // beyond four-fifths, surely
  EXPECT_GE(compas("adverse_impact_ratio", "sex").value.lower, 0.8);  // within, surely
  EXPECT_NEAR(compas("demographic_parity_difference", "sex").value.value, 0.04480945807855985, 1e-12);  // Fairlearn
  EXPECT_EQ(*compas("adverse_impact_ratio").p_value, 1.0 / 1001);         // no permutation came near
  EXPECT_EQ(*compas("adverse_impact_ratio").detail("groups_hidden"), 2);  // 18 and 32 rows
  EXPECT_EQ(*compas("adverse_impact_ratio").detail("rows_hidden"), 50);
}

TEST(CompasRates, CrossedAttributesAreMeasuredToo) {
  const Measurement& m = compas("adverse_impact_ratio", "race × sex");
  EXPECT_TRUE(m.computed());
  // 7 combinations have at least 100 rows; the lowest rate is that of "Other × Male" or lower than any race's alone.
  EXPECT_LE(m.value.value, compas("adverse_impact_ratio").value.value);
}

FairnessMeasurements measured(const RowsBuilder& builder, const FairnessOptions& options = {}) {
  return *measure_fairness(nullptr, builder.rows(), options);
}

// statistics.md §8: 30/60 against 70/100, ratio .714286, Miettinen-Nurminen 95 % [.526110684637, .931474604797]. For
// two groups max-T is the two-sided 95 % interval; the plain bound is one-sided.
TEST(ImpactRatio, FourFifthsOfSmallGroupsIsUndecidable) {
  const auto all = measured(selection_rows({{"a", 30, 60}, {"b", 70, 100}}));
  const Measurement& m = find(all.parity, "adverse_impact_ratio");
  EXPECT_NEAR(m.value.value, 0.714286, 5e-7);
  EXPECT_NEAR(m.value.upper, 0.931474604797, 1e-9);
  EXPECT_GT(m.value.lower, 0.526110684637);
  EXPECT_LT(m.value.lower, 0.8);
  EXPECT_EQ(m.confidence, 0.95);
  EXPECT_EQ(m.note, "a 50 % (30 of 60) against b 70 % (70 of 100)");
}

TEST(ImpactRatio, BoundsComeFromThePairsThatProveThem) {
  // "tiny" has the lowest rate but proves nothing; "low" proves the gap to "high".
  const auto all = measured(selection_rows({{"high", 5000, 10000}, {"low", 3500, 10000}, {"tiny", 10, 35}}));
  const Measurement& m = find(all.parity, "adverse_impact_ratio");
  EXPECT_NEAR(m.value.value, (10.0 / 35) / 0.5, 1e-12);
  EXPECT_LT(m.value.upper, 0.75);           // 0.7 and a little
  EXPECT_LT(m.value.lower, m.value.value);  // from "tiny"
  const Measurement& pair = find(all.pairs, "adverse_impact_ratio", "group", "tiny against high");
  EXPECT_EQ(pair.value.lower, m.value.lower);
  EXPECT_GT(pair.value.upper, 0.8);
}

TEST(ImpactRatio, GroupThatIsNeverSelected) {
  const auto all = measured(selection_rows({{"a", 0, 500}, {"b", 100, 500}}));
  const Measurement& m = find(all.parity, "adverse_impact_ratio");
  EXPECT_EQ(m.value.value, 0);
  EXPECT_EQ(m.value.lower, 0);
  EXPECT_GT(m.value.upper, 0);
  EXPECT_LT(m.value.upper, 0.1);
}

TEST(ImpactRatio, NobodyIsSelected) {
  const auto all = measured(selection_rows({{"a", 0, 500}, {"b", 0, 500}}));
  EXPECT_EQ(find(all.parity, "adverse_impact_ratio").not_computable, "no group has a single event");
  const Measurement& difference = find(all.parity, "demographic_parity_difference");
  EXPECT_TRUE(difference.computed());
  EXPECT_EQ(difference.value.value, 0);
  EXPECT_EQ(difference.value.lower, 0);
  EXPECT_GT(difference.value.upper, 0);
  EXPECT_EQ(*difference.p_value, 1);
}

TEST(Parity, SmallGroupsAreCountedNotShown) {
  const auto all = measured(selection_rows({{"a", 30, 100}, {"b", 25, 100}, {"c", 0, 29}}));
  const Measurement& m = find(all.parity, "demographic_parity_difference");
  EXPECT_EQ(*m.detail("groups"), 2);
  EXPECT_EQ(*m.detail("groups_hidden"), 1);
  EXPECT_EQ(*m.detail("rows_hidden"), 29);
  EXPECT_NEAR(m.value.value, 0.05, 1e-12);
  EXPECT_EQ(m.current_rows.rows, 229);
  EXPECT_EQ(m.current_rows.used, 229);
  EXPECT_NE(m.note.find("1 group with too few rows left out (29 rows)"), std::string::npos) << m.note;
  const Measurement& hidden = find(all.levels, "group_selection_rate", "group", "group = c");
  EXPECT_FALSE(hidden.computed());
  EXPECT_NE(hidden.not_computable.find("not enough data"), std::string::npos);
  EXPECT_FALSE(hidden.current.has_value());
}

TEST(Parity, OneGroupAloneIsNotComputable) {
  const auto all = measured(selection_rows({{"a", 30, 100}, {"b", 2, 9}}));
  const Measurement& m = find(all.parity, "adverse_impact_ratio");
  EXPECT_EQ(m.not_computable, "not enough data: fewer than two groups have 30 rows and 10 cases");
}

TEST(Parity, IdentifiersAreNotComparedNorListed) {
  std::vector<std::tuple<std::string, size_t, size_t>> many, tiny;
  for (int g = 0; g < 201; ++g) many.emplace_back("g" + std::to_string(g), 10, 30);
  for (int g = 0; g < 300; ++g) tiny.emplace_back("g" + std::to_string(g), 1, 2);
  const auto all = measured(selection_rows(many));
  EXPECT_EQ(find(all.parity, "adverse_impact_ratio").not_computable,
            "more than 200 groups have enough rows; cut the attribute into bands");
  const auto hidden = measured(selection_rows(tiny));
  EXPECT_EQ(*find(hidden.parity, "adverse_impact_ratio").detail("groups_hidden"), 300);
  EXPECT_TRUE(hidden.levels.empty());
}

TEST(Parity, NullGroupsAreAGroupOfTheirOwn) {
  const auto all = measured(selection_rows({{"", 10, 100}, {"a", 50, 100}}));
  EXPECT_NEAR(find(all.levels, "group_selection_rate", "group", "group = missing").current->value, 0.1, 1e-12);
  EXPECT_NEAR(find(all.parity, "adverse_impact_ratio").value.value, 0.2, 1e-12);
  const auto named = measured(selection_rows({{"", 10, 100}, {"missing", 50, 100}}));
  EXPECT_NEAR(find(named.levels, "group_selection_rate", "group", "group = no value").current->value, 0.1, 1e-12);
}

TEST(Parity, WithoutOutcomesOrDecisionsTheReasonIsGiven) {
  const RowsBuilder builder = selection_rows({{"a", 30, 100}, {"b", 25, 100}});
  GroupRows rows = builder.rows();
  rows.labels = {};
  auto all = *measure_fairness(nullptr, rows);
  EXPECT_TRUE(find(all.parity, "adverse_impact_ratio").computed());
  EXPECT_EQ(find(all.parity, "equalised_odds").not_computable, "there are no outcomes yet");
  EXPECT_EQ(find(all.parity, "equal_opportunity_difference").not_computable, "there are no outcomes yet");
  rows.selected = {};
  all = *measure_fairness(nullptr, rows);
  EXPECT_FALSE(find(all.parity, "adverse_impact_ratio").computed());
}

TEST(Parity, RowsWithoutAnOutcomeCountAsMissing) {
  RowsBuilder builder = selection_rows({{"a", 30, 100}, {"b", 25, 100}});
  builder.add({"a"}, 1, unknown, 7);
  builder.add({"b"}, unknown, 0, 5);
  const auto all = *measure_fairness(nullptr, builder.rows());
  const Measurement& selection = find(all.parity, "adverse_impact_ratio");
  EXPECT_EQ(selection.current_rows.rows, 212);
  EXPECT_EQ(selection.current_rows.missing, 5);
  const Measurement& opportunity = find(all.parity, "equal_opportunity_difference");
  EXPECT_EQ(opportunity.current_rows.used, 200);
  EXPECT_EQ(opportunity.current_rows.missing, 12);
}

TEST(Parity, ChangeAgainstTheReferenceIsADifferenceInDifferences) {
  const RowsBuilder then = selection_rows({{"b", 480, 1000}, {"a", 500, 1000}});
  const RowsBuilder now = selection_rows({{"a", 500, 1000}, {"b", 400, 1000}});
  const GroupRows reference = then.rows();
  const auto all = *measure_fairness(&reference, now.rows());
  const Measurement& m = find(all.parity, "demographic_parity_difference");
  EXPECT_NEAR(m.value.value, 0.10, 1e-12);
  EXPECT_NEAR(m.reference->value, 0.02, 1e-12);
  EXPECT_NEAR(*m.detail("change"), 0.08, 1e-12);
  // Variances summed: 1.95996 sqrt(2(.25) + .48(.52) + .4(.6))/sqrt(1000), half an event apart.
  const double half = 1.959963984540054 * std::sqrt((.25 + .25 + .48 * .52 + .24) / 1000);
  EXPECT_NEAR(*m.detail("change_lower"), 0.08 - half, 1e-5);
  EXPECT_NEAR(*m.detail("change_upper"), 0.08 + half, 1e-5);
  const Measurement& level = find(all.levels, "group_selection_rate", "group", "group = b");
  EXPECT_NEAR(level.value.value, -0.08, 1e-12);
  EXPECT_LT(level.value.upper, 0);
  const Measurement& ratio = find(all.parity, "adverse_impact_ratio");
  EXPECT_NEAR(*ratio.detail("change"), 0.80 - 0.96, 1e-12);
  EXPECT_LT(*ratio.detail("change_upper"), 0);
}

TEST(Parity, SidesMustHaveTheSameColumns) {
  const RowsBuilder a({"sex"}), b({"race"});
  const GroupRows reference = a.rows();
  EXPECT_EQ(measure_fairness(&reference, b.rows()).error().code, Code::invalid_argument);
  GroupRows short_rows = b.rows();
  short_rows.rows = 3;
  EXPECT_EQ(measure_fairness(nullptr, short_rows).error().code, Code::invalid_argument);
}

TEST(Parity, EmptyDataAreNotComputable) {
  const RowsBuilder none({"sex", "race"});
  const auto all = measured(none);
  EXPECT_FALSE(all.parity.empty());
  for (const Measurement& m : all.parity) EXPECT_FALSE(m.computed());
}

TEST(Parity, SameNumbersWhateverTheThreads) {
  const RowsBuilder builder = compas_rows();
  const auto one = *measure_fairness(nullptr, builder.rows(), {.threads = 1});
  const auto two = *measure_fairness(nullptr, builder.rows(), {.threads = 2});
  ASSERT_EQ(one.parity.size(), two.parity.size());
  for (size_t i = 0; i < one.parity.size(); ++i) {
    if (!one.parity[i].computed()) continue;
    EXPECT_EQ(one.parity[i].value.lower, two.parity[i].value.lower);
    EXPECT_EQ(one.parity[i].p_value, two.parity[i].p_value);
  }
}

// statistics.md §8: the largest TPR gap of equal groups (TPR .8): 10 groups of 100: mean .123, 95 % quantile .180;
// 50 groups of 200: .127, .160. Conditional on the total, and with 1000 draws, within .01.
TEST(Parity, GapByChanceIsThatOfEqualGroups) {
  for (const auto& [groups, size, mean, quantile] : {std::tuple{10, 100, .123, .180}, {50, 200, .127, .160}}) {
    std::vector<std::tuple<std::string, size_t, size_t>> table;
    for (int g = 0; g < groups; ++g) table.emplace_back("g" + std::to_string(g), size * 4 / 5, size);
    const auto all = measured(selection_rows(table));
    const Measurement& m = find(all.parity, "equal_opportunity_difference");
    EXPECT_NEAR(*m.by_chance, mean, .01);
    EXPECT_NEAR(*m.detail("null_quantile"), quantile, .012);
    EXPECT_EQ(*m.p_value, 1);
  }
}

}  // namespace
}  // namespace leeway::fairness
