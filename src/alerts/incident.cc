#include "alerts/incident.h"

#include <fmt/format.h>

#include "base/hash.h"

namespace leeway::alerts {
namespace {

/// Texts joined so that no two different lists give the same bytes.
uint64_t hash_of(const AlertSubject& subject, uint64_t seed) {
  for (const std::string* part : {&subject.monitor, &subject.model, &subject.feature, &subject.segment})
    seed = combine64(seed, hash64(*part));
  return seed;
}

Step with_transition(Incident incident, Transition::Kind kind, int64_t time) {
  ++incident.sequence;
  Transition transition{fmt::format("{}-{}", incident.id, incident.sequence), incident.id, incident.dedup_key,
                        incident.sequence, kind, incident.severity, time};
  return {std::move(incident), std::move(transition)};
}

Step open_if_held(Incident incident, int64_t time, const IncidentPolicy& policy) {
  if (time - incident.since < policy.hold) return {std::move(incident), std::nullopt};
  incident.state = State::open;
  incident.opened = time;
  return with_transition(std::move(incident), Transition::Kind::opened, time);
}

Step alarm(const AlertSubject& subject, std::optional<Incident> before, const WindowVerdict& window,
           const IncidentPolicy& policy) {
  if (!before || before->state == State::resolved) {
    Incident incident;
    incident.id = fmt::format("{:016x}", hash_of(subject, static_cast<uint64_t>(window.time)));
    incident.dedup_key = dedup_key(subject);
    incident.severity = window.severity;
    incident.since = window.time;
    return open_if_held(std::move(incident), window.time, policy);
  }
  before->calm = 0;
  const bool changed = before->severity != window.severity;
  before->severity = window.severity;
  if (before->state == State::pending) return open_if_held(*std::move(before), window.time, policy);
  if (changed) return with_transition(*std::move(before), Transition::Kind::severity_changed, window.time);
  return {std::move(before), std::nullopt};
}

Step settle(Incident incident, std::string who, int64_t time) {
  incident.state = State::resolved;
  incident.resolved = time;
  incident.resolved_by = std::move(who);
  return with_transition(std::move(incident), Transition::Kind::resolved, time);
}

Step calm(Incident incident, const WindowVerdict& window, const IncidentPolicy& policy) {
  if (incident.calm == 0) incident.calm_since = window.time;
  ++incident.calm;
  if (incident.calm < policy.calm_windows || window.time - incident.calm_since < policy.keep)
    return {std::move(incident), std::nullopt};
  return settle(std::move(incident), "", window.time);
}

}  // namespace

std::string dedup_key(const AlertSubject& subject) { return fmt::format("leeway:{:016x}", hash_of(subject, 0)); }

std::string_view name(State state) {
  static constexpr std::string_view names[]{"", "pending", "open", "acknowledged", "resolved"};
  return names[static_cast<size_t>(state)];
}

std::string_view name(Transition::Kind kind) {
  static constexpr std::string_view names[]{"", "opened", "severity_changed", "acknowledged", "resolved"};
  return names[static_cast<size_t>(kind)];
}

Step advance(const AlertSubject& subject, std::optional<Incident> incident, const WindowVerdict& window,
             const IncidentPolicy& policy) {
  using Says = WindowVerdict::Says;
  if (window.says == Says::alarm) return alarm(subject, std::move(incident), window, policy);
  if (!incident || incident->state == State::resolved) return {std::move(incident), std::nullopt};
  if (incident->state == State::pending) return {};
  if (window.says == Says::calm) return calm(*std::move(incident), window, policy);
  incident->calm = 0;
  return {std::move(incident), std::nullopt};
}

Result<Step> acknowledge(Incident incident, std::string who, int64_t time) {
  if (who.empty()) return fail(Code::invalid_argument, "an acknowledgement needs a name", "Say who takes the alert.");
  if (incident.state != State::open)
    return fail(Code::failed_precondition, fmt::format("the alert is {}, not open", name(incident.state)));
  incident.state = State::acknowledged;
  incident.acknowledged = time;
  incident.acknowledged_by = std::move(who);
  return with_transition(std::move(incident), Transition::Kind::acknowledged, time);
}

Result<Step> resolve(Incident incident, std::string who, int64_t time) {
  if (who.empty()) return fail(Code::invalid_argument, "resolving an alert by hand needs a name", "Say who resolves it.");
  if (incident.state == State::resolved || incident.state == State::pending)
    return fail(Code::failed_precondition, fmt::format("the alert is {}, there is nothing to resolve", name(incident.state)));
  return settle(std::move(incident), std::move(who), time);
}

}  // namespace leeway::alerts
