#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "cli/command.h"
#include "cli/progress.h"

namespace leeway::cli {
namespace {

namespace fs = std::filesystem;

std::string content(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// A folder and a terminal that writes into it.
struct Output : ::testing::Test {
  fs::path folder = fs::temp_directory_path() / fmt::format("leeway-cli-{}", ::getpid());
  Terminal terminal;

  void SetUp() override {
    fs::create_directories(folder);
    terminal.out = std::fopen((folder / "out").c_str(), "wb");
    terminal.err = std::fopen((folder / "err").c_str(), "wb");
  }
  void TearDown() override {
    std::fclose(terminal.out);
    std::fclose(terminal.err);
    fs::remove_all(folder);
  }
  std::string written(const char* name, std::FILE* stream) const {
    std::fflush(stream);
    return content(folder / name);
  }
};

TEST_F(Output, AFileIsReplacedWholeAndNothingElseIsLeft) {
  const fs::path path = folder / "report.json";
  std::ofstream(path) << "old and much longer than the new one";
  ASSERT_TRUE(write_output(path, "new", terminal).has_value());
  EXPECT_EQ(content(path), "new");
  ASSERT_TRUE(write_output("-", "shown", terminal).has_value());
  EXPECT_EQ(written("out", terminal.out), "shown");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder), {}), 3);   // out, err and the report
}

TEST_F(Output, WhatCannotBeWrittenIsRefusedAndTheOldFileStays) {
  const fs::path taken = folder / "taken";
  fs::create_directories(taken / "inside");
  EXPECT_FALSE(write_output(taken, "x", terminal).has_value());
  EXPECT_TRUE(fs::is_directory(taken));
  const auto refused = write_output(folder / "no" / "report.json", "x", terminal);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, Code::invalid_argument);
}

TEST_F(Output, ProgressIsSilentUnlessWorkOnATerminalTakesLong) {
  for (const bool on_terminal : {false, true}) {
    terminal.err_is_terminal = on_terminal;
    Progress progress(terminal, false);
    for (int i = 0; i < 100; ++i) progress.update(i / 100.0, "reading");
  }
  EXPECT_EQ(written("err", terminal.err), "");
}

}  // namespace
}  // namespace leeway::cli
