#include "models/record.h"

#include <fmt/format.h>

#include "base/json_writer.h"
#include "base/text.h"
#include "models/document.h"

namespace leeway::models {
namespace {

void write_figure(JsonWriter& json, double value, double low, double high, int64_t rows) {
  json.member("value", value);
  json.member("low", low);
  json.member("high", high);
  json.member("rows", rows);
}

Status read_figure(const Document& entry, double& value, double& low, double& high, int64_t& rows) {
  LEEWAY_TRY(value, entry.number_at("value"));
  LEEWAY_TRY(low, entry.number_at("low"));
  LEEWAY_TRY(high, entry.number_at("high"));
  LEEWAY_TRY(rows, entry.integer_at("rows"));
  return {};
}

Result<Metric> read_metric(const Document& entry) {
  Metric metric;
  LEEWAY_TRY(metric.name, entry.text_at("name"));
  LEEWAY_TRY(metric.data, entry.text_at("data"));
  LEEWAY_CHECK(read_figure(entry, metric.value, metric.low, metric.high, metric.rows));
  return metric;
}

/// Times are texts, because nanoseconds exceed what a JSON number holds exactly.
Result<int64_t> time_at(const Document& entry, std::string_view key) {
  LEEWAY_TRY(const std::string text, entry.text_at(key));
  if (const auto value = parse_int(text)) return *value;
  return fail(Code::invalid_data, fmt::format("'{}' is not a time", key));
}

Result<OutOfTimeWindow> read_window(const Document& entry) {
  OutOfTimeWindow window;
  LEEWAY_TRY(window.from, time_at(entry, "from"));
  LEEWAY_TRY(window.to, time_at(entry, "to"));
  LEEWAY_TRY(window.events, entry.integer_at("events"));
  LEEWAY_CHECK(read_figure(entry, window.value, window.low, window.high, window.rows));
  return window;
}

Status read_out_of_time(const Document& document, OutOfTime& out) {
  LEEWAY_TRY(const Document* entry, document.member("out_of_time"));
  LEEWAY_TRY(out.metric, entry->text_at("metric"));
  LEEWAY_TRY(out.variation, entry->number_at("variation"));
  LEEWAY_TRY(out.variation_corrected, entry->number_at("variation_corrected"));
  LEEWAY_TRY(const auto* windows, entry->items_at("windows"));
  for (const Document& window : *windows) {
    LEEWAY_TRY(auto read, read_window(window));
    out.windows.push_back(read);
  }
  return {};
}

}  // namespace

std::string ModelRecord::json() const {
  JsonWriter json(1);
  json.begin_object();
  json.key("metrics");
  json.begin_array();
  for (const Metric& metric : metrics) {
    json.begin_object();
    json.member("name", metric.name);
    json.member("data", metric.data);
    write_figure(json, metric.value, metric.low, metric.high, metric.rows);
    json.end_object();
  }
  json.end_array();
  json.key("out_of_time");
  json.begin_object();
  json.member("metric", out_of_time.metric);
  json.member("variation", out_of_time.variation);
  json.member("variation_corrected", out_of_time.variation_corrected);
  json.key("windows");
  json.begin_array();
  for (const OutOfTimeWindow& window : out_of_time.windows) {
    json.begin_object();
    json.member("from", std::to_string(window.from));
    json.member("to", std::to_string(window.to));
    json.member("events", window.events);
    write_figure(json, window.value, window.low, window.high, window.rows);
    json.end_object();
  }
  json.end_array();
  json.end_object();
  json.key("choices");
  json.begin_array();
  for (const auto& [name, value] : choices) {
    json.begin_object();
    json.member("name", name);
    json.member("value", value);
    json.end_object();
  }
  json.end_array();
  json.end_object();
  return json.take() + "\n";
}

Result<ModelRecord> ModelRecord::read(std::string_view json) {
  LEEWAY_TRY(const Document document, Document::read(json));
  ModelRecord record;
  LEEWAY_TRY(const auto* metrics, document.items_at("metrics"));
  for (const Document& entry : *metrics) {
    LEEWAY_TRY(auto metric, read_metric(entry));
    record.metrics.push_back(std::move(metric));
  }
  LEEWAY_CHECK(read_out_of_time(document, record.out_of_time));
  LEEWAY_TRY(const auto* choices, document.items_at("choices"));
  for (const Document& entry : *choices) {
    LEEWAY_TRY(auto name, entry.text_at("name"));
    LEEWAY_TRY(auto value, entry.text_at("value"));
    record.choices.emplace_back(std::move(name), std::move(value));
  }
  return record;
}

}  // namespace leeway::models
