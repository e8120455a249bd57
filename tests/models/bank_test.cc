#include "models/bank.h"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <unistd.h>

#include "base/write_file.h"
#include "models/card.h"
#include "models/manifest.h"
#include "models/reference_model.h"

namespace leeway::models {
namespace {

namespace fs = std::filesystem;

constexpr int64_t second = 1'000'000'000, day = 86'400 * second;

Model model_named(const std::string& name, const std::string& file = "binary.ubj") {
  ModelFacts facts;
  facts.name = name;
  facts.label = "default";
  facts.positive = "1";
  facts.algorithm = "gradient-boosted trees";
  facts.software = "leeway 0.1.0, xgboost 1.7.4";
  auto model = Model::make(facts, Encoder::of_numbers({"x0", "x1", "x2", "x3", "x4"}),
                           *Booster::load(testing::model_bytes(file)));
  EXPECT_TRUE(model);
  return *model;
}

ModelRecord record_with(double auc) {
  ModelRecord record;
  record.metrics = {{"roc_auc", "test", auc, auc - 0.01, auc + 0.01, 10'000},
                    {"log_loss", "test", 0.3, NAN, NAN, 10'000}};
  record.out_of_time = {"roc_auc",
                        {{0, 30 * day, 500, 20, 0.8, 0.75, 0.85}, {30 * day + 1, 60 * day, 400, 15, 0.78, 0.7, 0.86}},
                        0.0125,
                        0};
  record.choices = {{"rounds", "15"}, {"threshold", "least cost | *bold*"}};
  return record;
}

class Banks : public ::testing::Test {
 protected:
  Banks()
      : folder_(fs::temp_directory_path() / fmt::format("leeway_bank_{}", ::getpid())),
        bank_((folder_ / "bank").string()) {
    fs::create_directories(folder_);
  }
  ~Banks() override { fs::remove_all(folder_); }

  VersionInfo added(double auc, int64_t now = day) {
    auto info = bank_.add(model_named("fraud"), record_with(auc), {text_file("reference.lwp", "bytes")}, now);
    EXPECT_TRUE(info) << info.error().text();
    return *info;
  }
  std::string path(const std::string& name) const { return (folder_ / name).string(); }

  fs::path folder_;
  Bank bank_;
};

TEST_F(Banks, SHA256IsTheStandards) {
  // FIPS 180-4, example of "abc".
  EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_F(Banks, AVersionComesBackAsItWas) {
  const VersionInfo info = added(0.8);
  EXPECT_EQ(info.label(), "fraud/1");
  const auto version = bank_.open("fraud");
  ASSERT_TRUE(version) << version.error().text();
  EXPECT_EQ(version->info.id, info.id);
  EXPECT_EQ(version->info.added, day);
  EXPECT_EQ(version->model.json(), model_named("fraud").json());
  EXPECT_EQ(version->record.json(), record_with(0.8).json());
  EXPECT_TRUE(std::isnan(version->record.metrics[1].low));
  EXPECT_EQ(version->record.out_of_time.windows[1].from, 30 * day + 1);
  EXPECT_EQ(version->files, (std::vector<std::string>{"card.html", "card.md", "model.json", "record.json",
                                                      "reference.lwp", "trees.ubj"}));
  EXPECT_EQ(*read_file(info.path + "/reference.lwp"), "bytes");
}

TEST_F(Banks, TheSameContentIsTheSameVersion) {
  const VersionInfo first = added(0.8), second_time = added(0.8, 2 * day), other = added(0.9);
  EXPECT_EQ(second_time.number, 1);
  EXPECT_EQ(second_time.id, first.id);
  EXPECT_EQ(other.number, 2);
  EXPECT_NE(other.id, first.id);
  EXPECT_EQ(bank_.list()->size(), 2u);
  size_t entries = 0;
  for (const auto& entry : fs::directory_iterator(folder_ / "bank/fraud"))
    entries += entry.path().filename() != ".lock";
  EXPECT_EQ(entries, 3u);   // two versions and the log: nothing half made is left
}

TEST_F(Banks, ReferencesAreFoundInEveryForm) {
  const VersionInfo one = added(0.8), two = added(0.9);
  EXPECT_EQ(bank_.resolve("fraud")->number, 2);   // the newest, for want of a champion
  ASSERT_TRUE(bank_.promote("fraud/1", "champion", "", day));
  EXPECT_EQ(bank_.resolve("fraud")->number, 1);
  EXPECT_EQ(bank_.resolve("fraud@champion")->number, 1);
  EXPECT_EQ(bank_.resolve("fraud/2")->number, 2);
  EXPECT_EQ(bank_.resolve("models:/fraud/2")->number, 2);
  EXPECT_EQ(bank_.resolve("fraud@sha256:" + two.id.substr(0, 12))->number, 2);
  EXPECT_EQ(bank_.resolve(one.path)->id, one.id);
  const auto text = [&](const std::string& reference) { return bank_.resolve(reference).error().text(); };
  EXPECT_NE(text("fraud/7").find("Versions are: fraud/1 and fraud/2."), std::string::npos) << text("fraud/7");
  EXPECT_NE(text("fraud@challenger").find("no model 'fraud@challenger'"), std::string::npos);
  EXPECT_NE(text("credit").find("Models are: fraud."), std::string::npos);
  EXPECT_NE(Bank(path("none")).resolve("x").error().text().find("There are no models there"), std::string::npos);
  EXPECT_FALSE(bank_.resolve("../fraud"));
  EXPECT_FALSE(bank_.resolve(""));
}

TEST_F(Banks, AliasesMoveForthAndBackAndEveryMoveIsKept) {
  added(0.7), added(0.8), added(0.9);
  EXPECT_FALSE(bank_.roll_back("fraud", "champion", "", day));
  ASSERT_TRUE(bank_.promote("fraud/1", "champion", "first", day));
  ASSERT_TRUE(bank_.promote("fraud/2", "champion", "", 2 * day));
  ASSERT_TRUE(bank_.promote("fraud/3", "champion", "", 3 * day));
  EXPECT_EQ(bank_.promote("fraud/3", "champion", "", 3 * day).error().code, Code::failed_precondition);
  const auto back = bank_.roll_back("fraud", "champion", "alarms", 4 * day);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->from, 3);
  EXPECT_EQ(back->to, 2);
  EXPECT_EQ(bank_.roll_back("fraud", "champion", "", 5 * day)->to, 1);
  EXPECT_FALSE(bank_.roll_back("fraud", "champion", "", 6 * day));
  EXPECT_EQ(bank_.resolve("fraud@champion")->number, 1);
  ASSERT_TRUE(bank_.promote("fraud/3", "challenger", "", 7 * day));
  EXPECT_EQ(bank_.resolve("fraud/3")->aliases, std::vector<std::string>{"challenger"});
  const auto log = bank_.log("fraud");
  ASSERT_TRUE(log);
  ASSERT_EQ(log->size(), 3u + 3 + 2 + 1);
  EXPECT_EQ((*log)[3].reason, "first");
  EXPECT_EQ((*log)[6].what, "rolled back");
  EXPECT_FALSE(bank_.promote("fraud/1", "best", "", day));
}

TEST_F(Banks, ALineThatACrashCutShortIsNoEvent) {
  added(0.7), added(0.8);
  ASSERT_TRUE(bank_.promote("fraud/1", "champion", "", day));
  std::ofstream(path("bank/fraud/log.jsonl"), std::ios::app) << R"({"at":"1970-01-03T00:00:00Z","what":"promo)";
  EXPECT_EQ(bank_.resolve("fraud")->number, 1);
  ASSERT_TRUE(bank_.promote("fraud/2", "champion", "", 2 * day));
  EXPECT_EQ(bank_.resolve("fraud")->number, 2);
}

TEST_F(Banks, DamageIsFoundAndNamed) {
  const VersionInfo info = added(0.8);
  const auto text = [&] { return bank_.open("fraud").error().text(); };
  const std::string trees = info.path + "/trees.ubj";
  const std::string whole = *read_file(trees);
  std::string flipped = whole;
  flipped[flipped.size() / 2] = static_cast<char>(flipped[flipped.size() / 2] ^ 1);
  std::ofstream(trees, std::ios::binary) << flipped;
  EXPECT_NE(text().find(trees + ": is damaged: its content is not what the manifest says"), std::string::npos)
      << text();
  std::ofstream(trees, std::ios::binary) << whole.substr(0, 100);
  EXPECT_NE(text().find("is damaged: it has 100 bytes"), std::string::npos) << text();
  fs::remove(trees);
  EXPECT_NE(text().find(trees + ": is missing from the model version"), std::string::npos) << text();
  EXPECT_FALSE(bank_.promote("fraud/1", "champion", "", day));   // what cannot be loaded is not promoted
  std::ofstream(info.path + "/manifest.json") << "{}";
  EXPECT_NE(open_version(info.path).error().text().find("is not the manifest of a model version"), std::string::npos);
  fs::remove(info.path + "/manifest.json");
  EXPECT_NE(open_version(info.path).error().text().find("is not a model version: it has no manifest.json"),
            std::string::npos);
  EXPECT_EQ(open_version(path("nowhere")).error().code, Code::not_found);
}

TEST_F(Banks, VersionsTravel) {
  const VersionInfo info = added(0.8);
  ASSERT_TRUE(bank_.export_to("fraud/1", path("out/fraud-1")));
  EXPECT_FALSE(bank_.export_to("fraud/1", path("out/fraud-1")));   // never overwritten
  Bank other(path("other"));
  const auto imported = other.import(path("out/fraud-1"), 9 * day);
  ASSERT_TRUE(imported) << imported.error().text();
  EXPECT_EQ(imported->id, info.id);
  EXPECT_EQ(other.open("fraud")->info.added, 9 * day);
  std::ofstream(path("out/fraud-1/card.md"), std::ios::app) << "more";
  EXPECT_FALSE(Bank(path("third")).import(path("out/fraud-1"), day));
}

TEST_F(Banks, NamesAndFilesThatCannotBeAreRefused) {
  for (const char* name : {"", "../up", "a/b", ".hidden", "a b"})
    EXPECT_EQ(bank_.add(model_named(name), {}, {}, day).error().code, Code::invalid_argument) << name;
  EXPECT_FALSE(bank_.add(model_named("fraud"), {}, {text_file("../x", "")}, day));
  EXPECT_FALSE(bank_.add(model_named("fraud"), {}, {text_file("model.json", "")}, day));
  EXPECT_TRUE(bank_.list()->empty());
}

TEST_F(Banks, CardsSayWhatIsKnownAndEscapeWhatIsNot) {
  const std::string md = card_markdown(model_named("fraud"), record_with(0.8)),
                    html = card_html(model_named("<b>"), record_with(0.8));
  EXPECT_NE(md.find("| roc\\_auc | 0.8 | 0.79 to 0.81 |"), std::string::npos) << md;
  EXPECT_NE(md.find("least cost \\| \\*bold\\*"), std::string::npos);
  EXPECT_NE(md.find("The event is predicted at a probability of 0.5 or more."), std::string::npos);
  EXPECT_NE(md.find("1970-01-31T00:00:00Z"), std::string::npos);
  EXPECT_NE(html.find("<h1>&lt;b&gt;</h1>"), std::string::npos);
  EXPECT_EQ(html.find("<b>"), std::string::npos);
  EXPECT_EQ(html.find("<script"), std::string::npos);
}

}  // namespace
}  // namespace leeway::models
