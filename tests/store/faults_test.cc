// What a store must survive: a kill in the middle of a batch, a commit whose answer is lost, a database that restarts,
// refuses to write or does not keep its promises, several servers at a time.

#include <atomic>
#include <csignal>
#include <fstream>
#include <thread>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/duckdb/driver.h"
#include "store/postgres/driver.h"
#include "store/schema.h"
#include "store/sql_store.h"
#include "store/store_fixture.h"

namespace leeway::store {
namespace {

using Faults = OnBothStores;

constexpr size_t rows_a_batch = 40;

RowQuery everything() { return {.model = "credit", .from = 0, .to = 1'000'000 * hour, .order = RowOrder::any}; }

ApplyBatch numbered(uint64_t position) {
  const std::string prefix = fmt::format("b{}-", position);
  return batch(position - 1, position, {some_rows(prefix, rows_a_batch)}, {some_outcomes(prefix, 5, 1, 9 * hour)});
}

/// The child of the next test: applies batch after batch and says so, until it is killed.
TEST(StoreChild, AppliesUntilItIsKilled) {
  const char* address = std::getenv("LEEWAY_TEST_STORE");
  if (!address) GTEST_SKIP() << "runs as a child of Faults.AKill only";
  const auto store = open_store({.address = address});
  ASSERT_TRUE(store) << store.error().text();
  const char* bound = std::getenv("LEEWAY_TEST_BATCHES");
  const uint64_t end = bound ? std::strtoull(bound, nullptr, 10) : UINT64_MAX;
  for (uint64_t position = (*store)->position("j").value() + 1; position <= end; ++position) {
    Result<Applied> applied = (*store)->apply(numbered(position));
    for (int tries = 0; !applied && tries < 5; ++tries) applied = (*store)->apply(numbered(position));
    ASSERT_TRUE(applied) << applied.error().text();
    ASSERT_EQ(::write(STDERR_FILENO, &position, sizeof position), static_cast<ssize_t>(sizeof position));
  }
}

class Child {
 public:
  explicit Child(const std::string& address, std::vector<std::string> variables = {}) {
    int ends[2];
    if (::pipe(ends) != 0) return;
    // Everything that allocates comes before the fork.
    variables.push_back("LEEWAY_TEST_STORE=" + address);
    std::vector<char*> environment;
    for (char** entry = environ; *entry; ++entry) environment.push_back(*entry);
    for (auto& variable : variables) environment.push_back(variable.data());
    environment.push_back(nullptr);
    char name[] = "test_store", filter[] = "--gtest_filter=StoreChild.*";
    char* arguments[] = {name, filter, nullptr};
    pid_ = ::fork();
    if (pid_ == 0) {
      ::dup2(ends[1], STDERR_FILENO);
      const int null = ::open("/dev/null", O_WRONLY);
      ::dup2(null, STDOUT_FILENO);
      ::execve("/proc/self/exe", arguments, environment.data());
      ::_exit(127);
    }
    ::close(ends[1]);
    said_ = ends[0];
  }
  /// The next position it has applied; 0 when it is gone.
  uint64_t next() const {
    uint64_t position = 0;
    return ::read(said_, &position, sizeof position) == sizeof position ? position : 0;
  }
  /// Kills it and returns the last position it spoke of.
  uint64_t kill() {
    ::kill(pid_, SIGKILL);
    return wait();
  }
  /// Waits until it ends, and returns the same.
  uint64_t wait() {
    uint64_t last = 0;
    for (uint64_t position; (position = next()) != 0;) last = position;
    ::waitpid(pid_, nullptr, 0);
    for (uint64_t position; (position = next()) != 0;) last = position;
    ::close(said_);
    return last;
  }

