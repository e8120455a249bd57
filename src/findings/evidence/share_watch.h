#pragma once
// One series as it is watched over time: a numeric column, a categorical column or a rate, seen through the shares of
// rows that have certain properties, each with the largest share that the leeway allows.
//
// A property's allowed share starts from the reference's share, widened once for the reference's own sampling error
// (over all series together, probability 0.95), and goes as far as the leeway: for a PSI leeway L to the share whose
// two-cell PSI is L, because merging cells cannot raise a PSI; for cumulative shares no further than L's KS equivalent.
// What it cannot see: a change spread thinly over many cells may exceed a PSI leeway while each share stays allowed; the
// windowed verdict (findings/verdict.h) sees that.

#include <cstdint>
#include <span>
#include <vector>

#include "findings/evidence/process.h"

namespace leeway::evidence {

/// The reference side of a series and what is allowed of it.
struct ShareLeeway {
  double psi = 0.10;         ///< The PSI-equivalent leeway, positive.
  int64_t series = 1;        ///< All series watched together, of every kind: the reference's error is shared by them.
  double reference_rows = 0; ///< Rows the reference's shares are taken over; divided by the overdispersion if clustered.
  double tempering = 1;      ///< 1 / overdispersion of the rows, at most 1.
};

/// Everything constant about a series: made once per reference, cheap to make again.
class ShareWatch {
 public:
  /// `at_most[j]` is the reference's share of rows at or below edge j, edges rising. A window's counts are the rows at
  /// or below each edge; falls and rises are both watched. The usual choice is 32 reference quantiles.
  static ShareWatch numeric(std::span<const double> at_most, const ShareLeeway& leeway);
  /// `shares[j]` of category j (unseen categories and missing among them, as the caller counts them). A window's counts
  /// are the rows of each.
  static ShareWatch categories(std::span<const double> shares, const ShareLeeway& leeway);
  /// One share: missing rows, errors, positives. `both_ways`: a fall matters too.
  static ShareWatch rate(double share, bool both_ways, const ShareLeeway& leeway);
  /// One share whose largest allowed level is given, such as a stated maximal error rate. In (0, 1).
  static ShareWatch rate_up_to(double allowed, double tempering = 1);

  /// Alternatives followed, the `states` of the Process. At least 1 unless nothing can exceed what is allowed.
  size_t states() const { return states_; }
  size_t counts() const { return counts_; }
  /// The largest allowed shares: of each counted property, then of the complements where those are watched.
  std::span<const double> allowed() const { return allowed_; }

  /// The window's log e-values for Process::observe. `hits` has counts() entries, each in [0, rows].
  std::vector<double> log_e(std::span<const int64_t> hits, int64_t rows) const;

 private:
  ShareWatch(std::vector<double> allowed, size_t counts, double tempering);
  std::vector<double> allowed_;
  size_t counts_;
  size_t states_ = 0;
  double tempering_;
};

/// Half-width of the band that holds for all shares of a reference at once, for `series` series together, with
/// probability 0.95. Cumulative shares by Dvoretzky-Kiefer-Wolfowitz with Massart's constant (doi:10.1214/aop/1176990746),
/// single ones (`cells` of them) by Hoeffding.
double cumulative_band(int64_t series, double reference_rows);
double cell_band(int64_t series, int64_t cells, double reference_rows);

}  // namespace leeway::evidence
