#pragma once
// Scores as a table bin × label × group: performance, calibration, cost and fairness of any window by addition.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "summaries/bin_map.h"
#include "summaries/brackets.h"
#include "summaries/exact_sum.h"

namespace leeway {

/// True outcome of a row, as far as it is known.
enum class Outcome : uint8_t { negative = 0, positive = 1, unknown = 2 };

/// What the table is laid out for. Tables merge only if their layouts are equal.
struct ScoreLayout {
  std::shared_ptr<const BinMap> bins;
  /// Values of the group column; two more groups follow, for unseen values and for missing ones. Empty: no grouping,
  /// one group.
  std::vector<std::string> groups;
  bool probability = true;   ///< Scores are P(positive) in [0, 1]: losses are kept.

  size_t group_count() const { return groups.empty() ? 1 : groups.size() + 2; }
  uint32_t unseen_group() const { return static_cast<uint32_t>(groups.size()); }
  uint32_t missing_group() const { return static_cast<uint32_t>(groups.size() + 1); }
  bool operator==(const ScoreLayout& other) const;
};

/// Rows with a finite score. Sums are fixed point, so
/// merging is exact. p is clipped to [1e-15, 1 - 1e-15] for the log-loss and the clipped rows are counted.
class ScoreTable {
 public:
  /// A mean over rows, with what its standard error needs.
  struct Loss {
    int64_t n = 0;
    double mean = 0;       ///< NaN if n = 0
    double variance = 0;   ///< divisor n - 1; NaN if n < 2
    int64_t clipped = 0;
  };
  struct Confusion {
    int64_t true_positive = 0, false_positive = 0, true_negative = 0, false_negative = 0;
    bool operator==(const Confusion&) const = default;
  };
  struct Cell {
    int64_t n = 0;
    FixedSum p, p2, log_loss, log_loss2, squared_error2;   ///< Σp, Σp², Σℓ, Σℓ², Σ(p-y)⁴; losses only where y is known
    bool operator==(const Cell&) const = default;
  };
  static constexpr double quantum = 0x1p-53, log_quantum = 0x1p-48;   ///< of p, p2, squared_error2; of the log-losses
  static constexpr uint32_t all_groups = ~uint32_t{0};

  explicit ScoreTable(std::shared_ptr<const ScoreLayout> layout);

  /// Adds rows: scores, outcomes and groups (codes below group_count(), or empty for a layout without groups), equally
  /// long. Rows whose score is not finite (or no probability, where it must be) are counted in unusable() only.
  void update(std::span<const double> scores, std::span<const Outcome> outcomes, std::span<const uint32_t> groups);
  Status merge(const ScoreTable& other);

  const ScoreLayout& layout() const { return *layout_; }
  const std::shared_ptr<const ScoreLayout>& shared_layout() const { return layout_; }
  const Cell& cell(size_t bin, Outcome outcome, uint32_t group) const;
  int64_t unusable() const { return unusable_; }

  // `group` may be all_groups. Known outcomes only, except where said.
  int64_t rows(Outcome outcome, uint32_t group = all_groups) const;
  std::vector<int64_t> counts(Outcome outcome, uint32_t group = all_groups) const;   ///< per bin
  /// AUC in [lower, upper] for certain, and the estimate that puts ties at one half inside a bin.
  struct Auc {
    Bracket bracket;
    double estimate;
  };
  std::optional<Auc> auc(uint32_t group = all_groups) const;        ///< empty unless both classes occur
  std::optional<Bracket> score_ks(uint32_t group = all_groups) const;  ///< max |F⁺ - F⁻|
  Loss log_loss(uint32_t group = all_groups) const;
  Loss brier(uint32_t group = all_groups) const;
  double mean_score(uint32_t group = all_groups) const;             ///< all rows, known outcome or not; NaN if none
  /// Exact; "positive" is score >= threshold. Errors: failed_precondition if the threshold is no edge of the bins.
  Result<Confusion> confusion(double threshold, uint32_t group = all_groups) const;
  /// Rows with score >= threshold, whatever the outcome. Errors as above.
  Result<int64_t> selected(double threshold, uint32_t group = all_groups) const;

  void write(ByteWriter& out) const;
  static Result<ScoreTable> read(ByteReader& in, std::shared_ptr<const ScoreLayout> layout);
  bool operator==(const ScoreTable& other) const;

 private:
  template <class Each>
  void for_each_cell(Outcome outcome, uint32_t group, Each each) const;
  Cell total(Outcome outcome, uint32_t group) const;
  Result<int64_t> rows_from(double threshold, Outcome outcome, uint32_t group) const;

  std::shared_ptr<const ScoreLayout> layout_;
  std::vector<Cell> cells_;             // (group · 3 + outcome) · bins + bin
  std::vector<int64_t> clipped_;        // per group
  int64_t unusable_ = 0;
};

}  // namespace leeway
