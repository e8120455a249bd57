#pragma once
// Phrases that the records of several fairness methods share.

#include <string_view>

namespace leeway::fairness::texts {

inline constexpr std::string_view pair_guarantee =
    "A gap beyond the lower bound (a ratio below the upper bound) is shown by at least one pair of groups with 95 % "
    "confidence over all pairs together (max-T); within the other bound are all pairs, with 95 % confidence "
    "(intersection-union). Assumes independent rows.";
inline constexpr std::string_view score_guarantee =
    "A gap beyond the lower bound (a ratio below the upper bound) is shown by at least one pair of groups with 95 % "
    "confidence over all pairs together (max-T); within the other bound are all pairs, with 95 % confidence "
    "(intersection-union). Score intervals, reliable also for few or no events; the rate's denominators are taken as "
    "given. Assumes independent rows.";
inline constexpr std::string_view level_guarantee =
    "The interval of a group's level and of its change covers the truth with 95 % confidence, each group by itself.";
inline constexpr std::string_view score_sources =
    "Miettinen & Nurminen 1985, doi:10.1002/sim.4780040211; Westfall & Young 1993, ISBN 978-0-471-55761-6";
inline constexpr std::string_view group_cost = "O(n + groups²)";

}  // namespace leeway::fairness::texts
