#include "base/write_file.h"

#include <filesystem>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace leeway {
namespace {

namespace fs = std::filesystem;

class WriteFile : public ::testing::Test {
 protected:
  WriteFile() : folder_(fs::temp_directory_path() / fmt::format("leeway_write_file_{}", ::getpid())) {
    fs::create_directories(folder_);
  }
  ~WriteFile() override { fs::remove_all(folder_); }
  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  fs::path folder_;
};

TEST_F(WriteFile, ReplacesWholeAndLeavesNothingBeside) {
  ASSERT_TRUE(write_file(path("a"), "one"));
  ASSERT_TRUE(write_file(path("a"), std::string("two\0three", 9)));
  EXPECT_EQ(*read_file(path("a")), std::string("two\0three", 9));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 1);
}

TEST_F(WriteFile, FailuresKeepWhatWasThere) {
  const auto missing = write_file(path("no/such/a"), "x");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, Code::invalid_argument);
  fs::create_directory(folder_ / "taken");
  ASSERT_TRUE(write_file(path("taken/inside"), "x"));
  EXPECT_FALSE(write_file(path("taken"), "x"));   // a folder of that name
  EXPECT_TRUE(fs::exists(path("taken/inside")));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 1);
}

TEST_F(WriteFile, AFolderIsPublishedOnce) {
  for (const char* name : {"first", "second"}) {
    fs::create_directory(folder_ / name);
    ASSERT_TRUE(write_file(path(std::string(name) + "/a"), name));
  }
  ASSERT_TRUE(publish_folder(path("first"), path("final")));
  const auto again = publish_folder(path("second"), path("final"));
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Code::failed_precondition);
  EXPECT_EQ(*read_file(path("final/a")), "first");
}

TEST_F(WriteFile, LinesAreAppended) {
  ASSERT_TRUE(append_line(path("log"), "one"));
  ASSERT_TRUE(append_line(path("log"), "two"));
  EXPECT_EQ(*read_file(path("log")), "one\ntwo\n");
}

TEST_F(WriteFile, ReadingSaysWhatIsWrong) {
  EXPECT_EQ(read_file(path("none")).error().code, Code::not_found);
  EXPECT_EQ(read_file(folder_.string()).error().message, "is a folder, not a file");
  ASSERT_TRUE(write_file(path("big"), std::string(100, 'x')));
  EXPECT_EQ(read_file(path("big"), 99).error().code, Code::invalid_data);
}

TEST_F(WriteFile, APipeIsWrittenToAndStaysAPipe) {
  const std::string pipe = path("pipe");
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  const int reader = open(pipe.c_str(), O_RDONLY | O_NONBLOCK);
  ASSERT_TRUE(write_file(pipe, "abc"));
  char got[4]{};
  EXPECT_EQ(read(reader, got, 3), 3);
  EXPECT_STREQ(got, "abc");
  close(reader);
  EXPECT_TRUE(fs::is_fifo(pipe));
}

}  // namespace
}  // namespace leeway
