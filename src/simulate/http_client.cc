#include "simulate/http_client.h"

#include <mutex>

#include <curl/curl.h>
#include <fmt/format.h>
#include <simdjson.h>

#include "base/text.h"

namespace leeway::simulate {
namespace {

struct CloseCurl {
  void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

constexpr size_t most_kept = 1 << 20;

size_t keep_some(char* data, size_t, size_t size, void* into) {
  auto& text = *static_cast<std::string*>(into);
  text.append(data, std::min(size, most_kept - std::min(most_kept, text.size())));
  return size;
}

/// What an answer says was not taken: the rows that are neither accepted nor duplicates, or those listed as rejected.
size_t rejected_rows(const std::string& body, size_t rows) {
  simdjson::dom::parser parser;
  simdjson::dom::object answer;
  if (parser.parse(body).get(answer) != simdjson::SUCCESS) return 0;
  uint64_t accepted = 0, duplicates = 0;
  if (answer["accepted"].get(accepted) == simdjson::SUCCESS) {
    if (answer["duplicates"].get(duplicates) != simdjson::SUCCESS) duplicates = 0;
    return rows - std::min<uint64_t>(rows, accepted + duplicates);
  }
  simdjson::dom::array rejected;
  return answer["rejected"].get(rejected) == simdjson::SUCCESS ? rejected.size() : 0;
}

void start_library() {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

}  // namespace

struct HttpClient::Connection {
  HttpServer server;
  std::unique_ptr<CURL, CloseCurl> curl;
  std::unique_ptr<curl_slist, CloseCurl> headers;
  std::string body;

  explicit Connection(HttpServer to) : server(std::move(to)) {
    start_library();
    curl.reset(curl_easy_init());
    while (server.url.ends_with('/')) server.url.pop_back();
    add_header("Content-Type: application/json");
    add_header("Expect:");
    if (!server.key.empty()) add_header("Authorization: Bearer " + server.key);
    curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl.get(), CURLOPT_PROXY, "");
    curl_easy_setopt(curl.get(), CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT_MS, static_cast<long>(server.timeout / 1'000'000));
    curl_easy_setopt(curl.get(), CURLOPT_USERAGENT, "leeway-simulate");
    curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, keep_some);
    curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &body);
  }

  void add_header(const std::string& line) {
    curl_slist* longer = curl_slist_append(headers.get(), line.c_str());
    static_cast<void>(headers.release());
    headers.reset(longer);
  }

  Answer perform(const std::string& path) {
    body.clear();
    const std::string url = server.url + path;
    curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
    const CURLcode code = curl_easy_perform(curl.get());
    if (code != CURLE_OK)
      return {.failure = fmt::format("{}: {}", printable(server.url), lower_ascii(curl_easy_strerror(code)))};
    long status = 0;
    curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
    return {.status = static_cast<int>(status)};
  }
};

Status check_server(const HttpServer& server) {
  const size_t scheme = server.url.starts_with("http://") ? 7 : server.url.starts_with("https://") ? 8 : 0;
  const std::string rest = server.url.substr(scheme);
  const bool path = rest.find('/') < rest.size() - 1;
  if (scheme > 0 && !rest.empty() && !path) return {};
  return fail(Code::invalid_argument, fmt::format("'{}' is not a server's address", printable(server.url)),
              "Write for example http://127.0.0.1:8000.");
}

HttpClient::HttpClient(HttpServer server) : connection_(std::make_unique<Connection>(std::move(server))) {}
HttpClient::~HttpClient() = default;

Answer HttpClient::send(const TrafficMessage& message) {
  CURL* curl = connection_->curl.get();
  curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(message.body.size()));
  curl_easy_setopt(curl, CURLOPT_POSTFIELDS, message.body.data());
  Answer answer = connection_->perform(message.path);
  if (answer.status >= 200 && answer.status < 300) answer.rejected = rejected_rows(connection_->body, message.rows);
  return answer;
}

Result<std::string> HttpClient::get(const std::string& path) {
  curl_easy_setopt(connection_->curl.get(), CURLOPT_HTTPGET, 1L);
  const Answer answer = connection_->perform(path);
  if (answer.status >= 200 && answer.status < 300) return connection_->body;
  return fail(Code::unavailable, answer.status == 0 ? answer.failure : fmt::format("{} to {}", answer.status, path));
}

}  // namespace leeway::simulate
