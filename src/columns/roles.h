#pragma once
// What each column is for: named by the user, or guessed from names, types and a few facts, conservatively. A guess is
// always said, with the setting that overrides it; a wrong label is worse than none.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "columns/schema.h"

namespace leeway {

enum class Role : uint8_t { feature, id, time, score, prediction, label, group, segment, weight, ignored };
std::string_view name(Role role);

enum class Task : uint8_t { none, binary, multiclass, regression };
std::string_view name(Task task);
std::optional<Task> task_of(std::string_view name);

struct LabelRole {
  std::string column;
  std::string positive;                    ///< The value (as Column::text gives it) that counts as the event.
  std::string favourable;                  ///< The value that is good for the person decided about; empty if not said.
  std::string known_at;                    ///< Column of the time at which the outcome became known; empty if none.
  std::optional<int64_t> matures_after;    ///< Nanoseconds after the row's time until the outcome is final.

  bool operator==(const LabelRole&) const = default;
};

/// The roles of columns by name; empty where none. Groups and segments are features too, unless ignored.
struct ColumnRoles {
  std::string id, time, score, prediction, weight;
  std::vector<std::pair<std::string, std::string>> scores;  ///< Multiclass: class and the column of its probability.
  std::optional<double> threshold;                          ///< A score at or above it predicts the event.
  LabelRole label;
  std::string stratum;                                      ///< Held fixed by conditional parity between groups.
  std::vector<std::string> groups, segments, ignore;
  std::vector<std::string> cyclic, categorical, text, numeric;  ///< Features to be treated so, whatever their type.

  bool operator==(const ColumnRoles&) const = default;
};

/// What a guess may look at.
struct ColumnFacts {
  int64_t rows = 0;
  int64_t missing = 0;
  int64_t distinct = 0;              ///< Values besides null.
  double minimum = 0, maximum = 0;   ///< Of numbers that are not NaN; 0 for other types.
  std::vector<std::string> values = {};  ///< Sorted, as Column::text gives them; empty if there are more than 20.
};
/// Asked only for columns whose names make them candidates. Nothing if they cannot be had.
using FactsOf = std::function<std::optional<ColumnFacts>(std::string_view column)>;

/// The outcome: what was given, completed.
struct Roles {
  ColumnRoles columns;
  Task task = Task::none;
  std::vector<std::string> features;  ///< In the reference's order; times among them are counted, not compared.
  std::vector<std::string> remarks;   ///< One line a guess: what was inferred and how to override it.

  /// The column's most particular role.
  Role of(std::string_view column) const;
};

/// Completes `given` by guessing what it leaves open. `facts` are of the reference, or of the current data for columns
/// that only these have. Errors: not_found for a named column that neither side has; invalid_argument for a column with
/// two roles that exclude each other, or a task that contradicts the roles.
Result<Roles> settle_roles(const ColumnRoles& given, std::optional<Task> task, const Schema& reference,
                           const Schema& current, const FactsOf& facts);

}  // namespace leeway
