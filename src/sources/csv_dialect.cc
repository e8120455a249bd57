#include "sources/csv_dialect.h"

#include <map>

#include "base/text.h"

namespace leeway {
namespace {

// Records cut at `delimiter`; a record may span lines inside quotes. An open quote at the end leaves out the last.
std::vector<std::vector<std::string>> records_of(std::span<const std::string> lines, char delimiter) {
  std::vector<std::vector<std::string>> records;
  std::string record;
  bool open = false;
  for (const auto& line : lines) {
    record = open ? record + '\n' + line : line;
    auto fields = split_csv(record, delimiter, open);
    if (!open && !record.empty()) records.push_back(std::move(fields));
  }
  return records;
}

}  // namespace

std::vector<std::string> split_csv(std::string_view record, char delimiter, bool& quote_open) {
  std::vector<std::string> fields(1);
  bool quoted = false, fresh = true;
  for (size_t i = 0; i < record.size(); ++i) {
    const char c = record[i];
    if (quoted && c == '"' && i + 1 < record.size() && record[i + 1] == '"') {
      fields.back() += '"';
      ++i;
    } else if (c == '"' && (quoted || fresh)) {
      quoted = !quoted;
      fresh = false;
    } else if (c == delimiter && !quoted) {
      fields.emplace_back();
      fresh = true;
    } else {
      fields.back() += c;
      fresh = false;
    }
  }
  quote_open = quoted;
  return fields;
}

CsvDialect sniff_csv(std::span<const std::string> lines, std::string_view delimiter) {
  CsvDialect best;
  while (lines.size() > 1 && lines.front().starts_with('#')) {
    lines = lines.subspan(1);
    ++best.skip;
  }
  if (delimiter.size() == 1) best.delimiter = delimiter.front();
  size_t most = 0;
  for (const char candidate : delimiter.empty() ? std::string_view(",;\t|") : std::string_view()) {
    std::map<size_t, size_t> records_with;
    for (const auto& fields : records_of(lines, candidate)) ++records_with[fields.size()];
    for (const auto& [fields, records] : records_with)
      if (fields > 1 && records > most) {
        most = records;
        best.delimiter = candidate;
      }
  }
  if (const auto records = records_of(lines, best.delimiter); !records.empty()) best.first = records.front();
  return best;
}

}  // namespace leeway
