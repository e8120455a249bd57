#pragma once
// gzip, whole messages at a time.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace leeway::http {

/// `text` as one gzip member, without name or time, so that equal texts give equal bytes.
std::string gzip(std::string_view text, int level = 1);

/// The contents of one or more gzip members, with 64 bytes of capacity to spare. Errors: invalid_data (not gzip,
/// damaged, cut short), resource_exhausted (more than `limit` bytes come out; at most that much is ever held).
Result<std::string> gunzip(std::string_view bytes, uint64_t limit);

}  // namespace leeway::http
