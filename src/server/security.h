#pragma once
// What every request must satisfy before its route is looked at, and what every answer carries. Pure functions.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/http/message.h"
#include "server/problem.h"

namespace leeway::server {

struct OriginRules {
  std::vector<std::string> hosts;    ///< Names under which this server may be addressed, lower case.
  std::vector<std::string> origins;  ///< "https://ui.example": other origins whose pages may ask; exact.
};

/// True for any IP address (IPv6 in brackets), "localhost" and the names listed, each with or without a port. A page
/// elsewhere can point a name of its own at this machine, but not an address: that is DNS rebinding.
bool host_allowed(std::string_view host, const OriginRules& rules);

/// Refuses what a browser sends on behalf of a page from elsewhere: unsafe methods and WebSocket handshakes whose
/// Origin is neither this host nor listed, or that the browser marks as cross-site.
std::optional<Problem> foreign_page(const http::Request& request, const OriginRules& rules);

/// 421, 403 or nothing.
std::optional<Problem> untrusted_origin(const http::Request& request, const OriginRules& rules);

/// Content security policy, no sniffing, no framing, no caching, and the request's id.
void protect(http::Response& response, const http::Request& request, const OriginRules& rules,
             std::string_view request_id);

/// The client's X-Request-Id if it is [A-Za-z0-9_-]{1,64}, else a new one.
std::string request_id_of(const http::Request& request);

}  // namespace leeway::server
