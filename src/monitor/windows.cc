#include "monitor/windows.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "base/text.h"

namespace leeway {
namespace {

constexpr size_t most_windows = 10'000;
constexpr int64_t day = 86'400'000'000'000;
/// 1970-01-05, the first Monday.
constexpr int64_t first_monday = 4 * day;

}  // namespace

int64_t window_start(int64_t time, int64_t length) {
  const int64_t origin = length % (7 * day) == 0 ? first_monday : 0;
  const int64_t remainder = (time - origin) % length;
  return time - (remainder < 0 ? remainder + length : remainder);
}

Result<std::vector<TimeWindow>> cut_windows(const Column& time, int64_t length) {
  if (time.type() != Type::time)
    return fail(
        Code::invalid_argument,
        fmt::format("windows need a time column, and '{}' is of type {}", printable(time.name()), name(time.type())),
        "Name one with --set columns.time=NAME.");
  std::map<int64_t, std::vector<uint32_t>> windows;
  for (size_t row = 0; row < time.size(); ++row) {
    if (!time.is_valid(row)) continue;
    windows[window_start(time.integers()[row], length)].push_back(static_cast<uint32_t>(row));
    if (windows.size() > most_windows)
      return fail(Code::invalid_argument,
                  fmt::format("the time span would make more than {} windows", grouped(most_windows)),
                  "Choose a longer --window.");
  }
  std::vector<TimeWindow> out;
  for (auto& [from, rows] : windows) out.push_back({from, from + length, std::move(rows)});
  return out;
}

}  // namespace leeway