 private:
  pid_t pid_ = -1;
  int said_ = -1;
};

TEST_P(Faults, AKillLosesNothingAndLeavesNothingHalf) {
  uint64_t position = 0;
  for (int round = 0; round < 4; ++round) {
    store.reset();
    Child child(options.address);
    uint64_t acknowledged = 0;
    for (int i = 0; i <= round * 3; ++i) acknowledged = std::max(acknowledged, child.next());
    acknowledged = std::max(acknowledged, child.kill());
    ASSERT_GT(acknowledged, position) << "the child did not get going";
    reopen();
    position = store->position("j").value();
    EXPECT_GE(position, acknowledged);
    EXPECT_LE(position, acknowledged + 1);
    const auto rows = store->rows(everything());
    ASSERT_TRUE(rows) << rows.error().text();
    EXPECT_EQ(rows->rows(), position * rows_a_batch);
    EXPECT_EQ(rows->labels.size() - rows->labels.null_count(), position * 5);
    EXPECT_TRUE(store->apply(numbered(position))->before);
  }
}

/// Hands on everything; a COMMIT is done, or not, and its answer is lost.
class CutSession final : public Session {
 public:
  enum class Cut { none, before_commit, after_commit };
  CutSession(std::shared_ptr<Session> inner, std::atomic<Cut>& cut) : inner_(std::move(inner)), cut_(cut) {}
  Result<int64_t> run(const std::string& sql, std::span<const Value> values) override {
    if (sql != "COMMIT" || cut_ == Cut::none) return inner_->run(sql, values);
    const Cut cut = cut_.exchange(Cut::none);
    if (cut == Cut::after_commit && !inner_->run(sql, values)) ADD_FAILURE() << "the commit itself failed";
    return fail(Code::unavailable, "the connection broke");
  }
  Result<Answer> query(const std::string& sql, std::span<const Value> values) override {
    return inner_->query(sql, values);
  }
  Status append(const std::string& table, std::span<const Column> columns) override {
    return inner_->append(table, columns);
  }

 private:
  std::shared_ptr<Session> inner_;
  std::atomic<Cut>& cut_;
};

class CutDriver final : public Driver {
 public:
  CutDriver(std::unique_ptr<Driver> inner, std::atomic<CutSession::Cut>& cut) : inner_(std::move(inner)), cut_(cut) {}
  const Dialect& dialect() const override { return inner_->dialect(); }
  Result<std::shared_ptr<Session>> reader() override { return inner_->reader(); }
  Result<std::shared_ptr<Session>> writer() override {
    LEEWAY_TRY(auto session, inner_->writer());
    return std::make_shared<CutSession>(std::move(session), cut_);
  }

 private:
  std::unique_ptr<Driver> inner_;
  std::atomic<CutSession::Cut>& cut_;
};

TEST_P(Faults, ACommitWhoseAnswerIsLostCountsOnce) {
  store.reset();
  std::atomic<CutSession::Cut> cut = CutSession::Cut::none;
  auto driver = GetParam() == std::string("duckdb") ? open_duckdb(options) : open_postgres(options);
  ASSERT_TRUE(driver);
  const auto cut_store = std::make_unique<SqlStore>(std::make_unique<CutDriver>(*std::move(driver), cut));
  for (const auto when : {CutSession::Cut::after_commit, CutSession::Cut::before_commit}) {
    const uint64_t position = cut_store->position("j").value() + 1;
    cut = when;
    EXPECT_EQ(cut_store->apply(numbered(position)).error().code, Code::unavailable);
    const auto again = cut_store->apply(numbered(position));
    ASSERT_TRUE(again) << again.error().text();
    EXPECT_EQ(again->before, when == CutSession::Cut::after_commit);
  }
  EXPECT_EQ(cut_store->position("j").value(), 2u);
  EXPECT_EQ(cut_store->rows(everything())->rows(), 2 * rows_a_batch);
}

TEST_P(Faults, ReadersSeeWholeBatchesWhileOneWrites) {
  ASSERT_TRUE(store->apply(numbered(1)));
  std::atomic<bool> written = false;
  std::thread writer([&] {
    for (uint64_t position = 2; position <= 30; ++position) EXPECT_TRUE(store->apply(numbered(position)));
    written = true;
  });
  size_t before = 0;
  do {
    const auto rows = store->rows(everything());
    if (!rows) {
      ADD_FAILURE() << rows.error().text();
      break;
    }
    EXPECT_EQ(rows->rows() % rows_a_batch, 0u);
    EXPECT_GE(rows->rows(), before);
    before = rows->rows();
  } while (!written);
  writer.join();
  EXPECT_EQ(store->rows(everything())->rows(), 30 * rows_a_batch);
}

TEST_P(Faults, AStoreOfANewerReleaseIsRefused) {
  store.reset();
  {
    auto driver = GetParam() == std::string("duckdb") ? open_duckdb(options) : open_postgres(options);
    ASSERT_TRUE((*driver)->writer().value()->run("UPDATE meta SET number = 1000 WHERE name = 'schema'"));
  }
  const auto opened = open_store(options);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Code::failed_precondition);
}

INSTANTIATE_TEST_SUITE_P(Both, Faults, ::testing::Values("duckdb", "postgres"),
                         [](const auto& of) { return std::string(of.param); });

TEST(DuckStore, IsOwnedByOneProcessAndNamesWhatIsWrong) {
  std::string name = ::testing::TempDir() + "store.XXXXXX";
  ASSERT_NE(::mkdtemp(name.data()), nullptr);
  const std::string path = name + "/leeway.db";
  Child child(path);
  ASSERT_GT(child.next(), 0u);
  const auto second = open_store({.address = path});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Code::unavailable);
  EXPECT_EQ(second.error().file, path);
  child.kill();
  { std::ofstream(name + "/text.db") << std::string(8192, 'x'); }
  EXPECT_EQ(open_store({.address = name + "/text.db"}).error().code, Code::invalid_data);
  std::filesystem::remove_all(name);
}

