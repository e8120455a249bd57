#include "server/security.h"

#include <algorithm>
#include <arpa/inet.h>

#include <sodium.h>

#include "base/text.h"
#include "server/base62.h"

namespace leeway::server {
namespace {

constexpr std::string_view content_security_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri "
    "'none'; "
    "form-action 'self'; frame-ancestors 'none'";

bool is_port(std::string_view text) {
  return text.size() <= 5 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_address(const std::string& text, int family) {
  unsigned char bytes[16];
  return inet_pton(family, text.c_str(), bytes) == 1;
}

bool listed_origin(std::string_view origin, const OriginRules& rules) {
  return std::ranges::find(rules.origins, origin) != rules.origins.end();
}

}  // namespace

bool host_allowed(std::string_view host, const OriginRules& rules) {
  if (host.starts_with('[')) {
    const size_t end = host.find(']');
    if (end == std::string_view::npos) return false;
    const auto rest = host.substr(end + 1);
    return is_address(std::string(host.substr(1, end - 1)), AF_INET6) &&
           (rest.empty() || (rest.starts_with(':') && is_port(rest.substr(1))));
  }
  const size_t colon = std::min(host.find(':'), host.size());
  if (!is_port(host.substr(std::min(colon + 1, host.size())))) return false;
  const std::string name = lower_ascii(host.substr(0, colon));
  return name == "localhost" || is_address(name, AF_INET) || std::ranges::find(rules.hosts, name) != rules.hosts.end();
}

std::optional<Problem> foreign_page(const http::Request& request, const OriginRules& rules) {
  const bool websocket = request.headers.has("Upgrade");
  if (is_safe(request.method) && !websocket) return std::nullopt;
  const auto& headers = request.headers;
  const std::string_view origin = headers.get("Origin");
  if (headers.count("Origin") > 1) return Problem(403, "There are two Origin fields.");
  if (!origin.empty() && listed_origin(origin, rules)) return std::nullopt;
  const std::string own = (request.secure ? "https://" : "http://") + lower_ascii(headers.get("Host"));
  if (headers.has("Origin") && lower_ascii(origin) != own)
    return Problem(403, "Pages of that origin may not ask this. The setting allowed_origins lists those that may.");
  const std::string_view site = headers.get("Sec-Fetch-Site");
  if (!site.empty() && site != "same-origin" && site != "none")
    return Problem(
        403, "A browser sends this for a page from elsewhere. The setting allowed_origins lists origins that may.");
  return std::nullopt;
}

std::optional<Problem> untrusted_origin(const http::Request& request, const OriginRules& rules) {
  if (!host_allowed(request.headers.get("Host"), rules))
    return Problem(
        421,
        "This server does not answer to that name. The setting allowed_hosts lists the names that it answers to; "
        "IP addresses and localhost always work.");
  return foreign_page(request, rules);
}

void protect(http::Response& response, const http::Request& request, const OriginRules& rules,
             std::string_view request_id) {
  auto& headers = response.headers;
  headers.set("Content-Security-Policy", std::string(content_security_policy));
  headers.set("X-Content-Type-Options", "nosniff");
  headers.set("X-Frame-Options", "DENY");
  headers.set("Referrer-Policy", "no-referrer");
  headers.set("Cross-Origin-Opener-Policy", "same-origin");
  headers.set("Cross-Origin-Resource-Policy", "same-origin");
  if (request.secure) headers.set("Strict-Transport-Security", "max-age=31536000");
  if (!headers.has("Cache-Control")) headers.set("Cache-Control", "no-store");
  headers.set("X-Request-Id", std::string(request_id));
  const std::string_view origin = request.headers.get("Origin");
  if (!origin.empty() && listed_origin(origin, rules)) {
    headers.set("Access-Control-Allow-Origin", std::string(origin));
    headers.set("Vary", "Origin");
  }
}

std::string request_id_of(const http::Request& request) {
  const std::string_view given = request.headers.get("X-Request-Id");
  const bool usable = !given.empty() && given.size() <= 64 && std::ranges::all_of(given, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
  });
  if (usable) return std::string(given);
  unsigned char bytes[12];
  randombytes_buf(bytes, sizeof bytes);
  return "req_" + base62(bytes, 17);
}

}  // namespace leeway::server
