#include "sources/csv_source.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "sources/failure_text.h"

namespace leeway {
namespace {

// The first lines as they stand, whatever is in them: cut at a byte that text does not hold.
duck::Outcome<std::vector<std::string>> first_lines(duck::Connection& connection, const SourceFile& file, bool latin1) {
  auto rows = connection.table(
      fmt::format("SELECT * FROM read_csv({}, auto_detect=false, header=false, delim='\x01', quote='', escape='', "
                  "columns={{'line': 'VARCHAR'}}, encoding='{}'{}) LIMIT 1000",
                  duck::literal(file.path), latin1 ? "latin-1" : "utf-8", compression_option({&file, 1})));
  if (!rows) return std::unexpected(rows.error());
  std::vector<std::string> lines;
  for (auto& row : *rows) lines.push_back(std::move(row[0]));
  if (!lines.empty() && lines[0].starts_with("\xef\xbb\xbf")) lines[0].erase(0, 3);
  return lines;
}

bool is_about_encoding(const duck::Failure& failure) {
  return failure.text.find("not utf-8 encoded") != std::string::npos ||
         failure.text.find("Invalid unicode") != std::string::npos;
}

std::string quoted(const std::string& name) { return "'" + printable(name) + "'"; }

// A few of the names, and how many more.
std::string some_of(std::vector<std::string> names) {
  constexpr size_t shown = 5;
  const size_t more = names.size() > shown ? names.size() - shown : 0;
  if (more > 0) {
    names.resize(shown);
    names.push_back(fmt::format("{} more", more));
  }
  return join_words(names);
}

}  // namespace

std::vector<std::string> renamed_columns(const std::vector<std::string>& written,
                                         const std::vector<std::string>& names) {
  std::vector<std::string> notes, renamed, unnamed;
  for (size_t i = 0; i < std::min(written.size(), names.size()); ++i) {
    const std::string_view before = trim(written[i]);
    if (before.empty()) unnamed.push_back(quoted(names[i]));
    else if (before != trim(names[i])) renamed.push_back(quoted(std::string(before)) + " to " + quoted(names[i]));
  }
  if (!unnamed.empty()) notes.push_back(fmt::format("Columns without a name were called {}.", some_of(unnamed)));
  if (!renamed.empty())
    notes.push_back(fmt::format("Column names that occur twice were changed: {}.", some_of(renamed)));
  return notes;
}

Result<CsvSource> CsvSource::sniff(duck::Connection& connection, std::vector<SourceFile> files, std::string delimiter,
                                   std::vector<std::string> missing_values) {
  if (delimiter == "\\t") delimiter = "\t";
  if (delimiter.size() > 1)
    return fail(Code::invalid_argument, "the delimiter must be one character", "Give for example ';' or '\\t'.");
  const std::string told = delimiter;
  CsvSource source;
  source.missing_values_ = std::move(missing_values);
  source.files_ = std::move(files);
  for (const auto& file : source.files_) {
    auto lines = first_lines(connection, file, source.latin1_);
    if (!lines && is_about_encoding(lines.error()) && source.mend(lines.error()))
      lines = first_lines(connection, file, true);
    if (!lines) return fail(explain_failure(lines.error(), file.shown));
    const bool blank = std::all_of(lines->begin(), lines->end(), [](const auto& line) { return trim(line).empty(); });
    if (blank)
      return fail(Error{Code::invalid_data, "the file holds nothing but blank lines", file.shown, 0, 0,
                        "Give a file with a header line and rows."});
    // The first file decides for all.
    if (!source.headers_.empty()) delimiter = source.dialect_.delimiter;
    const auto dialect = sniff_csv(*lines, delimiter);
    if (source.headers_.empty()) source.dialect_ = dialect;
    source.headers_.push_back(dialect.first);
  }
  // A wrong separator makes one column of every line, of which nothing sensible can be said.
  const auto& header = source.headers_.front();
  if (!told.empty() && header.size() == 1 && header.front().find_first_of(",;\t|") != std::string::npos)
    return fail(Error{Code::invalid_argument, fmt::format("the delimiter {} separates nothing here", quoted(told)),
                      source.files_.front().shown, 1, 0, "Leave --delimiter out to have it found."});
  return source;
}

std::string CsvSource::options() const {
  std::vector<std::string> missing{""};
  missing.insert(missing.end(), missing_values_.begin(), missing_values_.end());
  return fmt::format(
      "delim={}, quote='\"', escape='\"', skip={}, comment='', strict_mode=true, encoding='{}', nullstr={}{}",
      duck::literal(std::string(1, dialect_.delimiter)), dialect_.skip, latin1_ ? "latin-1" : "utf-8",
      duck::list(missing), compression_option(files_));
}

std::string CsvSource::call() const {
  std::vector<std::string> paths;
  for (const auto& file : files_) paths.push_back(file.path);
  return fmt::format("read_csv({}, {}{}{})", duck::list(paths), options(), whole_sample_ ? ", sample_size=-1" : "",
                     files_.size() > 1 ? ", union_by_name=true" : "");
}

bool CsvSource::mend(const duck::Failure& failure) {
  if (!latin1_ && is_about_encoding(failure)) {
    latin1_ = true;
    mended_.push_back("The text is not UTF-8 and was read as Latin-1.");
    return true;
  }
  if (!whole_sample_ && failure.text.find("Could not convert string") != std::string::npos) {
    whole_sample_ = true;
    const int line = failure_line(failure.text);
    mended_.push_back(
        fmt::format("Column {} holds values of another type from line {} on; types were taken from all rows.",
                    quoted(failure_column(failure.text)), grouped(line)));
    return true;
  }
  return false;
}

duck::Failure CsvSource::diagnose(duck::Connection& connection, const duck::Failure& failure) const {
  if (failure_line(failure.text) > 0) return failure;
  for (size_t i = 0; i < files_.size(); ++i) {
    std::string columns;
    for (size_t c = 0; c < headers_[i].size(); ++c) columns += fmt::format("{}'c{}': 'VARCHAR'", c > 0 ? ", " : "", c);
    auto strict = connection.number(
        fmt::format("SELECT count(c0) FROM read_csv({}, auto_detect=false, header=true, columns={{{}}}, {})",
                    duck::literal(files_[i].path), columns, options()));
    if (!strict) return strict.error();
  }
  return failure;
}

std::vector<std::string> CsvSource::header_notes(const std::vector<std::string>& names) const {
  const auto& header = headers_.front();
  const auto is_made_up = [](const std::string& name) { return name.starts_with("column"); };
  const bool headless = std::all_of(names.begin(), names.end(), is_made_up) && header.front() != names.front();
  if (headless) return {fmt::format("No header line was found; the columns are called {}.", some_of(names))};
  return renamed_columns(header, names);
}

std::vector<std::string> CsvSource::notes(const std::vector<std::string>& names) const {
  std::vector<std::string> notes = mended_;
  if (dialect_.delimiter != ',')
    notes.push_back(fmt::format("Fields are separated by {}.",
                                dialect_.delimiter == '\t' ? "tabs" : quoted(std::string(1, dialect_.delimiter))));
  if (dialect_.skip > 0) notes.push_back(fmt::format("{} comment lines at the top were skipped.", dialect_.skip));
  if (headers_.size() == 1)
    for (auto& note : header_notes(names)) notes.push_back(std::move(note));
  for (size_t i = 0; i < files_.size(); ++i) {
    std::vector<std::string> lacking;
    for (const auto& name : names)
      if (std::find(headers_[i].begin(), headers_[i].end(), name) == headers_[i].end()) lacking.push_back(quoted(name));
    if (headers_.size() > 1 && !lacking.empty() && lacking.size() < names.size())
      notes.push_back(fmt::format("{} lacks {}; its rows count as missing there.", printable(files_[i].shown),
                                  some_of(lacking)));
  }
  return notes;
}

}  // namespace leeway
