#pragma once
// `leeway check`, end to end: two data sets or profiles in, one Report out.

#include <functional>
#include <string>

#include "base/result.h"
#include "config/monitor_config.h"
#include "reports/report.h"
#include "sources/dataset.h"
#include "stats/learner.h"

namespace leeway {

struct CheckRequest {
  SourceSpec reference;             ///< One path ending in .lwp is a prepared profile.
  SourceSpec current;
  MonitorConfig config;
  std::string policy = "leeway";    ///< Or the id of a compatibility policy (findings/policies/).
  std::vector<std::string> methods; ///< Drift methods besides each column's default; "all" for every one that applies.
  int64_t window_length = 0;        ///< Nanoseconds: also show each window of the current data over time; 0 for none.
  bool p_values = false;            ///< Also compute p-values (no verdict needs one).
  bool cases = false;               ///< Also split a change of performance by the features (explain/disde.h).
  const stats::Learner* learner = nullptr;  ///< For what trains one; null: that is left out, and says so.
  int threads = 0;                  ///< 0: all processors.
  uint64_t seed = 1;                ///< For permutations and bootstraps.
  std::string command;              ///< For the report: how to reproduce it.
  std::string tool_version;
  /// Called from any thread as work proceeds, with shares of the whole in [0, 1] that never fall; may be empty.
  std::function<void(double done, const std::string& what)> progress;
};

/// Compares the current side with the reference. Columns that cannot be judged are findings that say why; an error is
/// returned only when nothing can be compared at all: unreadable input, a configuration that names unknown columns, no
/// column in common. The result does not depend on the number of threads. Memory: the largest column of both sides per
/// thread, plus the score, label, group and segment columns.
Result<Report> run_check(const CheckRequest& request);

}  // namespace leeway
