#include "reports/terminal.h"

#include <utility>

#include "base/text.h"
#include "golden.h"
#include "sample_report.h"

namespace leeway {
namespace {

std::vector<Report> all_samples() {
  return {sample::rich_report(), sample::small_report(), sample::empty_report(), sample::uncomputable_report(),
          sample::quiet_report(), sample::hostile_report(), sample::wide_report(60, 32), Report()};
}

/// The text without its colour sequences.
std::string uncoloured(const std::string& text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\x1b') i = text.find('m', i);
    else out += text[i];
  }
  return out;
}

bool has_line(const std::string& text, std::string_view start, std::string_view part) {
  for (const auto line : split(text, '\n'))
    if (trim(line).starts_with(start) && line.find(part) != std::string_view::npos) return true;
  return false;
}

TEST(Terminal, RichReportReadsAsIntended) { sample::expect_golden(report_text(sample::rich_report()), "rich_80.txt"); }

TEST(Terminal, NarrowReportReadsAsIntended) {
  sample::expect_golden(report_text(sample::rich_report(), {.width = 40}), "rich_40.txt");
}

TEST(Terminal, NoLineIsWiderThanTheTerminal) {
  for (const auto& report : all_samples())
    for (const int width : {40, 41, 47, 60, 72, 80, 100, 132, 200})
      for (const bool all : {false, true})
        for (const bool unicode : {false, true}) {
          const std::string text = report_text(report, {.width = width, .unicode = unicode, .all = all});
          for (const auto line : split(text, '\n'))
            ASSERT_LE(display_width(line), width) << line;
        }
}

TEST(Terminal, WidthsBelowFortyAreForty) {
  const Report report = sample::rich_report();
  EXPECT_EQ(report_text(report, {.width = 1}), report_text(report, {.width = 40}));
}

TEST(Terminal, WithoutColourThereIsNoControlByteButTheLineFeed) {
  for (const auto& report : all_samples())
    for (const char c : report_text(report, {.all = true}))
      ASSERT_TRUE(static_cast<unsigned char>(c) >= 0x20 || c == '\n');
}

TEST(Terminal, ColourAddsNothingButColour) {
  for (const auto& report : all_samples()) {
    const std::string coloured = report_text(report, {.colour = true});
    EXPECT_EQ(uncoloured(coloured), report_text(report));
  }
  EXPECT_NE(report_text(sample::rich_report(), {.colour = true}).find("\x1b[1;31m⬢ DRIFT"), std::string::npos);
}

TEST(Terminal, AsciiIsAscii) {
  for (const auto& report : all_samples())
    for (const char c : report_text(report, {.unicode = false})) ASSERT_LT(static_cast<unsigned char>(c), 0x7F);
}

TEST(Terminal, EveryVerdictHasItsWord) {
  const std::string text = report_text(sample::rich_report());
  EXPECT_TRUE(has_line(text, "⬢ DRIFT", "income"));
  EXPECT_TRUE(has_line(text, "▲ WORSE", "ROC AUC"));
  EXPECT_TRUE(has_line(text, "⬢ UNFAIR", "female"));
  EXPECT_TRUE(has_line(text, "◌ undecided", "debt_to_income"));
  EXPECT_TRUE(has_line(text, "◌ no data", "bureau_score_v2"));
  EXPECT_TRUE(has_line(text, "● ok", "age"));
}

TEST(Terminal, LongListsAreCutAndSayHowMuchIsLeft) {
  const Report report = sample::wide_report(1000, 8);
  const std::string text = report_text(report);
  EXPECT_NE(text.find("… and 980 more, 80 of them drifted (use --all)"), std::string::npos) << text;
  EXPECT_EQ(text.find("customer_feature_00999"), std::string::npos);
  EXPECT_NE(report_text(report, {.all = true}).find("customer_feature_00999"), std::string::npos);
}

TEST(Terminal, LastLinesAreTheVerdictAndTheNextCommand) {
  const std::string failed = report_text(sample::rich_report(), {.width = 200});
  EXPECT_TRUE(has_line(failed, "⬢ FAILED  12 of 73 checks outside the leeway", "5 not decided"));
  EXPECT_TRUE(failed.ends_with("--window 1w --format html -o report.html\n"));
  EXPECT_TRUE(has_line(report_text(sample::quiet_report()), "● PASSED", "All 3 checks are within their leeway."));
  EXPECT_TRUE(has_line(report_text(sample::uncomputable_report(), {.width = 120}), "◌ NOT DECIDED", "4 checks could not be decided"));
}

/// What a POSIX shell makes of a command over several lines: its words.
std::vector<std::string> shell_words(const std::string& text) {
  std::vector<std::string> words;
  std::string word;
  bool quoted = false, any = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (!quoted && c == '\\' && i + 1 < text.size() && text[i + 1] == '\n') ++i;
    else if (c == '\'') quoted = !quoted, any = true;
    else if (!quoted && (c == ' ' || c == '\n')) {
      if (any) words.push_back(std::exchange(word, ""));
      any = false;
    } else {
      word += c;
      any = true;
    }
  }
  if (any) words.push_back(word);
  return words;
}

TEST(Terminal, WrappedCommandIsTheCommandToAShell) {
  for (const int width : {40, 53, 80}) {
    Report report = sample::quiet_report();
    report.command = "leeway check /a/very/long/path/to/some/reference_data_of_last_year.csv.gz current.csv --sql "
                     "'SELECT a, b  FROM data WHERE name = '\\''x y'\\'' AND this_is_a_long_column_name > 1'";
    const std::string text = report_text(report, {.width = width});
    EXPECT_EQ(shell_words(text.substr(text.find("  leeway check"))), shell_words(report.command + " --format html -o report.html"));
  }
}

TEST(Terminal, WrappedCommandIsTheCommandAgain) {
  Report report = sample::quiet_report();
  const std::string text = report_text(report, {.width = 40});
  const std::string tail = text.substr(text.find("  leeway check"));
  std::string joined;
  for (const auto line : split(tail, '\n')) joined += line;
  std::string command;
  for (const auto word : split(joined, ' '))
    if (!word.empty() && word != "\\") command += (command.empty() ? "" : " ") + std::string(word);
  EXPECT_EQ(command, report.command + " --format html -o report.html");
}

}  // namespace
}  // namespace leeway
