#include "base/json_writer.h"
#include "simulate/generators.h"

namespace leeway::simulate {
namespace {

constexpr double nanoseconds = 1e9;

void write_shape(JsonWriter& json, const Drift& drift) {
  json.member("shape", name(drift.shape));
  if (drift.shape == Shape::gradual) json.member("over_seconds", static_cast<double>(drift.over) / nanoseconds);
  if (drift.period > 0) json.member("period_seconds", static_cast<double>(drift.period) / nanoseconds);
  if (drift.shape == Shape::recurring) json.member("duty", drift.duty);
  json.member("from", format_time(drift.from));
  json.member("until", format_time(drift.until));
}

void write_cause(JsonWriter& json, const TableSpec& table, const Cause& cause) {
  const Drift& drift = cause.drift;
  const DriftKindInfo& kind = info(drift.kind);
  json.begin_object();
  json.member("name", drift.name);
  json.member("kind", kind.name);
  json.key("column");
  if (kind.needs_column) json.value(table.features[drift.feature].name);
  else json.null();
  json.key("segment");
  if (drift.where.empty()) json.null();
  else json.value(segment_text(table, drift.where));
  json.member("size", drift.size);
  if (drift.kind == DriftKind::category) json.member("category", drift.category);
  if (drift.share < 1) json.member("share", drift.share);
  write_shape(json, drift);
  json.member("moves_inputs", kind.moves_inputs);
  json.member("moves_response", kind.moves_response);
  json.member("rows_in_range", cause.rows_in_range);
  json.member("rows_affected", cause.rows_affected);
  json.member("quantity", cause.quantity);
  json.member("before", cause.before);
  json.member("after", cause.after);
  json.end_object();
}

}  // namespace

std::string causes_json(const TableRequest& request, const SyntheticTable& table) {
  JsonWriter json(2);
  json.begin_object();
  json.member("schema", "leeway.causes/1");
  json.member("table", request.table->name);
  json.member("rows", static_cast<uint64_t>(request.rows));
  json.member("seed", request.seed);
  json.member("start", format_time(request.start));
  json.member("end", format_time(request.start + request.span));
  json.key("labels_as_of");
  if (request.as_of) json.value(format_time(*request.as_of));
  else json.null();
  json.key("causes");
  json.begin_array();
  for (const auto& cause : table.causes) write_cause(json, *request.table, cause);
  json.end_array();
  json.end_object();
  return json.take() + "\n";
}

}  // namespace leeway::simulate
