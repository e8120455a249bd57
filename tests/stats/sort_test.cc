#include "stats/sort.h"

#include "stats/order_key.h"

namespace leeway::stats {
namespace {

bool same_bits(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](double x, double y) {
           return std::bit_cast<uint64_t>(x) == std::bit_cast<uint64_t>(y);
         });
}

RC_GTEST_PROP(Sort, DoublesAsStdSortWithoutNegativeZero, ()) {
  // Around the size where the method changes; any bit pattern but NaN.
  auto values = *rc::gen::resize(3000, rc::gen::container<std::vector<double>>(rc::gen::map(
      rc::gen::arbitrary<uint64_t>(), [](uint64_t bits) {
        const double x = std::bit_cast<double>(bits);
        return std::isnan(x) ? -0.0 : x;
      })));
  while (values.size() < 900 && !values.empty()) values.insert(values.end(), values.begin(), values.begin() + static_cast<ptrdiff_t>(values.size()));
  auto expected = values;
  for (double& x : expected) x += 0.0;
  std::sort(expected.begin(), expected.end());
  std::vector<uint64_t> scratch;
  sort(values, scratch);
  RC_ASSERT(same_bits(values, expected));
}

RC_GTEST_PROP(Sort, IntegersAsStdSort, (std::vector<int64_t> values)) {
  for (int64_t extra = 0; extra < 2000; ++extra) values.push_back(extra * extra % 701 - 350);
  values.push_back(INT64_MIN);
  values.push_back(INT64_MAX);
  auto expected = values;
  std::sort(expected.begin(), expected.end());
  std::vector<uint64_t> scratch;
  sort(values, scratch);
  RC_ASSERT(values == expected);
}

TEST(OrderKey, KeepsTheOrderAndComesBack) {
  const double infinity = std::numeric_limits<double>::infinity(), tiny = 5e-324, huge = std::numeric_limits<double>::max();
  const std::vector<double> ascending = {-infinity, -huge, -1.5, -1, -1e-310, -tiny, 0, tiny, 1e-310, 1, 1.5, huge, infinity};
  for (size_t i = 0; i < ascending.size(); ++i) {
    EXPECT_EQ(from_order_key(order_key(ascending[i])), ascending[i]);
    if (i > 0) {
      EXPECT_LT(order_key(ascending[i - 1]), order_key(ascending[i])) << ascending[i];
    }
  }
  EXPECT_EQ(order_key(-0.0), order_key(0.0));
}

}  // namespace
}  // namespace leeway::stats
