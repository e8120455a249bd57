#pragma once
// The e-values of one window against "within the leeway": one for each alternative, as logarithms. Each has conditional
// mean at most 1 while the rows' conditional means, given the past, obey the null; independence is not needed.
// (docs/evidence.md; Waudby-Smith & Ramdas 2024, doi:10.1093/jrsssb/qkad009, for the bounded quantities.)

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace leeway::evidence {

/// How far beyond the largest allowed share or loss each alternative lies.
inline constexpr std::array<double, 7> effects{.005, .01, .02, .04, .08, .16, .32};

/// Alternatives that exist for an allowed share or mean loss: those with allowed + effect < 1.
size_t alternatives(double allowed);

/// `hits` of `rows` rows have a property whose allowed share is `allowed`, in (0, 1]: for each alternative
/// S ln(p1/p0) + (n-S) ln((1-p1)/(1-p0)), times `tempering` in (0, 1] (1 over the overdispersion of clustered rows:
/// e^{1/phi} is an e-value by Hölder where rows split into phi subsequences that each obey the null). Appends
/// alternatives(allowed) numbers to `log_e`. O(1).
void append_share(int64_t hits, int64_t rows, double allowed, double tempering, std::vector<double>& log_e);

/// Losses in [0, 1] whose allowed mean is `allowed`, in (0, 1]: the product of 1 + lambda (loss - allowed),
/// lambda = effect / (allowed (1 - allowed)); for losses of 0 and 1 the same as append_share. Appends
/// alternatives(allowed) numbers. O(losses).
void append_losses(std::span<const double> losses, double allowed, double tempering, std::vector<double>& log_e);

/// Alternatives of append_gaps().
inline constexpr size_t gap_alternatives = 7;

/// Differences in [-1, 1] between paired rows of two groups, whose allowed mean is `allowed`, in [0, 1): the product of
/// 1 + lambda (d - allowed), lambda = 2^-k / (1 + allowed), k = 1 … 7. Appends gap_alternatives numbers. O(differences).
void append_gaps(std::span<const double> differences, double allowed, double tempering, std::vector<double>& log_e);

}  // namespace leeway::evidence
