#include "reports/json.h"

#include <cmath>
#include <map>
#include <string_view>

#include "base/json_writer.h"
#include "reports/summary.h"

namespace leeway {
namespace {

// Members that are absent are left out, so that a document of many columns stays small; what is null says why.

void optional_text(JsonWriter& w, std::string_view key, const std::string& text) {
  if (!text.empty()) w.member(key, text);
}

template <class T>
void optional_number(JsonWriter& w, std::string_view key, const std::optional<T>& number) {
  if (number && !std::isnan(static_cast<double>(*number))) w.member(key, *number);
}

void add_reason(std::string& reason, std::string_view what, double number) {
  if (std::isfinite(number)) return;
  if (!reason.empty()) reason += "; ";
  reason.append(what);
  reason += std::isnan(number) ? " does not exist" : number > 0 ? " is infinite" : " is minus infinity";
}

void write(JsonWriter& w, std::string_view key, const Estimate& estimate) {
  w.key(key);
  w.begin_object();
  w.member("value", estimate.value);
  w.member("lower", estimate.lower);
  w.member("upper", estimate.upper);
  if (std::isfinite(estimate.se)) w.member("se", estimate.se);
  std::string reason;
  add_reason(reason, "the value", estimate.value);
  add_reason(reason, "the lower bound", estimate.lower);
  add_reason(reason, "the upper bound", estimate.upper);
  optional_text(w, "reason", reason);
  w.end_object();
}

void write(JsonWriter& w, std::string_view key, const std::optional<Estimate>& estimate) {
  if (estimate) write(w, key, *estimate);
}

void write(JsonWriter& w, std::string_view key, const InputCounts& counts) {
  w.key(key);
  w.begin_object();
  w.member("rows", counts.rows);
  w.member("used", counts.used);
  w.member("missing", counts.missing);
  w.member("nan", counts.nan);
  w.member("plus_infinity", counts.plus_infinity);
  w.member("minus_infinity", counts.minus_infinity);
  w.member("type_errors", counts.type_errors);
  w.member("unseen", counts.unseen);
  w.end_object();
}

std::string_view name(Leeway::On on) {
  switch (on) {
    case Leeway::On::value: return "value";
    case Leeway::On::current_minimum: return "current_minimum";
    case Leeway::On::current_maximum: return "current_maximum";
  }
  return "unknown";
}

void write(JsonWriter& w, std::string_view key, const std::optional<Leeway>& leeway) {
  if (!leeway) return;
  w.key(key);
  w.begin_object();
  w.member("limit", leeway->limit);
  if (std::isfinite(leeway->red)) w.member("red", leeway->red);
  w.member("on", name(leeway->on));
  if (std::isfinite(leeway->psi_equivalent)) w.member("psi_equivalent", leeway->psi_equivalent);
  w.member("set_by_user", leeway->set_by_user);
  w.member("origin", leeway->origin);
  w.end_object();
}

void write_details(JsonWriter& w, const std::vector<Detail>& details) {
  if (details.empty()) return;
  w.key("details");
  w.begin_array();
  for (const auto& detail : details) {
    w.begin_object();
    w.member("name", detail.name);
    w.member("value", detail.value);
    std::string reason;
    add_reason(reason, "the value", detail.value);
    optional_text(w, "reason", reason);
    w.end_object();
  }
  w.end_array();
}

void write(JsonWriter& w, const Finding& finding) {
  const Measurement& m = finding.measurement;
  w.begin_object();
  w.member("method", m.method->id);
  w.member("family", name(m.method->family));
  optional_text(w, "column", m.subject.column);
  optional_text(w, "slice", m.subject.slice);
  w.member("verdict", name(finding.verdict));
  w.member("severity", name(finding.severity));
  w.member("sentence", finding.sentence);
  write(w, "value", m.value);
  w.member("confidence", m.confidence);
  write(w, "reference", m.reference);
  write(w, "current", m.current);
  write(w, "leeway", finding.leeway);
  write(w, "psi_equivalent", finding.psi_equivalent);
  optional_number(w, "p_value", m.p_value);
  optional_number(w, "log_p", m.log_p);
  optional_number(w, "q_value", finding.q_value);
  optional_number(w, "by_chance", m.by_chance);
  optional_number(w, "smallest_detectable", finding.smallest_detectable);
  optional_number(w, "rows_needed", finding.rows_needed);
  optional_text(w, "undecidable", finding.undecidable);
  write(w, "bracket", m.bracket);
  write(w, "reference_rows", m.reference_rows);
  write(w, "current_rows", m.current_rows);
  write_details(w, m.details);
  optional_text(w, "not_computable", m.not_computable);
  optional_text(w, "note", m.note);
  w.end_object();
}

void write(JsonWriter& w, std::string_view key, const std::vector<Finding>& findings) {
  w.key(key);
  w.begin_array();
  for (const auto& finding : findings) write(w, finding);
  w.end_array();
}

void write(JsonWriter& w, std::string_view key, const ReportSide& side) {
  w.key(key);
  w.begin_object();
  w.member("label", side.label);
  w.member("fingerprint", side.fingerprint);
  w.member("is_profile", side.is_profile);
  w.member("rows", side.rows);
  w.member("columns", side.columns);
  optional_text(w, "from", side.from);
  optional_text(w, "to", side.to);
  w.end_object();
}

void write(JsonWriter& w, const ReportColumn& column) {
  w.begin_object();
  w.member("name", column.name);
  w.member("type", column.type);
  w.member("role", column.role);
  write(w, "reference", column.reference);
  write(w, "current", column.current);
  optional_number(w, "reference_mean", column.reference_mean);
  optional_number(w, "current_mean", column.current_mean);
  optional_number(w, "reference_sd", column.reference_sd);
  optional_number(w, "current_sd", column.current_sd);
  w.key("histogram");
  w.begin_array();
  for (const auto& bin : column.histogram) {
    w.begin_object();
    w.member("label", bin.label);
    if (std::isfinite(bin.low)) w.member("low", bin.low);
    if (std::isfinite(bin.high)) w.member("high", bin.high);
    w.member("reference_share", bin.reference_share);
    w.member("current_share", bin.current_share);
    w.end_object();
  }
  w.end_array();
  w.end_object();
}

void write(JsonWriter& w, const LabelCoverage& labels) {
  w.key("labels");
  w.begin_object();
  w.member("known", labels.known);
  w.member("unknown", labels.unknown);
  optional_text(w, "matures_after", labels.matures_after);
  w.member("provisional", labels.provisional);
  w.key("ages");
  w.begin_array();
  for (const auto& age : labels.ages) {
    w.begin_object();
    w.member("label", age.label);
    w.member("rows", age.rows);
    w.member("known", age.known);
    w.member("mature", age.mature);
    w.end_object();
  }
  w.end_array();
  w.end_object();
}

void write(JsonWriter& w, std::string_view key, const std::vector<ReportCalibration::Point>& points) {
  w.key(key);
  w.begin_array();
  for (const auto& point : points) {
    w.begin_object();
    w.member("mean_score", point.mean_score);
    write(w, "observed", point.observed);
    w.member("rows", point.rows);
    w.end_object();
  }
  w.end_array();
}

void write(JsonWriter& w, const ReportCalibration& calibration) {
  w.key("calibration");
  w.begin_object();
  write(w, "reference", calibration.reference);
  write(w, "current", calibration.current);
  w.end_object();
}

template <class T>
void write_list(JsonWriter& w, std::string_view key, const std::vector<T>& values) {
  w.key(key);
  w.begin_array();
  for (const auto& value : values) w.value(value);
  w.end_array();
}

void write(JsonWriter& w, const std::vector<ColumnShift>& shifts) {
  w.key("columns");
  w.begin_array();
  for (const auto& shift : shifts) {
    w.begin_object();
    w.member("column", shift.column);
    w.member("sentence", shift.sentence);
    w.key("bins");
    w.begin_array();
    for (const auto& bin : shift.bins) {
      w.begin_object();
      w.member("label", bin.label);
      w.member("reference_share", bin.reference_share);
      w.member("current_share", bin.current_share);
      w.member("contribution", bin.contribution);
      w.end_object();
    }
    w.end_array();
    w.end_object();
  }
  w.end_array();
}

void write(JsonWriter& w, const std::vector<AloneExplains>& features) {
  w.key("features");
  w.begin_array();
  for (const auto& feature : features) {
    w.begin_object();
    w.member("column", feature.column);
    write(w, "mix", feature.mix);
    w.end_object();
  }
  w.end_array();
}

void write(JsonWriter& w, const PredictionShift& shift) {
  w.key("prediction");
  w.begin_object();
  w.member("sentence", shift.sentence);
  write(w, "reference", shift.reference);
  write(w, "current", shift.current);
  write(w, "total", shift.total);
  write(w, shift.features);
  w.end_object();
}

void write(JsonWriter& w, const Decomposition& split) {
  w.key("performance");
  w.begin_object();
  w.member("metric", split.metric);
  w.member("in_shares", split.in_shares);
  w.member("sentence", split.sentence);
  optional_text(w, "note", split.note);
  write(w, "reference", split.reference);
  write(w, "current", split.current);
  write(w, "total", split.total);
  write(w, "mix", split.mix);
  write(w, "behaviour", split.behaviour);
  w.key("cells");
  w.begin_array();
  for (const auto& cell : split.cells) {
    w.begin_object();
    w.member("label", cell.label);
    w.member("reference_share", cell.reference_share);
    w.member("current_share", cell.current_share);
    w.member("reference_mean", cell.reference_mean);
    w.member("current_mean", cell.current_mean);
    w.member("mix", cell.mix);
    w.member("behaviour", cell.behaviour);
    w.end_object();
  }
  w.end_array();
  write(w, split.features);
  w.end_object();
}

void write(JsonWriter& w, const SegmentSearch& search) {
  w.key("segments");
  w.begin_object();
  w.member("metric", search.metric);
  w.member("in_shares", search.in_shares);
  w.member("searched", search.searched);
  w.member("z_limit", search.z_limit);
  optional_text(w, "note", search.note);
  w.key("found");
  w.begin_array();
  for (const auto& segment : search.segments) {
    w.begin_object();
    w.member("text", segment.text);
    write_list(w, "columns", segment.columns);
    w.member("reference_rows", segment.reference_rows);
    w.member("current_rows", segment.current_rows);
    w.member("reference_share", segment.reference_share);
    w.member("current_share", segment.current_share);
    w.member("reference_loss", segment.reference_loss);
    w.member("current_loss", segment.current_loss);
    w.member("contribution", segment.contribution);
    w.member("z", segment.z);
    w.member("z_limit", segment.z_limit);
    w.member("significant", segment.significant);
    w.end_object();
  }
  w.end_array();
  w.end_object();
}

void write(JsonWriter& w, const Explanation& explanation) {
  w.key("explanation");
  w.begin_object();
  optional_text(w, "sentence", explanation.sentence);
  write(w, explanation.columns);
  if (explanation.performance) write(w, *explanation.performance);
  if (explanation.segments) write(w, *explanation.segments);
  if (explanation.prediction) write(w, *explanation.prediction);
  w.end_object();
}

void write(JsonWriter& w, const std::vector<ReportWindow>& windows) {
  w.key("windows");
  w.begin_array();
  for (const auto& window : windows) {
    w.begin_object();
    w.member("from", window.from);
    w.member("to", window.to);
    w.member("rows", window.rows);
    write(w, "findings", window.findings);
    w.end_object();
  }
  w.end_array();
}

void write_verdict(JsonWriter& w, const Report& report) {
  const Report::Tally tally = report.tally();
  w.key("verdict");
  w.begin_object();
  w.member("failed", tally.failed);
  w.member("undecided", tally.undecided);
  w.member("stable", tally.stable);
  w.member("not_computable", tally.not_computable);
  w.member("most_rows_needed", tally.most_rows_needed);
  w.member("sentence", reports::verdict_sentence(report));
  w.member("exit_code", report.exit_code(false));
  w.member("exit_code_strict", report.exit_code(true));
  w.end_object();
}

/// The records of the methods used, so that a document can be read without the program.
void write_methods(JsonWriter& w, const Report& report) {
  std::map<std::string_view, const MethodInfo*> used;
  for (const auto& finding : report.findings) used.emplace(finding.method().id, finding.measurement.method);
  for (const auto& window : report.windows)
    for (const auto& finding : window.findings) used.emplace(finding.method().id, finding.measurement.method);
  w.key("methods");
  w.begin_array();
  for (const auto& [id, method] : used) {
    w.begin_object();
    w.member("id", id);
    w.member("title", method->title);
    w.member("family", name(method->family));
    w.member("version", method->version);
    w.member("orientation", name(method->orientation));
    w.member("scale", name(method->scale));
    w.member("unit", method->unit);
    w.member("measures", method->measures);
    w.member("hypothesis", method->hypothesis);
    w.member("guarantee", method->guarantee);
    w.member("misleads", method->misleads);
    w.member("source", method->source);
    w.end_object();
  }
  w.end_array();
}

}  // namespace

std::string report_json(const Report& report, int indent) {
  JsonWriter w(indent);
  w.begin_object();
  w.member("schema", "leeway.check/1");
  w.member("tool_version", report.tool_version);
  optional_text(w, "generated_at", report.generated_at);
  w.member("command", report.command);
  w.member("model", report.model);
  w.member("task", report.task);
  w.member("policy", report.policy);
  w.member("drift_leeway", report.drift_leeway);
  write(w, "reference", report.reference);
  write(w, "current", report.current);
  write_verdict(w, report);
  write_list(w, "notes", report.notes);
  write(w, "findings", report.findings);
  write(w, report.explanation);
  w.key("columns");
  w.begin_array();
  for (const auto& column : report.columns) write(w, column);
  w.end_array();
  if (report.labels) write(w, *report.labels);
  if (report.calibration) write(w, *report.calibration);
  write(w, report.windows);
  write_methods(w, report);
  w.end_object();
  return w.take() + "\n";
}

}  // namespace leeway
