#pragma once
// Two model versions side by side: `leeway models compare`.

#include <optional>
#include <string>
#include <vector>

#include "models/bank.h"

namespace leeway::cli {

/// One line of the comparison.
struct ComparedLine {
  std::string what;
  std::string first, second, difference;
};

/// What both scored on the same rows with a known outcome.
struct SameRows {
  int64_t rows = 0;
  std::vector<ComparedLine> lines;
};

/// Facts, recorded metrics (on test data, where there are some), choices and inputs in which the two differ.
std::vector<ComparedLine> compare_records(const models::Version& first, const models::Version& second);

/// Scores `raw` with both. `label` is the outcome column. Binary: AUC of each with the paired difference (DeLong's 95 %
/// interval), log loss and the share of rows decided differently; regression: the root mean squared errors; multiclass:
/// accuracies. Rows without an outcome are left out. Errors: those of scoring; invalid_argument (tasks differ, no
/// outcomes).
Result<SameRows> compare_on(const models::Version& first, const models::Version& second, std::span<const Column> raw,
                            const Column& label, int threads);

}  // namespace leeway::cli
