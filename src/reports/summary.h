#pragma once
// The report in one sentence, in counts, in what it advises, and in what to do next.

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "reports/outline.h"

namespace leeway::reports {

/// Findings by how they are shown.
struct StateCounts {
  int critical = 0, warning = 0, undecided = 0, no_data = 0, ok = 0, measured = 0;
  int judged() const { return critical + warning + undecided + no_data + ok; }
};
StateCounts count_states(const Report& report);

/// The state of the whole report: the worst finding under a leeway.
State overall(const Report& report);

/// "3 columns drifted (income, utilisation and employment) and ROC AUC degraded." or that all is within leeway, or
/// what is missing to say so. One sentence; names are not escaped.
std::string verdict_sentence(const Report& report);

/// What one report by itself advises. It is no decision: that takes a person, or evidence over time.
enum class Action {
  none,         ///< Nothing was judged.
  keep,         ///< Nothing known stands against the model.
  investigate,  ///< Something must be understood first: the feed, the inputs, the groups.
  retrain,      ///< Sound data, and the same scores turn out differently: new outcomes have something to teach.
};
std::string_view name(Action action);
struct Advice {
  Action action = Action::none;
  std::string reason;   ///< One sentence.
};
Advice advice(const Report& report);

/// What to do, most urgent first, one sentence each; never empty.
std::vector<std::string> next_steps(const Report& report, const Outline& outline);

/// The command that writes this report as a page.
std::string html_command(const Report& report);

}  // namespace leeway::reports
