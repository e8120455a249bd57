#include "store/open.h"

#include "store/duckdb/driver.h"
#include "store/postgres/driver.h"
#include "store/schema.h"
#include "store/sql_store.h"

namespace leeway::store {
namespace {

bool is_postgres(const std::string& address) {
  return address.starts_with("postgresql://") || address.starts_with("postgres://");
}

}  // namespace

std::string shown_address(const std::string& address) {
  if (!is_postgres(address)) return address;
  const size_t host = address.find("//") + 2;
  // Passwords stand before the last '@' of the authority, or among the parameters, which are left out whole.
  const size_t end = std::min(address.find_first_of("?#", host), address.size());
  const size_t at = address.rfind('@', end);
  std::string shown = address.substr(0, host);
  if (at != std::string::npos && at >= host) {
    const std::string user = address.substr(host, at - host);
    shown += user.substr(0, user.find(':')) + "@";
  }
  const size_t begin = at != std::string::npos && at >= host ? at + 1 : host;
  return shown + address.substr(begin, end - begin);
}

Result<std::unique_ptr<Store>> open_store(const StoreOptions& options) {
  if (options.address.empty())
    return fail(Code::invalid_argument, "the store has no address", "Give a file or a postgresql:// address.");
  LEEWAY_TRY(auto driver, is_postgres(options.address) ? open_postgres(options) : open_duckdb(options));
  LEEWAY_CHECK(migrate(*driver));
  return std::make_unique<SqlStore>(std::move(driver));
}

}  // namespace leeway::store
