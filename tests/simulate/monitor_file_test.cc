#include "simulate/monitor_file.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "config/monitor_config.h"
#include "simulate/made.h"

namespace leeway::simulate {
namespace {

MonitorConfig read_back(const std::string& text) {
  std::string directory = (std::filesystem::temp_directory_path() / "leeway-test-XXXXXX").string();
  EXPECT_NE(mkdtemp(directory.data()), nullptr);
  std::ofstream(directory + "/monitor.yaml") << text;
  auto config = read_config({.file = directory + "/monitor.yaml"});
  std::filesystem::remove_all(directory);
  EXPECT_TRUE(config) << config.error().text();
  return config ? *config : MonitorConfig();
}

/// The file is what the reader of monitor files takes, and it names columns that the table has.
TEST(MonitorFile, NamesTheRolesOfEveryTable) {
  for (const auto* table : tables()) {
    SCOPED_TRACE(table->name);
    const auto config = read_back(monitor_yaml(*table, true));
    const auto made = make(request_for(table->name, 10));
    const ColumnRoles& roles = config.columns;
    EXPECT_EQ(config.task, table->task);
    std::vector<std::string> named = {roles.id, roles.time, roles.label.column,
                                      roles.score.empty() ? roles.prediction : roles.score};
    for (const auto* list : {&roles.groups, &roles.cyclic, &roles.ignore})
      named.insert(named.end(), list->begin(), list->end());
    for (const auto& name : named)
      EXPECT_TRUE(name.empty() || made.schema.find(name)) << name;
    EXPECT_EQ(roles.id, table->id);
    EXPECT_EQ(roles.time, table->time);
    EXPECT_EQ(roles.groups.empty(), std::ranges::none_of(table->features, &Feature::group));
  }
}

TEST(MonitorFile, Credit) {
  const auto config = read_back(monitor_yaml(*find_table("credit"), true));
  EXPECT_EQ(config.columns.score, "probability");
  EXPECT_EQ(config.columns.label.positive, "1");
  EXPECT_EQ(config.columns.label.matures_after, 90 * day);
  EXPECT_EQ(config.columns.groups, (std::vector<std::string>{"sex", "age_band", "region"}));
  EXPECT_EQ(read_back(monitor_yaml(*find_table("demand"), true)).columns.prediction, "forecast");
  EXPECT_EQ(read_back(monitor_yaml(*find_table("credit"), false)).columns.score, "");
}

}  // namespace
}  // namespace leeway::simulate
