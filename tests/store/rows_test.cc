// Rows and outcomes: each counts once, whatever is sent again, in both stores.

#include <cmath>
#include <limits>

#include "store/store_fixture.h"

namespace leeway::store {
namespace {

using Rows = OnBothStores;

RowQuery everything() { return {.model = "credit", .from = 0, .to = 1'000'000 * hour}; }

std::vector<std::string> texts(const Column& column) {
  std::vector<std::string> out;
  for (size_t row = 0; row < column.size(); ++row) out.push_back(column.is_valid(row) ? column.text(row) : "null");
  return out;
}

TEST_P(Rows, ComeBackAsTheyWere) {
  const double nan = std::nan(""), inf = std::numeric_limits<double>::infinity();
  RowBlock block{.model = "m", .version = "3", .ids = {"a", "b", "c"}, .times = {30, 10, 20}};
  Validity second_missing(3);
  second_missing.set(1, false);
  block.columns = {Column::of_reals("x; DROP TABLE models", {0.1, nan, -inf}),
                   Column::of_reals("with nulls", {1, 2, 3}, second_missing),
                   Column::of_integers("whole", Type::integer, {INT64_MIN, 0, INT64_MAX}),
                   Column::of_integers("flag", Type::boolean, {1, 0, 1}),
                   Column::of_integers("seen", Type::time, {-1, 0, 1'700'000'000'123'456'789}),
                   Column::of_text("Größe", {"klein", "", "\"'; --"}),
                   Column::of_text("größe", {"x", "y", "z"}, second_missing)};
  const auto applied = store->apply(batch(0, 4, {block}));
  ASSERT_TRUE(applied) << applied.error().text();
  EXPECT_EQ(applied->rows, 3);
  EXPECT_EQ(store->position("j").value(), 4u);
  reopen();
  const auto rows = store->rows({.model = "m", .from = 0, .to = 100});
  ASSERT_TRUE(rows) << rows.error().text();
  EXPECT_EQ(texts(rows->ids), (std::vector<std::string>{"b", "c", "a"}));
  EXPECT_EQ(rows->times.type(), Type::time);
  EXPECT_EQ(rows->times.integers()[2], 30);
  EXPECT_EQ(texts(rows->versions), (std::vector<std::string>{"3", "3", "3"}));
  EXPECT_EQ(rows->labels.null_count(), 3u);
  ASSERT_EQ(rows->columns.size(), block.columns.size());
  for (size_t i = 0; i < block.columns.size(); ++i) {
    const Column expected = block.columns[i].gather(std::vector<uint32_t>{1, 2, 0});
    EXPECT_EQ(rows->columns[i].name(), expected.name());
    EXPECT_EQ(rows->columns[i].type(), expected.type());
    EXPECT_EQ(texts(rows->columns[i]), texts(expected));
  }
  EXPECT_EQ(rows->columns[2].integers()[1], INT64_MAX);
  EXPECT_EQ(rows->columns[4].integers()[1], 1'700'000'000'123'456'789);
}

TEST_P(Rows, ARowCountsOnceHoweverOftenItIsSent) {
  EXPECT_EQ(store->apply(batch(0, 1, {some_rows("a", 10)}))->rows, 10);
  auto again = some_rows("a", 15);
  again.ids[3] = "a0";   // and once more within one request
  const auto applied = store->apply(batch(1, 2, {again, some_rows("a", 15)}));
  ASSERT_TRUE(applied) << applied.error().text();
  EXPECT_EQ(applied->rows, 5);
  EXPECT_EQ(applied->duplicates, 25);
  EXPECT_EQ(store->rows(everything())->rows(), 15u);
  EXPECT_EQ(store->apply(batch(2, 3, {some_rows("many", 1500)}))->rows, 1500);
  EXPECT_EQ(store->apply(batch(3, 4, {some_rows("many", 1600)}))->duplicates, 1500);
  EXPECT_EQ(store->rows(everything())->rows(), 1615u);
}

TEST_P(Rows, ABatchIsAppliedOnceWhateverIsSentAgain) {
  const auto first = batch(0, 5, {some_rows("a", 4)}, {some_outcomes("a", 2, 1, 9 * hour)});
  EXPECT_FALSE(store->apply(first)->before);
  EXPECT_TRUE(store->apply(first)->before);
  EXPECT_TRUE(store->apply(batch(2, 4, {some_rows("b", 4)}))->before);
  EXPECT_EQ(store->apply(batch(4, 9, {some_rows("c", 4)})).error().code, Code::failed_precondition);
  EXPECT_EQ(store->apply(batch(6, 9, {some_rows("c", 4)})).error().code, Code::failed_precondition);
  EXPECT_EQ(store->position("j").value(), 5u);
  EXPECT_EQ(store->position("another").value(), 0u);
  EXPECT_EQ(store->rows(everything())->rows(), 4u);
}

TEST_P(Rows, OutcomesJoinWhetherTheyComeEarlyLateOrAgain) {
  // Before their rows.
  auto applied = store->apply(batch(0, 1, {}, {some_outcomes("a", 2, 1, 7 * hour)}));
  ASSERT_TRUE(applied) << applied.error().text();
  EXPECT_EQ(applied->outcomes, 2);
  ASSERT_TRUE(store->apply(batch(1, 2, {some_rows("a", 4)})));
  // After, some of them once more, one of those corrected.
  auto late = some_outcomes("a", 3, 1, 8 * hour);
  late.labels = Column::of_reals("label", {1, 0, 0});
  applied = store->apply(batch(2, 3, {}, {late}));
  EXPECT_EQ(applied->outcomes, 1);
  EXPECT_EQ(applied->repeated, 1);
  EXPECT_EQ(applied->corrected, 1);
  const auto rows = store->rows(everything());
  EXPECT_EQ(texts(rows->labels), (std::vector<std::string>{"1", "0", "0", "null"}));
  EXPECT_EQ(rows->label_times.integers()[0], 7 * hour);
  EXPECT_EQ(rows->label_times.integers()[1], 8 * hour);
  const auto volume = store->volume("credit", 0, 1'000'000 * hour);
  ASSERT_EQ(volume->size(), 1u);
  EXPECT_EQ(volume->front(), (VolumeRecord{"1", 4, 3, 1000 * hour, 1000 * hour + 3 * second}));
}

TEST_P(Rows, TheLastOfRepeatedOutcomesInOneRequestCounts) {
  OutcomeBlock twice{
      .model = "credit", .ids = {"a0", "a0"}, .times = {1, 2}, .labels = Column::of_text("label", {"no", "yes"})};
  ASSERT_TRUE(store->apply(batch(0, 1, {some_rows("a", 1)}, {twice})));
  EXPECT_EQ(texts(store->rows(everything())->labels), std::vector<std::string>{"yes"});
}

TEST_P(Rows, ColumnsComeAndGoAndWiden) {
  RowBlock first{.model = "m", .version = "1", .ids = {"a"}, .times = {1}};
  first.columns = {Column::of_integers("n", Type::integer, {7}), Column::of_text("t", {"x"})};
  RowBlock later{.model = "m", .version = "2", .ids = {"b", "c"}, .times = {2, 3}};
  later.columns = {Column::of_reals("n", {1.5, 2}), Column::of_text("new", {"p", "q"})};
  RowBlock odd{.model = "m", .version = "2", .ids = {"d"}, .times = {4}};
  odd.columns = {Column::of_text("n", {"not a number"}), Column::of_reals("t", {2.5})};
  auto applied = store->apply(batch(0, 1, {first, later, odd}));
  ASSERT_TRUE(applied) << applied.error().text();
  EXPECT_EQ(applied->type_errors, 1);
  EXPECT_EQ(store->columns("m").value(),
            (std::vector<ColumnRecord>{{"n", Type::real}, {"t", Type::text}, {"new", Type::text}}));
  const auto rows = store->rows({.model = "m", .from = 0, .to = 10});
  EXPECT_EQ(texts(rows->columns[0]), (std::vector<std::string>{"7", "1.5", "2", "null"}));
  EXPECT_EQ(texts(rows->columns[1]), (std::vector<std::string>{"x", "null", "null", "2.5"}));
  EXPECT_EQ(texts(rows->columns[2]), (std::vector<std::string>{"null", "p", "q", "null"}));
}

TEST_P(Rows, TextThatTheDatabasesRefuseIsKeptReadable) {
  RowBlock block{.model = "m", .version = "1", .ids = {std::string("i\0d", 3), "ok"}, .times = {1, 2}};
  block.columns = {Column::of_text("t", {"bad \xff utf", "good"})};
  const auto applied = store->apply(batch(0, 1, {block}));
  ASSERT_TRUE(applied) << applied.error().text();
  const auto rows = store->rows({.model = "m", .from = 0, .to = 10});
  EXPECT_EQ(texts(rows->ids), (std::vector<std::string>{"i\\x00d", "ok"}));
  EXPECT_EQ(texts(rows->columns[0]), (std::vector<std::string>{"bad \\xFF utf", "good"}));
}

TEST_P(Rows, AreFoundByWhatIsAsked) {
  auto second_version = some_rows("b", 3, 1001 * hour);
  second_version.version = "2";
  ASSERT_TRUE(store->apply(batch(0, 1, {some_rows("a", 3), second_version})));
  auto query = everything();
  query.version = "2";
  query.columns = {"region"};
  auto rows = store->rows(query);
  EXPECT_EQ(texts(rows->ids), (std::vector<std::string>{"b0", "b1", "b2"}));
  ASSERT_EQ(rows->columns.size(), 1u);
  query = everything();
  query.id = "a1";
  EXPECT_EQ(store->rows(query)->columns[0].number(0), 1001.5);
  query = everything();
  query.order = RowOrder::newest_first;
  query.limit = 2;
  EXPECT_EQ(texts(store->rows(query)->ids), (std::vector<std::string>{"b2", "b1"}));
  query = everything();
  query.from = 1000 * hour + second;
  query.to = 1001 * hour;
  EXPECT_EQ(texts(store->rows(query)->ids), (std::vector<std::string>{"a1", "a2"}));
  query.columns = {"nope"};
  EXPECT_EQ(store->rows(query).error().code, Code::not_found);
  query.model = "nope";
  EXPECT_EQ(store->rows(query).error().code, Code::not_found);
}

TEST_P(Rows, TouchedStretchesTellWhatToComputeAgain) {
  ASSERT_TRUE(store->apply(batch(0, 1, {some_rows("a", 400)})));   // 400 seconds: two stretches
  auto touched = store->touched("credit", 0).value();
  ASSERT_EQ(touched.size(), 2u);
  EXPECT_EQ(touched[0].from, 1000 * hour);
  EXPECT_EQ(touched[0].to, 1000 * hour + 5 * minute);
  const int64_t seen = touched[0].change;
  EXPECT_TRUE(store->touched("credit", seen)->empty());
  ASSERT_TRUE(store->apply(batch(1, 2, {}, {some_outcomes("a", 2, 1, 1200 * hour)})));  // late: the first stretch again
  touched = store->touched("credit", seen).value();
  ASSERT_EQ(touched.size(), 1u);
  EXPECT_EQ(touched[0].from, 1000 * hour);
  ASSERT_TRUE(store->apply(batch(2, 3, {}, {some_outcomes("a", 2, 1, 1201 * hour)})));   // repeated: nothing new
  EXPECT_TRUE(store->touched("credit", touched[0].change)->empty());
}

TEST_P(Rows, ExpireKeepsTheLastingColumnsUntilOutcomesCanHaveMatured) {
  ASSERT_TRUE(store->apply(batch(0, 1, {some_rows("old", 2, 10 * hour), some_rows("new", 2, 500 * hour)})));
  ExpireRequest request{.model = "credit", .raw_before = 100 * hour, .all_before = 1 * hour};
  EXPECT_EQ(store->expire(request).value(), (Expired{2, 0}));
  ASSERT_TRUE(store->apply(batch(1, 2, {}, {some_outcomes("old", 2, 1, 600 * hour)})));   // finds its slim row
  auto rows = store->rows(everything());
  EXPECT_EQ(texts(rows->ids), (std::vector<std::string>{"old0", "old1", "new0", "new1"}));
  EXPECT_EQ(texts(rows->columns[0]), (std::vector<std::string>{"null", "null", "1000.5", "1001.5"}));
  EXPECT_EQ(texts(rows->columns[2]), (std::vector<std::string>{"north", "south", "north", "south"}));
  EXPECT_EQ(texts(rows->labels), (std::vector<std::string>{"1", "1", "null", "null"}));
  EXPECT_EQ(store->touched("credit", 1)->front().from, 10 * hour);
  auto raw = everything();
  raw.raw_only = true;
  EXPECT_EQ(store->rows(raw)->rows(), 2u);
  request.all_before = 50 * hour;
  EXPECT_EQ(store->expire(request).value(), (Expired{0, 2}));
  EXPECT_EQ(store->rows(everything())->rows(), 2u);
  request.all_before = 200 * hour;
  EXPECT_EQ(store->expire(request).error().code, Code::invalid_argument);
}

TEST_P(Rows, AnswersAreRemembered) {
  auto with_answer = batch(0, 1, {});
  with_answer.answers = {{"key", "print", 10 * hour, "{\"rows\": 3}"}};
  ASSERT_TRUE(store->apply(with_answer));
  EXPECT_EQ(store->answer("key").value(), with_answer.answers[0]);
  EXPECT_EQ(store->answer("other").value(), std::nullopt);
  ASSERT_TRUE(store->put_model({"credit", 1, ""}));
  ASSERT_TRUE(store->expire({.model = "credit", .answers_before = 11 * hour}));
  EXPECT_EQ(store->answer("key").value(), std::nullopt);
}

INSTANTIATE_TEST_SUITE_P(Both, Rows, ::testing::Values("duckdb", "postgres"),
                         [](const auto& of) { return std::string(of.param); });

}  // namespace
}  // namespace leeway::store
