#include <cmath>

#include "base/json_writer.h"
#include "reports/train_report.h"

namespace leeway {
namespace {

template <class List, class Each>
void list(JsonWriter& w, std::string_view key, const List& items, Each&& each) {
  w.key(key);
  w.begin_array();
  for (const auto& item : items) {
    w.begin_object();
    each(item);
    w.end_object();
  }
  w.end_array();
}

void texts(JsonWriter& w, std::string_view key, const std::vector<std::string>& items) {
  w.key(key);
  w.begin_array();
  for (const auto& item : items) w.value(item);
  w.end_array();
}

void optional_text(JsonWriter& w, std::string_view key, const std::string& text) {
  if (!text.empty()) w.member(key, text);
}

void numbers_by_name(JsonWriter& w, std::string_view key, const std::vector<std::pair<std::string, double>>& items) {
  list(w, key, items, [&](const auto& item) {
    w.member("name", item.first);
    w.member("value", item.second);
  });
}

void estimate(JsonWriter& w, const Estimate& e) {
  w.member("value", e.value);
  w.member("lower", e.lower);
  w.member("upper", e.upper);
  if (std::isfinite(e.se)) w.member("se", e.se);
}

void measurement(JsonWriter& w, const Measurement& m) {
  w.member("method", m.method->id);
  optional_text(w, "slice", m.subject.slice);
  estimate(w, m.current.value_or(Estimate{}));
  w.member("rows", m.current_rows.used);
  optional_text(w, "not_computable", m.not_computable);
  optional_text(w, "note", m.note);
  if (m.details.empty()) return;
  numbers_by_name(w, "details", [&] {
    std::vector<std::pair<std::string, double>> out;
    for (const auto& detail : m.details) out.emplace_back(detail.name, detail.value);
    return out;
  }());
}

void write(JsonWriter& w, const TrainPart& part, bool binary) {
  w.member("name", part.name);
  w.member("rows", part.rows);
  if (binary) w.member("events", part.events);
  optional_text(w, "from", part.from);
  optional_text(w, "to", part.to);
  list(w, "metrics", part.metrics, [&](const Measurement& m) { measurement(w, m); });
}

void write(JsonWriter& w, const TrainTuning& tuning) {
  w.key("tuning");
  w.begin_object();
  w.member("criterion", tuning.criterion);
  w.member("higher_is_better", tuning.higher_is_better);
  optional_text(w, "folds", tuning.folds);
  texts(w, "settings", tuning.settings);
  list(w, "candidates", tuning.candidates, [&](const TrainCandidate& c) {
    w.key("point");
    w.begin_array();
    for (const double value : c.point) w.value(value);
    w.end_array();
    w.member("mean", c.mean);
    w.member("se", c.se);
    w.member("rounds", c.rounds);
    w.member("chosen", c.chosen);
  });
  w.end_object();
}

void write(JsonWriter& w, const TrainCalibration& calibration) {
  w.key("calibration");
  w.begin_object();
  w.member("kind", calibration.kind);
  list(w, "trials", calibration.trials, [&](const TrainCalibration::Trial& trial) {
    w.member("kind", trial.kind);
    w.member("log_loss", trial.log_loss);
    w.member("brier", trial.brier);
  });
  optional_text(w, "note", calibration.note);
  w.end_object();
}

void write(JsonWriter& w, const TrainThreshold& threshold) {
  w.key("threshold");
  w.begin_object();
  w.member("value", threshold.value);
  w.member("rule", threshold.rule);
  w.member("precision", threshold.precision);
  w.member("recall", threshold.recall);
  w.member("f1", threshold.f1);
  if (std::isfinite(threshold.cost_per_row)) w.member("cost_per_row", threshold.cost_per_row);
  optional_text(w, "note", threshold.note);
  w.end_object();
}

void write(JsonWriter& w, const TrainOutOfTime& out_of_time, bool binary) {
  w.key("out_of_time");
  w.begin_object();
  w.member("metric", out_of_time.metric);
  list(w, "windows", out_of_time.windows, [&](const TrainWindow& window) {
    w.member("from", window.from);
    w.member("to", window.to);
    w.member("rows", window.rows);
    if (binary) w.member("events", window.events);
    estimate(w, window.level);
    optional_text(w, "not_computable", window.not_computable);
  });
  w.member("mean", out_of_time.mean);
  w.member("cv_raw", out_of_time.cv_raw);
  w.member("cv_corrected", out_of_time.cv_corrected);
  w.member("cv_by_chance", out_of_time.cv_by_chance);
  w.end_object();
}

void write_data(JsonWriter& w, const TrainReport& report) {
  w.key("data");
  w.begin_object();
  w.member("label", report.data);
  w.member("fingerprint", report.fingerprint);
  w.member("rows", report.rows);
  w.member("labelled", report.labelled);
  w.end_object();
  w.member("label", report.label);
  optional_text(w, "positive", report.positive);
  texts(w, "features", report.features);
  list(w, "left_out", report.left_out, [&](const auto& column) {
    w.member("column", column.first);
    w.member("reason", column.second);
  });
  texts(w, "notes", report.notes);
}

}   // namespace

std::string train_json(const TrainReport& report, int indent) {
  const bool binary = report.task == "binary";
  JsonWriter w(indent);
  w.begin_object();
  w.member("schema", "leeway.train/1");
  w.member("tool_version", report.tool_version);
  w.member("command", report.command);
  w.member("model", report.model);
  w.member("task", report.task);
  w.member("algorithm", report.algorithm);
  w.member("seed", report.seed);
  write_data(w, report);
  w.member("split", report.split);
  list(w, "parts", report.parts, [&](const TrainPart& part) { write(w, part, binary); });
  numbers_by_name(w, "settings", report.settings);
  w.member("rounds", report.rounds);
  w.member("trees", report.trees);
  w.member("class_weighting", report.class_weighting);
  numbers_by_name(w, "class_weights", report.class_weights);
  write(w, report.tuning);
  if (report.calibration) write(w, *report.calibration);
  if (report.threshold) write(w, *report.threshold);
  write(w, report.out_of_time, binary);
  numbers_by_name(w, "importance", report.importance);
  list(w, "published", report.published, [&](const TrainPublished& figure) {
    w.member("metric", figure.metric);
    w.member("published", figure.published);
    w.key("ours");
    w.begin_object();
    estimate(w, figure.ours);
    w.end_object();
  });
  optional_text(w, "published_note", report.published_note);
  if (!report.version.empty()) {
    w.key("version");
    w.begin_object();
    w.member("name", report.version);
    w.member("id", report.version_id);
    w.member("path", report.path);
    w.end_object();
  }
  texts(w, "next", report.next);
  w.end_object();
  return w.take() + "\n";
}

}   // namespace leeway
