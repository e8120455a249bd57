#include "simulate/traffic.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "base/json_writer.h"
#include "base/portable_math.h"
#include "base/text.h"
#include "simulate/calendar.h"

namespace leeway::simulate {
namespace {

constexpr int64_t again_within = 30 * second;
constexpr double most_overtaken = 20;

int64_t nanoseconds(double seconds) { return static_cast<int64_t>(seconds * 1e9); }

void write_value(JsonWriter& json, const Column& column, size_t row) {
  if (!column.is_valid(row)) return json.null();
  switch (column.type()) {
    case Type::boolean: return json.value(column.integers()[row] != 0);
    case Type::integer: return json.value(column.integers()[row]);
    case Type::real: return json.value(column.reals()[row]);
    case Type::text: return json.value(column.dictionary()[column.codes()[row]]);
    case Type::time: return json.value(format_time(column.integers()[row]));
  }
}

/// One of the ways in which clients break a body.
std::string broken(std::string body, Random& random) {
  switch (random.below(5)) {
    case 0: return body.substr(0, body.size() / 2 + random.below(body.size() / 2));
    case 1: return "id,time,amount\nr1,2026-01-01,12\n";
    case 2: return "{\"rows\": \"none\"}";
    case 3: return "[" + body;
    default: return {};
  }
}

bool is_share(double value) { return value >= 0 && value <= 1; }

Status check(const TrafficRows& rows, const TrafficOptions& options) {
  const auto& f = options.faults;
  if (rows.size() == 0) return fail(Code::invalid_argument, "there are no rows to send");
  if (!is_share(f.malformed) || !is_share(f.duplicates) || !is_share(f.late) || !is_share(f.out_of_order))
    return fail(Code::invalid_argument, "a share of faults is not between 0 and 1");
  if (!(options.rate > 0)) return fail(Code::invalid_argument, "the rate is not above 0");
  if (options.rows_per_request == 0) return fail(Code::invalid_argument, "a request needs a row");
  if (options.history && !rows.time) return fail(Code::invalid_argument, "history needs a column of times");
  return {};
}

}  // namespace

std::string_view name(Fault fault) {
  switch (fault) {
    case Fault::none: return "none";
    case Fault::malformed: return "malformed";
    case Fault::duplicate: return "duplicate";
    case Fault::late: return "late";
    case Fault::out_of_order: return "out_of_order";
  }
  return "";
}

Result<Traffic> Traffic::make(TrafficRows rows, TrafficOptions options) {
  LEEWAY_CHECK(check(rows, options));
  Traffic traffic(std::move(rows), std::move(options));
  if (traffic.features_.empty()) return fail(Code::invalid_argument, "the rows have no features");
  constexpr std::string_view own[] = {"id", "time", "score", "label"};
  for (const size_t place : traffic.features_)
    if (const auto& column = traffic.rows_.columns[place].name(); std::ranges::find(own, column) != std::end(own))
      return fail(Code::invalid_argument, fmt::format("a feature is called '{}', as a row's own {} is", column, column),
                  fmt::format("Say what it is: --set columns.{0}={0}, or rename it.", column));
  return traffic;
}

Traffic::Traffic(TrafficRows rows, TrafficOptions options)
    : rows_(std::move(rows)),
      options_(std::move(options)),
      gaps_(Random(options_.seed).split(0)),
      faults_(Random(options_.seed).split(1)),
      delays_(Random(options_.seed).split(2)),
      clock_(options_.start) {
  const auto placed = {rows_.id, rows_.time, rows_.score, rows_.label, rows_.label_known_at};
  for (size_t place = 0; place < rows_.columns.size(); ++place)
    if (std::ranges::find(placed, std::optional(place)) == placed.end() && rows_.columns[place].type() != Type::time)
      features_.push_back(place);
  if (!options_.history) run_ = fmt::format("-{:x}", options_.start / second);
}

std::optional<TrafficMessage> Traffic::next() {
  for (;;) {
    // Requests are begun in order of their arrival, and nothing that one brings is due before it.
    while (next_row_ < rows_.size() && (waiting_.empty() || waiting_.top().due >= clock_)) begin_request();
    if (waiting_.empty()) break;
    TrafficMessage message = std::move(const_cast<Waiting&>(waiting_.top()).message);
    waiting_.pop();
    if (ended(message.due)) {
      if (message.outcomes) ++too_late_;
      continue;
    }
    if (!message.outcomes) return message;
    outcomes_ += (outcomes_.empty() ? "" : ",") + message.body;
    outcomes_message_.due = message.due;
    if (++outcomes_message_.rows == options_.rows_per_request) return take_outcomes();
  }
  if (outcomes_message_.rows > 0) return take_outcomes();
  return std::nullopt;
}

TrafficMessage Traffic::take_outcomes() {
  TrafficMessage message = std::exchange(outcomes_message_, {});
  message.outcomes = true;
  message.path = "/api/v1/outcomes";
  JsonWriter json;
  json.value(options_.model);
  message.body = "{\"model\":" + json.take() + ",\"outcomes\":[" + std::exchange(outcomes_, {}) + "]}";
  return message;
}

int64_t Traffic::arrival(size_t last_row) {
  if (options_.history) return std::max(clock_, rows_.columns[*rows_.time].integers()[last_row]);
  const double gap = options_.spacing == Spacing::poisson ? -portable::log(1 - gaps_.uniform()) : 1;
  return clock_ + nanoseconds(gap / options_.rate);
}

std::vector<int64_t> Traffic::row_times(size_t first, size_t last, int64_t sent) const {
  std::vector<int64_t> times(last - first, sent);
  if (!options_.history) return times;
  for (size_t row = first; row < last; ++row)
    if (rows_.columns[*rows_.time].is_valid(row)) times[row - first] = rows_.columns[*rows_.time].integers()[row];
  return times;
}

void Traffic::begin_request() {
  const size_t first = next_row_, last = std::min(rows_.size(), first + options_.rows_per_request);
  next_row_ = last;
  clock_ = arrival(last - 1);
  if (ended(clock_)) {
    next_row_ = rows_.size();
    return;
  }
  Random random = faults_.split(first);
  const auto& shares = options_.faults;
  // Drawn whatever the shares, so that one fault does not move another.
  const bool malformed = random.chance(shares.malformed), duplicate = random.chance(shares.duplicates);
  const bool late = random.chance(shares.late), overtaken = random.chance(shares.out_of_order);
  const double lateness = random.uniform(), pause = random.uniform(), places = random.uniform();

  TrafficMessage message;
  message.due = clock_;
  message.rows = last - first;
  message.path = options_.predict ? "/api/v1/predict" : "/api/v1/predictions";
  std::vector<int64_t> times = row_times(first, last, clock_);
  if (late) {
    const auto by = static_cast<int64_t>(lateness * static_cast<double>(shares.late_by));
    message.fault = Fault::late;
    // History can wait; what happens now must have happened before.
    if (options_.history) message.due += by;
    else
      for (auto& time : times) time -= by;
  } else if (overtaken) {
    message.fault = Fault::out_of_order;
    message.due += nanoseconds((1 + places * (most_overtaken - 1)) / options_.rate);
  }
  message.body = prediction_body(first, last, times);
  if (malformed) add({message.due, false, Fault::malformed, 0, message.path, broken(message.body, random)});
  if (duplicate) {
    TrafficMessage again = message;
    again.fault = Fault::duplicate;
    again.due += static_cast<int64_t>(pause * static_cast<double>(again_within));
    add(std::move(again));
  }
  const int64_t due = message.due;
  add(std::move(message));
  if (options_.outcomes && rows_.label) add_outcomes(first, last, times, due);
}

void Traffic::add(TrafficMessage message) {
  const int64_t due = message.due;
  waiting_.push({due, numbered_++, std::move(message)});
}

void Traffic::add_outcomes(size_t first, size_t last, const std::vector<int64_t>& times, int64_t sent) {
  const Column& label = rows_.columns[*rows_.label];
  for (size_t row = first; row < last; ++row) {
    Random random = delays_.split(row);
    if (!label.is_valid(row)) continue;
    const Column* known = rows_.label_known_at ? &rows_.columns[*rows_.label_known_at] : nullptr;
    int64_t due = times[row - first] +
                  static_cast<int64_t>((0.5 + random.uniform()) * static_cast<double>(options_.outcomes_after));
    if (options_.history && known != nullptr && known->is_valid(row)) due = known->integers()[row];
    due = std::max(due, sent);
    JsonWriter json;
    json.begin_object();
    json.member("id", row_id(row));
    json.key("label");
    write_value(json, label, row);
    json.member("time", format_time(due));
    json.end_object();
    add({due, true, Fault::none, 1, {}, json.take()});
  }
}

std::string Traffic::row_id(size_t row) const {
  const std::string own = rows_.id && rows_.columns[*rows_.id].is_valid(row) ? rows_.columns[*rows_.id].text(row)
                                                                             : fmt::format("row-{}", row + 1);
  return own + run_;
}

std::string Traffic::prediction_body(size_t first, size_t last, const std::vector<int64_t>& times) const {
  JsonWriter json;
  json.begin_object();
  json.member("model", options_.model);
  json.key("rows");
  json.begin_array();
  for (size_t row = first; row < last; ++row) {
    json.begin_object();
    json.member("id", row_id(row));
    json.member("time", format_time(times[row - first]));
    for (const size_t place : features_) {
      json.key(rows_.columns[place].name());
      write_value(json, rows_.columns[place], row);
    }
    if (rows_.score && !options_.predict) {
      json.key("score");
      write_value(json, rows_.columns[*rows_.score], row);
    }
    json.end_object();
  }
  json.end_array();
  json.end_object();
  return json.take();
}

}  // namespace leeway::simulate
