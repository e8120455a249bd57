// The journal with its threads, on the simulated and on the real disk.

#include "journal/journal.h"

#include <filesystem>
#include <thread>

#include "journal/simulated_disk.h"

namespace leeway {
namespace {

using namespace std::chrono_literals;

const AppliedPosition nothing_applied = [](const std::string&) -> Result<uint64_t> { return 0; };

std::unique_ptr<Journal> open_on(SimulatedDisk& disk, JournalOptions options = {}, uint64_t applied = 0) {
  options.seed += 1;
  auto journal = Journal::open(disk.files(), options, [=](const std::string&) -> Result<uint64_t> { return applied; });
  if (!journal) ADD_FAILURE() << journal.error().text();
  return journal ? *std::move(journal) : nullptr;
}

std::vector<std::string> payloads(const std::vector<JournalRecord>& records) {
  std::vector<std::string> out;
  for (const auto& record : records) out.push_back(record.payload);
  return out;
}

std::vector<JournalRecord> read_all(const Journal& journal, uint64_t after = 0) {
  return journal.after(after).next(1 << 20).value_or(std::vector<JournalRecord>{});
}

TEST(Journal, GivesBackWhatWasAppendedInOrder) {
  SimulatedDisk disk;
  const auto journal = open_on(disk, {.segment_bytes = 200});
  std::vector<std::string> sent;
  auto cursor = journal->after(0);
  for (int i = 1; i <= 40; ++i) {
    sent.push_back(fmt::format("record {}", i));
    EXPECT_EQ(journal->append(sent.back()).value(), static_cast<uint64_t>(i));
    if (i != 7) continue;
    EXPECT_EQ(payloads(cursor.next(1 << 20).value()), sent) << "a cursor follows a growing segment";
  }
  EXPECT_EQ(payloads(cursor.next(1 << 20).value()), (std::vector(sent.begin() + 7, sent.end())));
  EXPECT_TRUE(cursor.next(1 << 20).value().empty());
  EXPECT_EQ(journal->after(30).next(1).value().front().sequence, 31u);
  EXPECT_GT(disk.contents().size(), 5u);
}

TEST(Journal, ManyThreadsShareSyncs) {
  SimulatedDisk disk;
  const auto journal = open_on(disk, {.segment_bytes = 10'000});
  std::vector<std::thread> threads;
  std::atomic<int> acknowledged = 0;
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 200; ++i) acknowledged += journal->append(fmt::format("{}/{}", t, i)).has_value();
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(acknowledged, 1600);
  std::map<std::string, std::vector<int>> by_thread;
  for (const auto& record : read_all(*journal)) {
    const auto slash = record.payload.find('/');
    by_thread[record.payload.substr(0, slash)].push_back(std::stoi(record.payload.substr(slash + 1)));
  }
  ASSERT_EQ(by_thread.size(), 8u);
  for (const auto& [thread, numbers] : by_thread) {
    EXPECT_EQ(numbers.size(), 200u);
    EXPECT_TRUE(std::is_sorted(numbers.begin(), numbers.end()));
  }
}

TEST(Journal, SurvivesPowerLossWithManyWriters) {
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    SimulatedDisk disk;
    std::mutex mutex;
    std::map<uint64_t, std::string> acknowledged;
    {
      const auto journal = open_on(disk, {.segment_bytes = 2000});
      for (int i = 0; i < 300; ++i) {
        auto payload = fmt::format("row {} of seed {}", i, seed);
        journal->append(payload, [&, payload](Result<uint64_t> sequence) {
          const std::lock_guard lock(mutex);
          if (sequence) acknowledged[*sequence] = payload;
        });
      }
      journal->wait_beyond(seed * 10, 10s);
    }
    disk.crash(seed);
    const auto journal = open_on(disk);
    ASSERT_TRUE(journal);
    std::map<uint64_t, std::string> found;
    for (const auto& record : read_all(*journal)) found[record.sequence] = record.payload;
    for (const auto& [sequence, payload] : acknowledged) EXPECT_EQ(found[sequence], payload);
    EXPECT_GE(acknowledged.size(), seed * 10);
  }
}

TEST(Journal, RefusesBeyondItsBoundAndHealsWhenTheStoreCatchesUp) {
  SimulatedDisk disk;
  const auto journal = open_on(disk, {.segment_bytes = 1000, .max_bytes = 4000});
  uint64_t last = 0;
  Result<uint64_t> result = 0;
  while ((result = journal->append(std::string(100, 'x')))) last = *result;
  EXPECT_EQ(result.error().code, Code::resource_exhausted);
  EXPECT_FALSE(journal->state().failure);
  ASSERT_TRUE(journal->release(last));
  EXPECT_EQ(journal->append("again").value(), last + 1);
  EXPECT_LT(journal->state().bytes, 2000u);
}

TEST(Journal, KeepsTheReserveFree) {
  SimulatedDisk disk;
  const auto journal = open_on(disk, {.reserve = 0.15});
  disk.set_space({.free = 149'000, .total = 1'000'000});
  EXPECT_EQ(journal->append("x").error().code, Code::resource_exhausted);
  disk.set_space({.free = 160'000, .total = 1'000'000});
  EXPECT_EQ(journal->append("x").value(), 1u);
}

TEST(Journal, TheFirstFailedSyncIsForGood) {
  SimulatedDisk disk;
  const auto journal = open_on(disk);
  ASSERT_TRUE(journal->append("kept"));
  disk.fail_at(DiskCall::sync, 1, Code::unavailable);
  EXPECT_EQ(journal->append("unknown").error().code, Code::unavailable);
  EXPECT_EQ(journal->append("after").error().code, Code::unavailable);
  EXPECT_FALSE(journal->close());
  EXPECT_EQ(disk.syncs_after_failure(), 0);
  ASSERT_TRUE(journal->state().failure);
  EXPECT_EQ(info(journal->state().failure->code).exit_code, 4);
}

TEST(Journal, RefusesWhatIsTooLong) {
  SimulatedDisk disk;
  const auto journal = open_on(disk);
  EXPECT_EQ(journal->append(std::string(max_record_bytes + 1, 'x')).error().code, Code::invalid_argument);
  EXPECT_EQ(journal->append(std::string()).value(), 1u);
}

TEST(Journal, ClosesOnceAndKnowsItAfterwards) {
  SimulatedDisk disk;
  {
    const auto journal = open_on(disk);
    EXPECT_TRUE(journal->recovery().clean);
    ASSERT_TRUE(journal->append("a"));
    ASSERT_TRUE(journal->close());
    ASSERT_TRUE(journal->close());
    EXPECT_EQ(journal->append("b").error().code, Code::cancelled);
    EXPECT_EQ(payloads(read_all(*journal)), std::vector<std::string>{"a"});
  }
  {
    const auto journal = open_on(disk);
    EXPECT_TRUE(journal->recovery().clean);
    EXPECT_EQ(journal->recovery().records, 1u);
    EXPECT_EQ(journal->append("c").value(), 2u);
  }
  const auto journal = open_on(disk, {}, 1);
  EXPECT_FALSE(journal->recovery().clean);
  EXPECT_EQ(journal->recovery().records, 1u);
  EXPECT_EQ(payloads(read_all(*journal, 1)), std::vector<std::string>{"c"});
}

TEST(Journal, AnOlderCopyIsRefused) {
  SimulatedDisk disk;
  { ASSERT_TRUE(open_on(disk)->append("a")); }
  const auto journal = Journal::open(disk.files(), {}, [](const std::string&) -> Result<uint64_t> { return 2; });
  ASSERT_FALSE(journal);
  EXPECT_EQ(journal.error().code, Code::failed_precondition);
}

TEST(Journal, AStoreThatItWasNotEmptiedIntoIsRefused) {
  SimulatedDisk disk;
  {
    const auto journal = open_on(disk, {.segment_bytes = 100});
    for (int i = 0; i < 10; ++i) ASSERT_TRUE(journal->append("some record"));
    ASSERT_TRUE(journal->release(5));
  }
  const auto journal = Journal::open(disk.files(), {}, nothing_applied);
  ASSERT_FALSE(journal);
  EXPECT_EQ(journal.error().code, Code::failed_precondition);
  EXPECT_TRUE(open_on(disk, {}, 5));
}

TEST(Journal, AMissingSegmentIsNamed) {
  SimulatedDisk disk;
  {
    const auto journal = open_on(disk, {.segment_bytes = 100});
    for (int i = 0; i < 10; ++i) ASSERT_TRUE(journal->append("some record"));
  }
  const auto names = disk.contents();
  ASSERT_GT(names.size(), 3u);
  ASSERT_TRUE(disk.files()->remove(std::next(names.begin(), 1)->first));
  const auto journal = Journal::open(disk.files(), {}, nothing_applied);
  ASSERT_FALSE(journal);
  EXPECT_EQ(journal.error().code, Code::invalid_data);
  EXPECT_NE(journal.error().text().find("are missing"), std::string::npos);
}

TEST(Journal, WaitingEndsInTime) {
  SimulatedDisk disk;
  const auto journal = open_on(disk);
  EXPECT_FALSE(journal->wait_beyond(0, 1ms));
  ASSERT_TRUE(journal->append("a"));
  EXPECT_TRUE(journal->wait_beyond(0, 10s));
}

/// Whatever the size of the batches and wherever the store stops and starts again, each record is applied once.
RC_GTEST_PROP(Journal, ReplayIsIdempotent, (const std::vector<std::string>& sent, uint64_t seed)) {
  Random random(seed);
  SimulatedDisk disk;
  std::vector<std::string> store;
  uint64_t position = 0;
  size_t next = 0;
  while (position < sent.size()) {
    const auto journal = Journal::open(disk.files(), {.segment_bytes = 100 + random.below(200), .seed = next},
                                       [&](const std::string&) -> Result<uint64_t> { return position; });
    RC_ASSERT(journal.has_value());
    for (const size_t end = std::min<size_t>(sent.size(), next + random.below(20)); next < end; ++next)
      RC_ASSERT((*journal)->append(sent[next]).has_value());
    auto cursor = (*journal)->after(position);
    for (uint64_t batches = random.below(4); batches > 0; --batches) {
      const auto batch = cursor.next(random.below(40));
      RC_ASSERT(batch.has_value());
      if (batch->empty() || random.chance(0.25)) break;   // killed before the commit
      for (const auto& record : *batch) store.push_back(record.payload);
      position = batch->back().sequence;
      if (random.chance(0.5)) RC_ASSERT((*journal)->release(position).has_value());
    }
  }
  RC_ASSERT(store == sent);
}

class RealDisk : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = ::testing::TempDir() + "journal.XXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    path = name;
  }
  void TearDown() override { std::filesystem::remove_all(path); }
  std::string path;
};

TEST_F(RealDisk, KeepsRecords) {
  {
    auto files = open_directory(path + "/deep/journal");
    ASSERT_TRUE(files) << files.error().text();
    auto journal = Journal::open(*std::move(files), {.segment_bytes = 1000, .reserve = 0}, nothing_applied);
    ASSERT_TRUE(journal) << journal.error().text();
    for (int i = 0; i < 50; ++i) ASSERT_TRUE((*journal)->append(std::string(100, static_cast<char>('a' + i % 26))));
    ASSERT_TRUE((*journal)->release(20));
    ASSERT_TRUE((*journal)->close());
  }
  auto journal = Journal::open(*open_directory(path + "/deep/journal"), {.segment_bytes = 1000, .reserve = 0},
                               [](const std::string&) -> Result<uint64_t> { return 20; });
  ASSERT_TRUE(journal) << journal.error().text();
  EXPECT_TRUE((*journal)->recovery().clean);
  const auto records = read_all(**journal, 20);
  ASSERT_EQ(records.size(), 30u);
  EXPECT_EQ(records.back().payload, std::string(100, 'a' + 49 % 26));
}

TEST_F(RealDisk, IsHeldByOneProcess) {
  const auto first = open_directory(path);
  ASSERT_TRUE(first);
  const auto second = open_directory(path);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Code::failed_precondition);
}

TEST_F(RealDisk, SaysWhatIsWrong) {
  std::filesystem::permissions(path, std::filesystem::perms::none);
  const auto files = open_directory("/proc/no/such/place");
  ASSERT_FALSE(files);
  EXPECT_FALSE(files.error().message.empty());
  std::filesystem::permissions(path, std::filesystem::perms::owner_all);
  const auto good = open_directory(path);
  ASSERT_TRUE(good);
  EXPECT_EQ((*good)->open("missing").error().code, Code::not_found);
}

}  // namespace
}  // namespace leeway
