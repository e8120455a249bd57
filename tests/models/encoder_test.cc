#include "models/encoder.h"

#include <gtest/gtest.h>

#include "models/document.h"

namespace leeway::models {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double inf = std::numeric_limits<double>::infinity();

std::vector<float> encoded(const Encoder& encoder, const std::vector<Column>& raw) {
  const auto batch = encoder.bind(raw);
  EXPECT_TRUE(batch) << batch.error().text();
  return batch->all();
}

Validity validity(std::initializer_list<bool> rows) {
  Validity out(rows.size());
  size_t r = 0;
  for (const bool valid : rows) out.set(r++, valid);
  return out;
}

TEST(Encoder, NumbersAndBooleansStayAndInfinitiesAreTamed) {
  const std::vector<Column> raw = {
      Column::of_reals("x", {1.5, nan, inf, -inf, 2}, validity({true, true, true, true, false})),
      Column::of_integers("n", Type::integer, {1, 2, 3, 4, 5}),
      Column::of_integers("b", Type::boolean, {1, 0, 1, 0, 1}, validity({true, true, true, true, false}))};
  const auto encoder = Encoder::fit(raw, {});
  ASSERT_TRUE(encoder);
  const auto values = encoded(*encoder, raw);
  ASSERT_EQ(values.size(), 15u);
  EXPECT_EQ(values[0], 1.5f);
  EXPECT_TRUE(std::isnan(values[3]));
  EXPECT_EQ(values[6], 1e30f);
  EXPECT_EQ(values[9], -1e30f);
  EXPECT_TRUE(std::isnan(values[12]) && std::isnan(values[14]));
  EXPECT_EQ(values[4], 2);
  EXPECT_EQ(values[5], 0);
  const auto batch = encoder->bind(raw);
  ASSERT_EQ(batch->readings().size(), 2u);
  EXPECT_EQ(batch->readings()[0].missing, 2);
  EXPECT_EQ(batch->readings()[0].infinite, 2);
  EXPECT_EQ(encoder->columns()[1].low, 2);   // quartiles of 1 … 5
  EXPECT_EQ(encoder->columns()[1].middle, 3);
  EXPECT_EQ(encoder->columns()[1].high, 4);
}

TEST(Encoder, FewLevelsAreOneHotAndUnseenOnesAreNone) {
  const std::vector<Column> raw = {
      Column::of_text("c", {"a", "b", "a", "c", ""}, validity({true, true, true, true, false}))};
  const auto encoder = Encoder::fit(raw, {});
  ASSERT_TRUE(encoder);
  EXPECT_EQ(encoder->feature_names(), (std::vector<std::string>{"c=a", "c=b", "c=c"}));
  EXPECT_EQ(encoder->columns()[0].usual, "a");
  const auto values = encoded(*encoder, {Column::of_text("c", {"c", "new", ""}, validity({true, true, false}))});
  EXPECT_EQ(std::vector<float>(values.begin(), values.begin() + 6), (std::vector<float>{0, 0, 1, 0, 0, 0}));
  EXPECT_TRUE(std::isnan(values[6]) && std::isnan(values[8]));
  const auto batch = encoder->bind(std::vector<Column>{Column::of_text("c", {"c", "new"})});
  ASSERT_EQ(batch->remarks().size(), 1u);
  EXPECT_EQ(batch->remarks()[0], "column 'c': 1 value was not seen in training");
}

TEST(Encoder, ManyLevelsAreRankedByTheirShrunkMeanTarget) {
  // Ten levels of 50 rows whose share of events falls with the letter.
  std::vector<std::string> texts;
  std::vector<double> target;
  for (int level = 0; level < 10; ++level)
    for (int i = 0; i < 50; ++i) {
      texts.emplace_back(1, static_cast<char>('a' + level));
      target.push_back(i < 50 - 5 * level ? 1 : 0);
    }
  const std::vector<Column> raw = {Column::of_text("c", texts)};
  const auto encoder = Encoder::fit(raw, target);
  ASSERT_TRUE(encoder);
  EXPECT_EQ(encoder->columns()[0].coding, Coding::rank);
  const auto values = encoded(*encoder, {Column::of_text("c", {"a", "j", "z"})});
  EXPECT_EQ(values[0], 9);
  EXPECT_EQ(values[1], 0);
  EXPECT_TRUE(std::isnan(values[2]));
}

TEST(Encoder, RareLevelsArePooledAndUnseenOnesGoWithThem) {
  std::vector<std::string> texts(1000, "common");
  for (size_t i = 0; i < 500; ++i) texts[i] = "other";
  texts[0] = "rare1";
  texts[1] = texts[2] = "rare2";
  const auto encoder = Encoder::fit(std::vector<Column>{Column::of_text("c", texts)}, {});
  ASSERT_TRUE(encoder);
  const EncodedColumn& c = encoder->columns()[0];
  EXPECT_EQ(c.width, 3u);
  ASSERT_GE(c.pool, 0);
  EXPECT_EQ(encoder->feature_names()[static_cast<size_t>(c.pool)], "c=(rare)");
  const auto values = encoded(*encoder, {Column::of_text("c", {"rare1", "rare2", "new", "common"})});
  for (size_t row : {0u, 1u, 2u}) EXPECT_EQ(values[row * 3 + static_cast<size_t>(c.pool)], 1);
  EXPECT_EQ(values[9 + static_cast<size_t>(c.pool)], 0);
}

TEST(Encoder, TimesBecomeHourAndWeekday) {
  constexpr int64_t second = 1'000'000'000;
  // 2026-11-20 16:30 UTC was a Friday; 1969-12-31 23:00 a Wednesday.
  const std::vector<Column> raw = {Column::of_integers("at", Type::time, {1795192200 * second, -3600 * second})};
  const auto encoder = Encoder::fit(raw, {});
  ASSERT_TRUE(encoder);
  EXPECT_EQ(encoded(*encoder, raw), (std::vector<float>{16.5f, 4, 23, 2}));
}

TEST(Encoder, NumbersCanBeTakenAsCategories) {
  const std::vector<Column> raw = {Column::of_integers("grade", Type::integer, {7, 3, 7, 3})};
  EncoderOptions options;
  options.categorical = {"grade"};
  const auto encoder = Encoder::fit(raw, {}, options);
  ASSERT_TRUE(encoder);
  EXPECT_EQ(encoded(*encoder, raw), (std::vector<float>{0, 1, 1, 0, 0, 1, 1, 0}));
}

TEST(Encoder, ColumnsAreFoundByNameAndReadAsTheirType) {
  const std::vector<Column> raw = {Column::of_reals("x", {1, 2, 3}), Column::of_text("c", {"a", "b", "a"})};
  const auto encoder = Encoder::fit(raw, {});
  ASSERT_TRUE(encoder);
  const auto values =
      encoded(*encoder, {Column::of_text("c", {"b", "a"}), Column::of_integers("more", Type::integer, {0, 0}),
                         Column::of_text("x", {"7.5", "oops"})});
  EXPECT_EQ(values[0], 7.5f);
  EXPECT_TRUE(std::isnan(values[3]));
  const std::vector<Column> odd = {Column::of_text("x", {"7.5", "oops"}), Column::of_text("c", {"b", "a"}),
                                   Column::of_integers("more", Type::integer, {0, 0})};
  const auto batch = encoder->bind(odd);
  EXPECT_EQ(batch->remarks(),
            (std::vector<std::string>{"column 'x': 1 value is not of the expected type and counts as missing",
                                      "not used by the model: 'more'"}));
}

TEST(Encoder, WhatDoesNotFitIsOneSentence) {
  const std::vector<Column> raw = {Column::of_reals("amount", {1, 2, 3})};
  const auto encoder = Encoder::fit(raw, {});
  const auto message = [&](std::vector<Column> columns) {
    const auto batch = encoder->bind(columns);
    return batch ? std::string("bound") : batch.error().text();
  };
  EXPECT_EQ(message({Column::of_reals("amonut", {1})}),
            "the data have no column 'amount', which the model needs. Did you mean 'amonut'?");
  EXPECT_EQ(message({}),
            "the data have no column 'amount', which the model needs. Give the columns that the model was trained on.");
  EXPECT_EQ(message({Column::of_text("amount", {"much", "more"})}),
            "column 'amount' holds text values, none of which is a number as the model expects.");
  EXPECT_EQ(message({Column::of_integers("amount", Type::time, {5})}),
            "column 'amount' holds time values, none of which is a number as the model expects.");
  EXPECT_FALSE(Encoder::fit({}, {}));
  EXPECT_FALSE(Encoder::fit(std::vector<Column>{Column::of_reals("a", {})}, {}));
  EXPECT_FALSE(Encoder::fit(std::vector<Column>{Column::of_reals("a", {1}), Column::of_reals("a", {1})}, {}));
}

TEST(Encoder, DegenerateColumnsAreColumns) {
  const std::vector<Column> raw = {Column::of_reals("null", {0, 0}, Validity(2, false)),
                                   Column::of_text("none", {"", ""}, Validity(2, false)),
                                   Column::of_reals("same", {1, 1})};
  const auto encoder = Encoder::fit(raw, {});
  ASSERT_TRUE(encoder);
  EXPECT_EQ(encoder->features(), 2u);   // a text without a value has no level to be a feature
  const auto values = encoded(*encoder, raw);
  EXPECT_TRUE(std::isnan(values[0]));
  EXPECT_EQ(values[1], 1);
}

TEST(Encoder, SurvivesAFile) {
  std::vector<std::string> many;
  std::vector<double> target;
  for (int i = 0; i < 300; ++i) many.push_back(fmt::format("level {} \"é\"", i % 23)), target.push_back(i % 7 < 3);
  const std::vector<Column> raw = {Column::of_text("many", many), Column::of_reals("x", target),
                                   Column::of_reals("empty", target, Validity(300, false)),
                                   Column::of_integers("b", Type::boolean, std::vector<int64_t>(300, 1)),
                                   Column::of_integers("at", Type::time, std::vector<int64_t>(300, 5))};
  const auto encoder = Encoder::fit(raw, target);
  ASSERT_TRUE(encoder);
  JsonWriter json;
  encoder->write(json);
  const std::string text = json.take();
  const auto document = Document::read(text);
  ASSERT_TRUE(document) << document.error().text();
  const auto back = Encoder::read(*document);
  ASSERT_TRUE(back) << back.error().text();
  JsonWriter again;
  back->write(again);
  EXPECT_EQ(again.take(), text);
  const auto a = encoded(*encoder, raw), b = encoded(*back, raw);
  for (size_t i = 0; i < a.size(); ++i) EXPECT_TRUE(a[i] == b[i] || (std::isnan(a[i]) && std::isnan(b[i])));
}

}  // namespace
}  // namespace leeway::models
