#pragma once
// Answers to "why", each a set of numbers that add up, with the sentence made from them.

#include <optional>
#include <string>
#include <vector>

#include "checks/measurement.h"

namespace leeway {

/// One bin or category on both sides.
struct BinShift {
  std::string label;               ///< "income 20,000 to 35,000", "region = north", "missing"
  double reference_share = 0;
  double current_share = 0;
  double contribution = 0;         ///< Share of the column's PSI that this bin carries, 0 to 1; all bins sum to 1.
};

/// The bins that moved in one drifted column, largest contribution first.
struct ColumnShift {
  std::string column;
  std::vector<BinShift> bins;
  std::string sentence;
};

/// Level 0 (docs/explain.md): total = mix + behaviour, exactly.
struct Decomposition {
  std::string metric;              ///< "error rate", "log loss"
  Estimate reference, current;     ///< Levels.
  Estimate total, mix, behaviour;
  struct Cell {
    std::string label;
    double reference_share, current_share, reference_mean, current_mean, mix, behaviour;
  };
  std::vector<Cell> cells;         ///< The terms sum to mix and behaviour.
  std::string sentence;
};

/// One conjunction of one or two predicates whose loss rose more than elsewhere.
struct Segment {
  std::string text;                ///< "employment = self-employed and months_on_book < 6"
  std::vector<std::string> columns;
  int64_t reference_rows = 0, current_rows = 0;
  double reference_share = 0, current_share = 0;
  double reference_loss = 0, current_loss = 0;
  double contribution = 0;         ///< current_share · (current_loss - reference_loss), in units of the metric
  double z = 0;
  bool significant = false;        ///< Beyond the Bonferroni limit over all segments searched.
};

struct SegmentSearch {
  std::string metric;
  std::vector<Segment> segments;   ///< Greedy peel: each is what remains after the rows of those before are removed.
  int64_t searched = 0;
  double z_limit = 0;
  std::string note;                ///< Why it could not run or what was left out; empty if complete.
};

struct Explanation {
  std::vector<ColumnShift> columns;
  std::optional<Decomposition> performance;
  std::optional<SegmentSearch> segments;
  std::string sentence;            ///< The performance change in words; empty if there is none to explain.
};

}  // namespace leeway
