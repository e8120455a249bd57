// The bytes of a journal: pinned, and every one of them under a checksum.

#include "journal/record.h"

#include "journal/crash_world.h"
#include "journal/segment_reader.h"

namespace leeway {
namespace {

const AppliedPosition nothing_applied = [](const std::string&) -> Result<uint64_t> { return 0; };

/// A journal of a few segments, closed; its files by name.
void closed_journal(SimulatedDisk& disk) {
  auto log = SegmentLog::open(disk.files(), {.segment_bytes = 250, .seed = 11}, nothing_applied);
  ASSERT_TRUE(log);
  for (int i = 0; i < 4; ++i) {
    const std::vector<std::string> batch = {fmt::format("first of batch {}", i), std::string(50, 'r'), ""};
    ASSERT_TRUE(log->append(batch));
  }
  ASSERT_TRUE(log->close());
}

TEST(JournalFlips, EveryByteOfAClosedJournalIsGuarded) {
  SimulatedDisk disk;
  closed_journal(disk);
  const auto files = disk.contents();
  ASSERT_GE(files.size(), 2u);
  const auto& [newest, newest_bytes] = *files.rbegin();
  int flipped = 0;
  for (const auto& [name, bytes] : files) {
    for (size_t at = 0; at < bytes.size(); ++at) {
      std::string broken = bytes;
      broken[at] = static_cast<char>(broken[at] ^ (1 << at % 8));
      disk.replace(name, broken);
      const auto log = SegmentLog::open(disk.files(), {.seed = 12}, nothing_applied);
      const bool closing_record = name == newest && at >= bytes.size() - record_header_bytes;
      if (closing_record) {
        ASSERT_TRUE(log);
        EXPECT_FALSE(log->recovery().clean);
        EXPECT_EQ(log->recovery().cut_bytes, record_header_bytes);
        EXPECT_EQ(log->recovery().cut_offset, bytes.size() - record_header_bytes);
        EXPECT_EQ(log->last(), 12u);
      } else {
        ASSERT_FALSE(log) << name << " at " << at;
        EXPECT_EQ(log.error().code, Code::invalid_data);
        EXPECT_EQ(log.error().file, "disk/" + name);
        if (at >= segment_header_bytes) {
          const auto said = log.error().message.find("at byte ");
          ASSERT_NE(said, std::string::npos) << log.error().message;
          EXPECT_LE(std::stoul(log.error().message.substr(said + 8)), at);
        }
        EXPECT_EQ(disk.contents().at(name), broken) << "a damaged journal was changed";
      }
      disk.replace(name, bytes);
      ++flipped;
    }
  }
  EXPECT_GT(flipped, 600);
}

TEST(JournalFlips, ACutThatAClosingRecordDoesNotCoverIsNoCleanStart) {
  SimulatedDisk disk;
  closed_journal(disk);
  const auto [name, bytes] = *disk.contents().rbegin();
  for (size_t size = segment_header_bytes; size < bytes.size(); ++size) {
    disk.replace(name, bytes.substr(0, size));
    const auto log = SegmentLog::open(disk.files(), {.seed = 12}, nothing_applied);
    ASSERT_TRUE(log) << size;
    EXPECT_FALSE(log->recovery().clean);
    disk.replace(name, bytes);
  }
}

TEST(JournalTail, AWholeRecordBehindATornOneOfTheSameGroupIsCut) {
  SimulatedDisk disk;
  {
    auto log = SegmentLog::open(disk.files(), {.seed = 5}, nothing_applied);
    ASSERT_TRUE(log->append(std::vector<std::string>{"kept"}));
    ASSERT_TRUE(log->append(std::vector<std::string>{"torn", "whole", "whole"}));
  }
  auto [name, bytes] = *disk.contents().rbegin();
  bytes[segment_header_bytes + framed_bytes(4) + record_header_bytes] ^= 1;
  disk.replace(name, bytes);
  const auto log = SegmentLog::open(disk.files(), {.seed = 6}, nothing_applied);
  ASSERT_TRUE(log);
  EXPECT_EQ(log->last(), 1u);
  EXPECT_EQ(log->recovery().cut_bytes, 3 * framed_bytes(5));
}

/// A client cannot make its bytes pass for a record: a payload made of whole records of the same segment vouches for
/// nothing, because a record's checksum holds at its own place only.
TEST(JournalTail, APayloadThatLooksLikeARecordVouchesForNothing) {
  SimulatedDisk disk;
  {
    auto log = SegmentLog::open(disk.files(), {.seed = 5}, nothing_applied);
    ASSERT_TRUE(log->append(std::vector<std::string>{"a"}));
    const std::string so_far = disk.contents().rbegin()->second;
    std::string forged = so_far.substr(segment_header_bytes);
    encode_record({.sequence = 9, .durable_up_to = 8}, "x", so_far.size() + record_header_bytes + forged.size(), 0,
                  forged);
    ASSERT_TRUE(log->append(std::vector<std::string>{forged}));
  }
  auto [name, bytes] = *disk.contents().rbegin();
  bytes[segment_header_bytes + framed_bytes(1)] ^= 1;
  disk.replace(name, bytes);
  const auto log = SegmentLog::open(disk.files(), {.seed = 6}, nothing_applied);
  ASSERT_TRUE(log) << log.error().text();
  EXPECT_EQ(log->last(), 1u);
}

}  // namespace
}  // namespace leeway
