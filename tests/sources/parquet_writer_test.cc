#include "sources/parquet_writer.h"

#include <gtest/gtest.h>

#include "sources/scratch.h"

namespace leeway {
namespace {

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// 5,000 rows of each type with nulls, beyond one chunk of DuckDB.
TEST(ParquetWriter, RoundTrip) {
  constexpr size_t rows = 5000;
  constexpr int64_t day = 86'400'000'000'000;
  Validity valid(rows);
  std::vector<double> reals;
  std::vector<int64_t> integers, flags, times, dates;
  std::vector<uint32_t> codes;
  for (size_t i = 0; i < rows; ++i) {
    const auto n = static_cast<int64_t>(i);
    valid.set(i, i % 7 != 3);
    reals.push_back(0.1 * static_cast<double>(i));
    integers.push_back(n - 9'007'199'254'740'993);
    flags.push_back(n % 2);
    times.push_back((n - 2500) * day + n * 1'234'567'000);
    dates.push_back((n - 2500) * day);
    codes.push_back(static_cast<uint32_t>(i % 3));
  }
  const std::vector<Column> columns = {
      Column::of_reals("real", reals, valid),
      Column::of_integers("integer", Type::integer, integers, valid),
      Column::of_integers("flag", Type::boolean, flags, valid),
      Column::of_integers("when", Type::time, times, valid),
      Column::of_integers("date", Type::time, dates, valid),
      Column::of_codes("a \"quoted\" text", codes, {"x", "", "Zoë, at length beyond twelve"}, valid)};
  const Schema schema({{"real", Type::real, "", false},
                       {"integer", Type::integer, "", false},
                       {"flag", Type::boolean, "", false},
                       {"when", Type::time, "", false},
                       {"date", Type::time, "", true},
                       {"a \"quoted\" text", Type::text, "", false}});
  const test::Scratch scratch;
  const auto path = scratch.path("it's.parquet");
  const auto done = write_parquet(path, schema, columns);
  ASSERT_TRUE(done) << done.error().text();
  SourceSpec spec;
  spec.paths = {path};
  const auto data = Dataset::open(spec);
  ASSERT_TRUE(data) << data.error().text();
  ASSERT_EQ(data->rows(), static_cast<int64_t>(rows));
  for (size_t c = 0; c < columns.size(); ++c) {
    const auto column = data->read(c);
    ASSERT_TRUE(column) << column.error().text();
    EXPECT_EQ(column->name(), columns[c].name());
    EXPECT_EQ(column->type(), columns[c].type());
    EXPECT_EQ(data->schema()[c].date_only, schema[c].date_only);
    for (size_t i = 0; i < rows; ++i) {
      ASSERT_EQ(column->is_valid(i), columns[c].is_valid(i)) << c << " " << i;
      ASSERT_EQ(column->text(i), columns[c].text(i));
    }
  }
  const auto first = bytes_of(path);
  ASSERT_TRUE(write_parquet(path, schema, columns));
  EXPECT_EQ(bytes_of(path), first);
}

TEST(ParquetWriter, NoRows) {
  const test::Scratch scratch;
  const auto path = scratch.path("none.parquet");
  const std::vector<Column> columns = {Column::of_reals("x", {})};
  ASSERT_TRUE(write_parquet(path, Schema({{"x", Type::real, "", false}}), columns));
  SourceSpec spec;
  spec.paths = {path};
  const auto data = Dataset::open(spec);
  ASSERT_TRUE(data) << data.error().text();
  EXPECT_EQ(data->rows(), 0);
}

TEST(ParquetWriter, UnwritablePath) {
  const test::Scratch scratch;
  const std::vector<Column> columns = {Column::of_reals("x", {1, 2})};
  const auto done =
      write_parquet(scratch.path("no/such/folder.parquet"), Schema({{"x", Type::real, "", false}}), columns);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Code::invalid_argument);
  EXPECT_NE(done.error().message.find("cannot be written"), std::string::npos);
}

}  // namespace
}  // namespace leeway
