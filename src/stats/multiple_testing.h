#pragma once
// Adjusted p-values: rejecting those at most α keeps the stated error rate at α. In the order of the input, each in
// [0, 1]; NaN entries stay NaN and do not count as tests. O(k log k).

#include <span>
#include <vector>

namespace leeway::stats {

/// False discovery rate, independent or positively dependent tests (Benjamini & Hochberg 1995,
/// doi:10.1111/j.2517-6161.1995.tb02031.x).
std::vector<double> benjamini_hochberg(std::span<const double> p);
/// False discovery rate under any dependence (Benjamini & Yekutieli 2001, doi:10.1214/aos/1013699998).
std::vector<double> benjamini_yekutieli(std::span<const double> p);
/// Probability of any false rejection, under any dependence (Holm 1979).
std::vector<double> holm(std::span<const double> p);

}  // namespace leeway::stats
