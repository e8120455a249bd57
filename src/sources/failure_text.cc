#include "sources/failure_text.h"

#include <array>
#include <cctype>
#include <string_view>

#include <fmt/format.h>

#include "base/text.h"

namespace leeway {
namespace {

struct Rule {
  std::string_view contains;
  Code code;
  std::string_view message, remedy;
};

// The first that matches counts.
constexpr std::array rules = std::to_array<Rule>({
    {"Out of Memory", Code::resource_exhausted, "reading needs more memory than it may use",
     "Read fewer columns, or give a Parquet file."},
    {"No space left", Code::resource_exhausted, "the disk for temporary files is full", "Set TMPDIR to a larger disk."},
    {"unterminated quote", Code::invalid_data, "a quoted field is never closed", "Close the quote or double it."},
    {"not utf-8 encoded", Code::invalid_data, "the text is not UTF-8", "Save the file as UTF-8."},
    {"Invalid unicode", Code::invalid_data, "the text is not UTF-8", "Save the file as UTF-8."},
    {"Maximum line size", Code::invalid_data, "a line is longer than 2 MB", "Check the quotes and the line ends."},
    {"Could not convert string", Code::invalid_data, "a value is not of its column's type", "Correct the value."},
    {"Malformed JSON", Code::invalid_data, "is not valid JSON here", "Each line must be one JSON object."},
    {"Input is not a GZIP stream", Code::invalid_data, "is not gzip", "Rename the file after what it is."},
    {"sniffing file", Code::invalid_data, "the rows do not have the same number of fields",
     "Give the delimiter, or correct the rows."},
    {"Permission Error", Code::invalid_argument, "the SQL reads or writes what it does not name as a file of its own",
     "Name every file in full between single quotes."},
    {"Parquet", Code::invalid_data, "is damaged or not a Parquet file", "Write or copy it again."},
    {"Snappy", Code::invalid_data, "is damaged", "Write or copy it again."},
    {"ZSTD", Code::invalid_data, "is damaged", "Write or copy it again."},
    {"Could not set lock on file", Code::unavailable, "is in use by another process",
     "Close the other program, or ask it for the rows."},
    {"IO Error", Code::invalid_data, "cannot be read", "Check the file and its permissions."},
});

// "12" after the first of `marks` that occurs in `text`.
std::string_view after(std::string_view text, std::initializer_list<std::string_view> marks, std::string_view until) {
  for (const auto mark : marks) {
    const auto at = text.find(mark);
    if (at == std::string_view::npos) continue;
    const auto rest = text.substr(at + mark.size());
    return rest.substr(0, rest.find_first_of(until));
  }
  return {};
}

bool is_about_sql(std::string_view text) {
  for (const std::string_view kind : {"Parser Error", "Binder Error", "Catalog Error", "Conversion Error",
                                      "Out of Range Error", "Not implemented Error"})
    if (text.starts_with(kind)) return true;
  return false;
}

// DuckDB's first line without its kind, as the start of a sentence of ours.
std::string first_line(std::string_view text) {
  text = text.substr(0, text.find('\n'));
  if (const auto colon = text.find("Error: "); colon != std::string_view::npos) text.remove_prefix(colon + 7);
  while (!text.empty() && (text.back() == '!' || text.back() == '.' || text.back() == ' ')) text.remove_suffix(1);
  std::string out(text);
  if (out.size() > 1 && std::islower(static_cast<unsigned char>(out[1])))
    out[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(out[0])));
  return out;
}

std::string sql_remedy(std::string_view text) {
  for (const std::string_view mark : {"Did you mean ", "Candidate bindings: "})
    if (const auto at = text.find(mark); at != std::string_view::npos) {
      const auto line = text.substr(at);
      return std::string(line.substr(0, line.find('\n')));
    }
  return {};
}

std::string ragged(std::string_view text) {
  const auto expected = after(text, {"Expected Number of Columns: "}, " \n");
  const auto found = after(text, {"Found: "}, " \n");
  if (expected.empty() || found.empty()) return {};
  return fmt::format("the line has {} field{} where the header has {}", found, found == "1" ? "" : "s", expected);
}

}  // namespace

int failure_line(const std::string& text) {
  if (const auto line = parse_int(after(text, {"Error on Line: "}, " \n"))) return static_cast<int>(*line);
  // The JSON reader names the line behind the broken one.
  return static_cast<int>(parse_int(after(text, {"in line "}, " \n:,")).value_or(1)) - 1;
}

std::string failure_column(const std::string& text) {
  return std::string(after(text, {"converting column \""}, "\""));
}

Error explain_failure(const duck::Failure& failure, const std::string& place) {
  const std::string& text = failure.text;
  const auto named = after(text, {"  file = ", "in file \"", "file \"", "file '"}, "\"'\n");
  Error error{Code::invalid_data, {}, named.empty() ? place : std::string(named), failure_line(text), 0, {}};
  if (const auto sentence = ragged(text); !sentence.empty()) {
    error.message = sentence;
    error.remedy = "Correct that line, or quote the field that holds the delimiter.";
    return error;
  }
  for (const auto& rule : rules)
    if (text.find(rule.contains) != std::string::npos) {
      error.code = rule.code;
      error.message = rule.message;
      error.remedy = rule.remedy;
      return error;
    }
  if (is_about_sql(text)) {
    error.code = text.starts_with("Catalog Error") ? Code::not_found : Code::invalid_argument;
    error.message = first_line(text);
    error.remedy = sql_remedy(text);
    return error;
  }
  if (text.starts_with("INTERNAL")) error.code = Code::internal;
  error.message = fmt::format("cannot be read ({})", first_line(text));
  error.remedy = "Check that the file is whole.";
  return error;
}

}  // namespace leeway
