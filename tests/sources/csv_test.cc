#include <gtest/gtest.h>

#include "sources/csv_dialect.h"
#include "sources/scratch.h"

namespace leeway {
namespace {

using test::failure_of;
using test::notes_of;
using test::Scratch;
using test::spec_of;
using test::values_of;

class CsvTest : public testing::Test {
 protected:
  Dataset open(std::string_view text, std::string_view name = "data.csv") {
    auto data = Dataset::open(spec_of(files_.write(name, text)));
    if (!data) throw std::runtime_error(data.error().text());
    return *std::move(data);
  }
  std::string failure(std::string_view text, std::string_view name = "data.csv") {
    std::string message = failure_of(spec_of(files_.write(name, text)));
    const std::string directory = files_.path("");
    for (size_t at; (at = message.find(directory)) != std::string::npos;) message.erase(at, directory.size());
    EXPECT_EQ(message.find('\n'), std::string::npos) << message;
    return message;
  }
  Scratch files_;
};

TEST_F(CsvTest, TypesAreSniffed) {
  const Dataset data = open(
      "n,x,ok,day,at,zoned,zip,word\n"
      "1,0.5,true,2024-02-29,2024-01-01 10:00:00,2024-01-01T10:00:00+02:00,0012,a\n"
      "-7,1e308,false,2024-03-01,2024-01-01 10:00:00.25,2024-01-01T10:00:00Z,0013,\n");
  EXPECT_EQ(data.rows(), 2);
  EXPECT_EQ(values_of(data, "n"), "1|-7");
  EXPECT_EQ(values_of(data, "x"), "0.5|1e+308");
  EXPECT_EQ(values_of(data, "ok"), "true|false");
  EXPECT_EQ(values_of(data, "at"), "2024-01-01T10:00:00Z|2024-01-01T10:00:00.25Z");
  EXPECT_EQ(values_of(data, "zoned"), "2024-01-01T08:00:00Z|2024-01-01T10:00:00Z");
  EXPECT_EQ(values_of(data, "zip"), "0012|0013");
  EXPECT_EQ(values_of(data, "word"), "a|∅");
  EXPECT_EQ(data.schema()[*data.schema().find("day")].type, Type::time);
  EXPECT_TRUE(data.schema()[*data.schema().find("day")].date_only);
  EXPECT_FALSE(data.schema()[*data.schema().find("at")].date_only);
}

TEST_F(CsvTest, NumbersAtTheEdge) {
  const Dataset data = open("x,y\nNaN,5e-324\ninf,1.7976931348623157e308\n-inf,-0.0\n,0.1\n");
  EXPECT_EQ(values_of(data, "x"), "NaN|inf|-inf|∅");
  EXPECT_EQ(values_of(data, "y"), "5e-324|1.7976931348623157e+308|-0|0.1");
}

TEST_F(CsvTest, DelimiterIsSniffedAndNoted) {
  EXPECT_EQ(values_of(open("a;b\n1,5;2\n1,7;3\n"), "b"), "2|3");
  EXPECT_EQ(values_of(open("a\tb\n1\t2\n", "t.tsv"), "b"), "2");
  EXPECT_EQ(values_of(open("a|b\n1|2\n"), "b"), "2");
  EXPECT_NE(notes_of(open("a;b\n1;2\n")).find("separated by ';'"), std::string::npos);
}

TEST_F(CsvTest, DelimiterIsTakenAsGiven) {
  auto spec = spec_of(files_.write("data.csv", "a:b\n1:2\n"));
  spec.delimiter = ":";
  const auto data = Dataset::open(spec);
  ASSERT_TRUE(data) << data.error().text();
  EXPECT_EQ(values_of(*data, "b"), "2");
  spec.delimiter = "::";
  EXPECT_NE(failure_of(spec).find("must be one character"), std::string::npos);
}

TEST_F(CsvTest, Quotes) {
  const Dataset data = open("a,b\n\"x, y\",1\n\"he said \"\"hi\"\"\",2\n\"line\nbreak\",3\n");
  EXPECT_EQ(values_of(data, "a"), "x, y|he said \"hi\"|line\nbreak");
}

TEST_F(CsvTest, HeaderIsSniffed) {
  EXPECT_EQ(open("name,city\nann,rome\nbob,oslo\n").rows(), 2);
  const Dataset headless = open("1,2\n3,4\n");
  EXPECT_EQ(headless.rows(), 2);
  EXPECT_EQ(values_of(headless, "column1"), "2|4");
  EXPECT_NE(notes_of(headless).find("No header line was found"), std::string::npos);
  EXPECT_EQ(open("\xef\xbb\xbf" "a,b\n1,2\n").schema().names(), (std::vector<std::string>{"a", "b"}));
}

TEST_F(CsvTest, HeaderOnlyHasNoRows) {
  const Dataset data = open("a,b\n");
  EXPECT_EQ(data.rows(), 0);
  EXPECT_EQ(data.schema().names(), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(values_of(data, "a"), "");
}

TEST_F(CsvTest, RepeatedAndMissingNamesAreMendedAndNoted) {
  const Dataset data = open("a,a,A,,b\n1,2,3,4,5\n");
  EXPECT_EQ(data.schema().names(), (std::vector<std::string>{"a", "a_1", "A_2", "column3", "b"}));
  EXPECT_EQ(values_of(data, "A_2"), "3");
  EXPECT_NE(notes_of(data).find("'a' to 'a_1' and 'A' to 'A_2'"), std::string::npos) << notes_of(data);
  EXPECT_NE(notes_of(data).find("without a name were called 'column3'"), std::string::npos) << notes_of(data);
}

TEST_F(CsvTest, HostileNamesAreReadByPosition) {
  const Dataset data = open("\"a\"\"b\",\"<script>x</script>\",\"\x1b[31mred\",\"naïve\",\"'; DROP TABLE t; --\"\n1,2,3,4,5\n");
  EXPECT_EQ(values_of(data, "a\"b"), "1");
  EXPECT_EQ(values_of(data, "<script>x</script>"), "2");
  EXPECT_EQ(values_of(data, "\x1b[31mred"), "3");
  EXPECT_EQ(values_of(data, "naïve"), "4");
  EXPECT_EQ(values_of(data, "'; DROP TABLE t; --"), "5");
}

TEST_F(CsvTest, MissingTexts) {
  auto spec = spec_of(files_.write("data.csv", "a,b\n?,x\n3,missing\n,y\n"));
  spec.missing_values = {"?", "missing"};
  const auto data = Dataset::open(spec);
  ASSERT_TRUE(data) << data.error().text();
  EXPECT_EQ(values_of(*data, "a"), "∅|3|∅");
  EXPECT_EQ(values_of(*data, "b"), "x|∅|y");
}

TEST_F(CsvTest, MarksForMissingAmongNumbersAreNulls) {
  const Dataset data = open("a,b,zip\n1.5,NA,01234\nNA,UK,NA\n-2,DE,02345\n");
  EXPECT_EQ(data.schema()[0].type, Type::real);
  EXPECT_EQ(values_of(data, "a"), "1.5|∅|-2");
  EXPECT_EQ(values_of(data, "b"), "NA|UK|DE");
  EXPECT_EQ(values_of(data, "zip"), "01234|NA|02345");
  EXPECT_NE(notes_of(data).find("'a' holds numbers and 1 marks such as 'NA'"), std::string::npos) << notes_of(data);
}

TEST_F(CsvTest, ATypeThatBreaksLateBecomesText) {
  std::string text = "a,b\n";
  for (int i = 0; i < 30000; ++i) text += "1,2\n";
  const Dataset data = open(text + "oops,2\n");
  EXPECT_EQ(data.rows(), 30001);
  EXPECT_EQ(data.schema()[0].type, Type::text);
  EXPECT_EQ(data.schema()[1].type, Type::integer);
  EXPECT_NE(notes_of(data).find("'a' holds values of another type from line 30,002"), std::string::npos) << notes_of(data);
}

TEST_F(CsvTest, RaggedLinesAreNamedByNumber) {
  EXPECT_EQ(failure("a,b\n1,2\n3\n4,5\n"),
            "data.csv:3: the line has 1 field where the header has 2. Correct that line, or quote the field that holds the "
            "delimiter.");
  EXPECT_EQ(failure("a,b\n1,2\n3,4,5\n").substr(0, 50), "data.csv:3: the line has 3 fields where the header");
  std::string late = "a,b\n";
  for (int i = 0; i < 50000; ++i) late += "1,2\n";
  EXPECT_EQ(failure(late + "1,2,3\n").substr(0, 16), "data.csv:50002: ");
}

TEST_F(CsvTest, OpenQuoteIsNamedByLine) {
  EXPECT_EQ(failure("a,b\n1,2\n\"x,1\ny,2\n"), "data.csv:3: a quoted field is never closed. Close the quote or double it.");
}

TEST_F(CsvTest, EmptyAndBlankFiles) {
  EXPECT_EQ(failure(""), "data.csv: the file is empty. Give a file with a header line and rows.");
  EXPECT_EQ(failure("\n\n \n"), "data.csv: the file holds nothing but blank lines. Give a file with a header line and rows.");
}

TEST_F(CsvTest, BinaryJunkAndForeignKinds) {
  EXPECT_NE(failure(std::string("\x01\x02\0\x03", 4) + "junk").find("is binary data"), std::string::npos);
  EXPECT_NE(failure("PK\x03\x04....", "book.xlsx").find("is a zip archive (or an Excel workbook)"), std::string::npos);
  EXPECT_NE(failure(std::string("\xff\xfe" "a\0,\0", 6)).find("UTF-16"), std::string::npos);
}

TEST_F(CsvTest, Latin1IsReadAndNoted) {
  std::string text = "name,n\n";
  for (int i = 0; i < 30000; ++i) text += "x,1\n";
  const Dataset early = open("name,n\nM\xfcller,1\n"), late = open(text + "M\xfcller,1\n");
  EXPECT_EQ(values_of(early, "name"), "Müller");
  EXPECT_EQ(late.rows(), 30001);
  for (const auto* data : {&early, &late}) EXPECT_NE(notes_of(*data).find("read as Latin-1"), std::string::npos);
}

TEST_F(CsvTest, AllNullAndBlankRows) {
  const Dataset data = open("a,b,c\n1,,\n2,,x\n,,\n");
  EXPECT_EQ(data.rows(), 3);
  EXPECT_EQ(values_of(data, "b"), "∅|∅|∅");
  EXPECT_EQ(data.read(1)->null_count(), 3u);
}

TEST_F(CsvTest, TenThousandColumns) {
  std::string header, row;
  for (int i = 0; i < 10000; ++i) {
    header += (i ? ",c" : "c") + std::to_string(i);
    row += (i ? "," : "") + std::to_string(i);
  }
  const Dataset data = open(header + "\n" + row + "\n" + row + "\n");
  EXPECT_EQ(data.schema().size(), 10000u);
  EXPECT_EQ(values_of(data, "c9999"), "9999|9999");
  std::vector<size_t> all(10000);
  std::iota(all.begin(), all.end(), size_t{0});
  std::vector<int64_t> sums(10000);
  ASSERT_TRUE(data.for_each(all, [&](size_t place, Column column) -> Status {
    sums[place] = column.integers()[0] + column.integers()[1];
    return {};
  }));
  for (size_t i = 0; i < sums.size(); ++i) ASSERT_EQ(sums[i], static_cast<int64_t>(2 * i));
}

TEST_F(CsvTest, SeveralFilesAreMatchedByName) {
  files_.write("p1.csv", "a,b\n1,x\n2,y\n");
  files_.write("p2.csv", "b,a\nz,3\n");
  files_.write("p3.csv", "a\n4\n");
  const auto data = Dataset::open(spec_of(files_.path("p*.csv")));
  ASSERT_TRUE(data) << data.error().text();
  EXPECT_EQ(values_of(*data, "a"), "1|2|3|4");
  EXPECT_EQ(values_of(*data, "b"), "x|y|z|∅");
  EXPECT_NE(notes_of(*data).find("p3.csv lacks 'b'"), std::string::npos) << notes_of(*data);
}

TEST(SniffCsvTest, TheDelimiterThatMakesRecordsEqualWins) {
  const std::vector<std::string> decimals = {"a;b", "1,5;2,5", "1,7;2"};
  EXPECT_EQ(sniff_csv(decimals).delimiter, ';');
  const std::vector<std::string> single = {"a", "1", "2"};
  EXPECT_EQ(sniff_csv(single).delimiter, ',');
  const std::vector<std::string> quoted = {"a,b", "\"x;y;z", "w\",1", "\"p;q\",2"};
  EXPECT_EQ(sniff_csv(quoted).delimiter, ',');
  const std::vector<std::string> comments = {"# made by hand", "#", "a,b", "1,2"};
  EXPECT_EQ(sniff_csv(comments).skip, 2);
  EXPECT_EQ(sniff_csv(comments).first, (std::vector<std::string>{"a", "b"}));
}

}  // namespace
}  // namespace leeway
