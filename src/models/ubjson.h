#pragma once
// Universal Binary JSON, draft 12 (ubjson.org), as XGBoost writes it.

#include <string_view>

#include "models/document.h"

namespace leeway::models {

/// Whether these bytes begin as UBJSON's objects do and JSON's do not.
bool looks_like_ubjson(std::string_view bytes);

/// One value and nothing behind it. Errors: invalid_data with the byte where reading stopped. Memory stays within a
/// small multiple of the bytes, whatever counts they claim.
Result<Document> read_ubjson(std::string_view bytes);

}  // namespace leeway::models