/// The n-th system call on the store's files fails, for some n (LEEWAY_THOROUGH=1: every n): what was said to be
/// applied is there, and all of it.
TEST(DuckStore, LosesNothingWhenItsDiskFails) {
  std::string name = ::testing::TempDir() + "store.XXXXXX";
  ASSERT_NE(::mkdtemp(name.data()), nullptr);
  int failures = 0;
  for (const std::string call : {"fsync", "fdatasync", "pwrite", "write", "ftruncate"})
    for (int n = 1; n < 100; n += std::getenv("LEEWAY_THOROUGH") ? 1 : 2 + n) {
      SCOPED_TRACE(fmt::format("{} number {}", call, n));
      const std::string path = fmt::format("{}/{}-{}.db", name, call, n), mark = path + ".mark";
      Child child(path, {"LD_PRELOAD=" LEEWAY_FAILING_IO, "LEEWAY_TEST_BATCHES=6", "FAIL_CALL=" + call,
                         fmt::format("FAIL_AT={}", n), "FAIL_FILE=.db", "FAIL_MARK=" + mark});
      const uint64_t acknowledged = child.wait();
      const bool reached = std::filesystem::exists(mark);
      failures += reached;
      const auto store = open_store({.address = path});
      if (!store && acknowledged == 0) continue;   // it failed while the file was made
      ASSERT_TRUE(store) << store.error().text();
      const uint64_t position = (*store)->position("j").value();
      EXPECT_GE(position, acknowledged);
      EXPECT_EQ(position == 0 ? 0 : (*store)->rows(everything())->rows(), position * rows_a_batch);
      if (!reached) {
        EXPECT_EQ(acknowledged, 6u);
        break;
      }
    }
  EXPECT_GT(failures, 5) << "the failures do not reach the store";
  std::filesystem::remove_all(name);
}

TEST(DuckStore, ReachesNothingOutsideItsFile) {
  std::string name = ::testing::TempDir() + "store.XXXXXX";
  ASSERT_NE(::mkdtemp(name.data()), nullptr);
  const auto driver = open_duckdb({.address = name + "/leeway.db"});
  ASSERT_TRUE(driver);
  const auto session = (*driver)->reader().value();
  for (const char* sql : {"SELECT * FROM read_csv('/etc/passwd')", "COPY (SELECT 1) TO '/tmp/leeway_out.csv'",
                          "ATTACH '/tmp/leeway_other.db'", "INSTALL httpfs", "LOAD httpfs",
                          "SET enable_external_access=true", "SET threads=1"})
    EXPECT_FALSE(session->run(sql)) << sql;
  std::filesystem::remove_all(name);
}

class OnPostgres : public OnBothStores {};

TEST_P(OnPostgres, HealsAfterTheServerRestarts) {
  ASSERT_TRUE(store->apply(numbered(1)));
  ASSERT_TRUE(store->rows(everything()));
  ASSERT_TRUE(PrivateCluster::shared()->restart_at_once());
  EXPECT_EQ(store->apply(numbered(2)).error().code, Code::unavailable) << "the connection of before is gone";
  const auto applied = store->apply(numbered(2));
  ASSERT_TRUE(applied) << applied.error().text();
  EXPECT_EQ(store->rows(everything())->rows(), 2 * rows_a_batch);
}

