#include <gtest/gtest.h>

#include "sources/scratch.h"

namespace leeway {
namespace {

using test::failure_of;
using test::Scratch;
using test::spec_of;
using test::values_of;

class SqlTest : public testing::Test {
 protected:
  SqlTest() {
    files_.write("a.csv", "id,x\n1,10\n2,20\n3,\n");
    files_.write("secret.csv", "password\nhunter2\n");
    files_.sql("ATTACH '@/loans.duckdb' AS d; CREATE TABLE d.loans AS SELECT i AS id, i * 1.5 AS amount FROM range(4) t(i);"
               "CREATE TABLE d.branches AS SELECT 'north' AS name; CREATE SCHEMA d.old; CREATE TABLE d.old.loans AS SELECT 7 AS id;"
               "CREATE VIEW d.large AS SELECT * FROM loans WHERE amount > 2;"
               "CREATE VIEW d.spy AS SELECT * FROM read_csv('@/secret.csv')");
  }
  SourceSpec sql(std::string statement) const {
    SourceSpec spec;
    for (size_t at; (at = statement.find('@')) != std::string::npos;) statement.replace(at, 1, files_.path("."));
    spec.sql = std::move(statement);
    return spec;
  }
  SourceSpec database(std::string table = {}) const {
    auto spec = spec_of(files_.path("loans.duckdb"));
    spec.table = std::move(table);
    return spec;
  }
  static std::string values(const SourceSpec& spec, std::string_view column) {
    const auto data = Dataset::open(spec);
    return data ? values_of(*data, column) : data.error().text();
  }
  Scratch files_;
};

TEST_F(SqlTest, OverFilesThatItNames) {
  EXPECT_EQ(values(sql("SELECT id, x * 2 AS y FROM '@/a.csv' ORDER BY id DESC;"), "y"), "∅|40|20");
  EXPECT_EQ(values(sql("SELECT count(*) AS n FROM read_csv('@/*.csv', union_by_name=true)"), "n"), "4");
  EXPECT_EQ(values(sql("WITH t AS (SELECT 1 AS a) SELECT * FROM t -- done"), "a"), "1");
}

TEST_F(SqlTest, OverTheFilesBesideIt) {
  auto spec = spec_of(files_.path("a.csv"));
  spec.sql = "SELECT sum(x) AS total FROM data";
  EXPECT_EQ(values(spec, "total"), "30");
  spec.paths = {files_.path("a.csv")};
  spec.sql = "SELECT * FROM dat";
  const std::string message = failure_of(spec);
  EXPECT_NE(message.find("does not exist"), std::string::npos) << message;
}

TEST_F(SqlTest, MendsTheFilesBesideIt) {
  std::string text = "name,x\n";
  for (int i = 0; i < 30000; ++i) text += "n,1\n";
  auto spec = spec_of(files_.write("late.csv", text + "M\xfcller,oops\n"));
  spec.sql = "SELECT name FROM data WHERE x = 'oops'";
  EXPECT_EQ(values(spec, "name"), "Müller");
}

TEST_F(SqlTest, OverADatabase) {
  auto spec = database();
  spec.sql = "SELECT l.id, b.name FROM loans l CROSS JOIN branches b WHERE amount > 2 ORDER BY 1";
  EXPECT_EQ(values(spec, "id"), "2|3");
  EXPECT_EQ(values(spec, "name"), "north|north");
}

TEST_F(SqlTest, TablesAndViews) {
  EXPECT_EQ(values(database("loans"), "amount"), "0|1.5|3|4.5");
  EXPECT_EQ(values(database("old.loans"), "id"), "7");
  EXPECT_EQ(values(database("large"), "id"), "2|3");
  EXPECT_NE(failure_of(database()).find("the database holds 5 tables. Name one of "), std::string::npos) << failure_of(database());
  EXPECT_NE(failure_of(database("loan")).find("holds no table 'loan'. Did you mean 'loans'?"), std::string::npos);
}

TEST_F(SqlTest, TheDatabaseIsNotWritten) {
  const auto before = std::filesystem::last_write_time(files_.path("loans.duckdb"));
  { const auto data = Dataset::open(database("loans")); }
  EXPECT_EQ(std::filesystem::last_write_time(files_.path("loans.duckdb")), before);
  EXPECT_FALSE(std::filesystem::exists(files_.path("loans.duckdb.wal")));
}

// What is not named in full is out of reach, however it is asked for.
TEST_F(SqlTest, OtherFilesAreOutOfReach) {
  const std::string directory = files_.path(".");
  const std::vector<std::string> statements = {
      "SELECT * FROM read_csv('" + directory + "/sec' || 'ret.csv')",
      "SELECT * FROM read_text(concat('" + directory + "', '/secret.csv'))",
      "SELECT * FROM glob('/etc/pass' || '*')",
      "SELECT * FROM read_text('/proc/self/' || 'environ')",
      "SELECT * FROM 'https://example.com/x.csv'",
      "SELECT * FROM query_table('loans.duckdb')",
  };
  for (const auto& statement : statements) {
    const auto data = Dataset::open(sql(statement));
    ASSERT_FALSE(data) << statement;
    EXPECT_EQ(data.error().text().find("hunter2"), std::string::npos);
    EXPECT_EQ(data.error().text().find('\n'), std::string::npos) << data.error().text();
  }
  auto beside = spec_of(files_.path("a.csv"));
  beside.sql = "SELECT * FROM read_csv('" + directory + "/secr' || 'et.csv')";
  EXPECT_NE(failure_of(beside).find("does not name as a file of its own"), std::string::npos) << failure_of(beside);
  EXPECT_NE(failure_of(database("spy")).find("does not name as a file of its own"), std::string::npos) << failure_of(database("spy"));
}

TEST_F(SqlTest, OnlyOneSelect) {
  EXPECT_EQ(failure_of(sql("CREATE TABLE t AS SELECT 1")).substr(0, 30), "SQL: only a SELECT may be run.");
  for (const std::string statement : {"COPY (SELECT 1) TO '@/out.csv'", "ATTACH '@/new.duckdb'", "INSTALL httpfs", "LOAD httpfs",
                                      "SET enable_external_access = true", "PRAGMA database_list", "EXPORT DATABASE '@/dump'"})
    EXPECT_NE(failure_of(sql(statement)), "opened") << statement;
  EXPECT_NE(failure_of(sql("SELECT 1; SELECT 2")).find("one SELECT is expected"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(files_.path("out.csv")));
  EXPECT_FALSE(std::filesystem::exists(files_.path("new.duckdb")));
  EXPECT_FALSE(std::filesystem::exists(files_.path("dump")));
}

TEST_F(SqlTest, MistakesInOneSentence) {
  EXPECT_EQ(failure_of(sql("SELEC 1")).substr(0, 35), "SQL: syntax error at or near \"SELEC");
  const std::string column = failure_of(sql("SELECT idd FROM '@/a.csv'"));
  EXPECT_NE(column.find("referenced column \"idd\" not found"), std::string::npos) << column;
  EXPECT_EQ(column.find('\n'), std::string::npos);
  const std::string cast = failure_of(sql("SELECT 'secret value'::INTEGER AS x"));
  EXPECT_EQ(cast.find("secret value"), std::string::npos) << cast;
}

TEST_F(SqlTest, RepeatedNamesAndManyTypes) {
  const auto data = Dataset::open(sql("SELECT 1 AS a, 2 AS a, sum(3) AS s, [1] AS l"));
  ASSERT_TRUE(data) << data.error().text();
  EXPECT_EQ(data->schema().names(), (std::vector<std::string>{"a", "a_1", "s"}));
  EXPECT_EQ(values_of(*data, "s"), "3");
}

}  // namespace
}  // namespace leeway
