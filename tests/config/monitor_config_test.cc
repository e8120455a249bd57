#include "config/monitor_config.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "base/text.h"
#include "config/units.h"
#include "config/yaml_reader.h"

namespace leeway {
namespace {

class MonitorConfigTest : public testing::Test {
 protected:
  MonitorConfigTest() {
    std::string path = (std::filesystem::temp_directory_path() / "leeway-test-XXXXXX").string();
    directory_ = mkdtemp(path.data());
  }
  ~MonitorConfigTest() override { std::filesystem::remove_all(directory_); }

  std::string write(std::string_view text) const {
    std::ofstream(directory_ / "monitor.yaml") << text;
    return (directory_ / "monitor.yaml").string();
  }
  MonitorConfig read(std::string_view text) const {
    auto config = read_config({.file = write(text), .environment = {}, .set = {}});
    EXPECT_TRUE(config) << config.error().text();
    return config ? *std::move(config) : MonitorConfig();
  }
  // The error without the directory.
  std::string failure(std::string_view text) const {
    const auto config = read_config({.file = write(text), .environment = {}, .set = {}});
    if (config) return "read";
    std::string message = config.error().text();
    if (const auto at = message.find(directory_.string()); at != std::string::npos)
      message.erase(at, directory_.string().size() + 1);
    return message;
  }

