#pragma once
// Tests of given default probabilities by rating grade, and of the order of grades: conventions of credit risk. Pure
// functions, safe from any thread. Defaults are taken as independent, but for vasicek_tail(); with common shocks the
// p-values are then too small.

#include <cstdint>
#include <span>
#include <vector>

#include "stats/p_value.h"

namespace leeway::stats {

/// `defaults` among `rows`, where `pd` (in [0, 1]) was predicted.
struct Grade {
  int64_t rows = 0;
  int64_t defaults = 0;
  double pd = 0;
};

/// One grade. Small p-values say that the true rate is above `pd`.
/// binomial: P(X >= defaults), X binomial(rows, pd). jeffreys: P(true rate <= pd) under Beta(d + 1/2, n - d + 1/2), the
/// test of the ECB's validation instructions (February 2019). A grade without rows has NaN.
struct GradeTest {
  double binomial;
  double jeffreys;
};
GradeTest test_grade(const Grade& grade);

/// P(X >= defaults) when defaults share a cause: given a standard normal Z each row defaults with probability
/// Φ((Φ⁻¹(pd) - sqrt(ρ) Z) / sqrt(1 - ρ)), independently, ρ in [0, 1) the asset correlation (Vasicek 2002; ρ = 0 is
/// the binomial). For any number of rows, not the limit of infinitely many. Relative accuracy 1e-8; some 100 µs. NaN
/// without rows.
double vasicek_tail(const Grade& grade, double asset_correlation);

/// Σ (d - n pd)² / (n pd (1 - pd)) over the grades whose pd is inside (0, 1), chi-square with as many degrees of
/// freedom as grades, since the pds are given, not fitted. Infinite if a grade with pd 0 has defaults, or one with pd 1
/// others.
struct ChiSquareTest {
  double statistic;
  int df;
  PValue p;
};
ChiSquareTest hosmer_lemeshow(std::span<const Grade> grades);

/// All grades together: (D - Σ n pd) / sqrt(Σ n pd (1 - pd)) and P(Z >= z).
struct PortfolioTest {
  double z;
  PValue p;
};
PortfolioTest test_portfolio(std::span<const Grade> grades);

/// Do defaults rise from grade to grade (ordered from good to bad, scored 0, 1, 2, …)? Cochran-Armitage's z for a
/// linear trend in the rates, with P(|Z| >= |z|); and the number of pairs of neighbouring grades with rows whose
/// observed rates fall. z is NaN with fewer than two grades with rows, or when all or none of the rows defaulted.
struct RankOrder {
  double z;
  PValue p;
  int inversions;
};
RankOrder test_rank_order(std::span<const Grade> grades);

}  // namespace leeway::stats
