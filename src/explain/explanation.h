#pragma once
// Answers to "why", each a set of numbers that add up, with the sentence made from them.

#include <optional>
#include <string>
#include <vector>

#include "checks/measurement.h"

namespace leeway {

/// One bin or category on both sides.
struct BinShift {
  std::string label;               ///< "20,000 ≤ income < 35,000", "region = north", "income is missing"
  double reference_share = 0;
  double current_share = 0;
  double contribution = 0;         ///< Share of the column's PSI that this bin carries, 0 to 1; all bins sum to 1, or
                                   ///< are all 0 where the PSI is.
};

/// The bins that moved in one drifted column, largest contribution first.
struct ColumnShift {
  std::string column;
  std::vector<BinShift> bins;
  std::string sentence;
};

/// What one feature's moved distribution explains by itself: the mix term with the feature's bins as cells. Features
/// overlap, so these are never added up.
struct AloneExplains {
  std::string column;
  Estimate mix;
};

/// Level 0 (docs/explain.md): total = mix + behaviour, exactly.
struct Decomposition {
  std::string metric;              ///< "error rate", "log loss"
  bool in_shares = false;          ///< Levels are shares of rows: shown as percent, changes as points.
  Estimate reference, current;     ///< Levels.
  Estimate total, mix, behaviour;
  struct Cell {
    std::string label;
    double reference_share, current_share;
    double reference_mean, current_mean;  ///< Where one side has no rows: the other side's mean.
    double mix, behaviour;
  };
  std::vector<Cell> cells;         ///< The terms sum to mix and behaviour.
  std::vector<AloneExplains> features;  ///< Largest |mix| first; may be empty.
  std::string note;                ///< Rows left out; empty if none.
  std::string sentence;
};

/// Level 1 (disde.h): total = familiar + response + new_cases, exactly.
struct CaseDecomposition {
  std::string metric;
  bool in_shares = false;          ///< As Decomposition::in_shares.
  Estimate reference, current;     ///< Levels, of the rows compared.
  Estimate total;
  Estimate familiar;               ///< Another mix of the cases that both sides have.
  Estimate response;               ///< Other outcomes of the same cases.
  Estimate new_cases;              ///< Cases that the other side hardly has.
  int64_t reference_rows = 0, current_rows = 0;
  double shared_reference_rows = 0, shared_current_rows = 0;  ///< What the shared part is worth, in rows (Kish).
  std::string note;                ///< Rows left out; empty if none.
  std::string sentence;
};

/// Change of the mean score or prediction, and what each feature's moved distribution explains of it by itself.
struct PredictionShift {
  Estimate reference, current, total;
  std::vector<AloneExplains> features;  ///< Largest |mix| first.
  std::string sentence;
};

/// One conjunction of one or two predicates whose loss rose, and rose more than elsewhere.
struct Segment {
  std::string text;                ///< "employment = self-employed and months_on_book < 6"
  std::vector<std::string> columns;
  int64_t reference_rows = 0, current_rows = 0;
  double reference_share = 0, current_share = 0;  ///< Of all rows with a loss, those of earlier segments included.
  double reference_loss = 0, current_loss = 0;
  double contribution = 0;         ///< current_share · (current_loss - reference_loss), in units of the metric
  double z = 0;                    ///< Of the rise, at the same score if scores were given (segments.h).
  double z_limit = 0;              ///< Bonferroni, over the segments searched with as many predicates.
  bool significant = false;        ///< z > z_limit
};

struct SegmentSearch {
  std::string metric;
  bool in_shares = false;          ///< As Decomposition::in_shares.
  std::vector<Segment> segments;   ///< Greedy peel: each is what remains after the rows of those before are removed.
  int64_t searched = 0;            ///< Segments with enough rows on both sides.
  double z_limit = 0;              ///< Of segments of two predicates: the strictest.
  std::string note;                ///< Why it could not run or what was left out; empty if complete.
};

struct Explanation {
  std::vector<ColumnShift> columns;
  std::optional<Decomposition> performance;
  std::optional<CaseDecomposition> cases;
  std::optional<SegmentSearch> segments;
  std::optional<PredictionShift> prediction;
  std::string sentence;            ///< The performance change in words; empty if there is none to explain.
};

}  // namespace leeway
