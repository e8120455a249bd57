#include "simulate/csv_writer.h"

#include <charconv>
#include <cmath>

namespace leeway::simulate {
namespace {

void append_quoted(std::string& out, std::string_view text) {
  const bool plain = !text.empty() && text.find_first_of(",\"\r\n") == std::string_view::npos && text.front() != ' ' &&
                     text.back() != ' ';
  if (plain) {
    out += text;
    return;
  }
  out += '"';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

void append_real(std::string& out, double value) {
  char text[40];
  const double size = std::fabs(value);
  const bool fixed = size == 0 || (size >= 1e-5 && size < 1e15);
  const auto format = fixed ? std::chars_format::fixed : std::chars_format::scientific;
  out.append(text, std::to_chars(text, text + sizeof text, value, format).ptr);
}

void append_integer(std::string& out, int64_t value) {
  char text[24];
  out.append(text, std::to_chars(text, text + sizeof text, value).ptr);
}

/// Rows come in the order of time, so that most share their predecessor's date: format_time only when it changes.
class TimeText {
 public:
  void append(std::string& out, int64_t nanoseconds, bool date_only) {
    constexpr int64_t second = 1'000'000'000, day = 86'400 * second;
    if (nanoseconds % second != 0) {
      out += format_time(nanoseconds, date_only);
      return;
    }
    int64_t in_day = nanoseconds % day;
    if (in_day < 0) in_day += day;
    if (nanoseconds - in_day != day_) {
      day_ = nanoseconds - in_day;
      date_ = format_time(day_, true);
    }
    out += date_;
    if (date_only) return;
    const auto seconds = static_cast<int>(in_day / second);
    const int parts[] = {seconds / 3600, seconds / 60 % 60, seconds % 60};
    for (int i = 0; i < 3; ++i) {
      out += "T::"[i];
      out += static_cast<char>('0' + parts[i] / 10);
      out += static_cast<char>('0' + parts[i] % 10);
    }
    out += 'Z';
  }

 private:
  int64_t day_ = -1;   // no day begins there
  std::string date_;
};

void append_cell(std::string& out, const Column& column, size_t row, bool date_only, TimeText& times) {
  if (!column.is_valid(row)) return;
  switch (column.type()) {
    case Type::boolean: out += column.integers()[row] != 0 ? "true" : "false"; return;
    case Type::integer: append_integer(out, column.integers()[row]); return;
    case Type::real: append_real(out, column.reals()[row]); return;
    case Type::text: append_quoted(out, column.dictionary()[column.codes()[row]]); return;
    case Type::time: times.append(out, column.integers()[row], date_only); return;
  }
}

}  // namespace

std::string to_csv(const Schema& schema, std::span<const Column> columns) {
  std::string out;
  const size_t rows = columns.empty() ? 0 : columns.front().size();
  out.reserve(64 * columns.size() + rows * columns.size() * 8);
  for (size_t c = 0; c < columns.size(); ++c) {
    if (c > 0) out += ',';
    append_quoted(out, columns[c].name());
  }
  out += '\n';
  std::vector<TimeText> times(columns.size());
  for (size_t row = 0; row < rows; ++row) {
    for (size_t c = 0; c < columns.size(); ++c) {
      if (c > 0) out += ',';
      append_cell(out, columns[c], row, schema[c].date_only, times[c]);
    }
    out += '\n';
  }
  return out;
}

}  // namespace leeway::simulate
