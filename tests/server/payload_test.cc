#include "server/ingest/payload.h"

#include <gtest/gtest.h>

namespace leeway::server {
namespace {

Payload sample() {
  Payload payload;
  Validity some(3);
  some.set(1, false);
  payload.rows = store::RowBlock{.model = "fraud",
                                 .version = "3",
                                 .ids = {"a", "b", "c"},
                                 .times = {1, 2, 3},
                                 .columns = {Column::of_reals("amount", {0.1, 0, -5e300}, some),
                                             Column::of_text("region", {"north", "south", "north"}),
                                             Column::of_integers("n", Type::integer, {1, 2, INT64_MIN}),
                                             Column::of_integers("b", Type::boolean, {1, 0, 1})},
                                 .lasting = {"score"}};
  payload.answer = store::AnswerRecord{"k:1", "f", 7, "{}"};
  return payload;
}

TEST(Payload, RoundTrips) {
  const auto back = decode(encode(sample()));
  ASSERT_TRUE(back);
  EXPECT_EQ(encode(*back), encode(sample()));
  EXPECT_EQ(back->rows->ids[2], "c");
  EXPECT_FALSE(back->rows->columns[0].is_valid(1));
  EXPECT_EQ(back->rows->columns[0].reals()[0], 0.1);
  EXPECT_EQ(back->rows->columns[1].text(2), "north");
  EXPECT_EQ(back->answer->answer, "{}");
  EXPECT_FALSE(back->outcomes);
}

TEST(Payload, EveryCutAndEveryFlipIsAnErrorOrARecord) {
  const std::string bytes = encode(sample());
  for (size_t cut = 0; cut < bytes.size(); ++cut) EXPECT_FALSE(decode(std::string_view(bytes).substr(0, cut))) << cut;
  for (size_t i = 0; i < bytes.size(); ++i)
    for (int bit = 0; bit < 8; ++bit) {
      std::string damaged = bytes;
      damaged[i] = static_cast<char>(damaged[i] ^ (1 << bit));
      const auto result = decode(damaged);
      if (!result) continue;
      const auto again = decode(encode(*result));
      ASSERT_TRUE(again) << i;
      EXPECT_EQ(encode(*again), encode(*result)) << i;
    }
}

TEST(Payload, ANewerReleaseIsNamedAsSuch) {
  std::string bytes = encode(sample());
  bytes[0] = 2;
  EXPECT_EQ(decode(bytes).error().code, Code::failed_precondition);
}

}  // namespace
}  // namespace leeway::server
