#include "models/bank_log.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/json_writer.h"
#include "base/text.h"
#include "base/write_file.h"
#include "columns/parse_time.h"
#include "models/document.h"

namespace leeway::models {
namespace {

constexpr std::array<std::string_view, 3> kinds = {"added", "promoted", "rolled back"};

Result<BankEvent> read_event(std::string_view line) {
  LEEWAY_TRY(const Document document, Document::read(line));
  BankEvent event;
  LEEWAY_TRY(const std::string at, document.text_at("at"));
  const auto time = parse_time(at);
  if (!time) return fail(Code::invalid_data, "'at' is not a time");
  event.at = *time;
  LEEWAY_TRY(event.what, document.text_at("what"));
  if (std::ranges::find(kinds, event.what) == kinds.end())
    return fail(Code::invalid_data, fmt::format("an event '{}' is unknown", printable(event.what)));
  LEEWAY_TRY(event.alias, document.text_at("alias"));
  LEEWAY_TRY(const int64_t from, document.integer_at("from"));
  LEEWAY_TRY(const int64_t to, document.integer_at("to"));
  event.from = static_cast<int>(from);
  event.to = static_cast<int>(to);
  LEEWAY_TRY(event.reason, document.text_at("reason"));
  return event;
}

}  // namespace

Result<std::vector<BankEvent>> read_log(const std::string& path) {
  std::vector<BankEvent> events;
  const auto bytes = read_file(path);
  if (!bytes && bytes.error().code == Code::not_found) return events;
  if (!bytes) return std::unexpected(bytes.error());
  const auto lines = split(*bytes, '\n');
  for (size_t i = 0; i < lines.size(); ++i) {
    if (!lines[i].ends_with('}')) continue;
    auto event = read_event(lines[i]);
    if (!event)
      return fail(Error{Code::invalid_data, fmt::format("is damaged: {}", event.error().message), path,
                        static_cast<int>(i) + 1});
    events.push_back(std::move(*event));
  }
  return events;
}

Status append_event(const std::string& path, const BankEvent& event) {
  JsonWriter json;
  json.begin_object();
  json.member("at", format_time(event.at));
  json.member("what", event.what);
  json.member("alias", event.alias);
  json.member("from", event.from);
  json.member("to", event.to);
  json.member("reason", event.reason);
  json.end_object();
  return append_line(path, json.take());
}

std::map<std::string, std::vector<int>> alias_history(const std::vector<BankEvent>& events) {
  std::map<std::string, std::vector<int>> history;
  for (const BankEvent& event : events) {
    if (event.what == "promoted") history[event.alias].push_back(event.to);
    if (event.what == "rolled back" && !history[event.alias].empty()) history[event.alias].pop_back();
  }
  std::erase_if(history, [](const auto& entry) { return entry.second.empty(); });
  return history;
}

Result<LogLock> LogLock::take(const std::string& folder) {
  const std::string path = folder + "/.lock";
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  LogLock lock(file);
  if (file < 0 || ::flock(file, LOCK_EX) != 0)
    return fail(Error{Code::unavailable, "cannot be locked", path, 0, 0, "May you write to the bank's folder?"});
  return lock;
}

LogLock::~LogLock() {
  if (file_ >= 0) ::close(file_);
}

}  // namespace leeway::models
