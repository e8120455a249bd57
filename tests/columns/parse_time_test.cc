#include "columns/parse_time.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "columns/column.h"

namespace leeway {
namespace {

TEST(ParseTimeTest, Forms) {
  constexpr int64_t day = 86400, second = 1'000'000'000;
  const int64_t at = (19782 * day + 10 * 3600) * second;  // 2024-02-29T10:00:00Z
  EXPECT_EQ(parse_time("2024-02-29"), 19782 * day * second);
  for (const auto* text : {"2024-02-29T10:00", "2024-02-29 10:00:00", "2024-02-29t10:00:00z", "2024-02-29T12:00:00+02:00",
                           "2024-02-29T04:30:00-0530", "2024-02-29T12:00:00 +02", " 2024-02-29T10:00:00Z "})
    EXPECT_EQ(parse_time(text), at) << text;
  EXPECT_EQ(parse_time("2024-02-29T10:00:00.000000001Z"), at + 1);
  EXPECT_EQ(parse_time("2024-02-29T10:00:00,5"), at + second / 2);
  EXPECT_EQ(parse_time("1969-12-31T23:59:59.5Z"), -second / 2);
}

TEST(ParseTimeTest, Refusals) {
  for (const auto* text : {"", "2024", "2024-13-01", "2023-02-29", "2024-02-30", "2024-02-29T", "2024-02-29T24:00", "2024-02-29T10",
                           "2024-02-29T10:00:00.", "2024-02-29T10:00:00.1234567890", "2024-02-29T10:00:00+25:00", "2024-02-29x",
                           "9999-12-31", "0001-01-01", "24-02-29"})
    EXPECT_FALSE(parse_time(text)) << text;
}

RC_GTEST_PROP(ParseTimeTest, ReadsWhatIsWritten, (int64_t nanoseconds)) {
  RC_ASSERT(parse_time(format_time(nanoseconds)) == nanoseconds);
}

}  // namespace
}  // namespace leeway
