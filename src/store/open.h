#pragma once
// A store by its address.

#include <memory>
#include <string>

#include "base/result.h"
#include "store/store.h"

namespace leeway::store {

struct StoreOptions {
  /// "postgresql://…" or "postgres://…" for PostgreSQL 15 or later; else the path of a DuckDB file, made if missing.
  std::string address;
  int connections = 4;                 ///< PostgreSQL: at most so many at a time. DuckDB: readers.
  int threads = 2;                     ///< DuckDB: of one query.
  std::string memory_limit = "1GB";    ///< DuckDB.
};

/// Opens, and makes or migrates the schema. Errors: unavailable (cannot be reached, held by another process);
/// failed_precondition (a newer release wrote it, or PostgreSQL runs with fsync off); invalid_argument (the address);
/// invalid_data (not a database). Secrets in the address stand in no message.
Result<std::unique_ptr<Store>> open_store(const StoreOptions& options);

/// "postgresql://user@host/name" with the password left out, or the path: for messages.
std::string shown_address(const std::string& address);

}  // namespace leeway::store
