#include "cli/simulate_traffic.h"

#include <CLI/CLI.hpp>

#include <atomic>
#include <chrono>
#include <csignal>
#include <fstream>
#include <thread>

#include "base/json_writer.h"
#include "base/text.h"
#include "cli/help.h"
#include "cli/options.h"
#include "cli/simulate_options.h"
#include "config/units.h"
#include "models/document.h"
#include "monitor/side_roles.h"
#include "simulate/calendar.h"
#include "simulate/http_client.h"
#include "simulate/traffic_run.h"

namespace leeway::cli {
namespace {

using simulate::Traffic;
using simulate::TrafficOptions;
using simulate::TrafficRows;
using simulate::TrafficTally;

constexpr const char* description =
    R"(Replay rows as requests to a server, at a set rate, with late outcomes and faults.

Examples:
  leeway simulate traffic fraud --rate 50 --for 10m --to http://127.0.0.1:8000
  leeway simulate traffic fraud --backfill 90d --rows 500000 --drift default --to http://127.0.0.1:8000
  leeway simulate traffic rows.csv --config monitor.yaml --mode predict --to http://127.0.0.1:8000
  leeway simulate traffic credit --for 1m --malformed 1% --duplicates 2% -o traffic.jsonl)";

std::string closing() {
  return R"(Without --to nothing is sent: the requests are written as JSON lines, the same bytes for the same options.
With it, rows happen now (--backfill: in the past, and are sent as fast as the server takes them), and the key is read
from --key-file or the variable LEEWAY_API_KEY. Every outcome follows by its row's id.

)" + table_list();
}

struct Options {
  ConfigOptions config;
  SourceOptions source;
  std::string rows_from, to, mode = "log", spacing = "poisson", output, drift = "none", drift_from, start;
  std::string length, backfill, outcomes_after, late_by = "2h", key_file, model;
  std::string malformed = "0", duplicates = "0", late = "0", out_of_order = "0";
  double rate = 10;
  int64_t rows = 0, rows_per_request = 0;
  int connections = 8;
  uint64_t seed = 1;
  bool no_outcomes = false, quiet = false;

  bool history() const { return !backfill.empty(); }
};

/// What --for, --rows and --backfill come to.
struct Extent {
  int64_t start = 0, span = 0;   ///< Of the requests.
  bool ends = true;              ///< With the span; else with the rows and the last outcome.
  size_t rows = 0;               ///< At most so many are needed.
  size_t rows_per_request = 1;
};

class WallClock : public simulate::TrafficClock {
 public:
  int64_t now() override {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch())
        .count();
  }
  void sleep_until(int64_t time) override { std::this_thread::sleep_for(std::chrono::nanoseconds(time - now())); }
};

std::atomic<bool> interrupted{false};
void interrupt(int) { interrupted = true; }

Result<int64_t> duration_option(const std::string& name, const std::string& text) {
  if (const auto length = parse_duration(text)) return *length;
  return fail(Code::invalid_argument, fmt::format("--{} is no length of time: '{}'", name, printable(text)),
              "Write 30s, 10m, 2h or 90d.");
}

/// "2%" or "0.02"
Result<double> share_option(const std::string& name, std::string text) {
  const bool percent = text.ends_with('%');
  if (percent) text.pop_back();
  const auto value = parse_double(text);
  const double share = value.value_or(-1) / (percent ? 100 : 1);
  if (share >= 0 && share <= 1) return share;
  return fail(Code::invalid_argument, fmt::format("--{} is no share: '{}'", name, printable(text)),
              "Write 2% or 0.02.");
}

