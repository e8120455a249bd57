#pragma once
// Both sides of one column, whatever they came from, as the drift methods want them: the current rows against a
// prepared reference (exact), or two profiles (exact over bins, bracketed over values).

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "checks/drift/method.h"
#include "columns/column.h"
#include "columns/conform.h"
#include "stats/divergence.h"
#include "stats/means.h"
#include "stats/ranked_pair.h"
#include "summaries/binned_counts.h"
#include "summaries/category_summary.h"
#include "summaries/log_histogram.h"
#include "summaries/moments.h"
#include "summaries/numeric_reference.h"
#include "summaries/numeric_scan.h"
#include "summaries/row_counts.h"
#include "summaries/text_summary.h"

namespace leeway::drift {

/// All rows of both sides, per bin. Bins empty on both sides are left out.
struct Bins {
  std::vector<std::string> labels;  ///< "12.5 to 14", "north", "other categories", "missing"
  std::vector<int64_t> reference;
  std::vector<int64_t> current;

  stats::CountPair counts() const { return {current, reference}; }
};

/// Rows of a numeric (or time, boolean) column against its prepared reference.
class NumericRows {
 public:
  /// Reads the rows once; `reference`, `current` and `scratch` must outlive this. `reference_type` is the type that the
  /// reference column had.
  NumericRows(const NumericReference& reference, Type reference_type, const Column& current, ScanScratch& scratch);

  Type type() const { return column_->type(); }  ///< The reference's, where the rows can be read as that.
  const NumericReference& reference() const { return *reference_; }
  NumericScan& scan() { return *scan_; }
  const NumericScan& scan() const { return *scan_; }
  int64_t type_errors() const { return conformed_ ? conformed_->type_errors : 0; }
  std::span<const double> edges() const { return edges_; }  ///< of the reference's PSI bins, as scan().counts()

  /// One sort of the batch and one merge pass, the first time. Requires values on both sides.
  const stats::RankedPair& ranked();
  /// Ties of the pooled values, for exact p-values; empty if there are none.
  std::vector<int64_t> pooled_cumulative();

 private:
  template <class Use>
  auto with_sorted(Use use);

  const NumericReference* reference_;
  const Column* column_;
  std::unique_ptr<Conformed> conformed_;
  std::vector<double> edges_;
  std::unique_ptr<NumericScan> scan_;
  std::optional<stats::RankedPair> ranked_;
};

/// Numeric summaries of both sides, over one bin map.
struct NumericProfiles {
  const BinnedCounts* reference;
  const Moments* reference_moments;
  const BinnedCounts* current;
  const Moments* current_moments;
  const LogHistogram* reference_values = nullptr;  ///< For quantiles; may be null.
  const LogHistogram* current_values = nullptr;
};

/// Categories of both sides, over one dictionary.
struct CategoryPair {
  const CategorySummary* reference;
  const CategorySummary* current;
  bool boolean = false;  ///< The reference column was boolean.
};

/// Free text of both sides, over one vocabulary.
struct TextPair {
  const TextSummary* reference;
  const TextSummary* current;
};

/// Not thread safe, and not const: what several methods need (the sorted batch, the merge pass, the bins) is computed
/// when first asked for and kept. One per column and thread. What the factories take must outlive it.
class DriftInput {
 public:
  /// Rows against a prepared reference; arguments as of NumericRows.
  static DriftInput rows(const NumericReference& reference, Type reference_type, const Column& current,
                         ScanScratch& scratch);
  /// Two profiles. `scale` is the reference's if its exact part is at hand, else null: then it is estimated from the
  /// bins.
  static DriftInput profiles(const NumericProfiles& profiles, const RowCounts& reference_rows,
                             const RowCounts& current_rows, const ReferenceScale* scale = nullptr);
  /// Categories from profiles.
  static DriftInput categories(const CategoryPair& pair, const RowCounts& reference_rows,
                               const RowCounts& current_rows);
  /// The rows of a category column against the reference's summary.
  static DriftInput category_rows(const CategorySummary& reference, const RowCounts& reference_rows,
                                  Type reference_type, const Column& current);
  /// Free text from profiles.
  static DriftInput texts(const TextPair& pair, const RowCounts& reference_rows, const RowCounts& current_rows);
  /// The rows of a text column against the reference's summary; values of other types count by their text.
  static DriftInput text_rows(const TextSummary& reference, const RowCounts& reference_rows, const Column& current);

  DriftInput(DriftInput&&) noexcept = default;
  DriftInput& operator=(DriftInput&&) noexcept = default;

  Kind kind() const;
  const Subject& subject() const { return subject_; }
  DriftInput& about(Subject subject);
  const InputCounts& reference_rows() const { return reference_rows_; }
  const InputCounts& current_rows() const { return current_rows_; }

  /// What the input is made of; null if it is made of something else.
  template <class Made>
  Made* from() {
    return std::get_if<Made>(&data_);
  }

  /// Numbers: the reference's PSI bins (NumericReference::psi_edges). Categories: one bin each where the reference
  /// share is at least 1 %, then "other categories" and "unseen categories" (on the reference side the values that occur once, as far as the
  /// current rows have as many unseen). Then missing (null or NaN), -infinity,
  /// +infinity and other types. Requires kind numeric or category.
  const Bins& bins();
  /// The same with a bin for every category that the dictionary names.
  const Bins& table();

  /// Of a numeric column: the unit of distances along the line.
  const ReferenceScale& scale();
  stats::MeanVariance reference_mean();
  stats::MeanVariance current_mean();

 private:
  using Data = std::variant<NumericRows, NumericProfiles, CategoryPair, TextPair>;
  DriftInput(Data data, const InputCounts& reference_rows, const InputCounts& current_rows);
  Bins make_bins(double own_bin_share);

  Data data_;
  std::unique_ptr<CategorySummary> counted_categories_;  // of the current rows, where they were counted here
  std::unique_ptr<TextSummary> counted_text_;
  Subject subject_;
  InputCounts reference_rows_, current_rows_;
  std::optional<Bins> bins_, table_;
  std::optional<ReferenceScale> scale_;
};

}  // namespace leeway::drift
