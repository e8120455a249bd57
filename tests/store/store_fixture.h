#pragma once
// A store to test against, of either kind.

#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "store/open.h"
#include "store/private_cluster.h"
#include "store/store.h"

namespace leeway::store {

inline constexpr int64_t second = 1'000'000'000, minute = 60 * second, hour = 60 * minute;

class OnBothStores : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (GetParam() == std::string("duckdb")) {
      std::string name = ::testing::TempDir() + "store.XXXXXX";
      ASSERT_NE(::mkdtemp(name.data()), nullptr);
      directory_ = name;
      options.address = directory_ + "/data/leeway.db";
    } else {
      if (!PrivateCluster::shared()) GTEST_SKIP() << "PostgreSQL 15 is not installed or does not start";
      options.address = PrivateCluster::shared()->new_database();
    }
    reopen();
  }
  void TearDown() override {
    store.reset();
    if (!directory_.empty()) std::filesystem::remove_all(directory_);
  }
  void reopen() {
    store.reset();
    auto opened = open_store(options);
    ASSERT_TRUE(opened) << opened.error().text();
    store = *std::move(opened);
  }

  StoreOptions options;
  std::unique_ptr<Store> store;

 private:
  std::string directory_;
};

/// Some rows of a model, ids "<prefix>0", "<prefix>1", …, a second apart from `from` on.
inline RowBlock some_rows(const std::string& prefix, size_t count, int64_t from = 1000 * hour) {
  RowBlock block{.model = "credit", .version = "1"};
  std::vector<double> income, score;
  std::vector<std::string> region;
  for (size_t i = 0; i < count; ++i) {
    block.ids.push_back(prefix + std::to_string(i));
    block.times.push_back(from + static_cast<int64_t>(i) * second);
    income.push_back(1000.5 + static_cast<double>(i));
    score.push_back(0.25);
    region.push_back(i % 2 == 0 ? "north" : "south");
  }
  block.columns = {Column::of_reals("income", income), Column::of_reals("score", score),
                   Column::of_text("region", region)};
  block.lasting = {"score", "region"};
  return block;
}

inline OutcomeBlock some_outcomes(const std::string& prefix, size_t count, double label, int64_t time) {
  OutcomeBlock block{.model = "credit"};
  for (size_t i = 0; i < count; ++i) block.ids.push_back(prefix + std::to_string(i));
  block.times.assign(count, time);
  block.labels = Column::of_reals("label", std::vector<double>(count, label));
  return block;
}

inline ApplyBatch batch(uint64_t after, uint64_t position, std::vector<RowBlock> rows,
                        std::vector<OutcomeBlock> outcomes = {}) {
  ApplyBatch out{.journal = "j", .after = after, .position = position, .now = 5 * hour};
  out.rows = std::move(rows);
  out.outcomes = std::move(outcomes);
  return out;
}

}  // namespace leeway::store
