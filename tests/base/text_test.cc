#include "base/text.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <limits>

#include "base/result.h"

namespace leeway {
namespace {

TEST(Printable, ControlBytesCannotReachATerminal) {
  EXPECT_EQ(printable("a\x1b[31mb"), "a\\x1B[31mb");
  EXPECT_EQ(printable("line\nbreak\ttab"), "line\\nbreak\\ttab");
  EXPECT_EQ(printable("\x7f"), "\\x7F");
  EXPECT_EQ(printable("\xE2\x80\xAEtxt"), "\\u{202E}txt") << "right-to-left override";
  EXPECT_EQ(printable("\xff\xc0\x80"), "\\xFF\\xC0\\x80") << "malformed UTF-8";
  EXPECT_EQ(printable("Größe 収入"), "Größe 収入");
}

RC_GTEST_PROP(Printable, LeavesOnlyPrintableUtf8, (const std::string& text)) {
  const std::string out = printable(text);
  RC_ASSERT(valid_utf8(out));
  for (const char c : out) RC_ASSERT(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
}

TEST(DisplayWidth, CountsTerminalColumns) {
  EXPECT_EQ(display_width("abc"), 3);
  EXPECT_EQ(display_width("収入"), 4);
  EXPECT_EQ(display_width("e\xCC\x81"), 1) << "combining accent";
  EXPECT_EQ(ellipsize("monthly_income", 8), "monthly…");
  EXPECT_EQ(ellipsize("収入収入", 5), "収入…");
  EXPECT_EQ(ellipsize("short", 5), "short");
}

RC_GTEST_PROP(ExactNumber, ReadsBackTheSameDouble, (uint64_t bits)) {
  const auto value = std::bit_cast<double>(bits);
  RC_PRE(std::isfinite(value));
  RC_ASSERT(std::bit_cast<uint64_t>(*parse_double(exact_number(value))) == bits);
}

TEST(ShortNumber, ReadsWell) {
  EXPECT_EQ(short_number(0.0312345), "0.0312");
  EXPECT_EQ(short_number(0.1), "0.1");
  EXPECT_EQ(short_number(1240), "1,240");
  EXPECT_EQ(short_number(1240.56), "1,241");
  EXPECT_EQ(short_number(-12345678.9), "-12,345,679");
  EXPECT_EQ(short_number(3.2e-8), "3.20e-08");
  EXPECT_EQ(short_number(0), "0");
  EXPECT_EQ(short_number(99.96), "100");
  EXPECT_EQ(short_number(std::nan("")), "NaN");
  EXPECT_EQ(short_number(1e300), "1.00e+300");
  EXPECT_EQ(percent(0.12345), "12.3 %");
  EXPECT_EQ(grouped(-1234567), "-1,234,567");
  EXPECT_EQ(grouped(std::numeric_limits<int64_t>::min()), "-9,223,372,036,854,775,808");
}

TEST(ParseDouble, TakesTheWholeTextOrNothing) {
  EXPECT_EQ(parse_double(" 1.5 "), 1.5);
  EXPECT_EQ(parse_double("+2"), 2.0);
  EXPECT_EQ(parse_double("1e400"), std::numeric_limits<double>::infinity());
  EXPECT_EQ(parse_double("-1e400"), -std::numeric_limits<double>::infinity());
  EXPECT_EQ(parse_double("1e-400"), 0.0);
  EXPECT_TRUE(std::isnan(*parse_double("nan")));
  for (const char* wrong : {"", " ", "1,5", "12abc", "--1", "0x10", "+-1"}) EXPECT_FALSE(parse_double(wrong)) << wrong;
  EXPECT_EQ(parse_int("9223372036854775807"), std::numeric_limits<int64_t>::max());
  EXPECT_FALSE(parse_int("9223372036854775808"));
  EXPECT_FALSE(parse_int(""));
}

TEST(Nearest, FindsSlipsOnly) {
  const std::vector<std::string> names = {"income", "age", "employment"};
  EXPECT_EQ(nearest("incme", names), "income");
  EXPECT_EQ(nearest("Income", names), "income");
  EXPECT_EQ(nearest("zip", names), "");
  EXPECT_EQ(did_you_mean("employmnet", names), "Did you mean 'employment'?");
}

TEST(Error, IsOneSentenceWithPlaceAndRemedy) {
  const Error error{Code::invalid_data, "row has 3 fields, expected 5", "a\x1b.csv", 7, 2, "Quote the field that holds a comma."};
  EXPECT_EQ(error.text(), "a\\x1B.csv:7:2: row has 3 fields, expected 5. Quote the field that holds a comma.");
  EXPECT_EQ(info(Code::internal).exit_code, 5);
  EXPECT_EQ(info(Code::cancelled).exit_code, 130);
}

TEST(Error, EveryCodeStandsAtItsPlaceInTheTable) {
  for (int i = 1; i <= 8; ++i) EXPECT_EQ(static_cast<int>(info(static_cast<Code>(i)).code), i);
}

}  // namespace
}  // namespace leeway
