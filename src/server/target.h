#pragma once
// The target of a request, decoded exactly once.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace leeway::server {

/// The parameters after '?'. Names are distinct.
class Query {
 public:
  /// Decodes once; '+' is a blank. Errors, all invalid_argument: not UTF-8, a control byte, a repeated name, a broken
  /// escape, more than 50 parameters.
  static Result<Query> parse(std::string_view text);
  std::optional<std::string_view> get(std::string_view name) const;
  /// Fails on the first name that is not among `known`, naming the nearest.
  Status only(std::initializer_list<std::string_view> known) const;
  /// A whole number between `least` and `most`, or `standard` if it was not given.
  Result<int64_t> integer(std::string_view name, int64_t standard, int64_t least, int64_t most) const;
  /// RFC 3339, as nanoseconds; a time without a zone is refused.
  Result<std::optional<int64_t>> time(std::string_view name) const;

 private:
  std::vector<std::pair<std::string, std::string>> parameters_;
};

struct Target {
  std::vector<std::string> segments;   ///< "/api/v1/models/" is {"api", "v1", "models", ""}; "/" is {""}.
  std::string_view query;              ///< Undecoded, without the '?'; a part of the text parsed.
};

/// Splits and decodes a path. Errors, all invalid_argument: a broken escape, not UTF-8, and, after decoding, '%', ';',
/// '\', '/', a control byte, "." or ".." in a segment.
Result<Target> parse_target(std::string_view target);

/// RFC 3339 with a zone → nanoseconds. `what` names the value in the message.
Result<int64_t> parse_zoned_time(std::string_view text, std::string_view what);

}  // namespace leeway::server
