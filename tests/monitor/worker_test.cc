#include "monitor/worker.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "../profiles/sample.h"
#include "store/open.h"

namespace leeway {
namespace {

constexpr int64_t hour = 3'600'000'000'000;
constexpr int64_t start = 1'790'000'000'000'000'000 / (24 * hour) * (24 * hour);
constexpr const char* monitor_file = "task: binary\n"
                                     "columns:\n"
                                     "  score: score\n"
                                     "  threshold: 0.3282\n"
                                     "  label: {column: default, positive: true}\n"
                                     "  groups: [sex]\n";

/// A store of its own with one model and its reference.
class WorkerTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "/worker-" + testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    store_ = store::open_store({.address = folder_ + "/store.duckdb"}).value();
    ASSERT_TRUE(store_->put_model({"credit", start, monitor_file}));
    const Profile reference = credit_sample(20'000, 1).profile().value();
    ASSERT_TRUE(store_->put_reference({"credit", "", "training", start, "", reference.bytes().value()}));
    worker_.emplace(*store_, WorkerOptions{.folder = folder_ + "/work", .holder = "here"});
  }
  void TearDown() override {
    worker_.reset();
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  /// The rows of one hour, as they arrive.
  void log(int hour_of, double shift, size_t rows = 400) {
    const SampleData sample = credit_sample(rows, 1000 + static_cast<uint64_t>(hour_of), shift);
    store::RowBlock block{.model = "credit", .version = "1", .lasting = {"score", "sex"}};
    for (size_t row = 0; row < rows; ++row) {
      block.ids.push_back(fmt::format("{}-{}", hour_of, row));
      block.times.push_back(start + hour_of * hour + static_cast<int64_t>(row) * 1'000'000'000);
    }
    for (const Column& column : sample.columns)
      if (column.name() != "id" && column.name() != "default" && column.name() != "scored_at") block.columns.push_back(column);
    labels_ = sample.columns[8];
    apply({.rows = {block}});
  }

  /// Outcomes of the rows logged last.
  void outcomes(int hour_of) {
    store::OutcomeBlock block{.model = "credit"};
    for (size_t row = 0; row < labels_->size(); ++row) {
      block.ids.push_back(fmt::format("{}-{}", hour_of, row));
      block.times.push_back(start + (hour_of + 5) * hour);
    }
    block.labels = labels_->renamed("label");
    apply({.outcomes = {block}});
  }

  void apply(store::ApplyBatch batch) {
    batch.journal = "j";
    batch.after = position_;
    batch.position = ++position_;
    batch.now = start;
    const auto applied = store_->apply(batch);
    ASSERT_TRUE(applied) << applied.error().text();
  }

  WorkDone work(int hours) {
    const std::atomic<bool> stop{false};
    const auto done = worker_->run_once(start + hours * hour + 2 * 60'000'000'000, stop);
    EXPECT_TRUE(done) << done.error().text();
    for (const auto& trouble : done->troubles) ADD_FAILURE() << trouble;
    return *done;
  }

  std::vector<store::WindowRecord> windows(int64_t length) {
    return store_->windows({.model = "credit", .from = start, .to = start + 24 * hour}, length, 0).value();
  }

  std::string folder_;
  std::unique_ptr<store::Store> store_;
  std::optional<Worker> worker_;
  std::optional<Column> labels_;
  uint64_t position_ = 0;
};

TEST_F(WorkerTest, JudgesEachWindowOnceItHasClosedAndNotBefore) {
  log(0, 0);
  log(1, 0);
  EXPECT_EQ(work(0).windows, 0);
  EXPECT_EQ(work(1).windows, 1);   // hour 0 has closed, hour 1 has not
  EXPECT_EQ(work(1).windows, 0);   // nothing new
  EXPECT_EQ(work(2).windows, 1);
  EXPECT_EQ(work(24).windows, 1);  // the day
  const auto hours = windows(hour);
  ASSERT_EQ(hours.size(), 2u);
  EXPECT_EQ(hours[0].rows, 400);
  EXPECT_TRUE(hours[0].document.contains("\"schema\":\"leeway.check"));
  EXPECT_FALSE(hours[0].document.contains(folder_));  // no path of this machine
  EXPECT_EQ(windows(24 * hour).size(), 1u);
  EXPECT_FALSE(store_->series({.model = "credit", .from = start, .to = start + 2 * hour}, hour, {"drift/ks/income"}).value().empty());
}

TEST_F(WorkerTest, LateRowsAreANewRevisionAndEnterTheEvidenceOnlyOnce) {
  log(0, 0);
  work(1);
  const auto before = store_->evidence("credit").value();
  store::RowBlock late{.model = "credit", .version = "1", .ids = {"late"}, .times = {start + 5}};
  late.columns = {Column::of_reals("income", {250.0})};
  apply({.rows = {late}});
  EXPECT_EQ(work(1).windows, 1);
  const auto revised = windows(hour);
  ASSERT_EQ(revised.size(), 1u);
  EXPECT_EQ(revised[0].revision, 2);
  EXPECT_EQ(revised[0].rows, 401);
  EXPECT_EQ(store_->revisions(revised[0].key).value().size(), 2u);
  const auto evidence_of = [](const std::vector<store::EvidenceRecord>& records) {
    for (const auto& r : records)
      if (r.name.starts_with("evidence/")) return r;
    return store::EvidenceRecord{};
  };
  EXPECT_EQ(evidence_of(store_->evidence("credit").value()), evidence_of(before));
}

TEST_F(WorkerTest, ARealShiftOpensOneAlertThatAQuietTimeResolves) {
  for (int h = 0; h < 3; ++h) log(h, 0);
  EXPECT_EQ(work(3).alarms, 0);
  EXPECT_TRUE(store_->incidents("credit", false, 10).value().empty());
  for (int h = 3; h < 6; ++h) log(h, 8);
  EXPECT_GE(work(6).alarms, 1);
  auto open = store_->incidents("credit", true, 10).value();
  ASSERT_EQ(open.size(), 1u);
  EXPECT_EQ(open[0].subject.feature, "income");
  EXPECT_EQ(open[0].incident.state, alerts::State::open);
  EXPECT_TRUE(open[0].document.contains("\"sentence\":\"income "));
  // 2,000 rows an hour are enough to be sure of stability.
  for (int h = 6; h < 9; ++h) log(h, 0, 2000);
  work(9);
  EXPECT_TRUE(store_->incidents("credit", true, 10).value().empty());
  EXPECT_EQ(store_->incidents("credit", false, 10).value().size(), 1u);
}

TEST_F(WorkerTest, OutcomesThatComeLateMakeThePerformanceOfTheirWindow) {
  log(0, 0, 1000);
  work(1);
  const std::string auc = "performance/roc_auc";
  const store::WindowKey range{.model = "credit", .from = start, .to = start + hour};
  EXPECT_TRUE(store_->series(range, hour, {auc}).value().empty());
  outcomes(0);
  EXPECT_EQ(work(1).windows, 1);
  const auto points = store_->series(range, hour, {auc}).value();
  ASSERT_EQ(points.size(), 1u);
  EXPECT_NEAR(points[0].point.value, 0.83, 0.06);  // P(label) = score, uniform: AUC 5/6
}

TEST_F(WorkerTest, OutcomesStillMeetTheirRowsAfterTheRowsExpired) {
  log(0, 0, 1000);
  work(1);
  ASSERT_TRUE(store_->expire({.model = "credit", .raw_before = start + hour, .all_before = start}));
  outcomes(0);
  EXPECT_EQ(work(1).windows, 1);
  const store::WindowKey range{.model = "credit", .from = start, .to = start + hour};
  EXPECT_EQ(store_->series(range, hour, {"performance/roc_auc"}).value().size(), 1u);
  EXPECT_EQ(store_->series(range, hour, {"drift/ks/income"}).value().size(), 1u);  // as it was
  EXPECT_FALSE(store_->profiles(range, hour).value().front().profile.empty());
}

TEST_F(WorkerTest, RowsGoAfterTheRetentionAndWhatLastsOfThemAfterTheOutcomesCanHaveMatured) {
  ASSERT_TRUE(store_->put_model({"credit", start, "columns: {score: score, threshold: 0.3282, label: {column: default, matures_after: 10d}}\n"}));
  log(0, 0);
  work(1);
  const auto rows = [&](bool raw_only) {
    return store_->rows({.model = "credit", .from = start, .to = start + hour, .raw_only = raw_only}).value().rows();
  };
  work(6 * 24);
  EXPECT_EQ(rows(true), 400u);
  work(8 * 24 + 1);
  EXPECT_EQ(rows(true), 0u);
  EXPECT_EQ(rows(false), 400u);
  work(18 * 24 + 2);
  EXPECT_EQ(rows(false), 0u);
  EXPECT_EQ(windows(hour).size(), 1u);  // its result stays
}

TEST_F(WorkerTest, OnlyTheLeaderWorks) {
  log(0, 0);
  ASSERT_TRUE(store_->take_lease("monitor", "elsewhere", 3600 * hour / 60).value());
  const WorkDone done = work(1);
  EXPECT_FALSE(done.led);
  EXPECT_EQ(done.windows, 0);
  ASSERT_TRUE(store_->release_lease("monitor", "elsewhere"));
  EXPECT_EQ(work(1).windows, 1);
}

TEST_F(WorkerTest, AModelWithoutAReferenceWaitsForOne) {
  ASSERT_TRUE(store_->put_model({"young", start, ""}));
  EXPECT_EQ(work(1).windows, 0);
  EXPECT_EQ(worker_->watched("young").error().code, Code::failed_precondition);
  EXPECT_EQ(worker_->watched("unknown").error().code, Code::not_found);
}

}  // namespace
}  // namespace leeway
