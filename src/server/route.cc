#include "server/route.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace leeway::server {
namespace {

using namespace std::string_view_literals;

constexpr auto json = "application/json"sv, ndjson = "application/x-ndjson"sv,
               parquet = "application/vnd.apache.parquet"sv, csv = "text/csv"sv;

struct BodyTypes {
  Body body;
  std::array<std::string_view, 3> types;
};
constexpr std::array<BodyTypes, 4> body_types = {{
    {Body::json, {json}},
    {Body::rows, {json, ndjson, parquet}},
    {Body::data, {parquet, csv, ndjson}},
    {Body::scoring, {json, csv}},
}};

/// Whether `pattern` fits, and what its braces stand for.
bool fits(std::string_view pattern, const std::vector<std::string>& segments, Parameters& parameters) {
  parameters.clear();
  size_t at = 0;
  pattern.remove_prefix(1);
  for (;;) {
    const size_t slash = std::min(pattern.find('/'), pattern.size());
    const std::string_view part = pattern.substr(0, slash);
    if (at == segments.size()) return false;
    const std::string& segment = segments[at++];
    if (part.starts_with('{')) {
      if (segment.empty()) return false;
      parameters.emplace_back(part.substr(1, part.size() - 2), segment);
    } else if (part != segment) {
      return false;
    }
    if (slash == pattern.size()) return at == segments.size();
    pattern.remove_prefix(slash + 1);
  }
}

}  // namespace

Match match(http::Method method, const std::vector<std::string>& segments) {
  Match out;
  Parameters parameters;
  const http::Method asked = method == http::Method::head ? http::Method::get : method;
  for (const Route& route : routes()) {
    if (!fits(route.pattern, segments, parameters)) continue;
    if (std::ranges::find(out.methods, route.method) == out.methods.end()) out.methods.push_back(route.method);
    if (route.method != asked || out.route) continue;
    out.route = &route;
    out.parameters = std::move(parameters);
  }
  return out;
}

const std::string& Call::parameter(std::string_view name) const {
  static const std::string none;
  for (const auto& [key, value] : parameters)
    if (key == name) return value;
  return none;
}

std::expected<void, Problem> Call::require_model(std::string_view model) const {
  if (principal.may_touch(model)) return {};
  return refuse(403, "This key may not touch that model.");
}

std::string media_type(std::string_view content_type) {
  return lower_ascii(trim(content_type.substr(0, content_type.find(';'))));
}

std::optional<Problem> wrong_body_type(const http::Request& request, Body body) {
  if (body == Body::none || body == Body::cloud_event) return std::nullopt;
  const std::string_view given = request.headers.get("Content-Type");
  const std::string type = media_type(given);
  const std::string parameters = lower_ascii(given);
  const bool other_charset =
      parameters.find("charset=") != std::string::npos && parameters.find("utf-8") == std::string::npos;
  for (const auto& [kind, types] : body_types) {
    if (kind != body) continue;
    if (!other_charset && std::ranges::find(types, type) != types.end() && !type.empty()) return std::nullopt;
    std::vector<std::string> names;
    for (const auto name : types)
      if (!name.empty()) names.emplace_back(name);
    return Problem(415, fmt::format("The Content-Type must be {}{}.", join_words(names, "or"),
                                    type.empty() ? ", and none was given" : ""));
  }
  return std::nullopt;
}

}  // namespace leeway::server
