#pragma once
// The embedded store: one DuckDB file, owned by this process.

#include <memory>

#include "base/result.h"
#include "store/open.h"
#include "store/session.h"

namespace leeway::store {

/// Opens or makes the file at `options.address`, with outside access, extensions and further settings locked off. One
/// writer at a time; readers do not wait for it. Errors: as open_store.
Result<std::unique_ptr<Driver>> open_duckdb(const StoreOptions& options);

}  // namespace leeway::store
