#include "base/json_writer.h"
#include "columns/column.h"
#include "config/units.h"
#include "server/handlers/handlers.h"
#include "server/service.h"

namespace leeway::server::handlers {
namespace {

constexpr int64_t hour = int64_t{3600} * 1'000'000'000;

/// What is asked of a model's judged windows.
struct Asked {
  store::WindowKey range;
  int64_t length = hour;
};

std::expected<Asked, Problem> read_asked(const Call& call) {
  Asked asked;
  asked.range.model = call.parameter("model");
  LEEWAY_CHECK(call.require_model(asked.range.model));
  LEEWAY_TRY(const auto from, call.query.time("from"));
  LEEWAY_TRY(const auto to, call.query.time("to"));
  asked.range.from = from.value_or(0);
  asked.range.to = to.value_or(std::numeric_limits<int64_t>::max());
  if (asked.range.from >= asked.range.to) return refuse(400, "'from' must be before 'to'.");
  if (const auto length = call.query.get("length")) {
    const auto duration = parse_duration(*length);
    if (!duration) return refuse(400, "'length' must be a duration, as in 1h or 1d.");
    asked.length = *duration;
  }
  return asked;
}

void write_span(JsonWriter& w, int64_t from, int64_t to, int64_t revision) {
  w.member("from", format_time(from));
  w.member("to", format_time(to));
  w.member("revision", revision);
}

}  // namespace

/// The windows that have been judged, oldest first; the last 100 unless said.
Answer get_windows(Service& service, const Call& call) {
  LEEWAY_CHECK(call.query.only({"from", "to", "length", "last"}));
  LEEWAY_TRY(const auto asked, read_asked(call));
  LEEWAY_TRY(const int64_t last, call.query.integer("last", 100, 1, 10'000));
  LEEWAY_TRY(const auto windows, service.store.windows(asked.range, asked.length, last));
  JsonWriter w;
  w.begin_object();
  w.key("data");
  w.begin_array();
  for (const auto& window : windows) {
    w.begin_object();
    write_span(w, window.key.from, window.key.to, window.revision);
    w.member("computed", format_time(window.computed));
    w.member("rows", window.rows);
    w.end_object();
  }
  w.end_array();
  w.end_object();
  return json_response(w.take());
}

/// The report of the last window in the range, as `leeway check --format json` gives it.
Answer get_report(Service& service, const Call& call) {
  LEEWAY_CHECK(call.query.only({"from", "to", "length"}));
  LEEWAY_TRY(const auto asked, read_asked(call));
  LEEWAY_TRY(const auto windows, service.store.windows(asked.range, asked.length, 1));
  if (windows.empty())
    return refuse(404,
                  "No window of that length has been judged there. A model is judged once it has a reference and a "
                  "window has closed.");
  http::Response response = json_response(windows.back().document);
  response.headers.set("Leeway-Window",
                       format_time(windows.back().key.from) + "/" + format_time(windows.back().key.to));
  response.headers.set("Leeway-Revision", std::to_string(windows.back().revision));
  return response;
}

/// Numbers over time: every series, or ?name=.
Answer get_series(Service& service, const Call& call) {
  LEEWAY_CHECK(call.query.only({"from", "to", "length", "name"}));
  LEEWAY_TRY(const auto asked, read_asked(call));
  std::vector<std::string> names;
  if (const auto name = call.query.get("name")) names.emplace_back(*name);
  LEEWAY_TRY(const auto series, service.store.series(asked.range, asked.length, names));
  JsonWriter w;
  w.begin_object();
  w.key("data");
  w.begin_array();
  for (const auto& entry : series) {
    w.begin_object();
    w.member("series", entry.point.series);
    write_span(w, entry.from, entry.to, entry.revision);
    w.member("value", entry.point.value);
    w.member("low", entry.point.lower);
    w.member("high", entry.point.upper);
    w.member("rows", entry.point.rows);
    w.end_object();
  }
  w.end_array();
  w.end_object();
  return json_response(w.take());
}

}  // namespace leeway::server::handlers
