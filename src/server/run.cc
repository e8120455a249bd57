#include "server/run.h"

#include <chrono>
#include <filesystem>
#include <fstream>

#include <sys/resource.h>
#include <unistd.h>

#include "base/text.h"
#include "server/api.h"

namespace leeway::server {
namespace {

int64_t system_time() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
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
  const auto open_files = std::distance(std::filesystem::directory_iterator("/proc/self/fd", error), std::filesystem::directory_iterator{});
  metrics.set("process_open_fds", {}, static_cast<double>(open_files));
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) metrics.set("process_max_fds", {}, static_cast<double>(limit.rlim_cur));
}

Status check_exposure(const ServeConfig& config, KeyRing& keys) {
  if (is_loopback(config.listen) || config.insecure_no_auth || keys.in_use()) return {};
  return fail(Code::invalid_argument, fmt::format("listening on {} would let anyone who reaches it in, because there are no keys", config.listen),
              "Make one with 'leeway keys create', or pass --insecure-no-auth true if something in front asks for keys.");
}

std::string url_of(const ServeConfig& config, uint16_t port) {
  const bool v6 = config.listen.find(':') != std::string::npos;
  return fmt::format("{}://{}{}{}:{}", config.certificate_file.empty() ? "http" : "https", v6 ? "[" : "", config.listen, v6 ? "]" : "", port);
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

}  // namespace

Status run(const RunOptions& options) {
  const ServeConfig& config = options.config;
  std::error_code error;
  std::filesystem::create_directories(config.data, error);
  if (error) return fail(Code::invalid_argument, fmt::format("the data folder '{}' cannot be made", config.data), "Choose another with --data.");
  LEEWAY_TRY(const auto keys, KeyRing::open(std::filesystem::path(config.data) / "keys"));
  LEEWAY_CHECK(check_exposure(config, *keys));
  Metrics metrics(operations());
  Service service{options.version, options.commit, *keys, metrics, options.log, config.log_level, system_time, system_time()};
  metrics.set("leeway_build_info", {{"version", options.version}, {"commit", options.commit}}, 1);
  metrics.set("process_start_time_seconds", {}, static_cast<double>(service.started / 1'000'000) / 1000);
  Api api(service, ApiOptions{.origins = {config.allowed_hosts, config.allowed_origins}, .workers = config.workers});
  LEEWAY_TRY(const auto server, http::Server::start(transport_options(config), api));
  metrics.on_scrape(measure_process);
  metrics.on_scrape([&](Metrics& m) {
    m.set("leeway_http_connections", {}, static_cast<double>(server->connections()));
    m.set("leeway_http_queue_length", {}, static_cast<double>(api.queued()));
  });
  service.ready = true;
  options.listening(url_of(config, server->port()));
  options.wait();
  service.stopping = true;
  server->stop();
  api.drain();
  return keys->save_use();
}

}  // namespace leeway::server
