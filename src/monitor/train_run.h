#pragma once
// `leeway train`, end to end: data in, a model with its report out, kept as a version of the bank.

#include <cstdint>
#include <functional>
#include <string>

#include "base/result.h"
#include "config/monitor_config.h"
#include "models/recipes.h"
#include "models/train.h"
#include "monitor/train_data.h"
#include "reports/train_report.h"
#include "sources/dataset.h"

namespace leeway {

enum class SplitBy : uint8_t { automatic, time, random };

struct TrainRequest {
  SourceSpec data;
  MonitorConfig config;                  ///< columns.label.column names the outcome.
  std::string name;                      ///< Of the model; empty: the configuration's, else made from the label.
  SplitBy split = SplitBy::automatic;    ///< By time where there is a time column, else at random.
  models::SplitShares shares;
  TrainDataOptions columns;
  models::TrainOptions options;          ///< Its seed is the one seed of the run; progress is set by the run.
  const models::Recipe* recipe = nullptr;
  std::string bank;                      ///< Folder; empty: the model is not kept.
  int64_t now = 0;                       ///< Nanoseconds since 1970, for the bank's log only.
  std::string command, tool_version;
  std::function<bool(double done, const std::string& what)> progress;   ///< In [0, 1]; false cancels; may be empty.
};

/// Reads, splits, trains, measures every part, and adds model, card, record and a profile of the test rows (the reference
/// that later data are checked against) to the bank. The same data and request give the same version id, whatever the
/// number of threads. Errors: those of reading, read_train_data, the splits, train_model and Bank::add.
Result<TrainReport> run_train(const TrainRequest& request);

}  // namespace leeway
