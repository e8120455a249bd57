#include "alerts/incident.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>

namespace leeway::alerts {
namespace {

using Says = WindowVerdict::Says;
using Kind = Transition::Kind;

const AlertSubject income{"drift", "credit", "income", ""};
constexpr int64_t hour = 3'600'000'000'000;

enum class Event { yellow_alarm, red_alarm, calm, neither, acknowledge, resolve };
constexpr int event_kinds = 6;

WindowVerdict window(Event event, int64_t time) {
  switch (event) {
    case Event::yellow_alarm: return {time, Says::alarm, Severity::yellow};
    case Event::red_alarm: return {time, Says::alarm, Severity::red};
    case Event::calm: return {time, Says::calm, Severity::yellow};
    default: return {time, Says::neither, Severity::yellow};
  }
}

using Message = std::pair<int, Kind>;  ///< Which event, what was said.

/// The machine over a whole history: event i happens at hour i.
std::vector<Message> machine(const std::vector<Event>& history, const IncidentPolicy& policy) {
  std::vector<Message> messages;
  std::optional<Incident> incident;
  for (int i = 0; i < static_cast<int>(history.size()); ++i) {
    const int64_t time = i * hour;
    Step step{incident, std::nullopt};
    const Event event = history[static_cast<size_t>(i)];
    if (event == Event::acknowledge || event == Event::resolve) {
      if (!incident) continue;
      auto by_hand = event == Event::acknowledge ? acknowledge(*incident, "ann", time) : resolve(*incident, "ann", time);
      if (by_hand) step = *std::move(by_hand);
    } else {
      step = advance(income, incident, window(event, time), policy);
    }
    incident = step.incident;
    if (step.transition) messages.emplace_back(i, step.transition->kind);
  }
  return messages;
}

/// The same promised in another way: look back over the history at every event, keep nothing but what was said.
std::vector<Message> by_looking_back(const std::vector<Event>& history, const IncidentPolicy& policy) {
  std::vector<Message> said;
  const auto alarms = [&](int i) { return history[static_cast<size_t>(i)] <= Event::red_alarm; };
  const auto by_hand = [&](int i) { return history[static_cast<size_t>(i)] >= Event::acknowledge; };
  for (int i = 0; i < static_cast<int>(history.size()); ++i) {
    const Event event = history[static_cast<size_t>(i)];
    const bool is_open = !said.empty() && said.back().second != Kind::resolved;
    const bool taken = std::any_of(said.rbegin(), std::find_if(said.rbegin(), said.rend(), [](const Message& m) { return m.second == Kind::opened; }),
                                   [](const Message& m) { return m.second == Kind::acknowledged; });
    const int after = said.empty() || is_open ? -1 : said.back().first;  // of the last resolution
    if (event == Event::acknowledge) {
      if (is_open && !taken) said.emplace_back(i, Kind::acknowledged);
    } else if (event == Event::resolve) {
      if (is_open) said.emplace_back(i, Kind::resolved);
    } else if (alarms(i) && !is_open) {
      int first = i;  // of the unbroken alarms up to now
      for (int j = i - 1; j > after && (alarms(j) || by_hand(j)); --j)
        if (alarms(j)) first = j;
      if ((i - first) * hour >= policy.hold) said.emplace_back(i, Kind::opened);
    } else if (alarms(i)) {
      int before = i - 1;
      while (!alarms(before)) --before;
      if (history[static_cast<size_t>(before)] != event) said.emplace_back(i, Kind::severity_changed);
    } else if (event == Event::calm && is_open) {
      int calm = 0, first = i;
      for (int j = i; j >= 0 && (by_hand(j) || history[static_cast<size_t>(j)] == Event::calm); --j)
        if (!by_hand(j)) ++calm, first = j;
      if (calm >= policy.calm_windows && (i - first) * hour >= policy.keep) said.emplace_back(i, Kind::resolved);
    }
  }
  return said;
}

TEST(Incident, AgreesWithLookingBackOverEveryHistoryOfSixEvents) {
  const std::array policies{IncidentPolicy{}, IncidentPolicy{.calm_windows = 1}, IncidentPolicy{.hold = hour, .calm_windows = 2},
                            IncidentPolicy{.hold = 2 * hour, .keep = 2 * hour, .calm_windows = 1}};
  for (const IncidentPolicy& policy : policies) {
    std::vector<Event> history(6);
    for (int code = 0; code < 46'656; ++code) {  // 6^6
      int rest = code;
      for (Event& event : history) event = static_cast<Event>(rest % event_kinds), rest /= event_kinds;
      ASSERT_EQ(machine(history, policy), by_looking_back(history, policy)) << "history " << code;
    }
  }
}

TEST(Incident, TransitionsCarryStableIdsInOrder) {
  std::optional<Incident> incident;
  std::vector<Transition> heard;
  const std::array says{Says::alarm, Says::calm, Says::calm, Says::calm, Says::alarm};
  for (size_t i = 0; i < says.size(); ++i) {
    Step step = advance(income, incident, {static_cast<int64_t>(i) * hour, says[i], Severity::red}, {});
    incident = step.incident;
    if (step.transition) heard.push_back(*step.transition);
  }
  ASSERT_EQ(heard.size(), 3u);
  EXPECT_EQ(heard[0].id, heard[0].incident + "-1");
  EXPECT_EQ(heard[1].id, heard[0].incident + "-2");
  EXPECT_NE(heard[2].incident, heard[0].incident);  // a new incident of the same subject
  EXPECT_EQ(heard[2].dedup_key, heard[0].dedup_key);
  EXPECT_EQ(heard[0].dedup_key, dedup_key(income));
}

TEST(Incident, SubjectsNeverShareAKeyByJoiningTheirParts) {
  const std::array subjects{AlertSubject{"a", "b", "", ""}, AlertSubject{"ab", "", "", ""}, AlertSubject{"", "ab", "", ""},
                            AlertSubject{"a", "", "b", ""}, AlertSubject{"a", "", "", "b"}};
  std::set<std::string> keys;
  for (const auto& s : subjects) keys.insert(dedup_key(s));
  EXPECT_EQ(keys.size(), subjects.size());
}

TEST(Incident, ByHandNeedsANameAndTheRightState) {
  const Incident open = *advance(income, std::nullopt, {0, Says::alarm, Severity::red}, {}).incident;
  EXPECT_EQ(acknowledge(open, "", 1).error().code, Code::invalid_argument);
  const Step taken = acknowledge(open, "ann", 1).value();
  EXPECT_EQ(acknowledge(*taken.incident, "bob", 2).error().code, Code::failed_precondition);
  const Step done = resolve(*taken.incident, "bob", 3).value();
  EXPECT_EQ(done.incident->resolved_by, "bob");
  EXPECT_EQ(resolve(*done.incident, "bob", 4).error().code, Code::failed_precondition);
}

}  // namespace
}  // namespace leeway::alerts
