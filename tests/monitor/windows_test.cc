#include "monitor/windows.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace leeway {
namespace {

constexpr int64_t day = 86'400'000'000'000;

Column times(std::vector<int64_t> values, Validity valid = {}) { return Column::of_integers("at", Type::time, std::move(values), std::move(valid)); }

TEST(Windows, AreAlignedToTheEpochHalfOpenAndWithoutGaps) {
  const auto windows = cut_windows(times({3 * day, 0, day - 1, day, -1, 3 * day + 1}), day).value();
  ASSERT_EQ(windows.size(), 4u);   // the day without rows is left out
  EXPECT_EQ(windows[0].from, -day);
  EXPECT_EQ(windows[0].to, 0);
  EXPECT_EQ(windows[0].rows, (std::vector<uint32_t>{4}));
  EXPECT_EQ(windows[1].rows, (std::vector<uint32_t>{1, 2}));
  EXPECT_EQ(windows[2].rows, (std::vector<uint32_t>{3}));   // midnight begins its day
  EXPECT_EQ(windows[3].rows, (std::vector<uint32_t>{0, 5}));
}

TEST(Windows, WeeksBeginOnMondays) {
  // 2026-03-18 is a Wednesday, its week began on 2026-03-16.
  const int64_t wednesday = 1'773'792'000'000'000'000, monday = 1'773'619'200'000'000'000;
  for (const int64_t weeks : {1, 2}) {
    const auto windows = cut_windows(times({wednesday}), weeks * 7 * day).value();
    EXPECT_EQ((windows[0].from - monday) % (7 * day), 0);
    EXPECT_LE(windows[0].from, wednesday);
    EXPECT_GT(windows[0].to, wednesday);
  }
  EXPECT_EQ(cut_windows(times({wednesday}), 7 * day).value()[0].from, monday);
}

TEST(Windows, RowsWithoutATimeBelongToNone) {
  Validity valid(3);
  valid.set(1, false);
  const auto windows = cut_windows(times({1, 2, 3}, valid), day).value();
  ASSERT_EQ(windows.size(), 1u);
  EXPECT_EQ(windows[0].rows, (std::vector<uint32_t>{0, 2}));
  EXPECT_TRUE(cut_windows(times({}), day).value().empty());
}

RC_GTEST_PROP(Windows, EveryTimedRowIsInTheOneWindowThatHoldsItsTime, (std::vector<int32_t> seconds, uint8_t hours)) {
  const int64_t length = (1 + hours % 100) * int64_t{3'600'000'000'000};
  std::vector<int64_t> values;
  for (const int32_t s : seconds) values.push_back(s % 10'000'000 * int64_t{1'000'000'000});
  const auto windows = cut_windows(times(values), length).value();
  std::vector<int> seen(values.size());
  for (size_t w = 0; w < windows.size(); ++w) {
    RC_ASSERT(windows[w].to - windows[w].from == length);
    RC_ASSERT(w == 0 || windows[w - 1].to <= windows[w].from);
    for (const uint32_t row : windows[w].rows) {
      RC_ASSERT(values[row] >= windows[w].from && values[row] < windows[w].to);
      ++seen[row];
    }
  }
  RC_ASSERT(std::all_of(seen.begin(), seen.end(), [](int n) { return n == 1; }));
}

TEST(Windows, WhatCannotBeCutSaysWhy) {
  const auto number = cut_windows(Column::of_reals("age", {1, 2}), day);
  ASSERT_FALSE(number);
  EXPECT_NE(number.error().message.find("'age' is of type real"), std::string::npos) << number.error().message;
  std::vector<int64_t> many;
  for (int64_t i = 0; i < 10'001; ++i) many.push_back(i * day);
  const auto too_many = cut_windows(times(many), day);
  ASSERT_FALSE(too_many);
  EXPECT_EQ(too_many.error().remedy, "Choose a longer --window.");
}

}  // namespace
}  // namespace leeway