Result<Extent> extent_of(const Options& options, int64_t now) {
  Extent out;
  const bool history = options.history();
  LEEWAY_TRY(out.span, history ? duration_option("backfill", options.backfill)
                               : duration_option("for", options.length.empty() ? "1m" : options.length));
  const bool sent = !options.to.empty();
  out.start = history ? now - out.span : now;
  if (!options.start.empty()) {
    LEEWAY_TRY(out.start, time_option("start", options.start));
  } else if (!sent) {
    LEEWAY_TRY(out.start, time_option("start", "2025-01-01"));
  }
  out.rows_per_request = static_cast<size_t>(options.rows_per_request > 0 ? options.rows_per_request
                                             : history                    ? 1000
                                                                          : 1);
  if (history) {
    out.rows = static_cast<size_t>(options.rows > 0 ? options.rows : 10'000);
    return out;
  }
  // Poisson arrivals exceed six standard deviations in no run that anyone will see.
  const double expected = options.rate * static_cast<double>(out.span) / 1e9;
  const auto in_time = static_cast<size_t>(std::ceil(expected + 6 * std::sqrt(expected) + 10)) * out.rows_per_request;
  out.rows = in_time;
  if (options.rows == 0) return out;
  out.ends = !options.length.empty();
  out.rows = out.ends ? std::min(in_time, static_cast<size_t>(options.rows)) : static_cast<size_t>(options.rows);
  return out;
}

std::optional<size_t> place_of(const std::vector<Column>& columns, std::string_view name) {
  for (size_t i = 0; i < columns.size(); ++i)
    if (!name.empty() && columns[i].name() == name) return i;
  return std::nullopt;
}

Result<TrafficRows> made_rows(const Options& options, const simulate::TableSpec& table, const Extent& extent) {
  simulate::TableRequest request;
  request.table = &table;
  request.rows = extent.rows;
  request.seed = options.seed;
  request.start = extent.start;
  request.span = std::max(extent.span, simulate::day);
  LEEWAY_TRY(request.plan, drift_option(options.drift, options.drift_from, request));
  LEEWAY_TRY(auto made, make_table(request));
  TrafficRows rows;
  for (auto& column : made.columns)
    if (table.snapshot.empty() || column.name() != table.snapshot) rows.columns.push_back(std::move(column));
  rows.id = place_of(rows.columns, table.id);
  rows.time = place_of(rows.columns, table.time);
  rows.score = place_of(rows.columns, table.score);
  rows.label = place_of(rows.columns, table.label);
  rows.label_known_at = place_of(rows.columns, table.label_known_at);
  return rows;
}

Result<TrafficRows> read_rows(const Options& options) {
  LEEWAY_TRY(const auto config, options.config.read());
  LEEWAY_TRY(const auto side, Side::open(options.source.spec(options.rows_from, config, 0)));
  if (side.is_profile())
    return fail(Code::invalid_argument, "a profile has no rows to replay", "Give the data that it was made of.");
  LEEWAY_TRY(const auto roles, settle_sides(side, side, config));
  TrafficRows rows;
  for (const Field& field : side.schema()) {
    LEEWAY_TRY(auto column, side.read(field.name));
    rows.columns.push_back(std::move(column));
  }
  rows.id = place_of(rows.columns, roles.columns.id);
  rows.time = place_of(rows.columns, roles.columns.time);
  if (rows.time && rows.columns[*rows.time].type() != Type::time) rows.time.reset();
  rows.score = place_of(rows.columns, roles.columns.score);
  rows.label = place_of(rows.columns, roles.columns.label.column);
  return rows;
}

Result<TrafficOptions> traffic_options(const Options& options, const Extent& extent) {
  TrafficOptions out;
  out.model = !options.model.empty()                               ? options.model
              : simulate::find_table(options.rows_from) != nullptr ? options.rows_from
                                                                   : "model";
  out.predict = options.mode == "predict";
  out.rate = options.rate;
  out.spacing = options.spacing == "poisson" ? simulate::Spacing::poisson : simulate::Spacing::constant;
  out.rows_per_request = extent.rows_per_request;
  out.start = extent.start;
  if (extent.ends) out.end = extent.start + extent.span;
  out.history = options.history();
  out.outcomes = !options.no_outcomes;
  out.seed = options.seed;
  if (!options.outcomes_after.empty()) {
    LEEWAY_TRY(out.outcomes_after, duration_option("outcomes-after", options.outcomes_after));
  } else if (out.history) {
    out.outcomes_after = simulate::day;
  }
  LEEWAY_TRY(out.faults.malformed, share_option("malformed", options.malformed));
  LEEWAY_TRY(out.faults.duplicates, share_option("duplicates", options.duplicates));
  LEEWAY_TRY(out.faults.late, share_option("late", options.late));
  LEEWAY_TRY(out.faults.out_of_order, share_option("out-of-order", options.out_of_order));
  LEEWAY_TRY(out.faults.late_by, duration_option("late-by", options.late_by));
  return out;
}

Result<Traffic> traffic_of(const Options& options, const Extent& extent) {
  const auto* table = simulate::find_table(options.rows_from);
  const bool file = table == nullptr && options.rows_from.find_first_of("./*") != std::string::npos;
  if (table == nullptr && !file) {
    LEEWAY_TRY(table, table_named(options.rows_from));
  }
  if (file && options.drift != "none")
    return fail(Code::invalid_argument, "--drift is for generated tables",
                "Leave it out, or name a table in place of a file.");
  LEEWAY_TRY(auto rows, file ? read_rows(options) : made_rows(options, *table, extent));
  if (file && options.rows > 0 && static_cast<size_t>(options.rows) < rows.size()) {
    std::vector<uint32_t> first(static_cast<size_t>(options.rows));
    for (uint32_t i = 0; i < first.size(); ++i) first[i] = i;
    for (auto& column : rows.columns) column = column.gather(first);
  }
  LEEWAY_TRY(auto how, traffic_options(options, extent));
  return Traffic::make(std::move(rows), std::move(how));
}

/// One message a line: when it is due, where to, the fault if any, and the body (as text where it is broken).
std::string line_of(const simulate::TrafficMessage& message) {
  JsonWriter json;
  json.begin_object();
  json.member("due", format_time(message.due));
  json.member("path", message.path);
  if (message.fault != simulate::Fault::none) json.member("fault", simulate::name(message.fault));
  const bool broken = message.fault == simulate::Fault::malformed;
  if (broken) json.member("text", message.body);
  json.end_object();
  std::string line = json.take();
  if (!broken) line.replace(line.size() - 1, 1, ",\"body\":" + message.body + "}");
  return line + "\n";
}

Result<int> write_lines(const Options& options, Traffic& traffic, const Terminal& terminal) {
  std::string text;
  int64_t requests = 0, outcomes = 0;
  while (const auto message = traffic.next()) {
    text += line_of(*message);
    ++(message->outcomes ? outcomes : requests);
  }
  LEEWAY_CHECK(write_output(options.output, text, terminal));
  if (!options.quiet)
    fmt::print(terminal.err, "leeway: {} requests and {} outcomes{}; {} outcomes become known later only\n",
               grouped(requests), grouped(outcomes),
               options.output.empty() || options.output == "-" ? "" : " -> " + printable(options.output),
               grouped(static_cast<int64_t>(traffic.outcomes_too_late())));
  return 0;
}

std::string milliseconds(double nanoseconds) { return short_number(nanoseconds / 1e6) + " ms"; }

std::string tally_text(const TrafficTally& tally) {
  std::string text =
      fmt::format("{} requests, {} rows and {} outcomes taken in {} s ({}/s); p50 {}, p95 {}, p99 {}",
                  grouped(tally.sent), grouped(tally.rows), grouped(tally.outcomes), short_number(tally.seconds()),
                  short_number(tally.rate()), milliseconds(tally.latency.percentile(0.5)),
                  milliseconds(tally.latency.percentile(0.95)), milliseconds(tally.latency.percentile(0.99)));
  if (tally.malformed > 0)
    text += fmt::format("; {} of {} malformed refused", grouped(tally.malformed_refused), grouped(tally.malformed));
  if (!tally.clean())
    text +=
        fmt::format("; {} refused, {} failed, {} lost, {} rows rejected (last: {})", grouped(tally.refused),
                    grouped(tally.failed), grouped(tally.lost), grouped(tally.rejected), printable(tally.last_problem));
  return text;
}

/// One line that is drawn anew, on a terminal only; open alerts are asked for every five seconds.
class LiveSummary {
 public:
  LiveSummary(const Terminal& terminal, const Options& options, const simulate::HttpServer& server)
      : terminal_(terminal), enabled_(terminal.err_is_terminal && !options.quiet), alerts_from_(server) {}
  ~LiveSummary() {
    if (drawn_) fmt::print(terminal_.err, "\r\x1b[K");
  }

  void update(const TrafficTally& tally) {
    if (!enabled_ || tally.ended - drawn_at_ < simulate::second / 5) return;
    drawn_at_ = tally.ended;
    drawn_ = true;
    ask(tally.ended);
    const std::string line = fmt::format(
        "{:.0f} s  {:.1f}/s  {} sent  p50 {}  p99 {}  errors {}{}", tally.seconds(), tally.rate(), grouped(tally.sent),
        milliseconds(tally.latency.percentile(0.5)), milliseconds(tally.latency.percentile(0.99)),
        grouped(tally.refused + tally.failed + tally.lost), alerts_ ? fmt::format("  alerts {}", *alerts_) : "");
    fmt::print(terminal_.err, "\r\x1b[K{}", ellipsize(line, terminal_.width - 1));
    std::fflush(terminal_.err);
  }

 private:
  void ask(int64_t now) {
    if (now - asked_at_ < 5 * simulate::second) return;
    asked_at_ = now;
    alerts_.reset();
    const auto body = alerts_from_.get("/api/v1/alerts?limit=1000");
    const auto document = body ? models::Document::read(*body) : fail(Code::unavailable, "");
    if (!document) return;
    if (const auto* data = document->find("data"); data != nullptr && data->items() != nullptr)
      alerts_ = data->items()->size();
  }

  const Terminal& terminal_;
  bool enabled_, drawn_ = false;
  int64_t drawn_at_ = 0, asked_at_ = 0;
  std::optional<size_t> alerts_;
  simulate::HttpClient alerts_from_;
};

Result<std::string> read_key(const Options& options) {
  if (options.key_file.empty()) {
    const char* key = std::getenv("LEEWAY_API_KEY");
    return std::string(key == nullptr ? "" : key);
  }
  std::ifstream file(options.key_file);
  std::string key;
  if (!file || !std::getline(file, key))
    return fail(Code::not_found, fmt::format("cannot read a key from '{}'", printable(options.key_file)),
                "The file holds the key on its first line.");
  return std::string(trim(key));
}

Result<int> send(const Options& options, Traffic& traffic, const Terminal& terminal) {
  simulate::HttpServer server{.url = options.to, .key = {}};
  LEEWAY_CHECK(check_server(server));
  LEEWAY_TRY(server.key, read_key(options));
  std::vector<std::unique_ptr<simulate::HttpClient>> clients;
  std::vector<simulate::TrafficTarget*> targets;
  for (int i = 0; i < options.connections; ++i)
    targets.push_back(clients.emplace_back(std::make_unique<simulate::HttpClient>(server)).get());
  WallClock clock;
  std::signal(SIGINT, interrupt);
  TrafficTally tally;
  {
    LiveSummary live(terminal, options, server);
    tally = run_traffic(traffic, clock, targets,
                        {!options.history(), &interrupted, [&](const TrafficTally& so_far) { live.update(so_far); }});
  }
  if (tally.latency.count() == 0 && tally.lost > 0)
    return fail(Code::unavailable, "no answer from " + tally.last_problem, "Is the server running ('leeway serve')?");
  if (!options.quiet) fmt::print(terminal.err, "leeway: {}\n", tally_text(tally));
  return tally.clean() ? 0 : tally.lost > 0 ? 4 : 1;
}

Result<int> simulate_traffic(const Options& options, const Terminal& terminal) {
  LEEWAY_TRY(const Extent extent, extent_of(options, WallClock().now()));
  LEEWAY_TRY(Traffic traffic, traffic_of(options, extent));
  return options.to.empty() ? write_lines(options, traffic, terminal) : send(options, traffic, terminal);
}

void add_faults(CLI::App& command, Options& options) {
  const auto share = [&](const char* name, std::string& into, const char* text) {
    command.add_option(name, into, text)->type_name("SHARE")->group("Faults");
  };
  share("--malformed", options.malformed, "Requests beside which a broken one is sent: 1% or 0.01");
  share("--duplicates", options.duplicates, "Requests that are sent twice");
  share("--late", options.late, "Requests whose rows are handed in late");
  command.add_option("--late-by", options.late_by, "Late rows are up to so late (2h)")
      ->type_name("SPAN")
      ->group("Faults");
  share("--out-of-order", options.out_of_order, "Requests that later ones overtake");
}

}  // namespace

