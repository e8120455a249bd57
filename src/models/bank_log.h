#pragma once
// The log of a model's versions and aliases: one JSON line an event, only ever appended to. Where an alias points is
// what the log adds up to, so that no two files can disagree.

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "models/bank.h"

namespace leeway::models {

/// The events of NAME/log.jsonl, oldest first; none if there is no such file. A line that a crash cut short (it
/// does not end in '}') is passed over. Errors: invalid_data with the line for any other that cannot be read.
Result<std::vector<BankEvent>> read_log(const std::string& path);
Status append_event(const std::string& path, const BankEvent& event);

/// Versions that each alias has had, the present one last: "promoted" adds one, "rolled back" takes it away again.
std::map<std::string, std::vector<int>> alias_history(const std::vector<BankEvent>& events);

/// Holds other processes off the log while it lives.
class LogLock {
 public:
  static Result<LogLock> take(const std::string& folder);
  LogLock(LogLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
  LogLock& operator=(LogLock&&) = delete;
  ~LogLock();

 private:
  explicit LogLock(int file) : file_(file) {}
  int file_;
};

}  // namespace leeway::models