  std::filesystem::path directory_;
};

std::string flag_failure(const std::string& assignment) {
  const auto config = read_config({.file = {}, .environment = {}, .set = {assignment}});
  return config ? "read" : config.error().text();
}

TEST_F(MonitorConfigTest, TheFileOfTheDesign) {
  const auto config = read(R"(# yaml-language-server: $schema=monitor.schema.json
model: credit-scoring
task: binary
columns:
  id: client_id
  time: scored_at
  score: probability
  threshold: 0.3282
  label: {column: default, positive: 1, matures_after: 90d}
  groups: [sex, age_band]
reference: data/reference.parquet
window: 1d
leeway:
  drift: 0.10            # PSI-equivalent, one scale for all methods
  roc_auc: {min: 0.70}
  fairness: {impact_ratio: 0.8}
false_alarms: 1 per year
cost: {false_negative: 10, false_positive: 1}
)");
  EXPECT_EQ(config.model, "credit-scoring");
  EXPECT_EQ(config.task, Task::binary);
  EXPECT_EQ(config.columns.id, "client_id");
  EXPECT_EQ(config.columns.threshold, 0.3282);
  EXPECT_EQ(config.columns.label.column, "default");
  EXPECT_EQ(config.columns.label.positive, "1");
  EXPECT_EQ(config.columns.label.matures_after, 90 * 86400 * int64_t{1'000'000'000});
  EXPECT_EQ(config.columns.groups, (std::vector<std::string>{"sex", "age_band"}));
  EXPECT_EQ(config.reference, std::vector<std::string>{(directory_ / "data/reference.parquet").string()});
  EXPECT_EQ(config.window, 86400 * int64_t{1'000'000'000});
  EXPECT_EQ(config.leeway.drift, 0.10);
  EXPECT_EQ(config.leeway.metrics.at("roc_auc").min, 0.70);
  EXPECT_EQ(config.leeway.fairness.at("impact_ratio"), 0.8);
  EXPECT_EQ(config.false_alarms_per_year, 1);
  EXPECT_EQ(config.cost.false_negative, 10);
}

TEST_F(MonitorConfigTest, EveryOtherKey) {
  const auto config = read(R"(
task: multiclass
columns:
  scores: {A: p_a, B: p_b}
  label: grade
  segments: region
  weight: w
  ignore: [note]
  cyclic: [hour]
  categorical: [zip, 2024]
leeway:
  columns: {income: 0.2, emp.var.rate: 0.3}
  quality: {missing: 0.05}
  log_loss: {change: 0.01, max: 1}
missing_values: ["?", no]
methods:
  numeric: [ks, w1]
  columns: {income: psi}
policy: psi-0.25
seed: 017
)");
  EXPECT_EQ(config.columns.scores, (std::vector<std::pair<std::string, std::string>>{{"A", "p_a"}, {"B", "p_b"}}));
  EXPECT_EQ(config.columns.label.column, "grade");
  EXPECT_EQ(config.columns.segments, std::vector<std::string>{"region"});
  EXPECT_EQ(config.columns.categorical, (std::vector<std::string>{"zip", "2024"}));
  EXPECT_EQ(config.leeway.columns.at("emp.var.rate"), 0.3);
  EXPECT_EQ(config.leeway.metrics.at("log_loss").change, 0.01);
  EXPECT_EQ(config.missing_values, (std::vector<std::string>{"?", "no"})) << "'no' is text in YAML 1.2";
  EXPECT_EQ(config.methods.types.at("numeric"), (std::vector<std::string>{"ks", "w1"}));
  EXPECT_EQ(config.methods.columns.at("income"), std::vector<std::string>{"psi"});
  EXPECT_EQ(config.seed, 17u);
  EXPECT_EQ(read("").leeway, LeewayConfig()) << "an empty file sets nothing";
}

TEST_F(MonitorConfigTest, MistakesAreNamedWithTheirPlace) {
  EXPECT_EQ(failure("model: m\ncolums:\n  id: x\n"), "monitor.yaml:2:1: unknown key 'colums'. Did you mean 'columns'?");
  EXPECT_EQ(failure("columns:\n  scor: p\n"), "monitor.yaml:2:3: unknown key 'columns.scor'. Did you mean 'score'?");
  EXPECT_EQ(failure("columns:\n  id: a\n  id: b\n"), "monitor.yaml:3:3: 'id' stands here twice, first in line 2. Keep one of the two.");
  EXPECT_EQ(failure("task: binry\n"),
            "monitor.yaml:1:7: 'task' must be binary, multiclass, regression or none. Did you mean 'binary'?");
  EXPECT_EQ(failure("leeway:\n  drift: much\n"), "monitor.yaml:2:10: 'leeway.drift' must be a number, not 'much'.");
  EXPECT_EQ(failure("leeway:\n  drift: 0\n"), "monitor.yaml:2:10: 'leeway.drift' must be above 0.");
  EXPECT_EQ(failure("leeway:\n  drfit: 0.1\n"),
            "monitor.yaml:2:3: unknown key 'leeway.drfit'. Did you mean 'drift'?");
  EXPECT_EQ(failure("leeway:\n  roc_auc: {mni: 0.7}\n"), "monitor.yaml:2:13: unknown key 'leeway.roc_auc.mni'. Known here: min, max and change.");
  EXPECT_EQ(failure("window: 1 day\n"),
            "monitor.yaml:1:9: 'window' must be a span of time. Write a whole number and s, m, h, d or w: 12h, 1d, 2w.");
  EXPECT_EQ(failure("false_alarms: often\n"),
            "monitor.yaml:1:15: 'false_alarms' must be a rate. Write for example '1 per year' or '2 per month'.");
  EXPECT_EQ(failure("columns: [a]\n").substr(0, 57), "monitor.yaml:1:1: 'columns' must be a group of keys: id, ");
  EXPECT_EQ(failure("columns: {id: {x: 1}}\n"), "monitor.yaml:1:15: 'columns.id' must be a value, not a group of keys. Write 'id: VALUE'.");
  EXPECT_EQ(failure("columns: {threshold: .nan}\n"), "monitor.yaml:1:22: 'columns.threshold' must be a finite number.");
  EXPECT_EQ(failure("seed: -1\n"), "monitor.yaml:1:7: 'seed' must be 0 or more.");
  EXPECT_EQ(failure("- a\n"), "monitor.yaml:1:1: a monitor file is a group of keys. Begin with 'model: NAME'.");
  EXPECT_EQ(failure("model: [a\n").substr(0, 13), "monitor.yaml:");
}

TEST_F(MonitorConfigTest, AMissingFile) {
  const auto config = read_config({.file = (directory_ / "none.yaml").string(), .environment = {}, .set = {}});
  ASSERT_FALSE(config);
  EXPECT_EQ(config.error().code, Code::not_found);
  EXPECT_EQ(read_config({.file = directory_.string(), .environment = {}, .set = {}}).error().code, Code::not_found);
}

TEST_F(MonitorConfigTest, FlagsGoBeforeEnvironmentBeforeFile) {
  const std::string file = write("leeway: {drift: 0.1, roc_auc: {min: 0.6, max: 0.9}}\ncolumns: {score: a, id: i}\nseed: 3\n");
  const auto config = read_config({.file = file,
                                   .environment = {{"LEEWAY_LEEWAY__DRIFT", "0.2"},
                                                   {"LEEWAY_COLUMNS__SCORE", "b"},
                                                   {"LEEWAY_COLUMNS__GROUPS", "[sex, race]"},
                                                   {"LEEWAY_TOKEN_FILE", "x"},
                                                   {"HOME", "/"}},
                                   .set = {"columns.score=c", "leeway.roc_auc.min=0.7", "leeway.columns.emp.var.rate=0.4",
                                           "seed=~", "columns.label.positive=>50K"}});
  ASSERT_TRUE(config) << config.error().text();
  EXPECT_EQ(config->leeway.drift, 0.2);
  EXPECT_EQ(config->columns.score, "c");
  EXPECT_EQ(config->columns.id, "i");
  EXPECT_EQ(config->columns.groups, (std::vector<std::string>{"sex", "race"}));
  EXPECT_EQ(config->columns.label.positive, ">50K");
  EXPECT_EQ(config->leeway.metrics.at("roc_auc").min, 0.7);
  EXPECT_EQ(config->leeway.metrics.at("roc_auc").max, 0.9);
  EXPECT_EQ(config->leeway.columns.at("emp.var.rate"), 0.4);
  EXPECT_EQ(config->seed, 1u) << "taken back to its default";

  const auto place = [&](std::string_view key) {
    for (const auto& setting : config->settings)
      if (setting.key == key) return setting.value + " from " + setting.place();
    return std::string("absent");
  };
  EXPECT_EQ(place("leeway.drift"), "0.2 from LEEWAY_LEEWAY__DRIFT");
  EXPECT_EQ(place("columns.score"), "c from --set columns.score");
  EXPECT_EQ(place("columns.id"), "i from " + file + ":2:25");
  EXPECT_EQ(place("columns.groups"), "[sex, race] from LEEWAY_COLUMNS__GROUPS");
  EXPECT_EQ(place("policy"), "leeway from default");
  EXPECT_EQ(place("columns.weight"), "absent");
  EXPECT_EQ(config->error_at("leeway.roc_auc.max", "no").text(), file + ":1:47: no.");
}

TEST_F(MonitorConfigTest, MistakesOutsideTheFile) {
  EXPECT_EQ(flag_failure("columns.scor=x").substr(0, 54), "--set columns.scor: unknown key 'columns.scor'. Did yo");
  EXPECT_EQ(flag_failure("columns"), "--set: 'columns' is not of the form key=value. Write for example --set columns.score=probability.");
  EXPECT_EQ(flag_failure("leeway.drift=x"), "--set leeway.drift: 'leeway.drift' must be a number, not 'x'.");
  EXPECT_EQ(flag_failure("columns.groups=[a").substr(0, 38), "--set columns.groups: not valid YAML: ");
  // What other commands read is passed over.
  for (const char* other : {"LEEWAY_BANK", "LEEWAY_DATA", "LEEWAY_PORT"})
    EXPECT_TRUE(read_config({.file = {}, .environment = {{other, "x"}}, .set = {}})) << other;
  const auto slip = read_config({.file = {}, .environment = {{"LEEWAY_COLUMN__ID", "x"}}, .set = {}});
  ASSERT_FALSE(slip);
  EXPECT_EQ(slip.error().text(), "LEEWAY_COLUMN__ID: unknown key 'column'. Did you mean 'columns'?");
}

TEST_F(MonitorConfigTest, TheDefaultsOfTheTableAreThoseOfTheRecord) {
  std::vector<std::string> set;
  for (const auto& key : config_keys())
    if (!key.standard.empty()) set.push_back(fmt::format("{}={}", key.path, key.standard));
  const auto written = read_config({.file = {}, .environment = {}, .set = set});
  const auto none = read_config({});
  ASSERT_TRUE(written && none);
  EXPECT_EQ(written->leeway, none->leeway);
  EXPECT_EQ(written->cost, none->cost);
  EXPECT_EQ(written->policy, none->policy);
  EXPECT_EQ(written->seed, none->seed);
  EXPECT_EQ(written->false_alarms_per_year, none->false_alarms_per_year);
}

// ---- the schema says the same -------------------------------------------------------------------------------------

// Gathers path → description of every value that the schema knows.
void walk_schema(const YamlNode& root, const YamlNode& node, const std::string& path, const std::string& description,
                 std::map<std::string, std::string>& out) {
  const auto* own = node.find("description");
  const std::string text = own ? own->text() : description;
  const YamlNode* properties = node.find("properties");
  const YamlNode* others = node.find("additionalProperties");
  const std::string prefix = path.empty() ? "" : path + ".";
  if (properties)
    for (const auto& member : properties->members()) walk_schema(root, member.value, prefix + member.key, "", out);
  if (others && others->is_map()) walk_schema(root, *others, prefix + "*", text, out);
  bool grouped = properties || (others && others->is_map());
  if (const auto* any = node.find("anyOf"))
    for (const auto& item : any->items())
      if (item.find("properties")) {
        walk_schema(root, item, path, text, out);
        grouped = true;
      }
  if (!grouped) out[path] = text;
}

TEST_F(MonitorConfigTest, SchemaAndReaderKnowTheSameKeys) {
  std::ifstream in(LEEWAY_SOURCE_DIR "/api/monitor.schema.json");
  const std::string text(std::istreambuf_iterator<char>(in), {});
  const auto schema = read_yaml(text, "monitor.schema.json");  // JSON is YAML
  ASSERT_TRUE(schema) << schema.error().text();
  std::map<std::string, std::string> in_schema, in_reader;
  walk_schema(*schema, *schema, "", "", in_schema);
  for (const auto& key : config_keys()) in_reader[std::string(key.path)] = key.description;
  EXPECT_EQ(in_schema, in_reader);
}

// ---- units --------------------------------------------------------------------------------------------------------

TEST(UnitsTest, Durations) {
  constexpr int64_t second = 1'000'000'000;
  EXPECT_EQ(parse_duration("45s"), 45 * second);
  EXPECT_EQ(parse_duration("30m"), 1800 * second);
  EXPECT_EQ(parse_duration("12h"), 43200 * second);
  EXPECT_EQ(parse_duration("2w"), 14 * 86400 * second);
  for (const auto* wrong : {"", "d", "0d", "-1d", "1", "1.5d", "1 d", "1y", "1M", "99999999999999w"})
    EXPECT_FALSE(parse_duration(wrong)) << wrong;
  for (const auto* text : {"45s", "90m", "36h", "1d", "90d", "2w"})
    EXPECT_EQ(format_duration(*parse_duration(text)), text);
  EXPECT_EQ(format_duration(*parse_duration("14d")), "2w");
}

TEST(UnitsTest, Rates) {
  EXPECT_EQ(parse_yearly_rate("1 per year"), 1);
  EXPECT_EQ(parse_yearly_rate("0.5 per month"), 6);
  EXPECT_EQ(parse_yearly_rate("1 per week"), 365.25 / 7);
  for (const auto* wrong : {"1", "per year", "0 per year", "-1 per year", "nan per year", "1 per fortnight"})
    EXPECT_FALSE(parse_yearly_rate(wrong)) << wrong;
}

}  // namespace
}  // namespace leeway
