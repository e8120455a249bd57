#pragma once
// Answers that say what is wrong: problem documents (RFC 9457), or what another protocol wants in their place.

#include <expected>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "server/http/message.h"

namespace leeway::server {

/// One thing wrong in a body: where (JSON pointer), which kind, why.
struct Fault {
  std::string pointer;
  std::string code;
  std::string detail;
};

/// A failure as a client will see it. Converts from Error, so that LEEWAY_TRY works in handlers; a defect of Leeway
/// then says no more than that it is one.
struct Problem {
  Problem(int code, std::string sentence) : status(code), detail(std::move(sentence)) {}
  Problem(const Error& error);  // NOLINT: implicit on purpose

  int status;
  std::string detail;      ///< Sentences, with the remedy. Never values of rows, never a secret.
  std::string type = {};   ///< "schema-mismatch"; empty: about:blank.
  std::string title = {};  ///< Of the type; empty: the status' own phrase.
  std::vector<Fault> faults = {};
  http::Headers headers = {};  ///< To add to the answer: Allow, Retry-After, WWW-Authenticate.
};

/// What a handler gives: an answer that is sent at once or, if there is a record, once the journal has it on the disk.
struct Outcome {
  Outcome(http::Response answer) : response(std::move(answer)) {}  // NOLINT: implicit on purpose
  http::Response response;
  std::string record = {};
  std::function<void()> recorded = {};  ///< Called then, before the answer is sent; must not wait.
};
using Answer = std::expected<Outcome, Problem>;

inline std::unexpected<Problem> refuse(int status, std::string detail) {
  return std::unexpected(Problem(status, std::move(detail)));
}
/// 503 with Retry-After.
std::unexpected<Problem> busy(std::string detail, int retry_after_seconds = 1);

enum class ProblemForm : uint8_t {
  problem,         ///< application/problem+json
  open_inference,  ///< {"error": "…"}
  mlflow,          ///< {"error_code": "…", "message": "…"}
};

/// The document. `path` is where it happened. At most 100 faults are listed; then "errors_truncated".
http::Response render(const Problem& problem, ProblemForm form, std::string_view path, std::string_view request_id);

/// 200 with a JSON text.
http::Response json_response(std::string text, int status = 200);

}  // namespace leeway::server
