#include "simulate/csv_writer.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "base/text.h"
#include "simulate/made.h"

namespace leeway::simulate {
namespace {

std::string csv_of(std::vector<Column> columns, bool date_only = false) {
  std::vector<Field> fields;
  for (const auto& column : columns) fields.push_back({column.name(), column.type(), "", date_only});
  return to_csv(Schema(std::move(fields)), columns);
}

TEST(CsvWriter, EveryTypeAndNull) {
  Validity valid(3);
  valid.set(1, false);
  EXPECT_EQ(csv_of({Column::of_reals("r", {1.5, 0, -0.25}, valid),
                    Column::of_integers("i", Type::integer, {7, 0, -9'007'199'254'740'993}, valid),
                    Column::of_integers("b", Type::boolean, {1, 0, 0}, valid),
                    Column::of_codes("t", {0, 0, 1}, {"x", ""}, valid),
                    Column::of_integers("when", Type::time, {0, 0, 86'399'000'000'000}, valid)}),
            "r,i,b,t,when\n1.5,7,true,x,1970-01-01T00:00:00Z\n,,,,\n-0.25,-9007199254740993,false,\"\",1970-01-01T23:"
            "59:59Z\n");
}

TEST(CsvWriter, Quoting) {
  EXPECT_EQ(csv_of({Column::of_text("a,b", {"plain", "a \"b\"", "x,y", "line\nbreak", " lead"})}),
            "\"a,b\"\nplain\n\"a \"\"b\"\"\"\n\"x,y\"\n\"line\nbreak\"\n\" lead\"\n");
}

TEST(CsvWriter, NumbersReadBackExactly) {
  Random random(1);
  std::vector<double> values = {0.1, 1e21, 5e-324, 1.7976931348623157e308, 123456.78, 1e-5, 1e-7, -2.5, 1e15, 0};
  for (int i = 0; i < 2000; ++i) values.push_back(random.normal() * (i % 3 == 0 ? 1e9 : 1e-3));
  const auto text = csv_of({Column::of_reals("x", values)});
  const auto lines = split(text, '\n');
  for (size_t i = 0; i < values.size(); ++i) ASSERT_EQ(parse_double(lines[i + 1]), values[i]) << lines[i + 1];
  EXPECT_EQ(lines[5], "123456.78");
  EXPECT_EQ(lines[6], "0.00001");
  EXPECT_EQ(lines[2], "1e+21");
}

TEST(CsvWriter, TimesAndDates) {
  const int64_t day_ns = 86'400'000'000'000;
  const std::vector<int64_t> times = {-1'000'000'000, 0, 1'500'000'000, 20'000 * day_ns + 3661'000'000'000,
                                      20'000 * day_ns};
  EXPECT_EQ(csv_of({Column::of_integers("t", Type::time, times)}),
            "t\n1969-12-31T23:59:59Z\n1970-01-01T00:00:00Z\n1970-01-01T00:00:01.5Z\n2024-10-04T01:01:01Z\n2024-10-"
            "04T00:00:00Z\n");
  EXPECT_EQ(csv_of({Column::of_integers("t", Type::time, {0, 20'000 * day_ns})}, true), "t\n1970-01-01\n2024-10-04\n");
}

TEST(CsvWriter, NoRows) { EXPECT_EQ(csv_of({Column::of_reals("a", {}), Column::of_reals("b", {})}), "a,b\n"); }

}  // namespace
}  // namespace leeway::simulate
