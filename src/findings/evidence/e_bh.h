#pragma once
// Which of many series have moved, from their e-values at one look: the e-BH procedure (Wang & Ramdas 2022,
// doi:10.1111/rssb.12489). The expected share of false ones among those named is at most `level`, under any dependence.

#include <cstddef>
#include <span>
#include <vector>

namespace leeway::evidence {

/// Places in `log_e` of the series named, strongest first: the k strongest for the greatest k with
/// k · e_(k) >= K / level. `level` in (0, 1]. O(K log K).
std::vector<size_t> e_bh(std::span<const double> log_e, double level);

}  // namespace leeway::evidence
