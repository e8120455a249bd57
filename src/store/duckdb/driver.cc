#include "store/duckdb/driver.h"

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <utility>
#include <vector>

#include "store/duckdb/session.h"

namespace leeway::store {
namespace {

constexpr Dialect dialect_of_duckdb = {.max_columns = 20'000};

class DuckDriver final : public Driver {
 public:
  explicit DuckDriver(StoreOptions options) : options_(std::move(options)) {}

  const Dialect& dialect() const override { return dialect_of_duckdb; }

  Result<std::shared_ptr<Session>> reader() override { return checked_out(false); }

  Result<std::shared_ptr<Session>> writer() override {
    {
      std::unique_lock lock(mutex_);
      writer_left_.wait(lock, [this] { return !writing_; });
      writing_ = true;
    }
    auto session = checked_out(true);
    if (!session) leave();
    return session;
  }

  Status open();

 private:
  Result<std::shared_ptr<Session>> checked_out(bool writer);
  void give_back(DuckSession* session, bool writer);
  void leave() {
    const std::lock_guard lock(mutex_);
    writing_ = false;
    writer_left_.notify_one();
  }

  const StoreOptions options_;
  std::mutex mutex_;
  std::condition_variable writer_left_;
  bool writing_ = false;
  std::shared_ptr<DuckInstance> instance_;
  std::vector<std::unique_ptr<DuckSession>> idle_;
};

Status run_on(duck::Connection& connection, const std::string& sql) {
  if (auto done = connection.run(sql); !done) return fail(duck_error(done.error().text));
  return {};
}

/// Requires mutex_, or that no other thread knows the driver yet.
Status DuckDriver::open() {
  const std::filesystem::path path(options_.address);
  std::error_code ignored;
  if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path(), ignored);
  auto database = duck::Database::open({.path = options_.address,
                                        .threads = options_.threads,
                                        .memory_limit = options_.memory_limit,
                                        .temporary_directory = options_.address + ".tmp"});
  if (!database) {
    Error error = duck_error(database.error().text);
    error.file = options_.address;
    return fail(std::move(error));
  }
  auto connection = database->connect();
  if (!connection) return fail(duck_error(connection.error().text));
  // What is found in the write-ahead log is written again and synced: after a failed sync the system may take it for
  // written, and the journal goes by what is read here.
  for (const char* statement : {"CHECKPOINT", "SET enable_external_access=false", "SET lock_configuration=true"})
    LEEWAY_CHECK(run_on(*connection, statement));
  instance_ = std::make_shared<DuckInstance>(*std::move(database));
  return {};
}

Result<std::shared_ptr<Session>> DuckDriver::checked_out(bool writer) {
  const std::lock_guard lock(mutex_);
  if (instance_ && instance_->invalid) {
    idle_.clear();
    // Opened twice at a time in one process, the file would have two owners.
    if (instance_.use_count() > 1)
      return fail(Code::unavailable, "the store is being opened again", "Try again in a moment.");
    instance_.reset();
  }
  if (!instance_) LEEWAY_CHECK(open());
  if (idle_.empty()) {
    auto connection = instance_->database.connect();
    if (!connection) return fail(duck_error(connection.error().text));
    idle_.push_back(std::make_unique<DuckSession>(instance_, *std::move(connection)));
  }
  DuckSession* session = idle_.back().release();
  idle_.pop_back();
  return std::shared_ptr<Session>(session,
                                  [this, writer](Session* s) { give_back(static_cast<DuckSession*>(s), writer); });
}

void DuckDriver::give_back(DuckSession* session, bool writer) {
  std::unique_ptr<DuckSession> owner(session);
  {
    const std::lock_guard lock(mutex_);
    if (instance_.get() == &owner->instance() && !owner->instance().invalid) idle_.push_back(std::move(owner));
    else owner.reset();
  }
  if (writer) leave();
}

}  // namespace

Result<std::unique_ptr<Driver>> open_duckdb(const StoreOptions& options) {
  auto driver = std::make_unique<DuckDriver>(options);
  LEEWAY_CHECK(driver->open());
  return driver;
}

}  // namespace leeway::store
