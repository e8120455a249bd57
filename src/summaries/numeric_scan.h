#pragma once
// One batch of rows compared with a prepared reference: exact distances in one pass over the rows and a second one over
// the few that matter.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "columns/column.h"
#include "summaries/moments.h"
#include "summaries/numeric_reference.h"
#include "summaries/row_counts.h"

namespace leeway {

/// Working memory of a scan, to be reused from column to column. One per thread.
class ScanScratch {
 public:
  ScanScratch();
  ~ScanScratch();
  ScanScratch(ScanScratch&&) noexcept;
  ScanScratch& operator=(ScanScratch&&) noexcept;

 private:
  friend class NumericScan;
  struct State;
  std::unique_ptr<State> state_;
};

/// D = sup |F_n - F_m|, F_n of the batch (n rows), F_m of the reference (m rows), after each distinct pooled value.
struct KsResult {
  int64_t n = 0, m = 0;
  int64_t numerator = 0;   ///< n·m·D, exactly
  int direction = 0;       ///< +1: F_n is above there (the batch is smaller), -1: below, 0: D = 0
  double location = 0;     ///< A reference value: D is reached at it (direction -1) or just below it (direction +1).

  double d() const { return static_cast<double>(numerator) / (static_cast<double>(n) * static_cast<double>(m)); }
};

/// Both one-sided distances: D⁺ = sup (F_n - F_m), D⁻ = sup (F_m - F_n), times n·m, exactly. Kuiper's V is their sum.
struct OneSidedResult {
  int64_t n = 0, m = 0;
  int64_t plus = 0, minus = 0;

  double scale() const { return static_cast<double>(n) * static_cast<double>(m); }
  double d_plus() const { return static_cast<double>(plus) / scale(); }
  double d_minus() const { return static_cast<double>(minus) / scale(); }
  double kuiper() const { return static_cast<double>(plus + minus) / scale(); }
};

/// W1 = ∫|F_n - F_m| dx in the column's unit, with what its bounds need. With h' = sign(F_n - F_m):
struct WassersteinResult {
  double distance = 0;
  double variance_current = 0;    ///< Var(h(X)), divisor n: SE² = variance_current/n + variance_reference/m
  double variance_reference = 0;
  double spread = 0;              ///< ∫ sqrt(H(1-H)) dx, H the pooled distribution function
};

/// AUC = P(X > Y) + P(X = Y)/2, X a row of the batch, Y of the reference.
struct MannWhitneyResult {
  int64_t n = 0, m = 0;
  int64_t lower2 = 0, upper2 = 0;   ///< 2U lies between; equal when `exact`
  double ties = 0;                  ///< Σ(t³ - t) over the pooled ties

  double auc() const { return (static_cast<double>(lower2) + static_cast<double>(upper2)) / 4 / (static_cast<double>(n) * static_cast<double>(m)); }
  double half_width() const { return (static_cast<double>(upper2) - static_cast<double>(lower2)) / 4 / (static_cast<double>(n) * static_cast<double>(m)); }
};

/// The scan keeps references: `reference`, `column` and `scratch` must outlive it, and a scratch serves one scan at a
/// time. Not thread safe. An integer batch is compared exactly with any reference; a batch of reals with a wide
/// reference (numeric_reference.h) is compared after rounding the reference to double.
///
/// Results never depend on threads, processor or memory layout.
class NumericScan {
 public:
  /// Reads the rows: counts, moments, KS and the counts on the bins of `edges` (ascending; bins as in bin_map.h).
  /// Requires column.size() <= NumericReference::max_size. A text column counts as type errors throughout.
  /// Cost: 1.5-3 ns a row. A batch much smaller than the reference is looked up row by row instead; when the answer lies
  /// in few crowded cells (the same rows again, say), the batch is sorted.
  NumericScan(const NumericReference& reference, const Column& column, ScanScratch& scratch,
              std::span<const double> edges = {});

  const RowCounts& rows() const { return rows_; }
  int64_t size() const { return moments_.size(); }   ///< n: finite values
  const Moments& moments() const { return moments_; }
  /// The finite values in row order; as doubles, so rounded beyond 2^53.
  std::span<const double> values() const { return values_; }
  /// Rows per bin of the constructor's edges.
  std::span<const int64_t> counts() const { return counts_; }
  /// Rows per bin of any other edges; another pass.
  std::vector<int64_t> counts(std::span<const double> edges);

  // The rest requires size() > 0 and reference.size() > 0.
  const KsResult& ks() const { return ks_; }
  OneSidedResult one_sided();
  /// From counts and sums per cell; only cells in which the functions may cross are put in order: 4-7 ns a row of batch
  /// and reference. Sorts, at 20-30 ns, where these are too many. Distance and variances are exact up to rounding
  /// (1e-12); `spread` to about 1e-5.
  WassersteinResult wasserstein();
  /// From the cells, without a pass: a bracket of width about 1e-5. Exact if the batch is sorted already.
  MannWhitneyResult mann_whitney();

  /// The finite values in ascending order, for ranks; -0 as 0. Sorts once, about 10 ns a row.
  std::span<const double> sorted();

 private:
  struct Sides;
  struct Candidate;
  struct CellView;
  void read(const Column& column);
  int64_t cell_rows(size_t cell) const;
  template <class Use>
  auto with_pooled(Use use);
  Sides sides(bool both, std::span<const double> edges);
  Sides sides_at_cell_ends() const;
  Sides sides_of_sorted();
  Sides sides_by_lookup();
  std::vector<Candidate> undecided(const Sides& best, bool both) const;
  bool gather(std::span<const Candidate> candidates, std::span<const double> edges);
  bool wanted(uint32_t cell) const;
  template <class Test>
  void collect(Test test);
  void refine(uint32_t cell, Sides& best) const;
  int64_t count_below(double edge) const;
  template <class Use>
  void for_each_cell(Use use) const;
  std::optional<int> steady_sign(const CellView& cell) const;
  void sum_cells(double per_unit);
  WassersteinResult wasserstein_of_sorted();
  std::vector<int64_t> count_bins(std::span<const double> edges) const;

  const NumericReference& reference_;
  const Column& column_;
  ScanScratch::State& scratch_;
  RowCounts rows_;
  Moments moments_;
  std::span<const double> values_;
  bool celled_ = false;   // rows per cell are known
  bool sorted_ = false;   // scratch_.sorted holds the values
  uint32_t coarse_shift_ = 0;   // lowest bits of a cell that scratch_.coarse leaves out
  KsResult ks_;
  std::vector<int64_t> counts_;
};

}  // namespace leeway
