#pragma once
// The shared store: a PostgreSQL database, for several server processes.

#include <memory>

#include "base/result.h"
#include "store/open.h"
#include "store/session.h"

namespace leeway::store {

/// Connects, and keeps the tables in a schema of their own ("leeway"). Every connection commits synchronously. A broken
/// connection fails its call and takes the idle ones with it, so that the next call connects anew. Errors: as
/// open_store.
Result<std::unique_ptr<Driver>> open_postgres(const StoreOptions& options);

}  // namespace leeway::store
