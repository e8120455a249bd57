#include "reports/json.h"

#include <gtest/gtest.h>

#include "golden.h"
#include "json_document.h"
#include "sample_report.h"

namespace leeway {
namespace {

using sample::Json;

Json parsed(const Report& report) {
  try {
    return sample::JsonReader::read(report_json(report));
  } catch (const std::string& problem) {
    ADD_FAILURE() << problem;
    return {};
  }
}

Json schema() { return sample::JsonReader::read(sample::file_text(std::string(LEEWAY_SOURCE_DIR) + "/api/report.schema.json")); }

const Json* finding(const Json& document, const std::string& method) {
  for (const auto& f : *document["findings"].array())
    if (*f["method"].text() == method) return &f;
  return nullptr;
}

TEST(Json, SmallReportIsTheGoldenFile) { sample::expect_golden(report_json(sample::small_report()), "small.json"); }

TEST(Json, EveryReportFitsThePublishedSchema) {
  const Json rules = schema();
  sample::SchemaChecker checker(rules);
  for (const auto& report : {sample::rich_report(), sample::small_report(), sample::empty_report(), sample::uncomputable_report(),
                             sample::quiet_report(), sample::hostile_report(), sample::wide_report(30, 32), Report()}) {
    const auto problems = checker.check(parsed(report));
    EXPECT_TRUE(problems.empty()) << problems.front() << " and " << problems.size() - 1 << " more";
  }
}

TEST(Json, TheCheckerFindsWhatIsWrong) {
  const Json rules = schema();
  sample::SchemaChecker checker(rules);
  Json document = parsed(sample::small_report());
  auto& members = std::get<Json::Object>(document.value);
  members["surprise"] = Json{1.0};
  members["rows"] = Json{};
  members.erase("command");
  members["model"] = Json{2.0};
  members["schema"] = Json{std::string("leeway.check/2")};
  EXPECT_EQ(checker.check(document).size(), 5u);
}

TEST(Json, TheRichReportUsesEveryMemberOfTheSchema) {
  // Otherwise a member could be misspelt in the schema and no test would notice.
  const Json rules = schema(), document = parsed(sample::rich_report());
  for (const auto& [name, rule] : *rules["properties"].object())
    EXPECT_TRUE(name == "generated_at" || document.object()->contains(name)) << name;
  for (const auto& name : {"columns", "performance", "segments", "prediction", "sentence"})
    EXPECT_TRUE(document["explanation"].object()->contains(name)) << name;
}

TEST(Json, NumbersReadBackExactly) {
  Report report = sample::quiet_report();
  report.drift_leeway = 0.1 + 0.2;
  report.columns[0].histogram[0].reference_share = 1e-308;
  report.columns[0].histogram[0].current_share = 0.1234567890123456789;
  const Json document = parsed(report);
  EXPECT_EQ(*document["drift_leeway"].number(), 0.1 + 0.2);
  const Json& bin = document["columns"][0]["histogram"][0];
  EXPECT_EQ(*bin["reference_share"].number(), 1e-308);
  EXPECT_EQ(*bin["current_share"].number(), 0.1234567890123456789);
  report.current.rows = (int64_t{1} << 53) + 1;   // not a double: written in full
  EXPECT_NE(report_json(report).find("\"rows\": 9007199254740993"), std::string::npos);
}

TEST(Json, WhatIsNotANumberIsNullAndSaysWhy) {
  const Json document = parsed(sample::small_report());
  const Json& unbounded = *finding(document, "cost_per_row");
  EXPECT_TRUE(unbounded["value"]["upper"].is_null());
  EXPECT_EQ(*unbounded["value"]["reason"].text(), "the upper bound is infinite");
  EXPECT_TRUE(unbounded["details"][0]["value"].is_null());
  EXPECT_EQ(*unbounded["details"][0]["reason"].text(), "the value does not exist");
  EXPECT_FALSE(unbounded["details"][1].object()->contains("reason"));
  for (const auto& f : *document["findings"].array()) {
    if (*f["verdict"].text() != "not_computable") continue;
    EXPECT_TRUE(f["value"]["value"].is_null());
    EXPECT_EQ(*f["not_computable"].text(), "all values are missing");
  }
}

TEST(Json, TheVerdictCarriesBothExitCodes) {
  const Json failed = parsed(sample::rich_report())["verdict"];
  EXPECT_EQ(*failed["exit_code"].number(), 1);
  const Json open = parsed(sample::uncomputable_report())["verdict"];
  EXPECT_EQ(*open["exit_code"].number(), 0);
  EXPECT_EQ(*open["exit_code_strict"].number(), 3);
}

TEST(Json, EachMethodUsedIsDescribedOnce) {
  const Json document = parsed(sample::rich_report());
  std::map<std::string, int> described;
  for (const auto& method : *document["methods"].array()) ++described[*method["id"].text()];
  for (const auto& [id, times] : described) EXPECT_EQ(times, 1) << id;
  for (const auto& f : *document["findings"].array()) EXPECT_TRUE(described.contains(*f["method"].text()));
}

TEST(Json, IndentationChangesNothingElse) {
  const Report report = sample::small_report();
  const std::string line = report_json(report, 0);
  EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1);
  EXPECT_EQ(sample::JsonReader::read(line), parsed(report));
}

}  // namespace
}  // namespace leeway
