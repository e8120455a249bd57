#include <gtest/gtest.h>

#include <atomic>
#include <limits>
#include <string>
#include <vector>

#include "base/hash.h"
#include "base/json_writer.h"
#include "base/threads.h"

namespace leeway {
namespace {

TEST(Crc32c, PublishedVectors) {
  // RFC 3720, appendix B.4.
  EXPECT_EQ(crc32c(std::string_view("123456789")), 0xE3069283u);
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8A9136AAu);
  EXPECT_EQ(crc32c(std::string(32, '\xff')), 0x62A8AB43u);
  EXPECT_EQ(crc32c(std::string_view("56789"), crc32c(std::string_view("1234"))), 0xE3069283u);
  std::string long_text(200'003, '\0');   // long enough for the interleaved loop, against short pieces that are not
  for (size_t i = 0; i < long_text.size(); ++i) long_text[i] = static_cast<char>(mix64(i));
  uint32_t pieces = 0;
  for (size_t at = 0; at < long_text.size(); at += 1000) pieces = crc32c(std::string_view(long_text).substr(at, 1000), pieces);
  EXPECT_EQ(crc32c(long_text), pieces);
}

TEST(Hash64, SeesEveryByteAndTheLength) {
  const std::string base(17, 'a');
  for (size_t i = 0; i < base.size(); ++i) {
    std::string changed = base;
    changed[i] = 'b';
    EXPECT_NE(hash64(base), hash64(changed)) << i;
  }
  EXPECT_NE(hash64(std::string(1, '\0')), hash64(std::string(2, '\0')));
}

TEST(JsonWriter, EscapesAndRoundTrips) {
  JsonWriter w;
  w.begin_object();
  w.member("a\"b", "line\n\x01\\");
  w.member("pi", 3.141592653589793);
  w.member("nan", std::numeric_limits<double>::quiet_NaN());
  w.key("list");
  w.begin_array();
  w.value(1);
  w.value(true);
  w.null();
  w.begin_object();
  w.end_object();
  w.end_array();
  w.end_object();
  EXPECT_EQ(w.take(), R"({"a\"b":"line\n\u0001\\","pi":3.141592653589793,"nan":null,"list":[1,true,null,{}]})");
}

TEST(JsonWriter, IsSafeInsideHtmlWhenAsked) {
  JsonWriter w(0, true);
  w.value("</script><b>&");
  EXPECT_EQ(w.take(), R"("\u003c/script\u003e\u003cb\u003e\u0026")");
}

TEST(JsonWriter, MalformedUtf8IsShownNotPassedOn) {
  JsonWriter w;
  w.value("a\xff");
  EXPECT_EQ(w.take(), R"("a\\xFF")");
}

TEST(ParallelFor, RunsEachTaskOnce) {
  std::vector<std::atomic<int>> runs(1000);
  parallel_for(runs.size(), 4, [&](size_t i) { ++runs[i]; });
  for (const auto& r : runs) EXPECT_EQ(r, 1);
  parallel_for(0, 4, [](size_t) { FAIL(); });
}

}  // namespace
}  // namespace leeway
