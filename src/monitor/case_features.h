#pragma once
// The inputs of both sides at the same rows of every column, as a learner takes them.

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "columns/column.h"
#include "stats/domain_scores.h"

namespace leeway {

/// Rows of each side that are looked at together; a column is gathered at them as it is read.
struct RowSample {
  std::vector<uint32_t> reference, current;

  /// Of each side at most 10,000 of the rows named, evenly spaced.
  static RowSample evenly(const std::vector<uint32_t>& reference, const std::vector<uint32_t>& current);
  /// The same of whole tables.
  static RowSample of_tables(int64_t reference_rows, int64_t current_rows);
};

/// One input (a feature, group or segment column) at a sample's rows.
struct InputColumn {
  Column reference, current;
  bool category = false;   ///< Compared by category, whatever its type.
};

/// Rows of numbers with NaN where a value is missing; a category becomes one number a level, or its place among the
/// levels. Encoded as models/encoder.h does, by the reference.
struct CaseFeatures {
  std::vector<std::string> names;   ///< "amount", "channel=web"
  std::vector<float> reference, current;
  size_t reference_rows = 0, current_rows = 0;
  std::vector<std::string> left_out;   ///< Columns that cannot be read alike on both sides, or are too many.

  stats::TwoSamples samples() const {
    return {{reference, reference_rows, names.size()}, {current, current_rows, names.size()}};
  }
};

/// At most 500 columns are taken. All inputs are of one sample.
CaseFeatures encode_cases(const std::vector<InputColumn>& inputs);

}  // namespace leeway
