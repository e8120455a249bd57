#pragma once
// The exact test of two proportions that wastes least.

#include <cstdint>

namespace leeway::stats {

/// Boschloo's test of p1 = p2 (1970, doi:10.1111/j.1467-9574.1970.tb00104.x): the one-sided p-value of Fisher's test as
/// a statistic, and the largest probability, over the common proportion, of one at most that small. Exact like Fisher's
/// test and never less powerful. Two-sided is twice the smaller one-sided, at most 1. Pure, safe from any thread.
/// Accuracy 1e-7; O(n1 + n2) look-ups of the hypergeometric law and some 700 binomial sums: 10 ms at 1,000 rows in all.
struct BoschlooTest {
  double less;       ///< p1 < p2
  double greater;    ///< p1 > p2
  double two_sided;
};
/// NaN without trials on a side, and beyond `largest` trials in all, where it differs from other tests by nothing.
BoschlooTest boschloo(int64_t x1, int64_t n1, int64_t x2, int64_t n2, int64_t largest = 2'000);

}  // namespace leeway::stats
