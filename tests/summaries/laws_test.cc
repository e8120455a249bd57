// The laws of every registered summary. There is no list to join: what is in the registry is held to them.
#include "examples.h"

namespace leeway {
namespace {

template <class S>
struct Laws : testing::Test {
  using E = Example<S>;
  using Rows = std::vector<typename E::Row>;

  static Rows random_rows(Random& random, size_t most) {
    Rows rows;
    for (size_t left = random.below(most + 1); left > 0; --left) rows.push_back(E::random_row(random));
    return rows;
  }
  static S of(const Rows& rows) {
    S summary = E::empty();
    E::add(summary, rows);
    return summary;
  }
  static S merged(S a, const S& b) {
    if constexpr (std::is_void_v<decltype(a.merge(b))>) a.merge(b);
    else EXPECT_TRUE(a.merge(b).has_value());
    return a;
  }
  static std::string bytes(const S& summary) {
    ByteWriter out;
    summary.write(out);
    return out.take();
  }
  static std::string essence(const S& summary) {
    if constexpr (requires { E::essence(summary); }) return E::essence(summary);
    else return bytes(summary);
  }
  static Result<S> read(std::string_view text) {
    ByteReader in(std::as_bytes(std::span(text)));
    auto summary = E::read(in);
    if (summary && in.remaining() > 0) return fail(Code::invalid_data, "bytes left");
    return summary;
  }
  template <class Body>
  static void trials(uint64_t count, Body body) {
    for (uint64_t trial = 0; trial < count; ++trial) {
      SCOPED_TRACE(trial);
      Random random(trial);
      body(random);
      if (testing::Test::HasFatalFailure()) return;
    }
  }
};

template <class Tuple>
struct AsTypes;
template <class... S>
struct AsTypes<std::tuple<S...>> {
  using type = testing::Types<S...>;
};
TYPED_TEST_SUITE(Laws, AsTypes<Summaries>::type, );

TYPED_TEST(Laws, MergingIsAssociativeAndCommutative) {
  using L = Laws<TypeParam>;
  L::trials(60, [](Random& random) {
    const auto a = L::of(L::random_rows(random, 40)), b = L::of(L::random_rows(random, 40)), c = L::of(L::random_rows(random, 40));
    ASSERT_EQ(L::essence(L::merged(L::merged(a, b), c)), L::essence(L::merged(a, L::merged(b, c))));
    ASSERT_EQ(L::essence(L::merged(a, b)), L::essence(L::merged(b, a)));
  });
}

TYPED_TEST(Laws, AnEmptySummaryChangesNothing) {
  using L = Laws<TypeParam>;
  L::trials(20, [](Random& random) {
    const auto some = L::of(L::random_rows(random, 40)), none = Example<TypeParam>::empty();
    ASSERT_EQ(L::bytes(L::merged(some, none)), L::bytes(some));
    ASSERT_EQ(L::bytes(L::merged(none, some)), L::bytes(some));
  });
}

// Also across the block sizes of the vectorised loops.
TYPED_TEST(Laws, AnySplitEqualsTheWhole) {
  using L = Laws<TypeParam>;
  L::trials(60, [](Random& random) {
    const auto rows = L::random_rows(random, random.chance(0.2) ? 7000 : 60);
    auto split = Example<TypeParam>::empty();   // updated in turn
    auto sum = Example<TypeParam>::empty();     // merged
    for (size_t at = 0; at < rows.size();) {
      const size_t end = std::min(rows.size(), at + 1 + random.below(rows.size()));
      const typename L::Rows part(rows.begin() + static_cast<ptrdiff_t>(at), rows.begin() + static_cast<ptrdiff_t>(end));
      Example<TypeParam>::add(split, part);
      sum = random.chance(0.5) ? L::merged(sum, L::of(part)) : L::merged(L::of(part), sum);
      at = end;
    }
    ASSERT_EQ(L::essence(split), L::essence(L::of(rows)));
    ASSERT_EQ(L::essence(sum), L::essence(L::of(rows)));
  });
}

TYPED_TEST(Laws, TheOrderOfRowsDoesNotMatter) {
  using L = Laws<TypeParam>;
  L::trials(40, [](Random& random) {
    const auto rows = L::random_rows(random, 3000);
    std::vector<uint32_t> order(rows.size());
    std::iota(order.begin(), order.end(), 0u);
    random.shuffle(order);
    typename L::Rows shuffled;
    for (const uint32_t i : order) shuffled.push_back(rows[i]);
    ASSERT_EQ(L::essence(L::of(shuffled)), L::essence(L::of(rows)));
  });
}

TYPED_TEST(Laws, BytesComeBack) {
  using L = Laws<TypeParam>;
  L::trials(40, [](Random& random) {
    const auto summary = L::of(L::random_rows(random, 60));
    const auto back = L::read(L::bytes(summary));
    ASSERT_TRUE(back.has_value()) << back.error().text();
    ASSERT_TRUE(*back == summary);
    ASSERT_EQ(L::bytes(*back), L::bytes(summary));
  });
}

TYPED_TEST(Laws, MergingLeavesTheOtherAlone) {
  using L = Laws<TypeParam>;
  L::trials(20, [](Random& random) {
    const auto a = L::of(L::random_rows(random, 40)), b = L::of(L::random_rows(random, 40));
    const std::string before = L::bytes(b);
    auto sum = L::merged(a, b);
    ASSERT_EQ(L::bytes(b), before);
    ASSERT_EQ(L::bytes(L::merged(sum, sum)), L::bytes(L::merged(L::merged(a, b), L::merged(a, b))));
  });
}

TYPED_TEST(Laws, AnotherLayoutIsRefusedAndNothingChanges) {
  using L = Laws<TypeParam>;
  if constexpr (requires { Example<TypeParam>::other_layout(); }) {
    Random random(1);
    auto summary = L::of(L::random_rows(random, 40));
    const std::string before = L::bytes(summary);
    const Status status = summary.merge(Example<TypeParam>::other_layout());
    ASSERT_FALSE(status.has_value());
    EXPECT_EQ(status.error().code, Code::failed_precondition);
    EXPECT_NE(status.error().remedy.find("--reference"), std::string::npos);
    EXPECT_EQ(L::bytes(summary), before);
  }
}

TYPED_TEST(Laws, CutAndFlippedBytesAreReadWithoutHarm) {
  using L = Laws<TypeParam>;
  Random random(3);
  const std::string good = L::bytes(L::of(L::random_rows(random, 30)));
  for (size_t size = 0; size < good.size(); ++size) ASSERT_FALSE(L::read(std::string_view(good).substr(0, size)).has_value()) << size;
  for (int trial = 0; trial < 3000; ++trial) {
    std::string bad = good;
    for (uint64_t flips = 1 + random.below(4); flips > 0; --flips) bad[random.below(bad.size())] ^= static_cast<char>(1u << random.below(8));
    // What passes for a summary behaves like one.
    if (const auto summary = L::read(bad)) {
      ASSERT_TRUE(L::read(L::bytes(*summary)).has_value());
    }
  }
}

}  // namespace
}  // namespace leeway
