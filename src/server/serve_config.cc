#include "server/serve_config.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>

#include "base/text.h"
#include "config/yaml_reader.h"

namespace leeway::server {
namespace {

std::unexpected<Error> must(std::string_view expected) {
  return fail(Code::invalid_argument, "must be " + std::string(expected));
}

template <class Number>
Status whole(Number& into, std::string_view value, int64_t least, int64_t most) {
  const auto number = parse_int(value);
  if (!number || *number < least || *number > most)
    return must(fmt::format("a whole number from {} to {}", least, most));
  into = static_cast<Number>(*number);
  return {};
}

Status text(std::string& into, std::string_view value) {
  into = value;
  return {};
}

Status truth(bool& into, std::string_view value) {
  if (value != "true" && value != "false") return must("true or false");
  into = value == "true";
  return {};
}

Status share(double& into, std::string_view value) {
  const auto number = parse_double(value);
  if (!number || !(*number >= 0 && *number < 1)) return must("a share from 0 to below 1");
  into = *number;
  return {};
}

/// "a, b" or "[a, b]".
Status names(std::vector<std::string>& into, std::string_view value) {
  value = trim(value);
  if (value.starts_with('[') && value.ends_with(']')) value = value.substr(1, value.size() - 2);
  into.clear();
  for (const auto part : split(value, ','))
    if (const auto name = trim(part); !name.empty()) into.push_back(lower_ascii(name));
  return {};
}

Status level(LogLevel& into, std::string_view value) {
  constexpr std::array<std::string_view, 4> levels = {"debug", "info", "warning", "error"};
  const auto found = std::ranges::find(levels, value);
  if (found == levels.end()) return must("debug, info, warning or error");
  into = static_cast<LogLevel>(found - levels.begin());
  return {};
}

Status log_format(std::string& into, std::string_view value) {
  if (value != "auto" && value != "text" && value != "json") return must("auto, text or json");
  return text(into, value);
}

using C = ServeConfig;
using V = std::string_view;
constexpr std::array settings = {
    ServeSetting{"listen", "127.0.0.1", "IP address to listen on; any but a loopback address needs keys",
                 [](C& c, V v) { return text(c.listen, v); }},
    ServeSetting{"port", "8000", "Port to listen on; 0 for any free one",
                 [](C& c, V v) { return whole(c.port, v, 0, 65535); }},
    ServeSetting{"data", "leeway-data", "Folder for keys, journal, models and the embedded store",
                 [](C& c, V v) { return text(c.data, v); }},
    ServeSetting{"store", "", "postgresql://… for several servers; without it DuckDB in the data folder",
                 [](C& c, V v) { return text(c.store, v); }},
    ServeSetting{"retention_days", "7", "Days that raw rows are kept; older rows are refused",
                 [](C& c, V v) { return whole(c.retention_days, v, 1, 36500); }, "RETENTION_DAYS"},
    ServeSetting{"monitoring_interval", "60", "Seconds between looks for windows to judge",
                 [](C& c, V v) { return whole(c.monitoring_interval, v, 1, 86'400); }, "MONITORING_INTERVAL"},
    ServeSetting{"drift_window_hours", "1", "Hours of the windows that gather evidence; days are judged besides",
                 [](C& c, V v) { return whole(c.window_hours, v, 1, 23); }, "DRIFT_WINDOW_HOURS"},
    ServeSetting{"journal_max_bytes", "8589934592", "Bound of the journal; beyond it rows are refused with 503",
                 [](C& c, V v) { return whole(c.journal_bytes, v, 1 << 20, int64_t{1} << 50); }},
    ServeSetting{"disk_reserve", "0.15", "Share of the disk that stays free; below it rows are refused with 503",
                 [](C& c, V v) { return share(c.reserve, v); }},
    ServeSetting{"tls_certificate_file", "",
                 "PEM certificate chain; with tls_key_file the port speaks TLS 1.2 or newer",
                 [](C& c, V v) { return text(c.certificate_file, v); }},
    ServeSetting{"tls_key_file", "", "PEM private key of the certificate",
                 [](C& c, V v) { return text(c.key_file, v); }},
    ServeSetting{"insecure_no_auth", "false", "Allow an address that is not loopback without keys",
                 [](C& c, V v) { return truth(c.insecure_no_auth, v); }},
    ServeSetting{"allowed_hosts", "",
                 "Names under which clients may address the server, besides localhost and IP addresses",
                 [](C& c, V v) { return names(c.allowed_hosts, v); }},
    ServeSetting{"allowed_origins", "", "Origins of other sites whose pages may ask, as in https://ui.example",
                 [](C& c, V v) { return names(c.allowed_origins, v); }},
    ServeSetting{"io_threads", "2", "Threads that serve connections",
                 [](C& c, V v) { return whole(c.io_threads, v, 1, 64); }},
    ServeSetting{"workers", "8", "Threads that run requests", [](C& c, V v) { return whole(c.workers, v, 1, 256); }},
    ServeSetting{"max_body_bytes", "33554432", "Largest body of a request",
                 [](C& c, V v) { return whole(c.body_bytes, v, 1024, int64_t{1} << 32); }},
    ServeSetting{"max_connections", "10000", "Connections at once",
                 [](C& c, V v) { return whole(c.connections, v, 1, 1'000'000); }},
    ServeSetting{"max_connections_per_address", "256", "Connections at once from one address; raise it behind a proxy",
                 [](C& c, V v) { return whole(c.connections_per_address, v, 1, 1'000'000); }},
    ServeSetting{"log_format", "auto", "text, json, or auto: text on a terminal and JSON lines elsewhere",
                 [](C& c, V v) { return log_format(c.log_format, v); }},
    ServeSetting{"log_level", "info", "debug (every request), info, warning or error",
                 [](C& c, V v) { return level(c.log_level, v); }},
};

const ServeSetting* find(std::string_view key) {
  const auto found = std::ranges::find(settings, key, &ServeSetting::key);
  return found == settings.end() ? nullptr : &*found;
}

Status apply(ServeConfig& config, const ServeSetting& setting, std::string_view value, std::string_view origin) {
  if (auto done = setting.apply(config, value); !done)
    return fail(Code::invalid_argument, fmt::format("{} {}", origin, done.error().message));
  return {};
}

std::string list_text(const YamlNode& node) {
  std::string out;
  for (const auto& item : node.items()) out += (out.empty() ? "" : ",") + item.text();
  return out;
}

Status apply_file(ServeConfig& config, const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return fail(Code::not_found, fmt::format("the configuration '{}' cannot be opened", path));
  const std::string content{std::istreambuf_iterator<char>(in), {}};
  LEEWAY_TRY(const YamlNode root, read_yaml(content, path));
  if (root.is_null()) return {};
  if (!root.is_map()) return fail(root.error("the configuration must be a map of settings"));
  std::vector<std::string> keys;
  for (const auto& setting : settings) keys.emplace_back(setting.key);
  for (const auto& member : root.members()) {
    const ServeSetting* setting = find(member.key);
    if (!setting)
      return fail(member.key_node.error(fmt::format("there is no setting '{}'", member.key),
                                        std::string(trim(did_you_mean(member.key, keys)))));
    if (auto done = setting->apply(config, member.value.is_list() ? list_text(member.value) : member.value.text());
        !done)
      return fail(member.value.error(fmt::format("'{}' {}", member.key, done.error().message)));
  }
  return {};
}

Status apply_environment(ServeConfig& config, const std::vector<std::pair<std::string, std::string>>& environment) {
  for (const auto& [name, value] : environment) {
    for (const auto& setting : settings)
      if (name == setting.shorthand) LEEWAY_CHECK(apply(config, setting, value, name));
  }
  for (const auto& [name, value] : environment) {  // the full names go before the shorthands
    if (!name.starts_with("LEEWAY_")) continue;
    const ServeSetting* setting = find(lower_ascii(std::string_view(name).substr(7)));
    if (setting) LEEWAY_CHECK(apply(config, *setting, value, name));
  }
  return {};
}

}  // namespace

std::span<const ServeSetting> serve_settings() { return settings; }

Result<ServeConfig> read_serve_config(const ServeSources& sources) {
  ServeConfig config;
  if (!sources.file.empty()) LEEWAY_CHECK(apply_file(config, sources.file));
  LEEWAY_CHECK(apply_environment(config, sources.environment));
  for (const auto& [key, value] : sources.flags)
    if (const ServeSetting* setting = find(key)) LEEWAY_CHECK(apply(config, *setting, value, "--" + key));
  if (config.certificate_file.empty() != config.key_file.empty())
    return fail(Code::invalid_argument, "tls_certificate_file and tls_key_file go together");
  return config;
}

}  // namespace leeway::server
