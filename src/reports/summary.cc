#include "reports/summary.h"

#include <algorithm>
#include <fmt/format.h>

#include "base/text.h"
#include "reports/words.h"

namespace leeway::reports {
namespace {

constexpr size_t most_names = 3;

/// A name short enough for the middle of a sentence.
std::string brief(const std::string& name) { return ellipsize(printable(name), 48); }

/// "a, b and c" or "a, b, c and 5 more".
std::string listed(std::vector<std::string> names) {
  if (names.size() > most_names + 1) {
    const size_t more = names.size() - most_names;
    names.resize(most_names);
    names.push_back(fmt::format("{} more", grouped(static_cast<int64_t>(more))));
  }
  return join_words(names);
}

void add_once(std::vector<std::string>& names, std::string name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
}

/// The names of what failed, by what happened to it.
struct Failures {
  std::vector<std::string> drifted, changed, degraded, unfair;
};

Failures failures(const Report& report) {
  Failures out;
  for (const auto& finding : report.findings) {
    const Subject& subject = finding.measurement.subject;
    const std::string title = mid_sentence(finding.method().title);
    const std::string about = brief(subject_text(subject));
    const bool quality = finding.method().family == Family::quality;
    if (finding.verdict == Verdict::drifted && !quality) add_once(out.drifted, about);
    if (failed(finding.verdict) && quality) add_once(out.changed, fmt::format("{} of {}", title, about));
    if (finding.verdict == Verdict::unfair) add_once(out.unfair, fmt::format("{} for {}", title, about));
    if (finding.verdict == Verdict::degraded && !quality)
      add_once(out.degraded, subject.slice.empty() ? title : fmt::format("{} of {}", title, about));
  }
  return out;
}

std::string passed_sentence(const StateCounts& counts) {
  if (counts.judged() == 0) return "Nothing was judged: no check of this report carries a leeway.";
  const std::string within = counts.ok == 1 ? "the one check that could be judged is within its leeway"
                                            : fmt::format("{} checks are within their leeway", grouped(counts.ok));
  const int open = counts.undecided + counts.no_data;
  if (open == 0) return counts.ok == 1 ? "The one check judged is within its leeway."
                                       : fmt::format("All {} checks are within their leeway.", grouped(counts.ok));
  const std::string could_not = count_text(open, "check could not be decided", "checks could not be decided");
  if (counts.ok == 0) return fmt::format("Nothing is known to be outside its leeway, but {}.", could_not);
  return fmt::format("Nothing is known to be outside its leeway: {}, and {}.", within, could_not);
}

std::string provisional_sentence(const LabelCoverage& labels) {
  const std::string matures =
      labels.matures_after.empty() ? "" : fmt::format(", and they are final only after {}", labels.matures_after);
  return fmt::format("Treat performance as provisional: {} of {} outcomes are known{}.", grouped(labels.known),
                     grouped(labels.known + labels.unknown), matures);
}

}  // namespace

StateCounts count_states(const Report& report) {
  StateCounts counts;
  for (const auto& finding : report.findings) {
    switch (state(finding)) {
      case State::critical: ++counts.critical; break;
      case State::warning: ++counts.warning; break;
      case State::ok: ++counts.ok; break;
      case State::measured: ++counts.measured; break;
      case State::unknown:
        if (finding.verdict == Verdict::undecided) ++counts.undecided;
        else if (finding.leeway) ++counts.no_data;
        else ++counts.measured;
    }
  }
  return counts;
}

State overall(const Report& report) {
  const StateCounts counts = count_states(report);
  if (counts.critical > 0) return State::critical;
  if (counts.warning > 0) return State::warning;
  if (counts.undecided + counts.no_data > 0 || counts.judged() == 0) return State::unknown;
  return State::ok;
}

std::string verdict_sentence(const Report& report) {
  const Failures failed = failures(report);
  std::vector<std::string> parts;
  if (failed.drifted.size() == 1) parts.push_back(failed.drifted.front() + " drifted");
  if (failed.drifted.size() > 1)
    parts.push_back(fmt::format("{} columns drifted ({})", grouped(static_cast<int64_t>(failed.drifted.size())),
                                listed(failed.drifted)));
  if (!failed.changed.empty()) parts.push_back(listed(failed.changed) + " changed");
  if (!failed.degraded.empty()) parts.push_back(listed(failed.degraded) + " degraded");
  if (!failed.unfair.empty())
    parts.push_back(listed(failed.unfair) + (failed.unfair.size() == 1 ? " is unfair" : " are unfair"));
  if (parts.empty()) return passed_sentence(count_states(report));
  std::string sentence;
  for (size_t i = 0; i < parts.size(); ++i) sentence += (i == 0 ? "" : i + 1 == parts.size() ? "; and " : "; ") + parts[i];
  // Methods' titles may begin a sentence with a capital; column names must stay as they are.
  if (failed.drifted.empty() && sentence[0] >= 'a' && sentence[0] <= 'z') sentence[0] = static_cast<char>(sentence[0] - 32);
  return sentence + ".";
}

std::vector<std::string> next_steps(const Report& report, const Outline& outline) {
  std::vector<std::string> steps;
  const Report::Tally tally = report.tally();
  std::vector<std::string> drifted;
  for (const auto& view : outline.features)
    if (view.status >= State::warning) drifted.push_back(brief(view.name));
  if (!drifted.empty()) steps.push_back(fmt::format("Find out what changed upstream in {}.", listed(drifted)));
  const Failures failed = failures(report);
  if (!failed.changed.empty()) steps.push_back(fmt::format("Check the data feed: {}.", listed(failed.changed)));
  const auto& search = report.explanation.segments;
  if (search && !search->segments.empty() && search->segments.front().significant)
    steps.push_back(fmt::format("Look first at the rows with {}: their change stands out most.",
                                ellipsize(printable(search->segments.front().text), 120)));
  if (report.labels && report.labels->provisional) steps.push_back(provisional_sentence(*report.labels));
  const auto decidable = std::count_if(report.findings.begin(), report.findings.end(), [](const Finding& finding) {
    return finding.verdict == Verdict::undecided && finding.rows_needed;
  });
  if (decidable > 0)
    steps.push_back(fmt::format("Check again with {} current rows: enough to decide {} more.",
                                grouped(tally.most_rows_needed), count_text(decidable, "check", "checks")));
  if (tally.not_computable > 0)
    steps.push_back(fmt::format("See why {} could not be computed.", count_text(tally.not_computable, "check", "checks")));
  if (count_states(report).judged() == 0) steps.push_back("Set a leeway, so that there is something to judge.");
  if (steps.empty()) steps.push_back("Nothing needs to be done.");
  return steps;
}

std::string html_command(const Report& report) {
  return report.command.empty() ? "" : report.command + " --format html -o report.html";
}

}  // namespace leeway::reports
