#include "store/export.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "sources/dataset.h"

namespace leeway::store {
namespace {

RowSet sample() {
  RowSet rows;
  rows.ids = Column::of_text("id", {"a", "b,\"c\"\n"});
  rows.times = Column::of_integers("time", Type::time, {0, 1'500'000'000});
  rows.versions = Column::of_text("version", {"1", "1"});
  Validity first(2);
  first.set(1, false);
  rows.columns = {Column::of_reals("=SUM(A1)", {0.1, 1e-300}), Column::of_text("ID", {"x", ""}),
                  Column::of_integers("n", Type::integer, {7, 0}, first)};
  rows.labels = Column::of_integers("label", Type::boolean, {1, 0}, first);
  rows.label_times = Column::of_integers("label_time", Type::time, {86'400'000'000'000, 0}, first);
  return rows;
}

TEST(Export, CsvReadsBackExactly) {
  EXPECT_EQ(rows_as_csv(sample(), true),
            "id,time,version,\"'=SUM(A1)\",ID_1,n,label,label_time\n"
            "a,1970-01-01T00:00:00Z,1,0.1,x,7,true,1970-01-02T00:00:00Z\n"
            "\"b,\"\"c\"\"\n\",1970-01-01T00:00:01.5Z,1,1e-300,\"\",,,\n");
  EXPECT_EQ(rows_as_csv(RowSet{}, true), "id,time,version,label,label_time\n");
  EXPECT_EQ(rows_as_csv(RowSet{}, false), "");
}

TEST(Export, ParquetReadsBackExactly) {
  const std::string path = ::testing::TempDir() + "leeway_export.parquet";
  ASSERT_TRUE(write_rows_parquet(sample(), path));
  const auto data = Dataset::open({.paths = {path}});
  ASSERT_TRUE(data) << data.error().text();
  EXPECT_EQ(data->schema().names(),
            (std::vector<std::string>{"id", "time", "version", "=SUM(A1)", "ID_1", "n", "label", "label_time"}));
  EXPECT_EQ(data->read(3)->reals()[1], 1e-300);
  EXPECT_EQ(data->read(1)->integers()[1], 1'500'000'000);
  EXPECT_FALSE(data->read(6)->is_valid(1));
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace leeway::store
