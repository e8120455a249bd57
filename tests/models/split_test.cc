#include "models/split.h"

#include <algorithm>
#include <numeric>
#include <set>

namespace leeway::models {
namespace {

std::vector<uint32_t> rows_to(uint32_t n) {
  std::vector<uint32_t> rows(n);
  std::iota(rows.begin(), rows.end(), 0u);
  return rows;
}

template <class Parts>
std::vector<uint32_t> together(const Parts& parts) {
  std::vector<uint32_t> all;
  for (const auto* part : parts) all.insert(all.end(), part->begin(), part->end());
  std::ranges::sort(all);
  return all;
}

RC_GTEST_PROP(Split, ByTimeNeverPartsAnInstantAndNeverLooksBack, ()) {
  const auto n = *rc::gen::inRange<uint32_t>(3, 200);
  const auto times = *rc::gen::container<std::vector<int64_t>>(n, rc::gen::inRange<int64_t>(0, 40));
  RC_PRE(std::set<int64_t>(times.begin(), times.end()).size() >= 3);
  const auto split = split_by_time(rows_to(n), times, {0.2, 0.3, 3});
  RC_ASSERT(split.has_value());
  RC_ASSERT(together(std::vector{&split->train, &split->validation, &split->test}) == rows_to(n));
  const auto span = [&](const std::vector<uint32_t>& rows) {
    RC_ASSERT(!rows.empty());
    RC_ASSERT(std::ranges::is_sorted(rows));
    const auto [a, b] = std::ranges::minmax(rows, {}, [&](uint32_t r) { return times[r]; });
    return std::pair(times[a], times[b]);
  };
  RC_ASSERT(span(split->train).second < split->validation_from);
  RC_ASSERT(span(split->validation).first == split->validation_from);
  RC_ASSERT(span(split->validation).second < split->test_from);
  RC_ASSERT(!split->windows.empty() && split->windows.size() <= 3u);
  std::vector<uint32_t> in_windows;
  for (size_t w = 0; w < split->windows.size(); ++w) {
    const auto [first, last] = span(split->windows[w].rows);
    RC_ASSERT(first == split->windows[w].from);
    if (w + 1 < split->windows.size())
      RC_ASSERT(last < split->windows[w].to && split->windows[w].to == split->windows[w + 1].from);
    in_windows.insert(in_windows.end(), split->windows[w].rows.begin(), split->windows[w].rows.end());
  }
  std::ranges::sort(in_windows);
  RC_ASSERT(in_windows == split->test);
}

TEST(Split, ByTimeMeetsTheShares) {
  std::vector<int64_t> times(1000);
  for (size_t i = 0; i < times.size(); ++i) times[i] = static_cast<int64_t>((i * 7919) % 1000);   // shuffled
  const auto split = split_by_time(rows_to(1000), times, {0.15, 0.25, 3});
  ASSERT_TRUE(split);
  EXPECT_EQ(split->train.size(), 600u);
  EXPECT_EQ(split->validation.size(), 150u);
  EXPECT_EQ(split->test_from, 750);
  for (const auto& window : split->windows) EXPECT_NEAR(static_cast<double>(window.rows.size()), 250.0 / 3, 1);
}

TEST(Split, StratifiedKeepsProportionsAndEveryRowOnce) {
  std::vector<uint32_t> strata(1000);
  for (size_t i = 0; i < strata.size(); ++i) strata[i] = i % 50 == 0;   // 2 %
  const auto split = split_stratified(rows_to(1000), strata, {0.15, 0.25, 3}, Random(1));
  ASSERT_TRUE(split);
  const auto events = [&](const std::vector<uint32_t>& rows) {
    return std::ranges::count_if(rows, [&](uint32_t r) { return strata[r] == 1; });
  };
  EXPECT_EQ(split->test.size(), 250u);
  EXPECT_EQ(events(split->test), 5);
  EXPECT_EQ(events(split->validation), 3);
  EXPECT_EQ(events(split->train), 12);
  EXPECT_EQ(together(std::vector{&split->train, &split->validation, &split->test}), rows_to(1000));
  EXPECT_FALSE(split->by_time());
  EXPECT_EQ(split_stratified(rows_to(1000), strata, {}, Random(3))->test,
            split_stratified(rows_to(1000), strata, {}, Random(3))->test);
}

TEST(Split, RefusesWhatCannotBeSplit) {
  const std::vector<int64_t> two = {1, 1, 2, 2};
  EXPECT_EQ(split_by_time(rows_to(4), two, {}).error().code, Code::invalid_data);
  EXPECT_EQ(split_by_time(rows_to(4), two, {0.5, 0.5, 3}).error().code, Code::invalid_argument);
  const std::vector<uint32_t> strata(3, 0);
  EXPECT_TRUE(split_stratified(rows_to(3), strata, {}, Random(1)));
  EXPECT_EQ(split_stratified(rows_to(2), strata, {}, Random(1)).error().code, Code::invalid_data);
}

TEST(Folds, StratifiedValidateEachRowOnceWithEveryClass) {
  std::vector<uint32_t> strata(103);
  for (size_t i = 0; i < strata.size(); ++i) strata[i] = i % 10 == 0;   // 11 events
  const auto folds = stratified_folds(rows_to(103), strata, 5, Random(2));
  ASSERT_TRUE(folds);
  std::vector<const std::vector<uint32_t>*> validations;
  for (const auto& fold : *folds) {
    validations.push_back(&fold.validation);
    EXPECT_EQ(together(std::vector{&fold.train, &fold.validation}), rows_to(103));
    const auto events = std::ranges::count_if(fold.validation, [&](uint32_t r) { return strata[r] == 1; });
    EXPECT_TRUE(events == 2 || events == 3);
  }
  EXPECT_EQ(together(validations), rows_to(103));
  const auto too_many = stratified_folds(rows_to(103), strata, 12, Random(2));
  ASSERT_FALSE(too_many);
  EXPECT_EQ(too_many.error().code, Code::invalid_data);
}

TEST(Folds, OverTimeLearnOnlyFromBefore) {
  std::vector<int64_t> times(120);
  for (size_t i = 0; i < times.size(); ++i) times[i] = static_cast<int64_t>(i / 3);   // three rows an instant
  const auto folds = time_folds(rows_to(120), times, 5);
  ASSERT_TRUE(folds);
  for (size_t f = 0; f < 5; ++f) {
    EXPECT_EQ((*folds)[f].train.size(), 20 * (f + 1) - (20 * (f + 1)) % 3 + ((20 * (f + 1)) % 3 == 2 ? 3 : 0));
    EXPECT_LT(times[(*folds)[f].train.back()], times[(*folds)[f].validation.front()]);
  }
  EXPECT_EQ((*folds)[4].validation.back(), 119u);
  EXPECT_FALSE(time_folds(rows_to(9), times, 5));
}

TEST(Folds, StrataOfNumbersAreTenths) {
  std::vector<double> target(100);
  for (size_t i = 0; i < target.size(); ++i) target[i] = static_cast<double>((i * 37) % 100);
  const auto strata = strata_of_numbers(rows_to(100), target);
  for (uint32_t s = 0; s < 10; ++s) EXPECT_EQ(std::ranges::count(strata, s), 10);
}

}   // namespace
}   // namespace leeway::models
