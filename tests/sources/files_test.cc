#include <gtest/gtest.h>

#include "sources/scratch.h"
#include "sources/source_files.h"

namespace leeway {
namespace {

using test::failure_of;
using test::notes_of;
using test::Scratch;
using test::spec_of;
using test::values_of;

class FilesTest : public testing::Test {
 protected:
  // The failure without the directory; always one line.
  std::string failure(const std::string& name) const {
    std::string message = failure_of(spec_of(files_.path(name)));
    const std::string directory = files_.path("");
    for (size_t at; (at = message.find(directory)) != std::string::npos;) message.erase(at, directory.size());
    EXPECT_EQ(message.find('\n'), std::string::npos) << message;
    return message;
  }
  std::string bytes(const std::string& name) const {
    std::ifstream in(files_.path(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  Scratch files_;
};

TEST_F(FilesTest, AMissingFileNamesItsNearestSibling) {
  files_.write("transactions.csv", "a\n1\n");
  EXPECT_EQ(failure("transactons.csv"), "transactons.csv: no such file. Did you mean 'transactions.csv'?");
  EXPECT_EQ(failure("elsewhere.csv"), "elsewhere.csv: no such file.");
  EXPECT_NE(failure("nowhere/x.csv").find("There is no directory"), std::string::npos);
  EXPECT_EQ(Dataset::open(spec_of(files_.path("x.csv"))).error().code, Code::not_found);
}

TEST_F(FilesTest, GlobsAndDirectories) {
  EXPECT_EQ(failure("*.parquet"), "no file matches '*.parquet'.");
  std::filesystem::create_directory(files_.path("d"));
  EXPECT_EQ(failure("d"), "d: is a directory. Name its files, for example 'd/*.parquet'.");
  EXPECT_EQ(failure_of(SourceSpec()), "no data are named. Give a file, several files, a glob or '-'.");
  files_.write("odd[1].csv", "a\n1\n");
  const auto literal = Dataset::open(spec_of(files_.path("odd[1].csv")));
  ASSERT_TRUE(literal) << literal.error().text();
  EXPECT_EQ(literal->rows(), 1);
}

TEST_F(FilesTest, FilesOfDifferentKindsAreRefused) {
  files_.write("a.csv", "x\n1\n");
  files_.sql("COPY (SELECT 1 AS x) TO '@/b.parquet'");
  auto spec = spec_of(files_.path("a.csv"));
  spec.paths.push_back(files_.path("b.parquet"));
  EXPECT_NE(failure_of(spec).find("b.parquet: is of another kind than the files before it"), std::string::npos);
}

TEST_F(FilesTest, ContentsGoBeforeNames) {
  files_.sql("COPY (SELECT 42 AS x) TO '@/p.csv' (FORMAT parquet)");
  files_.write("lines.csv.txt", "x\n7\n");
  files_.write("plain", "{\"x\": 5}\n{\"x\": 6}\n");
  EXPECT_EQ(values_of(*Dataset::open(spec_of(files_.path("p.csv"))), "x"), "42");
  EXPECT_EQ(values_of(*Dataset::open(spec_of(files_.path("lines.csv.txt"))), "x"), "7");
  EXPECT_EQ(values_of(*Dataset::open(spec_of(files_.path("plain"))), "x"), "5|6");
  files_.write("csv.parquet", "x\n1\n");
  EXPECT_EQ(failure("csv.parquet"),
            "csv.parquet: is not a Parquet file: its first bytes are not those of one. Check that it was copied whole, or "
            "rename it after what it is.");
}

TEST_F(FilesTest, TruncatedAndDamagedParquet) {
  files_.sql("COPY (SELECT i AS x, 'text ' || i AS s FROM range(50000) t(i)) TO '@/whole.parquet'");
  const std::string whole = bytes("whole.parquet");
  files_.write("cut.parquet", whole.substr(0, whole.size() / 2));
  EXPECT_EQ(failure("cut.parquet"),
            "cut.parquet: begins as a Parquet file but ends without its footer: it was cut short. Copy or write it again.");
  std::string footer = whole;
  for (size_t i = whole.size() - 60; i < whole.size() - 8; ++i) footer[i] = '\xff';
  files_.write("footer.parquet", footer);
  EXPECT_EQ(failure("footer.parquet").substr(0, 16), "footer.parquet: ");
  std::string holes = whole;
  for (size_t i = 100; i < whole.size() / 2; ++i) holes[i] = '\x55';
  files_.write("holes.parquet", holes);
  const auto data = Dataset::open(spec_of(files_.path("holes.parquet")));
  ASSERT_TRUE(data) << data.error().text();
  int failures = 0;
  for (size_t i = 0; i < 2; ++i) {
    const auto column = data->read(i);
    if (column) continue;
    ++failures;
    EXPECT_EQ(column.error().code, Code::invalid_data) << column.error().text();
    EXPECT_EQ(column.error().text().find('\n'), std::string::npos) << column.error().text();
  }
  EXPECT_GT(failures, 0);
}

TEST_F(FilesTest, RepeatedNamesInParquetAreNoted) {
  files_.sql("COPY (SELECT 1 AS name_1, {'x': 3, 'y': 4} AS s, 2 AS name_2) TO '@/a.parquet'");
  std::string patched = bytes("a.parquet");
  for (size_t at = 0; (at = patched.find("name_2", at)) != std::string::npos;) patched[at + 5] = '1';
  const auto data = Dataset::open(spec_of(files_.write("b.parquet", patched)));
  ASSERT_TRUE(data) << data.error().text();
  EXPECT_EQ(data->schema().names(), (std::vector<std::string>{"name_1", "name_1_1"}));
  EXPECT_EQ(values_of(*data, "name_1_1"), "2");
  EXPECT_NE(notes_of(*data).find("were changed: 'name_1' to 'name_1_1'."), std::string::npos) << notes_of(*data);
}

TEST_F(FilesTest, CompressedFilesAreRead) {
  files_.sql("COPY (SELECT i AS x FROM range(3) t(i)) TO '@/a.csv.gz' (COMPRESSION gzip)");
  files_.sql("COPY (SELECT i AS x FROM range(3) t(i)) TO '@/a.csv.zst' (COMPRESSION zstd)");
  files_.sql("COPY (SELECT i AS x FROM range(3) t(i)) TO '@/a.jsonl.gz' (FORMAT json, COMPRESSION gzip)");
  std::filesystem::copy_file(files_.path("a.csv.gz"), files_.path("unmarked.csv"));
  for (const auto* name : {"a.csv.gz", "a.csv.zst", "a.jsonl.gz", "unmarked.csv"}) {
    const auto data = Dataset::open(spec_of(files_.path(name)));
    ASSERT_TRUE(data) << data.error().text();
    EXPECT_EQ(values_of(*data, "x"), "0|1|2") << name;
  }
}

TEST_F(FilesTest, TruncatedCompressedFilesAreRefused) {
  // DuckDB itself reads these without complaint, as shorter files.
  files_.sql("COPY (SELECT i AS x, hash(i) AS y FROM range(50000) t(i)) TO '@/a.csv.gz' (COMPRESSION gzip)");
  files_.sql("COPY (SELECT i AS x, hash(i) AS y FROM range(50000) t(i)) TO '@/a.csv.zst' (COMPRESSION zstd)");
  for (const std::string name : {"a.csv.gz", "a.csv.zst"}) {
    const std::string whole = bytes(name);
    for (const size_t keep : {whole.size() - 1, whole.size() / 2, size_t{30}}) {
      files_.write("cut." + name, whole.substr(0, keep));
      const std::string message = failure("cut." + name);
      EXPECT_NE(message.find(name.ends_with("gz") ? "gzip data end early" : "zstd data end early"), std::string::npos) << message;
    }
  }
  std::string damaged = bytes("a.csv.gz");
  for (size_t i = damaged.size() / 2; i < damaged.size() / 2 + 1000; ++i) damaged[i] = '\x55';
  files_.write("damaged.csv.gz", damaged);
  EXPECT_NE(failure("damaged.csv.gz").find("the gzip data are damaged"), std::string::npos) << failure("damaged.csv.gz");
}

TEST_F(FilesTest, JsonLines) {
  files_.write("a.jsonl", "{\"a\": 1, \"b\": \"x\", \"t\": \"2024-01-01T00:00:00Z\"}\n{\"b\": \"y\", \"a\": 2.5, \"c\": true}\n");
  const auto data = Dataset::open(spec_of(files_.path("a.jsonl")));
  ASSERT_TRUE(data) << data.error().text();
  EXPECT_EQ(values_of(*data, "a"), "1|2.5");
  EXPECT_EQ(values_of(*data, "b"), "x|y");
  EXPECT_EQ(values_of(*data, "c"), "∅|true");
  EXPECT_EQ(values_of(*data, "t"), "2024-01-01T00:00:00Z|∅");
  files_.write("array.json", "[{\"a\": 1}, {\"a\": 2}]");
  EXPECT_EQ(values_of(*Dataset::open(spec_of(files_.path("array.json"))), "a"), "1|2");
}

TEST_F(FilesTest, MixedAndNestedJson) {
  std::string text;
  for (int i = 0; i < 30000; ++i) text += "{\"a\": 1, \"n\": {\"x\": 1}}\n";
  files_.write("late.jsonl", text + "{\"a\": \"word\"}\n");
  const auto data = Dataset::open(spec_of(files_.path("late.jsonl")));
  ASSERT_TRUE(data) << data.error().text();
  EXPECT_EQ(data->rows(), 30001);
  EXPECT_EQ(data->schema().names(), std::vector<std::string>{"a"});
  EXPECT_EQ(data->schema()[0].type, Type::text);
  EXPECT_EQ(data->read(0)->text(30000), "word");
  EXPECT_EQ(data->read(0)->text(0), "1");
  EXPECT_NE(notes_of(*data).find("'n' has type STRUCT"), std::string::npos) << notes_of(*data);
}

TEST_F(FilesTest, BrokenJsonIsNamedByLine) {
  files_.write("a.jsonl", "{\"a\": 1}\n{\"a\": }\n{\"a\": 3}\n");
  EXPECT_EQ(failure("a.jsonl"), "a.jsonl:2: is not valid JSON here. Each line must be one JSON object.");
}

TEST_F(FilesTest, StandardInput) {
  const auto read = [](const std::string& text) {
    std::istringstream input(text);
    auto* before = std::cin.rdbuf(input.rdbuf());
    auto data = Dataset::open(spec_of("-"));
    std::cin.rdbuf(before);
    std::cin.clear();
    return data;
  };
  const auto csv = read("a,b\n1,x\n2,y\n");
  ASSERT_TRUE(csv) << csv.error().text();
  EXPECT_EQ(csv->label(), "standard input");
  EXPECT_EQ(values_of(*csv, "b"), "x|y");
  EXPECT_EQ(values_of(*read("{\"a\": 1}\n"), "a"), "1");
  EXPECT_EQ(read("").error().text(), "standard input: the file is empty. Give a file with a header line and rows.");
  EXPECT_EQ(read("a,b\n1\n").error().text().substr(0, 17), "standard input:2:");
}

TEST_F(FilesTest, Labels) {
  SourceSpec spec;
  spec.paths = {"a.csv"};
  EXPECT_EQ(spec.label(), "a.csv");
  spec.paths = {"a.csv", "b.csv", "c.csv"};
  EXPECT_EQ(spec.label(), "a.csv and 2 more");
  spec.paths = {"x.duckdb"};
  spec.table = "loans";
  EXPECT_EQ(spec.label(), "x.duckdb (table loans)");
}

TEST_F(FilesTest, NothingIsLeftBehind) {
  files_.write("a.csv", "a\n1\n");
  const std::string own = files_.path("tmp");
  std::filesystem::create_directory(own);
  const char* before = std::getenv("TMPDIR");
  const std::string old = before ? before : "";
  setenv("TMPDIR", own.c_str(), 1);
  {
    const auto data = Dataset::open(spec_of(files_.path("a.csv")));
    ASSERT_TRUE(data);
    EXPECT_FALSE(std::filesystem::is_empty(own));
  }
  failure("missing.csv");
  EXPECT_TRUE(std::filesystem::is_empty(own));
  before ? setenv("TMPDIR", old.c_str(), 1) : unsetenv("TMPDIR");
}

TEST(PathsInSqlTest, OnlyLiteralsThatAreFiles) {
  const Scratch files;
  const std::string a = files.write("a.csv", "x\n1\n"), quote = files.write("it's.csv", "x\n1\n");
  const auto paths = [](const std::string& sql) { return paths_in_sql(sql); };
  EXPECT_EQ(paths("SELECT * FROM '" + a + "' WHERE x = 'word'"), std::vector<std::string>{a});
  EXPECT_EQ(paths("SELECT * FROM \"" + a + "\""), std::vector<std::string>{a});
  EXPECT_EQ(paths("SELECT 1 -- '" + a + "'\n"), std::vector<std::string>());
  EXPECT_EQ(paths("SELECT 1 /* '" + a + "' */"), std::vector<std::string>());
  EXPECT_EQ(paths("SELECT * FROM '" + files.path("it''s.csv") + "'"), std::vector<std::string>{quote});
  EXPECT_EQ(paths("SELECT * FROM '" + files.path("*.csv") + "'"), std::vector<std::string>{files.path("*.csv")});
  EXPECT_EQ(paths("SELECT 'open"), std::vector<std::string>());
}

}  // namespace
}  // namespace leeway
