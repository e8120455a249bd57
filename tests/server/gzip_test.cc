#include "server/http/gzip.h"

#include <gtest/gtest.h>

namespace leeway::http {
namespace {

TEST(Gzip, RoundTripsAndIsTheSameEveryTime) {
  std::string text;
  for (int i = 0; i < 40'000; ++i) text += std::to_string(i * i);
  const std::string packed = gzip(text);
  EXPECT_LT(packed.size(), text.size() / 2);
  EXPECT_EQ(packed, gzip(text));
  EXPECT_EQ(*gunzip(packed, text.size()), text);
  EXPECT_EQ(*gunzip(packed + gzip("more"), 1 << 20), text + "more");
  EXPECT_EQ(*gunzip(gzip(""), 0), "");
}

TEST(Gzip, ABombStopsAtTheLimit) {
  const std::string packed = gzip(std::string(50 << 20, '\0'), 9);
  EXPECT_LT(packed.size(), 60'000u);
  const auto result = gunzip(packed, 1 << 20);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Code::resource_exhausted);
}

TEST(Gzip, DamageIsNoticedWhereverItIs) {
  const std::string text = "some text that is long enough to be worth packing, some text";
  const std::string packed = gzip(text);
  for (size_t cut = 0; cut < packed.size(); ++cut) EXPECT_FALSE(gunzip(packed.substr(0, cut), 1000)) << cut;
  for (size_t i = 10; i < packed.size(); ++i) {   // before: name and time of the header, which carry no check
    std::string damaged = packed;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x10);
    const auto result = gunzip(damaged, 1000);   // bits that pad the last byte mean nothing
    EXPECT_TRUE(!result || *result == text) << i;
  }
}

}  // namespace
}  // namespace leeway::http
