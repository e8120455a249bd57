#include <gtest/gtest.h>

#include "sources/scratch.h"

namespace leeway {
namespace {

using test::failure_of;
using test::notes_of;
using test::Scratch;
using test::spec_of;
using test::values_of;

// One column of a Parquet file made from an SQL expression over `range(3) t(i)`.
struct TypeCase {
  std::string expression;
  Type type;
  std::string values;
};

class TypeTest : public testing::TestWithParam<TypeCase> {};

TEST_P(TypeTest, ReadsAsOurs) {
  const Scratch files;
  files.sql("COPY (SELECT " + GetParam().expression + " AS x FROM range(3) t(i)) TO '@/t.parquet'");
  const auto data = Dataset::open(spec_of(files.path("t.parquet")));
  ASSERT_TRUE(data) << data.error().text();
  EXPECT_EQ(name(data->schema()[0].type), name(GetParam().type)) << data->schema()[0].source_type;
  EXPECT_EQ(values_of(*data, "x"), GetParam().values);
}

INSTANTIATE_TEST_SUITE_P(
    All, TypeTest,
    testing::Values(
        TypeCase{"i = 1", Type::boolean, "false|true|false"}, TypeCase{"(i - 1)::TINYINT", Type::integer, "-1|0|1"},
        TypeCase{"(i - 1)::SMALLINT", Type::integer, "-1|0|1"}, TypeCase{"(i - 1)::INTEGER", Type::integer, "-1|0|1"},
        TypeCase{"9007199254740993 + i", Type::integer, "9007199254740993|9007199254740994|9007199254740995"},
        TypeCase{"(250 + i)::UTINYINT", Type::integer, "250|251|252"},
        TypeCase{"(65530 + i)::USMALLINT", Type::integer, "65530|65531|65532"},
        TypeCase{"(4294967290 + i)::UINTEGER", Type::integer, "4294967290|4294967291|4294967292"},
        TypeCase{"i::UBIGINT", Type::integer, "0|1|2"},
        TypeCase{"18446744073709551610::UBIGINT", Type::real, "18446744073709551616|18446744073709551616|18446744073709551616"},
        TypeCase{"(i + 0.25)::FLOAT", Type::real, "0.25|1.25|2.25"},
        TypeCase{"CASE i WHEN 0 THEN 'nan'::DOUBLE WHEN 1 THEN '-inf'::DOUBLE ELSE 5e-324 END", Type::real, "NaN|-inf|5e-324"},
        TypeCase{"(i + 0.25)::DECIMAL(18,2)", Type::real, "0.25|1.25|2.25"},
        TypeCase{"i::DECIMAL(18,0)", Type::integer, "0|1|2"}, TypeCase{"i::DECIMAL(38,0)", Type::real, "0|1|2"},
        TypeCase{"'w' || (i % 2)", Type::text, "w0|w1|w0"},
        TypeCase{"CASE WHEN i = 1 THEN 'a text well beyond twelve bytes' ELSE 'another one of that length' END", Type::text,
                 "another one of that length|a text well beyond twelve bytes|another one of that length"},
        TypeCase{"('v' || i)::ENUM('v2', 'v1', 'v0')", Type::text, "v0|v1|v2"},
        TypeCase{"'00000000-0000-0000-0000-00000000000a'::UUID", Type::text,
                 "00000000-0000-0000-0000-00000000000a|00000000-0000-0000-0000-00000000000a|00000000-0000-0000-0000-00000000000a"},
        TypeCase{"make_time(i, 30, 0)", Type::text, "00:30:00|01:30:00|02:30:00"},
        TypeCase{"DATE '1969-12-31' + i::INTEGER", Type::time, "1969-12-31T00:00:00Z|1970-01-01T00:00:00Z|1970-01-02T00:00:00Z"},
        TypeCase{"TIMESTAMP '2024-01-01 00:00:00.000001'", Type::time,
                 "2024-01-01T00:00:00.000001Z|2024-01-01T00:00:00.000001Z|2024-01-01T00:00:00.000001Z"},
        TypeCase{"TIMESTAMP_NS '2024-01-01 00:00:00.000000001'", Type::time,
                 "2024-01-01T00:00:00.000000001Z|2024-01-01T00:00:00.000000001Z|2024-01-01T00:00:00.000000001Z"},
        TypeCase{"TIMESTAMPTZ '2024-01-01 00:00:00+02'", Type::time,
                 "2023-12-31T22:00:00Z|2023-12-31T22:00:00Z|2023-12-31T22:00:00Z"},
        TypeCase{"CASE WHEN i = 1 THEN 2.5::DOUBLE END", Type::real, "∅|2.5|∅"},
        TypeCase{"CASE WHEN i < 2 THEN 'x' END", Type::text, "x|x|∅"}));

TEST(DatasetTest, TimesOfEveryUnitInADatabase) {
  const Scratch files;
  files.sql("ATTACH '@/t.duckdb' AS d; CREATE TABLE d.t AS SELECT TIMESTAMP_S '2024-01-01 00:00:01' AS s, "
            "TIMESTAMP_MS '2024-01-01 00:00:00.001' AS ms, 170141183460469231731687303715884105727::HUGEINT AS huge, "
            "5::HUGEINT AS small, NULL AS nothing, INTERVAL 1 DAY AS span");
  const auto data = Dataset::open(spec_of(files.path("t.duckdb")));
  ASSERT_TRUE(data) << data.error().text();
  EXPECT_EQ(values_of(*data, "s"), "2024-01-01T00:00:01Z");
  EXPECT_EQ(values_of(*data, "ms"), "2024-01-01T00:00:00.001Z");
  EXPECT_EQ(values_of(*data, "huge"), "1.7014118346046923e+38");
  EXPECT_EQ(values_of(*data, "small"), "5");
  EXPECT_EQ(values_of(*data, "nothing"), "∅");
  EXPECT_EQ(values_of(*data, "span"), "1 day");
  EXPECT_NE(notes_of(*data).find("'huge' holds integers beyond 64 bits"), std::string::npos) << notes_of(*data);
  EXPECT_EQ(notes_of(*data).find("'small'"), std::string::npos) << notes_of(*data);
}

TEST(DatasetTest, TimesThatNanosecondsDoNotReachAreCounted) {
  const Scratch files;
  files.sql("COPY (SELECT unnest([DATE '9999-12-31', DATE '0001-01-01', DATE '2262-04-11', DATE '1677-09-22', 'infinity'::DATE]) "
            "AS until) TO '@/t.parquet'");
  const auto data = Dataset::open(spec_of(files.path("t.parquet")));
  ASSERT_TRUE(data) << data.error().text();
  EXPECT_EQ(values_of(*data, "until"), "∅|∅|2262-04-11T00:00:00Z|1677-09-22T00:00:00Z|∅");
  EXPECT_NE(notes_of(*data).find("'until' holds 3 times before 1677-09-22"), std::string::npos) << notes_of(*data);
}

TEST(DatasetTest, NestedColumnsAreLeftOutWithANote) {
  const Scratch files;
  files.sql("COPY (SELECT 1 AS a, {'x': 1, 'y': 'z'} AS s, [1, 2] AS l, 'ab'::BLOB AS b) TO '@/t.parquet'");
  const auto data = Dataset::open(spec_of(files.path("t.parquet")));
  ASSERT_TRUE(data) << data.error().text();
  EXPECT_EQ(data->schema().names(), std::vector<std::string>{"a"});
  const std::string notes = notes_of(*data);
  for (const std::string_view part : {"'s' has type STRUCT(x INTEGER, y VARCHAR) and was left out", "'l' has type INTEGER[]",
                                      "'b' has type BLOB"})
    EXPECT_NE(notes.find(part), std::string::npos) << notes;
}

TEST(DatasetTest, NullsOnEveryChunkBoundary) {
  const Scratch files;
  // 10,007 rows in row groups of 2,500: chunks do not end on words of 64 rows.
  files.sql("COPY (SELECT CASE WHEN i % 7 <> 3 THEN i END AS x, CASE WHEN i % 5 <> 1 THEN 's' || i % 11 END AS s "
            "FROM range(10007) t(i)) TO '@/t.parquet' (ROW_GROUP_SIZE 2500)");
  const auto data = Dataset::open(spec_of(files.path("t.parquet")));
  ASSERT_TRUE(data) << data.error().text();
  const size_t both[] = {0, 1};
  const auto columns = data->read(both);
  ASSERT_TRUE(columns) << columns.error().text();
  const Column &x = (*columns)[0], &s = (*columns)[1];
  ASSERT_EQ(x.size(), 10007u);
  for (size_t i = 0; i < x.size(); ++i) {
    ASSERT_EQ(x.is_valid(i), i % 7 != 3) << i;
    ASSERT_EQ(s.is_valid(i), i % 5 != 1) << i;
    ASSERT_EQ(x.integers()[i], i % 7 != 3 ? static_cast<int64_t>(i) : 0);
    if (s.is_valid(i)) {
      ASSERT_EQ(s.text(i), "s" + std::to_string(i % 11));
    }
  }
  EXPECT_EQ(s.dictionary().size(), 11u);
}

TEST(DatasetTest, ManyDistinctTexts) {
  const Scratch files;
  files.sql("COPY (SELECT 'a rather long identifier ' || i // 2 AS s FROM range(100000) t(i)) TO '@/t.parquet'");
  const auto data = Dataset::open(spec_of(files.path("t.parquet")));
  ASSERT_TRUE(data) << data.error().text();
  const auto column = data->read(0);
  ASSERT_TRUE(column);
  EXPECT_EQ(column->dictionary().size(), 50000u);
  for (size_t i = 0; i < column->size(); ++i) ASSERT_EQ(column->codes()[i], i / 2);
}

TEST(DatasetTest, ForEachGivesEveryColumnOnceAndStopsAtAFailure) {
  const Scratch files;
  files.sql("COPY (SELECT i AS a, i * 2 AS b, i * 3 AS c FROM range(5000) t(i)) TO '@/t.parquet'");
  const auto data = Dataset::open(spec_of(files.path("t.parquet")));
  ASSERT_TRUE(data);
  const size_t wanted[] = {2, 0};
  std::string names[2];
  ASSERT_TRUE(data->for_each(wanted, [&](size_t place, Column column) -> Status {
    names[place] = column.name();
    return {};
  }));
  EXPECT_EQ(names[0] + names[1], "ca");
  const auto failed = data->for_each(wanted, [](size_t, Column) -> Status { return fail(Code::cancelled, "enough"); });
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, Code::cancelled);
}

TEST(DatasetTest, DuplicateRows) {
  const Scratch files;
  const auto data = Dataset::open(spec_of(files.write("d.csv", "id,x,y\n1,a,\n2,a,\n1,a,\n1,b,3\n")));
  ASSERT_TRUE(data);
  EXPECT_EQ(*data->duplicate_rows(), 1);
  const size_t id[] = {0}, x_and_y[] = {1, 2};
  EXPECT_EQ(*data->duplicate_rows(id), 2);
  EXPECT_EQ(*data->duplicate_rows(x_and_y), 2);
}

TEST(DatasetTest, Facts) {
  const Scratch files;
  const auto data = Dataset::open(spec_of(files.write("d.csv", "x,y,z\n1.5,b,\nNaN,a,\n,b,\n-2,c,\n")));
  ASSERT_TRUE(data);
  const auto x = data->facts(0), y = data->facts(1), z = data->facts(2);
  ASSERT_TRUE(x && y && z);
  EXPECT_EQ(x->missing, 1);
  EXPECT_EQ(x->distinct, 3);
  EXPECT_EQ(x->minimum, -2);
  EXPECT_EQ(x->maximum, 1.5);
  EXPECT_EQ(x->values, (std::vector<std::string>{"-2", "1.5", "NaN"}));
  EXPECT_EQ(y->values, (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(z->missing, 4);
  EXPECT_EQ(z->distinct, 0);
}

TEST(DatasetTest, FingerprintIsOfTheContents) {
  const Scratch files;
  const auto of = [](const std::string& path) { return Dataset::open(spec_of(path))->fingerprint(); };
  const std::string a = of(files.write("a.csv", "x\n1\n")), b = of(files.write("b.csv", "x\n1\n")),
                    c = of(files.write("c.csv", "x\n2\n"));
  EXPECT_EQ(a, b);
  EXPECT_NE(a, c);
  EXPECT_EQ(a.size(), 16u);
}

}  // namespace
}  // namespace leeway
