#include "server/api.h"

#include <algorithm>
#include <exception>

#include "base/text.h"
#include "server/http/gzip.h"

namespace leeway::server {
namespace {

constexpr int64_t second = 1'000'000'000;
constexpr size_t worth_compressing = 1024;

size_t place_of(const Route* route) { return route ? static_cast<size_t>(route - routes().data()) : routes().size(); }

ProblemForm form_for(std::string_view path) {
  if (path.starts_with("/v2/") || path == "/v2") return ProblemForm::open_inference;
  if (path == "/invocations") return ProblemForm::mlflow;
  return ProblemForm::problem;
}

std::string_view path_of(std::string_view target) { return target.substr(0, target.find('?')); }

bool compressible(const http::Response& response) {
  const std::string_view type = response.headers.get("Content-Type");
  return response.body.size() >= worth_compressing && !response.headers.has("Content-Encoding") &&
         !type.starts_with("image/") && type.find("parquet") == std::string_view::npos &&
         type.find("arrow") == std::string_view::npos;
}

/// The key in "Authorization: Bearer …"; empty for another scheme.
std::optional<std::string> presented_key(const http::Request& request) {
  const std::string_view field = request.headers.get("Authorization");
  if (field.empty()) return std::nullopt;
  if (field.size() > 7 && http::equal_ignoring_case(field.substr(0, 7), "Bearer "))
    return std::string(trim(field.substr(7)));
  return std::string();
}

Problem unauthorised() {
  Problem problem(401, "A valid key is needed: Authorization: Bearer lw_live_… ('leeway keys create' makes one).");
  problem.headers.set("WWW-Authenticate", "Bearer");
  return problem;
}

}  // namespace

/// What is known of a request between its head and its answer.
struct Api::Exchange {
  std::string request_id;
  const Route* route = nullptr;
  Parameters parameters;
  Query query;
  Principal principal;
};

Api::Api(Service& service, ApiOptions options)
    : service_(service), options_(std::move(options)), pool_(options_.workers, options_.queue) {}

std::optional<Problem> Api::authenticate(const http::Request& head, Exchange& exchange) {
  if (!service_.keys.in_use()) {
    exchange.principal.scopes = Scope::admin;
    return std::nullopt;
  }
  const int64_t now = service_.clock() / second;
  const auto key = presented_key(head);
  const auto principal = key ? service_.keys.verify(*key, now) : std::nullopt;
  if (principal) {
    exchange.principal = *principal;
  } else if (exchange.route->scope != Scope::open) {
    const int64_t wait = key ? guard_.failed(head.address, now) : 0;
    if (wait == 0) return unauthorised();
    Problem problem(429, "Too many wrong keys came from this address.");
    problem.headers.set("Retry-After", std::to_string(wait));
    return problem;
  }
  if (exchange.principal.may(exchange.route->scope)) {
    for (const auto& [name, value] : exchange.parameters)
      if (name == "model" && !exchange.principal.may_touch(value))
        return Problem(403, "This key may not touch that model.");
    return std::nullopt;
  }
  return Problem(403, fmt::format("This needs a key with the scope '{}'.", name(exchange.route->scope)));
}

std::optional<Problem> Api::let_in(http::Request& head, Exchange& exchange) {
  if (auto problem = untrusted_origin(head, options_.origins)) return problem;
  auto target = parse_target(head.target);
  if (!target) return Problem(target.error());
  Match found = match(head.method, target->segments);
  if (found.methods.empty()) return Problem(404, "There is nothing at this address. /docs lists what there is.");
  if (!found.route) {
    Problem problem(405, "This address does not take this method.");
    std::vector<std::string> allowed;
    for (const auto method : found.methods) {
      allowed.emplace_back(http::name(method));
      if (method == http::Method::get) allowed.emplace_back("HEAD");
    }
    problem.headers.set("Allow", fmt::format("{}", fmt::join(allowed, ", ")));
    return problem;
  }
  exchange.route = found.route;
  exchange.parameters = std::move(found.parameters);
  if (auto problem = authenticate(head, exchange)) return problem;
  const bool has_body = head.headers.has("Content-Length") ? head.headers.get("Content-Length") != "0"
                                                           : head.headers.has("Transfer-Encoding");
  if (has_body || exchange.route->body != Body::none)
    if (auto problem = wrong_body_type(head, exchange.route->body)) return problem;
  auto query = Query::parse(target->query);
  if (!query) return Problem(query.error());
  exchange.query = *std::move(query);
  return std::nullopt;
}

http::Admission Api::admit(http::Request& head) {
  auto exchange = std::make_shared<Exchange>();
  exchange->request_id = request_id_of(head);
  head.context = exchange;
  http::Admission admission;
  if (const auto problem = let_in(head, *exchange)) admission.response = finish(head, *exchange, *problem);
  return admission;
}

void Api::handle(http::Request request, http::Reply reply) {
  const auto exchange = std::static_pointer_cast<Exchange>(request.context);
  if (exchange->route->quick && request.body.empty()) return run(std::move(request), std::move(reply));
  struct Task {
    http::Request request;
    http::Reply reply;
  };
  auto task = std::make_shared<Task>(Task{std::move(request), std::move(reply)});
  if (pool_.submit([this, task] { run(std::move(task->request), std::move(task->reply)); })) return;
  Problem overload(503, "The server is at its capacity.");
  overload.headers.set("Retry-After", "1");
  task->reply(finish(task->request, *exchange, overload));
}

std::optional<Problem> Api::decompress(http::Request& request) const {
  const std::string_view encoding = request.headers.get("Content-Encoding");
  if (encoding.empty() || http::equal_ignoring_case(encoding, "identity") || request.body.empty()) return std::nullopt;
  if (!http::equal_ignoring_case(encoding, "gzip")) return Problem(415, "The only Content-Encoding read here is gzip.");
  const uint64_t limit = std::min(options_.decompressed_bytes, request.body.size() * options_.decompressed_ratio);
  auto text = http::gunzip(request.body, std::max<uint64_t>(limit, 4096));
  if (!text) return Problem(text.error().code == Code::resource_exhausted ? 413 : 400, text.error().text());
  request.body = *std::move(text);
  return std::nullopt;
}

Answer Api::call(http::Request& request, Exchange& exchange) {
  if (auto problem = decompress(request)) return std::unexpected(*std::move(problem));
  try {
    return exchange.route->handler(
        service_, Call{request, exchange.parameters, exchange.query, exchange.principal, exchange.request_id});
  } catch (const std::bad_alloc&) {
    return busy("There is not enough memory for this request now.");
  } catch (const std::exception& defect) {
    service_.log({LogLevel::error,
                  "defect",
                  {{"request_id", exchange.request_id},
                   {"operation", std::string(exchange.route->operation)},
                   {"what", defect.what()}}});
    return leeway::server::refuse(500, "This is a defect of Leeway. The log has more under this request's id.");
  }
}

void Api::run(http::Request request, http::Reply reply) {
  const auto exchange = std::static_pointer_cast<Exchange>(request.context);
  Answer answer = call(request, *exchange);
  if (!answer) return reply(finish(request, *exchange, answer.error()));
  if (answer->record.empty()) return reply(finish(request, *exchange, std::move(answer->response)));
  record(std::move(request), std::move(reply), *std::move(answer));
}

/// Answers once the record is on the disk.
void Api::record(http::Request request, http::Reply reply, Outcome outcome) {
  struct Waiting {
    http::Request request;
    http::Reply reply;
    Outcome outcome;
  };
  std::string bytes = std::move(outcome.record);
  request.body = {};
  auto waiting = std::make_shared<Waiting>(Waiting{std::move(request), std::move(reply), std::move(outcome)});
  service_.journal.append(std::move(bytes), [this, waiting](const Result<uint64_t>& done) {
    const auto exchange = std::static_pointer_cast<Exchange>(waiting->request.context);
    if (!done) {
      const bool nothing = done.error().code == Code::resource_exhausted;
      Problem problem(503, "The rows cannot be kept now: " + done.error().text() +
                               (nothing ? " Nothing of this request was stored."
                                        : " Whether they were is not known: repeat the request with the same ids or key."));
      problem.headers.set("Retry-After", "5");
      return waiting->reply(finish(waiting->request, *exchange, problem));
    }
    if (waiting->outcome.recorded) waiting->outcome.recorded();
    waiting->reply(finish(waiting->request, *exchange, std::move(waiting->outcome.response)));
  });
}

http::Response Api::finish(const http::Request& request, const Exchange& exchange, const Problem& problem) {
  return finish(request, exchange,
                render(problem, form_for(path_of(request.target)), path_of(request.target), exchange.request_id));
}

http::Response Api::finish(const http::Request& request, const Exchange& exchange, http::Response response) {
  protect(response, request, options_.origins, exchange.request_id);
  if (compressible(response) && http::accepts(request.headers.get("Accept-Encoding"), "gzip")) {
    response.body = http::gzip(response.body);
    response.headers.set("Content-Encoding", "gzip");
    response.headers.set("Vary", "Accept-Encoding, Origin");
  }
  const auto taken = std::chrono::steady_clock::now() - request.received;
  const double seconds =
      request.received == std::chrono::steady_clock::time_point{} ? 0 : std::chrono::duration<double>(taken).count();
  service_.metrics.request(place_of(exchange.route), response.status, seconds);
  note(request, exchange, response.status, seconds);
  return response;
}

/// The access log: failures of ours always, the rest on request.
void Api::note(const http::Request& request, const Exchange& exchange, int status, double seconds) const {
  LogEntry entry{status >= 500 ? LogLevel::warning : LogLevel::debug, "request", {}};
  if (entry.level < service_.log_level) return;
  entry.fields.reserve(7);
  entry.fields.emplace_back("request_id", exchange.request_id);
  entry.fields.emplace_back(
      "method", request.method == http::Method::other ? printable(request.method_text) : http::name(request.method));
  entry.fields.emplace_back("path", printable(path_of(request.target)));
  entry.fields.emplace_back("status", std::to_string(status));
  entry.fields.emplace_back("seconds", short_number(seconds));
  entry.fields.emplace_back("address", request.address);
  entry.fields.emplace_back("key", exchange.principal.key_id);
  service_.log(entry);
}

http::Response Api::refuse(const http::Request& head, int status, std::string_view detail) {
  Exchange exchange;
  if (const auto known = std::static_pointer_cast<Exchange>(head.context)) exchange = *known;
  else exchange.request_id = request_id_of(head);
  std::string sentence(detail);
  if (!sentence.empty()) sentence.front() = static_cast<char>(std::toupper(sentence.front()));
  Problem problem(status, sentence + ".");
  if (status == 503) problem.headers.set("Retry-After", "1");
  http::Response response = finish(head, exchange, problem);
  response.close = true;
  return response;
}

}  // namespace leeway::server
