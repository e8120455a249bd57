#pragma once
// Drift of several numeric columns together, which no column shows alone: how they move with each other.

#include <span>
#include <string_view>

#include "checks/drift/method.h"
#include "summaries/joint_summary.h"

namespace leeway::drift {

struct JointMethod {
  MethodInfo info;
  void (*measure)(const JointSummary& reference, const JointSummary& current, bool p_value, Measurement& out);
};

/// All of them, in the order of the documentation; and by MethodInfo::id, null if there is none.
std::span<const JointMethod* const> joint_methods();
const JointMethod* find_joint(std::string_view id);

/// Runs a method under the input policy. Both sides must have been made with one layout; with fewer than two columns
/// nothing is joint and the measurement is not computable, nor is it against a reference without spread.
Measurement measure(const JointMethod& method, const JointSummary& reference, const JointSummary& current,
                    bool p_value = false);

}  // namespace leeway::drift
