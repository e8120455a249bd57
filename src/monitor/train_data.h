#pragma once
// The rows that a model is to learn from, read and judged fit: outcome, weights, times and raw feature columns.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "checks/performance/outcome_rows.h"
#include "columns/roles.h"
#include "config/monitor_config.h"
#include "models/train.h"
#include "monitor/side.h"

namespace leeway {

struct TrainDataOptions {
  bool use_groups = false;       ///< Learn from the sensitive groups too.
  bool time_features = false;    ///< Learn the hour and the weekday of the time column.
  int threads = 1;
};

struct TrainData {
  Roles roles;
  performance::BinaryClasses classes;   ///< Binary only.
  Column label;                         ///< Of all rows; outcomes that are not final are null.
  std::optional<Column> time;           ///< If there is one of type time.
  models::TrainingTable table;          ///< By all rows of the data; `times` is left empty.
  std::vector<uint32_t> rows;           ///< Those with a known, final outcome, a weight, and a time if there is a time column.
  std::vector<std::pair<std::string, std::string>> left_out;   ///< Column and why it is not learnt from.
  std::vector<std::string> notes;
};

/// Roles are the configuration's, completed by guesses (each a note). Left out, with the reason: sensitive groups unless
/// asked for, times, identifiers and free text, constant columns. Errors, each one sentence with the remedy: no label, a
/// label with one value, with infinite values or of unclear task, fewer than 30 labelled rows, no feature, a weight that
/// is negative or not a number.
Result<TrainData> read_train_data(const Side& side, const MonitorConfig& config, const TrainDataOptions& options);

/// A caution for each number that by itself tells almost all events from the rest, which mostly means that it was recorded after
/// the outcome. Binary only. O(n log n) a column.
std::vector<std::string> leak_notes(const TrainData& data, std::span<const uint32_t> rows, int threads);

}  // namespace leeway
