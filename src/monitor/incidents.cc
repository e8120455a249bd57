#include "monitor/incidents.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "base/json_writer.h"

namespace leeway {
namespace {

using Says = alerts::WindowVerdict::Says;

/// The findings that speak for a series, most telling first.
std::vector<const Finding*> findings_of(const WatchedSeries& series, const Report& report) {
  std::vector<const Finding*> out;
  for (const Finding& finding : report.findings) {
    if (finding.verdict == Verdict::measured || finding.verdict == Verdict::not_computable) continue;
    const bool missing = finding.method().id == "missing_share";
    const bool of_column = finding.measurement.subject.column == series.feature && finding.measurement.subject.slice.empty();
    if (series.monitor == "missing" ? missing && of_column
        : series.monitor == "drift" ? !missing && of_column && finding.method().family == Family::drift
                                    : finding.method().family == Family::performance)
      out.push_back(&finding);
  }
  return out;
}

alerts::WindowVerdict verdict_of(const SeriesLook& look, const std::vector<const Finding*>& findings, bool by_policy, int64_t time) {
  const bool bad = std::any_of(findings.begin(), findings.end(), [](const Finding* f) { return failed(f->verdict); });
  const bool calm = !findings.empty() && std::all_of(findings.begin(), findings.end(), [](const Finding* f) { return f->verdict == Verdict::stable; });
  const bool red = std::any_of(findings.begin(), findings.end(), [](const Finding* f) { return f->severity == Severity::red; });
  const bool alarm = by_policy ? bad : look.look.alarm;
  return {time, alarm ? Says::alarm : calm ? Says::calm : Says::neither, red ? Severity::red : Severity::yellow};
}

std::string document(const store::WindowKey& window, const SeriesLook& look, const std::vector<const Finding*>& findings) {
  JsonWriter json;
  json.begin_object();
  json.key("window");
  json.begin_object();
  json.member("from", format_time(window.from));
  json.member("to", format_time(window.to));
  json.end_object();
  json.member("log_evidence", look.look.log_evidence);
  json.member("looks", look.look.looks);
  json.key("findings");
  json.begin_array();
  for (const Finding* finding : findings) {
    json.begin_object();
    json.member("method", finding->method().id);
    json.member("verdict", name(finding->verdict));
    json.member("value", finding->measurement.value.value);
    json.member("lower", finding->measurement.value.lower);
    json.member("upper", finding->measurement.value.upper);
    if (finding->leeway) json.member("leeway", finding->leeway->limit);
    json.member("rows", finding->measurement.current_rows.rows);
    json.member("sentence", finding->sentence);
    json.end_object();
  }
  json.end_array();
  json.end_object();
  return json.take();
}

}  // namespace

std::vector<store::IncidentRecord> advance_incidents(const std::string& model, const store::WindowKey& window,
                                                     const std::vector<SeriesLook>& looks, const Report& report,
                                                     const std::vector<store::IncidentRecord>& current) {
  std::map<std::string, const store::IncidentRecord*> unresolved;
  for (const auto& record : current) unresolved.emplace(record.incident.dedup_key, &record);
  std::vector<store::IncidentRecord> changed;
  for (const SeriesLook& look : looks) {
    const alerts::AlertSubject subject{look.series->monitor, model, look.series->feature, window.segment};
    const auto at = unresolved.find(alerts::dedup_key(subject));
    const bool known = at != unresolved.end();
    const auto findings = findings_of(*look.series, report);
    const auto verdict = verdict_of(look, findings, report.policy != "leeway", window.to);
    std::optional<alerts::Incident> before;
    if (known) before = at->second->incident;
    const alerts::Step step = alerts::advance(subject, before, verdict, {});
    if (!step.incident || step.incident == before) continue;
    // What opened an alert stays its text until something worth telling happens.
    const bool tell = step.transition || !known;
    changed.push_back({subject, *step.incident, tell ? document(window, look, findings) : at->second->document});
  }
  return changed;
}

}  // namespace leeway
