#include "base/json_writer.h"
#include "server/assets.h"
#include "server/handlers/handlers.h"
#include "server/http/gzip.h"
#include "server/yaml_json.h"

namespace leeway::server::handlers {
namespace {

constexpr uint64_t asset_limit = 16 * 1024 * 1024;

Result<std::string> contract_as_json() {
  LEEWAY_TRY(const auto root, read_yaml(openapi_yaml(), "openapi.yaml"));
  JsonWriter w;
  write_node(w, root);
  return w.take();
}

http::Response static_response(std::string_view type, std::string_view bytes) {
  http::Response response;
  response.headers.add("Content-Type", std::string(type));
  response.headers.add("Cache-Control", "no-cache");
  response.body = std::string(bytes);
  return response;
}

}  // namespace

Answer get_openapi(Service&, const Call&) {
  static const Result<std::string> contract = contract_as_json();
  LEEWAY_TRY(std::string text, contract);
  return json_response(std::move(text));
}

Answer get_docs(Service&, const Call&) { return static_response("text/html; charset=utf-8", docs_page()); }

Answer get_docs_file(Service&, const Call& call) {
  const Asset* asset = find_asset(call.parameter("file"));
  if (!asset) return refuse(404, "There is no such file.");
  http::Response response = static_response(asset->type, asset->bytes);
  if (!asset->compressed) return response;
  if (http::accepts(call.request.headers.get("Accept-Encoding"), "gzip")) {
    response.headers.set("Content-Encoding", "gzip");
    response.headers.set("Vary", "Accept-Encoding");
    return response;
  }
  LEEWAY_TRY(response.body, http::gunzip(asset->bytes, asset_limit));
  return response;
}

}  // namespace leeway::server::handlers
