#pragma once
// Which rows a model learns from, is tuned on and is judged by: by time where rows have one, else at random within
// strata of the label. Pure functions, safe from any thread.

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "base/result.h"

namespace leeway::models {

/// What part of the rows goes where; the rest is for training.
struct SplitShares {
  double validation = 0.15;   ///< For early stopping, calibration and the threshold.
  double test = 0.25;         ///< Never looked at before the end.
  int windows = 3;            ///< Parts of the test rows over time.
};

/// Rows of [from, to), or [from, to] for the last window; nanoseconds since 1970.
struct SplitWindow {
  int64_t from = 0, to = 0;
  std::vector<uint32_t> rows;
};

/// Every list ascends; no row is in two of train, validation and test.
struct Split {
  std::vector<uint32_t> train, validation, test;
  std::vector<SplitWindow> windows;   ///< The test rows over time; empty unless the split was made by time.
  int64_t validation_from = 0;        ///< By time: the first instant of validation and of test.
  int64_t test_from = 0;
  bool by_time() const { return !windows.empty(); }
};

/// The oldest `rows` train, later ones validate, the latest test, and these are cut into windows of about as many rows
/// each. Rows of one instant are never parted, so shares are met as nearly as the times allow, and there may be fewer
/// windows than asked for. `times` is indexed by row. Errors: invalid_argument for shares that leave nothing to train
/// on; invalid_data when there are fewer than three instants. O(n log n).
Result<Split> split_by_time(std::span<const uint32_t> rows, std::span<const int64_t> times, const SplitShares& shares);

/// Each stratum is shuffled and cut by the shares, so that every part has its proportion of every stratum (and at least
/// one row of it where it has three). `strata` is indexed by row. Errors: invalid_argument as above; invalid_data with
/// fewer than three rows. O(n).
Result<Split> split_stratified(std::span<const uint32_t> rows, std::span<const uint32_t> strata, const SplitShares& shares,
                               Random random);

/// Strata of a regression's target: tenths of its distribution. `target` is indexed by row, finite where `rows` point.
std::vector<uint32_t> strata_of_numbers(std::span<const uint32_t> rows, std::span<const double> target);

/// Rows to learn from and rows to judge by.
struct Fold {
  std::vector<uint32_t> train, validation;
};

/// `count` folds; each row validates once, each stratum is spread evenly. Errors: invalid_argument below two folds;
/// invalid_data when a stratum has fewer rows than folds (a fold would have none of it).
Result<std::vector<Fold>> stratified_folds(std::span<const uint32_t> rows, std::span<const uint32_t> strata, int count,
                                           Random random);

/// `count` folds, each of which learns from everything before a stretch of time and is judged on that stretch; the
/// stretches hold about n / (count + 1) rows and part no instant. Errors: invalid_argument below two folds;
/// invalid_data with fewer than count + 1 instants.
Result<std::vector<Fold>> time_folds(std::span<const uint32_t> rows, std::span<const int64_t> times, int count);

}  // namespace leeway::models
