#pragma once
// The store in SQL, over any driver.

#include <memory>

#include "store/session.h"
#include "store/store.h"

namespace leeway::store {

/// Requires tables that are migrated (schema.h).
std::unique_ptr<Store> make_sql_store(std::unique_ptr<Driver> driver);

}  // namespace leeway::store
