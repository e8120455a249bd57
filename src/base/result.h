#pragma once
// Expected failures are values. A function that can fail for a reason outside the program returns Result<T>; an
// assert is for our own mistakes. Exceptions stop at the edge of the third-party library that threw them.

#include <expected>
#include <source_location>
#include <string>
#include <string_view>
#include <utility>

namespace leeway {

/// Why an operation failed, by what the caller can do about it. The values are stable; add at the end.
enum class Code {
  invalid_argument = 1,   ///< Wrong use or configuration: the caller must change the request.
  not_found = 2,          ///< The named file, column, model or method does not exist.
  invalid_data = 3,       ///< The input exists but cannot be read as what it should be.
  failed_precondition = 4,///< The request is right, but not in this state (e.g. profiles of different references).
  resource_exhausted = 5, ///< Out of memory, disk or a stated limit.
  unavailable = 6,        ///< Network or store; trying again may help.
  cancelled = 7,          ///< Interrupted by the user.
  internal = 8,           ///< A defect of Leeway.
};

/// How a Code appears on each surface; the one table from which the command line, HTTP and Python derive.
struct CodeInfo {
  Code code;
  std::string_view name;              ///< "invalid_argument"
  int exit_code;                      ///< process exit status
  int http_status;
  std::string_view python_exception;
};
const CodeInfo& info(Code code);

/// A failure: what happened in one sentence, where, and what to do about it.
struct Error {
  Code code = Code::internal;
  std::string message;   ///< One sentence without a final stop; never a stack trace, never row values.
  std::string file;      ///< The user's file, empty if none.
  int line = 0;          ///< From 1; 0 if unknown.
  int column = 0;        ///< From 1; 0 if unknown.
  std::string remedy;    ///< What to do, as a sentence; may be empty.

  /// "data.csv:3:7: message. Remedy." Control bytes from names are escaped, so it is safe to print.
  std::string text() const;
};

template <class T>
using Result = std::expected<T, Error>;
using Status = Result<void>;

/// Makes the failure value: `return fail(Code::not_found, "no column 'x'", "Columns are: a, b.");`
inline std::unexpected<Error> fail(Code code, std::string message, std::string remedy = {}) {
  return std::unexpected(Error{code, std::move(message), {}, 0, 0, std::move(remedy)});
}
inline std::unexpected<Error> fail(Error error) { return std::unexpected(std::move(error)); }

}  // namespace leeway

/// Unwraps a Result into `name` or returns its error: LEEWAY_TRY(auto table, open(path));
#define LEEWAY_TRY_CONCAT2(a, b) a##b
#define LEEWAY_TRY_CONCAT(a, b) LEEWAY_TRY_CONCAT2(a, b)
#define LEEWAY_TRY(declaration, expression) LEEWAY_TRY_IMPL(declaration, expression, LEEWAY_TRY_CONCAT(result_, __COUNTER__))
#define LEEWAY_TRY_IMPL(declaration, expression, temporary)        \
  auto temporary = (expression);                                   \
  if (!temporary) return std::unexpected(std::move(temporary).error()); \
  declaration = *std::move(temporary)

/// Returns the error of a Status, if it has one.
#define LEEWAY_CHECK(expression)                                                      \
  if (auto status_ = (expression); !status_) return std::unexpected(std::move(status_).error())
