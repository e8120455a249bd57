#include "base/result.h"

#include <array>

#include "base/text.h"

namespace leeway {
namespace {

constexpr std::array<CodeInfo, 8> codes = {{
    {Code::invalid_argument, "invalid_argument", 2, 400, "ValueError"},
    {Code::not_found, "not_found", 2, 404, "FileNotFoundError"},
    {Code::invalid_data, "invalid_data", 2, 422, "leeway.DataError"},
    {Code::failed_precondition, "failed_precondition", 2, 409, "leeway.StateError"},
    {Code::resource_exhausted, "resource_exhausted", 4, 503, "MemoryError"},
    {Code::unavailable, "unavailable", 4, 503, "ConnectionError"},
    {Code::cancelled, "cancelled", 130, 499, "KeyboardInterrupt"},
    {Code::internal, "internal", 5, 500, "leeway.InternalError"},
}};

}  // namespace

const CodeInfo& info(Code code) { return codes[static_cast<size_t>(code) - 1]; }

std::string Error::text() const {
  std::string out;
  if (!file.empty()) {
    out += printable(file);
    if (line > 0) out += ':' + std::to_string(line);
    if (line > 0 && column > 0) out += ':' + std::to_string(column);
    out += ": ";
  }
  out += printable(message);
  if (!out.empty() && out.back() != '.' && out.back() != '?') out += '.';
  if (!remedy.empty()) out += ' ' + printable(remedy);
  return out;
}

}  // namespace leeway
