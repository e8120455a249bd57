#pragma once
// Drift of several numeric columns together, which no column shows alone: how they move with each other.

#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "checks/drift/method.h"
#include "summaries/numeric_reference.h"
#include "summaries/random_fourier.h"
#include "summaries/second_moments.h"

namespace leeway::drift {

/// The rows of a table that enter joint summaries: all, or 10,000 of them evenly spaced. Columns are gathered at these
/// rows as they are read, so that no table need be in memory at once.
std::vector<uint32_t> joint_sample(size_t table_rows);

/// How a column enters a joint comparison; empty if it does not vary in the reference or has no scale.
std::optional<JointLayout::Entry> joint_entry(const std::string& name, const NumericReference& reference);

/// More columns than this are not compared jointly: the cost of second moments grows with their square.
inline constexpr size_t most_joint_columns = 500;

/// One side of a joint comparison.
struct JointSummary {
  SecondMoments moments;
  RandomFourier fourier;
  int64_t table_rows;

  /// `columns` in the order of the layout, numeric, of the rows that joint_sample() names.
  JointSummary(std::shared_ptr<const JointLayout> layout, std::span<const Column> columns, int64_t table_rows);
};

struct JointMethod {
  MethodInfo info;
  void (*measure)(const JointSummary& reference, const JointSummary& current, bool p_value, Measurement& out);
};

/// All of them, in the order of the documentation; and by MethodInfo::id, null if there is none.
std::span<const JointMethod* const> joint_methods();
const JointMethod* find_joint(std::string_view id);

/// Runs a method under the input policy. Both sides must have been made with one layout; with fewer than two columns
/// nothing is joint and the measurement is not computable.
Measurement measure(const JointMethod& method, const JointSummary& reference, const JointSummary& current,
                    bool p_value = false);

}  // namespace leeway::drift
