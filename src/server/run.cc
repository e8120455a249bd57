#include "server/run.h"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <random>

#include <sys/resource.h>
#include <unistd.h>

#include "base/text.h"
#include "server/api.h"
#include "server/base62.h"
#include "server/monitoring_loop.h"
#include "store/open.h"

namespace leeway::server {
namespace {

constexpr int64_t hour = int64_t{3600} * 1'000'000'000;
constexpr int64_t day = 24 * hour;
constexpr std::chrono::milliseconds stop_time{4'800};

int64_t system_time() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

bool is_loopback(const std::string& address) { return address == "::1" || address.starts_with("127."); }

/// Reads a number of /proc/self/status: "VmRSS", "Threads".
double status_number(const std::string& name) {
  std::ifstream in("/proc/self/status");
  for (std::string line; std::getline(in, line);)
    if (line.starts_with(name + ":")) return std::strtod(line.c_str() + name.size() + 1, nullptr);
  return 0;
}

void measure_process(Metrics& metrics) {
  metrics.set("process_resident_memory_bytes", {}, status_number("VmRSS") * 1024);
  metrics.set("process_threads", {}, status_number("Threads"));
  std::error_code error;
  const auto open_files =
      std::distance(std::filesystem::directory_iterator("/proc/self/fd", error), std::filesystem::directory_iterator{});
  metrics.set("process_open_fds", {}, static_cast<double>(open_files));
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) metrics.set("process_max_fds", {}, static_cast<double>(limit.rlim_cur));
}

Status check_exposure(const ServeConfig& config, KeyRing& keys) {
  if (is_loopback(config.listen) || config.insecure_no_auth || keys.in_use()) return {};
  return fail(
      Code::invalid_argument,
      fmt::format("listening on {} would let anyone who reaches it in, because there are no keys", config.listen),
      "Make one with 'leeway keys create', or pass --insecure-no-auth true if something in front asks for keys.");
}

std::string url_of(const ServeConfig& config, uint16_t port) {
  const bool v6 = config.listen.find(':') != std::string::npos;
  return fmt::format("{}://{}{}{}:{}", config.certificate_file.empty() ? "http" : "https", v6 ? "[" : "", config.listen,
                     v6 ? "]" : "", port);
}

http::Options transport_options(const ServeConfig& config) {
  http::Options options{config.listen, config.port, config.io_threads, config.certificate_file, config.key_file, {}};
  options.limits.body_bytes = config.body_bytes;
  options.limits.connections = config.connections;
  options.limits.connections_per_address = config.connections_per_address;
  return options;
}

std::vector<std::string> operations() {
  std::vector<std::string> names;
  for (const auto& route : routes()) names.emplace_back(route.operation);
  return names;
}

/// Everything behind the API, in the order in which it opens; closes in reverse.
struct Foundations {
  std::unique_ptr<KeyRing> keys;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<Journal> journal;
  std::unique_ptr<Applier> applier;
};

Result<Foundations> open_foundations(const RunOptions& options) {
  const ServeConfig& config = options.config;
  const std::filesystem::path data(config.data);
  std::error_code error;
  std::filesystem::create_directories(data, error);
  if (error)
    return fail(Code::invalid_argument, fmt::format("the data folder '{}' cannot be made", config.data),
                "Choose another with --data.");
  Foundations base;
  LEEWAY_TRY(base.keys, KeyRing::open(data / "keys"));
  LEEWAY_CHECK(check_exposure(config, *base.keys));
  LEEWAY_TRY(base.store,
             store::open_store({.address = config.store.empty() ? (data / "leeway.duckdb").string() : config.store}));
  LEEWAY_TRY(auto files, open_directory((data / "journal").string()));
  JournalOptions journal{.max_bytes = config.journal_bytes, .reserve = config.reserve};
  journal.seed = (uint64_t{std::random_device()()} << 32) | std::random_device()();
  LEEWAY_TRY(base.journal, Journal::open(std::move(files), journal,
                                         [&store = *base.store](const std::string& id) { return store.position(id); }));
  const auto tell = [log = options.log](const store::ApplyBatch&, const store::Applied& applied) {
    if (applied.type_errors + applied.columns_left_out == 0) return;
    log({LogLevel::warning,
         "values_left_out",
         {{"type_errors", std::to_string(applied.type_errors)},
          {"columns", std::to_string(applied.columns_left_out)}}});
  };
  LEEWAY_TRY(base.applier, Applier::start(*base.journal, *base.store, system_time, options.log, tell));
  return base;
}

void measure_storage(Metrics& metrics, const Service& service, const std::string& folder) {
  const auto journal = service.journal.state();
  const auto applier = service.applier.state();
  metrics.set("leeway_journal_bytes", {}, static_cast<double>(journal.bytes));
  metrics.set("leeway_journal_unapplied_records", {},
              static_cast<double>(journal.durable - std::min(journal.durable, applier.applied)));
  metrics.set("leeway_journal_apply_lag_seconds", {},
              applier.behind_since == 0 ? 0 : static_cast<double>(service.clock() - applier.behind_since) / 1e9);
  std::error_code error;
  const auto space = std::filesystem::space(folder, error);
  if (!error) metrics.set("leeway_storage_free_bytes", {}, static_cast<double>(space.available));
}

void measure_monitoring(Metrics& metrics, const MonitoringState& state) {
  metrics.set("leeway_monitoring_last_pass_timestamp_seconds", {},
              static_cast<double>(state.last_pass / 1'000'000) / 1000);
  metrics.set("leeway_monitoring_pass_seconds", {}, state.pass_seconds);
  metrics.set("leeway_monitoring_windows", {}, static_cast<double>(state.windows));
  metrics.set("leeway_monitoring_alarms", {}, static_cast<double>(state.alarms));
  metrics.set("leeway_monitoring_troubles", {}, static_cast<double>(state.troubles));
}

WorkerOptions worker_options(const ServeConfig& config, const std::string& version) {
  WorkerOptions options;
  options.folder = (std::filesystem::path(config.data) / "monitor").string();
  options.holder = random_base62(16);
  options.tool_version = version;
  options.lengths = {config.window_hours * hour, day};
  options.retention = config.retention_days * day;
  return options;
}

/// Waits in the background until what the journal held at the start is in the store.
std::jthread become_ready(Service& service) {
  return std::jthread([&service](const std::stop_token& stop) {
    const auto began = std::chrono::steady_clock::now();
    while (!stop.stop_requested() && !service.applier.drain(std::chrono::milliseconds(100))) {
    }
    if (stop.stop_requested()) return;
    service.ready = true;
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    service.log({LogLevel::info,
                 "ready",
                 {{"replayed_records", std::to_string(service.journal.recovery().records)},
                  {"seconds", short_number(seconds)}}});
  });
}

}  // namespace

Status run(const RunOptions& options) {
  const ServeConfig& config = options.config;
  LEEWAY_TRY(const auto base, open_foundations(options));
  Metrics metrics(operations());
  ModelCatalog models((std::filesystem::path(config.data) / "models").string());
  SettingsCache settings(*base.store);
  Replays replays(*base.store);
  Service service{options.version,  options.commit, *base.keys,    metrics,     options.log,
                  config.log_level, system_time,    system_time(), *base.store, *base.journal,
                  *base.applier,    models,         settings,      replays,     config.retention_days * day};
  metrics.set("leeway_build_info", {{"version", options.version}, {"commit", options.commit}}, 1);
  metrics.set("process_start_time_seconds", {}, static_cast<double>(service.started / 1'000'000) / 1000);
  Api api(service, ApiOptions{.origins = {config.allowed_hosts, config.allowed_origins}, .workers = config.workers});
  LEEWAY_TRY(const auto server, http::Server::start(transport_options(config), api));
  metrics.on_scrape([&](Metrics& m) {
    measure_process(m);
    measure_storage(m, service, config.data);
    m.set("leeway_http_connections", {}, static_cast<double>(server->connections()));
    m.set("leeway_http_queue_length", {}, static_cast<double>(api.queued()));
  });
  Worker worker(*base.store, worker_options(config, options.version));
  std::optional<MonitoringLoop> monitoring(std::in_place, worker, std::chrono::seconds(config.monitoring_interval),
                                           system_time, options.log);
  metrics.on_scrape([&](Metrics& m) { measure_monitoring(m, monitoring->state()); });
  std::jthread getting_ready = become_ready(service);
  options.listening(url_of(config, server->port()));
  options.wait([&] { return base.journal->state().failure.has_value(); });
  const auto began = std::chrono::steady_clock::now();
  service.stopping = true;
  getting_ready.request_stop();
  server->stop();
  monitoring.reset();
  api.drain();
  const auto left =
      stop_time - std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);
  const auto failure = base.journal->state().failure;
  const Status closed = failure ? Status{} : base.journal->close();  // answers whoever still waits
  if (!failure && !base.applier->drain(std::max(left, std::chrono::milliseconds(100))))
    options.log({LogLevel::warning, "journal_not_drained", {{"remedy", "the next start applies the rest"}}});
  base.applier->stop();
  LEEWAY_CHECK(base.keys->save_use());
  if (failure) return fail(*failure);
  return closed;
}

}  // namespace leeway::server
