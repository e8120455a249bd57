#include "server/problem.h"

#include "base/json_writer.h"

namespace leeway::server {
namespace {

constexpr size_t faults_listed = 100;
constexpr std::string_view documentation = "https://leeway.invalid/problems/";

std::string sentences(const Error& error) {
  Error plain = error;
  plain.file.clear();   // a path of the server's is no business of the client's
  return plain.text();
}

std::string problem_document(const Problem& problem, std::string_view path, std::string_view request_id) {
  JsonWriter w;
  w.begin_object();
  w.member("type", problem.type.empty() ? std::string("about:blank") : std::string(documentation) + problem.type);
  w.member("title", problem.title.empty() ? http::reason_phrase(problem.status) : std::string_view(problem.title));
  w.member("status", problem.status);
  w.member("detail", problem.detail);
  if (!path.empty()) w.member("instance", std::string(path) + "#" + std::string(request_id));
  w.member("request_id", request_id);
  if (!problem.faults.empty()) {
    w.key("errors");
    w.begin_array();
    for (size_t i = 0; i < std::min(problem.faults.size(), faults_listed); ++i) {
      w.begin_object();
      w.member("pointer", problem.faults[i].pointer);
      w.member("code", problem.faults[i].code);
      w.member("detail", problem.faults[i].detail);
      w.end_object();
    }
    w.end_array();
    if (problem.faults.size() > faults_listed) w.member("errors_truncated", true);
  }
  w.end_object();
  return w.take();
}

std::string_view mlflow_code(int status) {
  if (status == 404) return "RESOURCE_DOES_NOT_EXIST";
  if (status == 503) return "TEMPORARILY_UNAVAILABLE";
  return status < 500 ? "BAD_REQUEST" : "INTERNAL_ERROR";
}

}  // namespace

Problem::Problem(const Error& error) : status(info(error.code).http_status), detail(sentences(error)) {
  if (error.code == Code::internal) detail = "This is a defect of Leeway. The log has more under this request's id.";
  if (status == 503) headers.set("Retry-After", "1");
}

std::unexpected<Problem> busy(std::string detail, int retry_after_seconds) {
  Problem problem(503, std::move(detail));
  problem.headers.set("Retry-After", std::to_string(retry_after_seconds));
  return std::unexpected(std::move(problem));
}

http::Response render(const Problem& problem, ProblemForm form, std::string_view path, std::string_view request_id) {
  http::Response response;
  response.status = problem.status;
  response.headers = problem.headers;
  if (form == ProblemForm::problem) {
    response.headers.set("Content-Type", "application/problem+json");
    response.body = problem_document(problem, path, request_id);
    return response;
  }
  JsonWriter w;
  w.begin_object();
  if (form == ProblemForm::open_inference) {
    w.member("error", problem.detail);
  } else {
    w.member("error_code", mlflow_code(problem.status));
    w.member("message", problem.detail);
  }
  w.end_object();
  response.headers.set("Content-Type", "application/json");
  response.body = w.take();
  return response;
}

http::Response json_response(std::string text, int status) {
  http::Response response;
  response.status = status;
  response.headers.add("Content-Type", "application/json");
  response.body = std::move(text);
  return response;
}

}  // namespace leeway::server
