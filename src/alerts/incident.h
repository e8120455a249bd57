#pragma once
// One alert through its life: (nothing) -> pending -> open -> acknowledged -> resolved. A pure state machine: given the
// incident so far and what one window said, it gives the incident now and the transitions that people must hear of.
// The caller stores incident and transitions in one transaction and delivers from there (docs/alerts.md).
//
//     alarm, held for `hold` ............... open            (one alert while it lasts: no second one)
//     severity changes while open .......... severity_changed
//     a person takes it .................... acknowledged
//     `calm_windows` in a row surely within
//     the leeway, for at least `keep` ...... resolved
//
// A window that can neither alarm nor be called calm (undecided, no rows) leaves an open incident open and breaks the
// row of calm windows; a pending one is forgotten unless the window alarms.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "findings/finding.h"

namespace leeway::alerts {

/// What an alert is about. Two alerts are the same one exactly if their subjects are.
struct AlertSubject {
  std::string monitor;   ///< "drift", "performance", … or a rule's name
  std::string model;
  std::string feature;   ///< Empty for the whole table.
  std::string segment;   ///< Empty for all rows.

  bool operator==(const AlertSubject&) const = default;
};
/// "leeway:" and 16 hex digits: the same for the same subject in every process and release.
std::string dedup_key(const AlertSubject& subject);

enum class State : uint8_t { pending = 1, open = 2, acknowledged = 3, resolved = 4 };
std::string_view name(State state);

/// When alarms become alerts and alerts end.
struct IncidentPolicy {
  int64_t hold = 0;      ///< Nanoseconds that a rule must hold before the alert opens; 0 for evidence, which has waited.
  int64_t keep = 0;      ///< Nanoseconds that it must have been calm before the alert resolves, against flapping.
  int calm_windows = 3;  ///< And at least so many calm windows in a row.
};

/// What one closed window says. Times are the window's end, nanoseconds since 1970-01-01T00:00Z, rising.
struct WindowVerdict {
  int64_t time = 0;
  enum class Says : uint8_t { alarm, calm, neither } says = Says::neither;
  Severity severity = Severity::yellow;  ///< Of an alarm.
};

/// The stored state. Everything needed to go on after a restart.
struct Incident {
  std::string id;                 ///< 16 hex digits, of the subject and the time of its first alarm.
  std::string dedup_key;
  State state = State::pending;
  Severity severity = Severity::yellow;
  int64_t since = 0;              ///< The first alarm's time.
  std::optional<int64_t> opened;
  std::optional<int64_t> acknowledged;
  std::string acknowledged_by;
  std::optional<int64_t> resolved;
  std::string resolved_by;        ///< Empty where the windows resolved it.
  int calm = 0;                   ///< Calm windows in a row.
  int64_t calm_since = 0;         ///< Time of the first of them; meaningful if calm > 0.
  int64_t sequence = 0;           ///< Of the latest transition, from 1.

  bool operator==(const Incident&) const = default;
};

/// One message for people. `id` is stable: every attempt at delivery carries the same one.
struct Transition {
  enum class Kind : uint8_t { opened = 1, severity_changed = 2, acknowledged = 3, resolved = 4 };
  std::string id;                 ///< "<incident id>-<sequence>"
  std::string incident;
  std::string dedup_key;
  int64_t sequence = 0;
  Kind kind = Kind::opened;
  Severity severity = Severity::yellow;
  int64_t time = 0;

  bool operator==(const Transition&) const = default;
};
std::string_view name(Transition::Kind kind);

/// The incident after a window, with at most one transition. `incident` is the subject's latest, or none; a resolved one
/// stays as it is and a new alarm begins another. Returns none where there is nothing to remember (a pending alarm that
/// stopped). O(1).
struct Step {
  std::optional<Incident> incident;
  std::optional<Transition> transition;
};
Step advance(const AlertSubject& subject, std::optional<Incident> incident, const WindowVerdict& window,
             const IncidentPolicy& policy);

/// A person takes an open incident, or closes one that is not resolved. failed_precondition where the state does not
/// allow it; `who` must not be empty (invalid_argument).
Result<Step> acknowledge(Incident incident, std::string who, int64_t time);
Result<Step> resolve(Incident incident, std::string who, int64_t time);

}  // namespace leeway::alerts
