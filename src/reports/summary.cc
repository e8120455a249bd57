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

/// What failed by one method.
struct FailedMethod {
  const MethodInfo* method;
  std::vector<std::string> subjects;
};

void add_once(std::vector<FailedMethod>& list, const Finding& finding, std::string subject) {
  auto at = std::find_if(list.begin(), list.end(), [&](const FailedMethod& f) { return f.method == &finding.method(); });
  if (at == list.end()) at = list.insert(at, {&finding.method(), {}});
  if (!subject.empty()) add_once(at->subjects, std::move(subject));
}

/// The names of what failed, by what happened to it.
struct Failures {
  std::vector<std::string> drifted;
  bool joint = false;                                ///< The columns moved together.
  std::vector<FailedMethod> changed, events, degraded, unfair;
  std::vector<std::string> quality_columns;          ///< Those of `changed` and `events`.
};

Failures failures(const Report& report, const std::vector<std::string>& except = {}) {
  Failures out;
  for (const auto& finding : report.findings) {
    const Subject& subject = finding.measurement.subject;
    if (!failed(finding.verdict) || std::find(except.begin(), except.end(), subject.column) != except.end()) continue;
    const bool whole_table = subject.column.empty() && subject.slice.empty();
    const std::string about = whole_table ? "" : brief(subject_text(subject));
    if (finding.method().family == Family::quality) {
      const bool happened = !event(finding.method()).empty();
      add_once(happened ? out.events : out.changed, finding, brief(subject.column));
      add_once(out.quality_columns, subject.column);
    } else if (finding.verdict == Verdict::drifted) {
      if (subject.column.empty()) out.joint = true;
      else add_once(out.drifted, brief(subject.column));
    } else {
      add_once(finding.verdict == Verdict::unfair ? out.unfair : out.degraded, finding, about);
    }
  }
  return out;
}

