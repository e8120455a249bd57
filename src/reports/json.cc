#include "reports/json.h"

#include <cmath>
#include <map>
#include <string_view>

#include "base/json_writer.h"
#include "reports/summary.h"

namespace leeway {
namespace {

// Members that are absent are left out, so that a document of many columns stays small; what is null says why.

/// "key": { … } for as long as it lives.
class Braces {
 public:
  Braces(JsonWriter& w, std::string_view key) : w_(w) {
    w_.key(key);
    w_.begin_object();
  }
  ~Braces() { w_.end_object(); }
  Braces(const Braces&) = delete;
  Braces& operator=(const Braces&) = delete;

 private:
  JsonWriter& w_;
};

/// "key": [{ … }, …], the members of each by `members`.
template <class Items, class Members>
void objects(JsonWriter& w, std::string_view key, const Items& items, Members&& members) {
  w.key(key);
  w.begin_array();
  for (const auto& item : items) {
    w.begin_object();
    members(item);
    w.end_object();
  }
  w.end_array();
}

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
  const Braces braces(w, key);
  w.member("value", estimate.value);
  w.member("lower", estimate.lower);
  w.member("upper", estimate.upper);
  if (std::isfinite(estimate.se)) w.member("se", estimate.se);
  std::string reason;
  add_reason(reason, "the value", estimate.value);
  add_reason(reason, "the lower bound", estimate.lower);
  add_reason(reason, "the upper bound", estimate.upper);
  optional_text(w, "reason", reason);
}

void write(JsonWriter& w, std::string_view key, const std::optional<Estimate>& estimate) {
  if (estimate) write(w, key, *estimate);
}

void write(JsonWriter& w, std::string_view key, const InputCounts& counts) {
  const Braces braces(w, key);
  w.member("rows", counts.rows);
  w.member("used", counts.used);
  w.member("missing", counts.missing);
  w.member("nan", counts.nan);
  w.member("plus_infinity", counts.plus_infinity);
  w.member("minus_infinity", counts.minus_infinity);
  w.member("type_errors", counts.type_errors);
  w.member("unseen", counts.unseen);
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
  const Braces braces(w, key);
  w.member("limit", leeway->limit);
  if (std::isfinite(leeway->red)) w.member("red", leeway->red);
  w.member("on", name(leeway->on));
  if (std::isfinite(leeway->psi_equivalent)) w.member("psi_equivalent", leeway->psi_equivalent);
  w.member("set_by_user", leeway->set_by_user);
  w.member("origin", leeway->origin);
}

void write_details(JsonWriter& w, const std::vector<Detail>& details) {
  if (details.empty()) return;
  objects(w, "details", details, [&](const auto& detail) {
    w.member("name", detail.name);
    w.member("value", detail.value);
    std::string reason;
    add_reason(reason, "the value", detail.value);
    optional_text(w, "reason", reason);
  });
}

void write(JsonWriter& w, const Finding& finding) {
  const Measurement& m = finding.measurement;
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
}

void write(JsonWriter& w, std::string_view key, const std::vector<Finding>& findings) {
  objects(w, key, findings, [&](const auto& finding) { write(w, finding); });
}

void write(JsonWriter& w, std::string_view key, const ReportSide& side) {
  const Braces braces(w, key);
  w.member("label", side.label);
  w.member("fingerprint", side.fingerprint);
  w.member("is_profile", side.is_profile);
  w.member("rows", side.rows);
  w.member("columns", side.columns);
  optional_text(w, "from", side.from);
  optional_text(w, "to", side.to);
}

void write(JsonWriter& w, const ReportColumn& column) {
  w.member("name", column.name);
  w.member("type", column.type);
  w.member("role", column.role);
  write(w, "reference", column.reference);
  write(w, "current", column.current);
  optional_number(w, "reference_mean", column.reference_mean);
  optional_number(w, "current_mean", column.current_mean);
  optional_number(w, "reference_sd", column.reference_sd);
  optional_number(w, "current_sd", column.current_sd);
  objects(w, "histogram", column.histogram, [&](const auto& bin) {
    w.member("label", bin.label);
    if (std::isfinite(bin.low)) w.member("low", bin.low);
    if (std::isfinite(bin.high)) w.member("high", bin.high);
    w.member("reference_share", bin.reference_share);
    w.member("current_share", bin.current_share);
  });
}

void write(JsonWriter& w, const LabelCoverage& labels) {
  const Braces braces(w, "labels");
  w.member("known", labels.known);
  w.member("unknown", labels.unknown);
  optional_text(w, "matures_after", labels.matures_after);
  w.member("provisional", labels.provisional);
  objects(w, "ages", labels.ages, [&](const auto& age) {
    w.member("label", age.label);
    w.member("rows", age.rows);
    w.member("known", age.known);
    w.member("mature", age.mature);
  });
  if (labels.maturity.empty()) return;
  objects(w, "maturity", labels.maturity, [&](const auto& outcome) {
    w.member("label", outcome.label);
    w.member("rows", outcome.rows);
    objects(w, "known", outcome.known, [&](const auto& known) {
      w.member("age", known.age);
      w.member("share", known.share);
    });
  });
}

void write(JsonWriter& w, std::string_view key, const std::vector<ReportCalibration::Point>& points) {
  objects(w, key, points, [&](const auto& point) {
    w.member("mean_score", point.mean_score);
    write(w, "observed", point.observed);
    w.member("rows", point.rows);
  });
}

void write(JsonWriter& w, const ReportCalibration& calibration) {
  const Braces braces(w, "calibration");
  write(w, "reference", calibration.reference);
  write(w, "current", calibration.current);
}

void write(JsonWriter& w, const ReportThresholds::Point& point) {
  w.member("threshold", point.threshold);
  w.member("true_positives", point.true_positives);
  w.member("false_positives", point.false_positives);
  w.member("false_negatives", point.false_negatives);
  w.member("true_negatives", point.true_negatives);
  optional_number(w, "precision", std::optional(point.precision));
  optional_number(w, "recall", std::optional(point.recall));
  optional_number(w, "f1", std::optional(point.f1));
  optional_number(w, "cost_per_row", std::optional(point.cost_per_row));
}

void write(JsonWriter& w, const ReportThresholds& thresholds) {
  const Braces braces(w, "thresholds");
  const auto one = [&](std::string_view key, const ReportThresholds::Point& point) {
    const Braces inner(w, key);
    write(w, point);
  };
  one("chosen", thresholds.chosen);
  one("best_f1", thresholds.best_f1);
  if (thresholds.cheapest) one("cheapest", *thresholds.cheapest);
  objects(w, "curve", thresholds.curve, [&](const auto& point) { write(w, point); });
}

template <class T>
void write_list(JsonWriter& w, std::string_view key, const std::vector<T>& values) {
  w.key(key);
  w.begin_array();
  for (const auto& value : values) w.value(value);
  w.end_array();
}

void write(JsonWriter& w, const std::vector<ColumnShift>& shifts) {
  objects(w, "columns", shifts, [&](const auto& shift) {
    w.member("column", shift.column);
    w.member("sentence", shift.sentence);
    objects(w, "bins", shift.bins, [&](const auto& bin) {
      w.member("label", bin.label);
      w.member("reference_share", bin.reference_share);
      w.member("current_share", bin.current_share);
      w.member("contribution", bin.contribution);
    });
  });
}

void write(JsonWriter& w, const std::vector<AloneExplains>& features) {
  objects(w, "features", features, [&](const auto& feature) {
    w.member("column", feature.column);
    write(w, "mix", feature.mix);
  });
}

void write(JsonWriter& w, const PredictionShift& shift) {
  const Braces braces(w, "prediction");
  w.member("sentence", shift.sentence);
  write(w, "reference", shift.reference);
  write(w, "current", shift.current);
  write(w, "total", shift.total);
  write(w, shift.features);
}

void write(JsonWriter& w, const Decomposition& split) {
  const Braces braces(w, "performance");
  w.member("metric", split.metric);
  w.member("in_shares", split.in_shares);
  w.member("sentence", split.sentence);
  optional_text(w, "note", split.note);
  write(w, "reference", split.reference);
  write(w, "current", split.current);
  write(w, "total", split.total);
  write(w, "mix", split.mix);
  write(w, "behaviour", split.behaviour);
  objects(w, "cells", split.cells, [&](const auto& cell) {
    w.member("label", cell.label);
    w.member("reference_share", cell.reference_share);
    w.member("current_share", cell.current_share);
    w.member("reference_mean", cell.reference_mean);
    w.member("current_mean", cell.current_mean);
    w.member("mix", cell.mix);
    w.member("behaviour", cell.behaviour);
  });
  write(w, split.features);
}

void write(JsonWriter& w, const CaseDecomposition& split) {
  const Braces braces(w, "cases");
  w.member("metric", split.metric);
  w.member("in_shares", split.in_shares);
  w.member("sentence", split.sentence);
  optional_text(w, "note", split.note);
  write(w, "reference", split.reference);
  write(w, "current", split.current);
  write(w, "total", split.total);
  write(w, "familiar", split.familiar);
  write(w, "response", split.response);
  write(w, "new_cases", split.new_cases);
  w.member("reference_rows", split.reference_rows);
  w.member("current_rows", split.current_rows);
  w.member("shared_reference_rows", split.shared_reference_rows);
  w.member("shared_current_rows", split.shared_current_rows);
}

void write(JsonWriter& w, const SegmentSearch& search) {
  const Braces braces(w, "segments");
  w.member("metric", search.metric);
  w.member("in_shares", search.in_shares);
  w.member("searched", search.searched);
  w.member("z_limit", search.z_limit);
  optional_text(w, "note", search.note);
  objects(w, "found", search.segments, [&](const auto& segment) {
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
  });
}

void write(JsonWriter& w, const Explanation& explanation) {
  const Braces braces(w, "explanation");
  optional_text(w, "sentence", explanation.sentence);
  write(w, explanation.columns);
  if (explanation.performance) write(w, *explanation.performance);
  if (explanation.cases) write(w, *explanation.cases);
  if (explanation.segments) write(w, *explanation.segments);
  if (explanation.prediction) write(w, *explanation.prediction);
}

void write(JsonWriter& w, const std::vector<ReportWindow>& windows) {
  objects(w, "windows", windows, [&](const auto& window) {
    w.member("from", window.from);
    w.member("to", window.to);
    w.member("rows", window.rows);
    write(w, "findings", window.findings);
  });
}

void write_verdict(JsonWriter& w, const Report& report) {
  const Report::Tally tally = report.tally();
  const Braces braces(w, "verdict");
  w.member("failed", tally.failed);
  w.member("undecided", tally.undecided);
  w.member("stable", tally.stable);
  w.member("not_computable", tally.not_computable);
  w.member("most_rows_needed", tally.most_rows_needed);
  w.member("sentence", reports::verdict_sentence(report));
  const reports::Advice advice = reports::advice(report);
  optional_text(w, "advice", std::string(name(advice.action)));
  optional_text(w, "advice_reason", advice.reason);
  w.member("exit_code", report.exit_code(false));
  w.member("exit_code_strict", report.exit_code(true));
}

/// The records of the methods used, so that a document can be read without the program.
void write_methods(JsonWriter& w, const Report& report) {
  std::map<std::string_view, const MethodInfo*> used;
  for (const auto& finding : report.findings) used.emplace(finding.method().id, finding.measurement.method);
  for (const auto& window : report.windows)
    for (const auto& finding : window.findings) used.emplace(finding.method().id, finding.measurement.method);
  objects(w, "methods", used, [&](const auto& entry) {
    const auto& [id, method] = entry;
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
  });
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
  objects(w, "columns", report.columns, [&](const auto& column) { write(w, column); });
  if (report.labels) write(w, *report.labels);
  if (report.calibration) write(w, *report.calibration);
  if (report.thresholds) write(w, *report.thresholds);
  write(w, report.windows);
  write_methods(w, report);
  w.end_object();
  return w.take() + "\n";
}

}  // namespace leeway
