#include "cli/options.h"

#include <CLI/CLI.hpp>
#include <gtest/gtest.h>

namespace leeway::cli {
namespace {

TEST(SourceOptions, TheCommandLineAddsToTheMonitorFile) {
  CLI::App app;
  SourceOptions options;
  options.add(app);
  app.parse("--missing ? --missing none --delimiter ; --table scores --sql 'SELECT 1'");
  MonitorConfig config;
  config.missing_values = {"n/a"};
  const SourceSpec spec = options.spec("data/*.csv", config, 3);
  EXPECT_EQ(spec.paths, (std::vector<std::string>{"data/*.csv"}));
  EXPECT_EQ(spec.missing_values, (std::vector<std::string>{"n/a", "?", "none"}));
  EXPECT_EQ(spec.delimiter, ";");
  EXPECT_EQ(spec.table, "scores");
  EXPECT_EQ(spec.sql, "SELECT 1");
  EXPECT_EQ(spec.threads, 3);
}

TEST(ConfigOptions, ARepeatedSettingTakesOneValueEach) {
  CLI::App app;
  ConfigOptions options;
  std::string rest;
  options.add(app);
  app.add_option("rest", rest);
  app.parse("--set leeway.drift=0.2 --set task=binary reference.csv");
  EXPECT_EQ(options.set, (std::vector<std::string>{"leeway.drift=0.2", "task=binary"}));
  EXPECT_EQ(rest, "reference.csv");   // and not a second setting
  EXPECT_DOUBLE_EQ(options.read()->leeway.drift, 0.2);
  options.set = {"leeway.drift=far"};
  EXPECT_FALSE(options.read());
}

}  // namespace
}  // namespace leeway::cli