/// "missing share of income and age, and share of region in unseen categories"
std::string matters(const std::vector<FailedMethod>& list) {
  std::vector<std::string> texts;
  for (const auto& f : list) texts.push_back(matter(*f.method, {listed(f.subjects)}));
  return listed(texts);
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

bool may_be_chance(const Estimate& e) { return e.lower <= 0 && e.upper >= 0; }

/// More of the loss comes from rows that turn out differently at the same score than from another mix of scores.
bool concept_moved(const Report& report) {
  const auto& split = report.explanation.performance;
  return split && split->behaviour.value > 0 && !may_be_chance(split->behaviour) && split->behaviour.value >= split->mix.value;
}

bool performance_judged_well(const Report& report) {
  return std::any_of(report.findings.begin(), report.findings.end(), [](const Finding& f) {
    return f.method().family == Family::performance && f.verdict == Verdict::stable;
  });
}

/// Drifted columns nearly all of whose values lie outside the reference's: years, dates as numbers, row numbers.
std::vector<std::string> running_columns(const Report& report) {
  constexpr double nearly_all = 0.99;
  std::vector<std::string> names;
  for (const auto& f : report.findings)
    if (f.method().id == "out_of_range" && f.measurement.current && f.measurement.current->value >= nearly_all)
      names.push_back(f.measurement.subject.column);
  return names;
}

std::string segment_step(const Explanation& why) {
  const bool worth_it = why.segments && !why.segments->segments.empty() && why.segments->segments.front().significant &&
                        !(why.performance && may_be_chance(why.performance->total));
  if (!worth_it) return "";
  return fmt::format("Look first at the rows with {}: their change stands out most.",
                     ellipsize(printable(why.segments->segments.front().text), 120));
}

/// How many rows would decide how much, where that is a number of rows one may wait for.
std::string undecided_step(const Report& report) {
  constexpr int64_t patience = 10;   // times the present rows
  const int64_t within_reach = patience * std::max<int64_t>(1, report.current.rows);
  int64_t needed = 0, decidable = 0, too_many = 0, small_reference = 0;
  for (const auto& f : report.findings) {
    if (f.verdict != Verdict::undecided) continue;
    if (!f.undecidable.empty() || !f.rows_needed) {
      // Methods on all columns take a sample of the reference, so more of it would not help them.
      small_reference += f.undecidable.starts_with("the reference is too small") && f.method().family != Family::multivariate;
    } else if (*f.rows_needed > within_reach) {
      ++too_many;
    } else {
      needed = std::max(needed, *f.rows_needed);
      ++decidable;
    }
  }
  if (decidable > 0)
    return fmt::format("Check again with about {} current rows: enough to decide {}.", grouped(rounded_up(needed)),
                       count_text(decidable, "more check", "more checks"));
  if (small_reference > 0)
    return fmt::format("Use a larger reference: this one is too small to decide {}.",
                       count_text(small_reference, "check", "checks"));
  if (too_many > 0)
    return fmt::format("Consider another leeway: {} so close to it that no realistic number of rows would decide.",
                       count_text(too_many, "check lies", "checks lie"));
  return "";
}

std::string not_computable_step(const Report& report) {
  std::vector<std::string> names;
  for (const auto& f : report.findings)
    if (f.verdict == Verdict::not_computable && f.leeway) add_once(names, brief(matter(f.measurement)));
  return names.empty() ? "" : fmt::format("See why this could not be computed: {}.", listed(names));
}

std::string label_step(const Report& report) {
  const auto has = [&](std::string_view role) {
    return std::any_of(report.columns.begin(), report.columns.end(), [&](const ReportColumn& c) { return c.role == role; });
  };
  if (report.labels || has("label") || !(has("score") || has("prediction"))) return "";
  return "Name the column of outcomes, if there is one, to see performance: --set columns.label=NAME.";
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
    parts.push_back(fmt::format("{} columns drifted ({})", grouped(std::ssize(failed.drifted)), listed(failed.drifted)));
  if (failed.joint && failed.drifted.empty()) parts.push_back("The columns drifted as a whole");
  for (const auto& f : failed.events) {
    const std::string_view what = event(*f.method);
    parts.push_back(fmt::format("{} {}{}", listed(f.subjects), f.subjects.size() == 1 ? "" : "each ", what));
  }
  if (!failed.changed.empty()) parts.push_back(matters(failed.changed) + " changed");
  if (!failed.degraded.empty()) parts.push_back(matters(failed.degraded) + " degraded");
  for (const auto& f : failed.unfair)
    parts.push_back(fmt::format("{} is unfair{}{}", mid_sentence(short_title(*f.method)), f.subjects.empty() ? "" : " for ",
                                listed(f.subjects)));
  if (parts.empty()) return passed_sentence(count_states(report));
  std::string sentence;
  for (size_t i = 0; i < parts.size(); ++i) sentence += (i == 0 ? "" : i + 1 == parts.size() ? "; and " : "; ") + parts[i];
  // Methods' titles may begin a sentence with a capital; column names must stay as they are.
  const bool name_first = !failed.drifted.empty() || !failed.events.empty();
  if (!name_first && sentence[0] >= 'a' && sentence[0] <= 'z') sentence[0] = static_cast<char>(sentence[0] - 32);
  return sentence + ".";
}

std::string_view name(Action action) {
  switch (action) {
    case Action::none: return "";
    case Action::keep: return "continue";
    case Action::investigate: return "investigate";
    case Action::retrain: return "retrain";
  }
  return "";
}

Advice advice(const Report& report) {
  const std::vector<std::string> running = running_columns(report);
  const Failures failed = failures(report, running);
  const StateCounts counts = count_states(report);
  if (counts.judged() == 0) return {};
  if (!failed.changed.empty() || !failed.events.empty())
    return {Action::investigate, "The data themselves changed: mend the feed before judging or retraining the model."};
  if (!failed.degraded.empty() && concept_moved(report))
    return {Action::retrain, fmt::format("Performance fell, mostly because rows turn out differently at the same score{}.",
                                         report.labels && report.labels->provisional ? "; the outcomes are still provisional" : "")};
  if (!failed.degraded.empty())
    return {Action::investigate, "The model does worse than allowed: see where, and whether new data would teach it better."};
  if (!failed.unfair.empty())
    return {Action::investigate, "Groups are treated more differently than allowed: a person must look at why."};
  if (!failed.drifted.empty() || failed.joint)
    return {Action::investigate, performance_judged_well(report)
                                     ? "The inputs moved; performance holds so far."
                                     : "The inputs moved; whether performance suffers is not known."};
  if (counts.critical + counts.warning > 0)
    return {Action::investigate, fmt::format("Nothing moved but {}, whose values are all new, as calendars' and row numbers' are.",
                                             listed(running))};
  if (counts.undecided + counts.no_data > 0)
    return {Action::keep, "Nothing is known to be wrong, but not everything could be decided."};
  return {Action::keep, "Everything that was judged is within its leeway."};
}

std::vector<std::string> next_steps(const Report& report, const Outline& outline) {
  std::vector<std::string> steps;
  const auto say = [&](std::string step) {
    if (!step.empty()) steps.push_back(std::move(step));
  };
  const std::vector<std::string> running = running_columns(report);
  const Failures failed = failures(report, running);
  std::vector<FailedMethod> feed = failed.events;
  feed.insert(feed.end(), failed.changed.begin(), failed.changed.end());
  std::vector<std::string> drifted;
  for (const auto& view : outline.features) {
    const auto is_in = [&](const std::vector<std::string>& names) {
      return std::find(names.begin(), names.end(), view.name) != names.end();
    };
    if (view.status >= State::warning && !is_in(failed.quality_columns) && !is_in(running)) drifted.push_back(brief(view.name));
  }
  if (!feed.empty()) say(fmt::format("Check the data feed: {}.", matters(feed)));
  if (!drifted.empty()) say(fmt::format("Find out what changed upstream in {}.", listed(drifted)));
  if (!running.empty())
    say(fmt::format("Is {} a calendar or a row number, whose values are always new? Leave it out: --set columns.ignore=[{}].",
                    join_words(running, "or"), fmt::join(running, ",")));
  say(segment_step(report.explanation));
  if (report.labels && report.labels->provisional) say(provisional_sentence(*report.labels));
  say(undecided_step(report));
  say(not_computable_step(report));
  say(label_step(report));
  for (const auto& note : report.notes)
    if (note.starts_with("Performance was not measured") || note.starts_with("Fairness was not measured")) say(printable(note));
  if (count_states(report).judged() == 0) say("Set a leeway, so that there is something to judge.");
  if (steps.empty()) say("Nothing needs to be done.");
  return steps;
}

std::string html_command(const Report& report) {
  return report.command.empty() ? "" : report.command + " --format html -o report.html";
}

}  // namespace leeway::reports
