// A disk that is full, and then is not: nothing acknowledged is lost, reads go on, and no restart is needed.

#include <filesystem>
#include <fstream>

#include <sys/mount.h>

#include "journal/journal.h"
#include "store/store_fixture.h"

namespace leeway::store {
namespace {

/// A disk of 64 MB in memory, where the machine lets us make one.
class SmallDisk : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = ::testing::TempDir() + "small.XXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    path = name;
    mounted_ = ::mount("tmpfs", path.c_str(), "tmpfs", 0, "size=64m") == 0;
    if (!mounted_) GTEST_SKIP() << "mounting a small disk is not allowed here";
  }
  void TearDown() override {
    if (mounted_) ::umount2(path.c_str(), MNT_DETACH);
    std::filesystem::remove_all(path);
  }
  void fill() {
    std::ofstream filler(path + "/filler");
    const std::string piece(1 << 16, 'x');
    while (filler.write(piece.data(), static_cast<std::streamsize>(piece.size())).flush()) {}
  }
  void free_some() { std::filesystem::remove(path + "/filler"); }
  std::string path;

 private:
  bool mounted_ = false;
};

TEST_F(SmallDisk, TheEmbeddedStoreComesBackByItself) {
  const auto opened = open_store({.address = path + "/leeway.db"});
  ASSERT_TRUE(opened) << opened.error().text();
  Store& store = **opened;
  const RowQuery everything{.model = "credit", .from = 0, .to = 1'000'000 * hour, .order = RowOrder::any};
  uint64_t position = 0;
  const auto next = [&] { return batch(position, position + 1, {some_rows(fmt::format("b{}-", position), 2000)}); };
  for (; position < 3; ++position) ASSERT_TRUE(store.apply(next()));
  fill();
  Result<Applied> refused;
  while ((refused = store.apply(next()))) ++position;
  EXPECT_EQ(refused.error().code, Code::resource_exhausted) << refused.error().text();
  const auto during = store.rows(everything);
  ASSERT_TRUE(during) << during.error().text();
  EXPECT_EQ(during->rows(), position * 2000);
  free_some();
  Result<Applied> healed = store.apply(next());
  for (int tries = 0; !healed && tries < 5; ++tries) healed = store.apply(next());
  ASSERT_TRUE(healed) << healed.error().text();
  EXPECT_EQ(store.position("j").value(), position + 1);
  const auto rows = store.rows(everything);
  ASSERT_TRUE(rows) << rows.error().text();
  EXPECT_EQ(rows->rows(), (position + 1) * 2000);
}

TEST_F(SmallDisk, TheJournalRefusesBelowItsReserveAndHeals) {
  const auto nothing_applied = [](const std::string&) -> Result<uint64_t> { return 0; };
  auto journal = Journal::open(*open_directory(path + "/journal"), {.reserve = 0.25}, nothing_applied);
  ASSERT_TRUE(journal) << journal.error().text();
  uint64_t acknowledged = 0;
  Result<uint64_t> result = 0;
  while ((result = (*journal)->append(std::string(100'000, 'x')))) acknowledged = *result;
  EXPECT_EQ(result.error().code, Code::resource_exhausted);
  EXPECT_GE(std::filesystem::space(path).available, uint64_t{16} << 20)
      << "the reserve is free for the rest of the product";
  EXPECT_FALSE((*journal)->state().failure);
  journal->reset();
  // The reserve switched off, the disk itself says no: nothing half written stays, and space heals it.
  journal = Journal::open(*open_directory(path + "/journal"), {.reserve = 0}, nothing_applied);
  ASSERT_TRUE(journal);
  fill();
  EXPECT_EQ((*journal)->append(std::string(100'000, 'y')).error().code, Code::resource_exhausted);
  EXPECT_FALSE((*journal)->state().failure);
  free_some();
  EXPECT_EQ((*journal)->append(std::string(100'000, 'z')).value(), acknowledged + 1);
  EXPECT_EQ((*journal)->after(acknowledged).next(1)->front().payload, std::string(100'000, 'z'));
}

}  // namespace
}  // namespace leeway::store