void add_simulate_traffic(CLI::App& simulate, const Terminal& terminal, Run& run) {
  auto options = std::make_shared<Options>();
  auto* command = simulate.add_subcommand("traffic", description);
  command->footer(closing());
  const std::string pace = "Pace", server = "Server";
  command->add_option("ROWS", options->rows_from, "A table below, or a file of rows")->required()->type_name("ROWS");
  command->add_option("--rate", options->rate, "Requests a second, 1 to 2,000 (10, or the variable DEFAULT_RPS)")
      ->check(CLI::Range(1.0, 2000.0))->envname("DEFAULT_RPS")->type_name("N")->group(pace);
  command->add_option("--spacing", options->spacing, "poisson (independent arrivals) or constant (poisson)")
      ->check(one_of({"poisson", "constant"}))->type_name("NAME")->group(pace);
  command->add_option("--for", options->length, "Stop after so long: 10m, 2h (1m, unless --rows is given)")
      ->type_name("SPAN")
      ->group(pace);
  command->add_option("--rows", options->rows, "Stop after so many rows, and the last outcome unless --for is given")
      ->check(CLI::PositiveNumber)
      ->type_name("N")
      ->group(pace);
  command
      ->add_option("--backfill", options->backfill,
                   "Send a history of this span at once instead: 90d; --rows of them (10,000)")
      ->type_name("SPAN")
      ->excludes("--for")
      ->group(pace);
  command->add_option("--rows-per-request", options->rows_per_request, "Rows in one request (1; of a history 1,000)")
      ->check(whole_number(1, 100'000))->type_name("N")->group(pace);
  command->add_option("--start", options->start, "Time of the first request (now; of a file 2025-01-01)")
      ->type_name("TIME")
      ->group(pace);
  command->add_option("--seed", options->seed, "Seed of rows, arrivals and faults (1)")->type_name("N")->group(pace);
  command
      ->add_option("--outcomes-after", options->outcomes_after,
                   "From a row to its outcome (1m; of a history as the table says, or 1d)")
      ->type_name("SPAN")
      ->group(pace);
  command->add_flag("--no-outcomes", options->no_outcomes, "Send none")->group(pace);
  command->add_option("--drift", options->drift, "A drift plan's file, 'default' or 'none' (none)")
      ->type_name("PLAN")
      ->group(pace);
  command->add_option("--drift-from", options->drift_from, "When drifts begin that do not say; the start if not given")
      ->type_name("TIME")->group(pace);
  add_faults(*command, *options);
  command->add_option("--to", options->to, "Send to this server: http://127.0.0.1:8000")
      ->type_name("URL")
      ->group(server);
  command->add_option("--mode", options->mode, "log (hand in rows with scores) or predict (let the server score) (log)")
      ->check(one_of({"log", "predict"}))->type_name("NAME")->group(server);
  command->add_option("--model", options->model, "Name of the model (the table's)")->type_name("NAME")->group(server);
  command->add_option("--key-file", options->key_file, "File with the API key; or the variable LEEWAY_API_KEY")
      ->type_name("FILE")
      ->group(server);
  command->add_option("--connections", options->connections, "Connections to keep (8)")
      ->check(whole_number(1, 256))
      ->type_name("N")
      ->group(server);
  command
      ->add_option("-o,--output", options->output,
                   "Write JSON lines to this file instead ('-' or nothing: standard output)")
      ->type_name("FILE")
      ->excludes("--to");
  command->add_flag("-q,--quiet", options->quiet, "No summary on standard error");
  options->config.add(*command);
  options->source.add(*command);
  command->callback(
      [options, &terminal, &run] { run = [options, &terminal] { return simulate_traffic(*options, terminal); }; });
}

}  // namespace leeway::cli
