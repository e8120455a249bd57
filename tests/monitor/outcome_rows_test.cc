#include "monitor/outcome_rows.h"

#include <gtest/gtest.h>

namespace leeway {
namespace {

constexpr int64_t day = 86'400'000'000'000;

OutcomeData sample() {
  OutcomeData data;
  data.score = Column::of_reals("p", {0.1, 0.6, 0.4, NAN, 0.9});
  data.label = Column::of_integers("default", Type::integer, {0, 1, 1, 0, 1});
  data.time = Column::of_integers("at", Type::time, {0, 10 * day, 50 * day, 95 * day, 100 * day});
  data.groups.emplace_back("sex", Column::of_text("sex", {"f", "m", "f", "m", "f"}));
  return data;
}
const performance::BinaryClasses classes{"0", "1"};

TEST(OutcomeData, LabelsThatAreNotFinalAreForgotten) {
  OutcomeData data = sample();
  EXPECT_EQ(data.latest(), 100 * day);
  EXPECT_EQ(data.forget_immature_labels(100 * day, 50 * day), (std::vector<uint32_t>{3, 4}));   // 50 days old is final
  EXPECT_EQ(data.label->null_count(), 2u);
  OutcomeData timeless = sample();
  timeless.time.reset();
  EXPECT_TRUE(timeless.forget_immature_labels(100 * day, 50 * day).empty());
}

TEST(GroupData, SelectionIsTheDecisionForTheFavourableOutcome) {
  const GroupData event(sample(), {classes, false, 0.5});
  EXPECT_EQ(std::vector<uint8_t>(event.rows.selected.begin(), event.rows.selected.end()),
            (std::vector<uint8_t>{0, 1, 0, fairness::unknown, 1}));
  // No default is good for people: scores below the threshold are decided for it.
  const GroupData repaid(sample(), {{"1", "0"}, true, 0.5});
  EXPECT_EQ(std::vector<uint8_t>(repaid.rows.selected.begin(), repaid.rows.selected.end()),
            (std::vector<uint8_t>{1, 0, 1, fairness::unknown, 0}));
  EXPECT_EQ(std::vector<uint8_t>(repaid.rows.labels.begin(), repaid.rows.labels.end()), (std::vector<uint8_t>{1, 0, 0, 1, 0}));
  EXPECT_DOUBLE_EQ(repaid.rows.scores[1], 0.4);
  EXPECT_TRUE(std::isnan(repaid.rows.scores[3]));
}

TEST(GroupData, ADecisionThatIsGivenGoesBeforeTheScore) {
  OutcomeData data = sample();
  data.prediction = Column::of_integers("decided", Type::integer, {1, 1, 0, 0, 0});
  const GroupData repaid(data, {{"1", "0"}, true, 0.5}, {7, 7, 8, 8, 8});
  EXPECT_EQ(std::vector<uint8_t>(repaid.rows.selected.begin(), repaid.rows.selected.end()), (std::vector<uint8_t>{0, 0, 1, 1, 1}));
}

TEST(GroupData, ScoresThatAreNoProbabilitiesAreTurnedRound) {
  OutcomeData data = sample();
  data.score = Column::of_reals("margin", {-2, 3, 0, 1, 5});
  const GroupData repaid(data, {{"1", "0"}, true, 0});
  EXPECT_EQ(std::vector<double>(repaid.rows.scores.begin(), repaid.rows.scores.end()), (std::vector<double>{2, -3, -0.0, -1, -5}));
}

}  // namespace
}  // namespace leeway