TEST_P(OnPostgres, IsUnavailableWhileTheServerIsAway) {
  ASSERT_TRUE(PrivateCluster::shared()->stop());
  EXPECT_EQ(store->apply(numbered(1)).error().code, Code::unavailable);
  EXPECT_EQ(store->ping().error().code, Code::unavailable);
  const auto opened = open_store(options);
  EXPECT_EQ(opened.error().code, Code::unavailable);
  ASSERT_TRUE(PrivateCluster::shared()->start());
  EXPECT_TRUE(store->apply(numbered(1)));
}

TEST_P(OnPostgres, ReadsGoOnWhileItIsReadOnly) {
  ASSERT_TRUE(store->apply(numbered(1)));
  const std::string database = options.address.substr(0, options.address.find('?'))
                                   .substr(options.address.rfind('/', options.address.find('?')) + 1);
  ASSERT_TRUE(
      PrivateCluster::shared()->sql(fmt::format("ALTER DATABASE {} SET default_transaction_read_only = on", database)));
  ASSERT_TRUE(PrivateCluster::shared()->restart_at_once());
  (void)store->ping();
  EXPECT_EQ(store->apply(numbered(2)).error().code, Code::unavailable);
  EXPECT_EQ(store->rows(everything())->rows(), rows_a_batch);
}

TEST_P(OnPostgres, RefusesToStartOnAServerThatDoesNotSync) {
  auto* cluster = PrivateCluster::shared();
  ASSERT_TRUE(cluster->sql("ALTER SYSTEM SET fsync = off") && cluster->restart_at_once());
  EXPECT_EQ(open_store(options).error().code, Code::failed_precondition);
  ASSERT_TRUE(cluster->sql("ALTER SYSTEM RESET fsync") && cluster->restart_at_once());
  EXPECT_TRUE(open_store(options));
}

TEST_P(OnPostgres, SeveralServersShareIt) {
  constexpr int servers = 4;
  constexpr uint64_t batches = 6;
  std::atomic<int64_t> rows = 0, duplicates = 0;
  std::vector<std::thread> threads;
  for (int server = 0; server < servers; ++server)
    threads.emplace_back([&, server] {
      const auto own = open_store(options);
      ASSERT_TRUE(own) << own.error().text();
      for (uint64_t position = 1; position <= batches; ++position) {
        // All send the same rows, each from its own journal, with a column of its own.
        auto one = numbered(position);
        one.journal = fmt::format("journal {}", server);
        one.rows[0].columns.push_back(
            Column::of_reals(fmt::format("x{}", server), std::vector<double>(rows_a_batch, 1)));
        Result<Applied> applied = (*own)->apply(one);
        for (int tries = 0; !applied && applied.error().code == Code::unavailable && tries < 50; ++tries)
          applied = (*own)->apply(one);
        ASSERT_TRUE(applied) << applied.error().text();
        rows += applied->rows;
        duplicates += applied->duplicates;
      }
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(rows, static_cast<int64_t>(batches * rows_a_batch));
  EXPECT_EQ(rows + duplicates, static_cast<int64_t>(servers * batches * rows_a_batch));
  EXPECT_EQ(store->rows(everything())->rows(), batches * rows_a_batch);
  EXPECT_EQ(store->columns("credit")->size(), 3u + servers);
}

TEST_P(OnPostgres, WideRowsAreCutAtItsLimitAndCounted) {
  RowBlock block{.model = "wide", .version = "1", .ids = {"a"}, .times = {1}};
  for (int i = 0; i < 1000; ++i) block.columns.push_back(Column::of_reals(fmt::format("x{}", i), {0.1 * i}));
  const auto applied = store->apply(batch(0, 1, {block}));
  ASSERT_TRUE(applied) << applied.error().text();
  EXPECT_EQ(applied->columns_left_out, 100);
  EXPECT_EQ(store->rows({.model = "wide", .from = 0, .to = 10})->columns.size(), 900u);
}

INSTANTIATE_TEST_SUITE_P(One, OnPostgres, ::testing::Values("postgres"),
                         [](const auto& of) { return std::string(of.param); });

}  // namespace
}  // namespace leeway::store
