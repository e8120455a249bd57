#pragma once
// What one training run found and decided, before it is shown anywhere. Renderers read it and compute nothing.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "checks/measurement.h"
#include "reports/terminal.h"

namespace leeway {

/// Some of the rows: what was learnt from, or what the model was judged by.
struct TrainPart {
  std::string name;              ///< "training", "validation", "test"
  int64_t rows = 0;
  int64_t events = 0;            ///< Binary: rows with the event.
  std::string from, to;          ///< RFC 3339; empty unless the split was made by time.
  /// Binary and multiclass: every performance metric; regression likewise. `current` holds the level.
  std::vector<Measurement> metrics;
};

/// One candidate of tuning.
struct TrainCandidate {
  std::vector<double> point;     ///< By TrainTuning::settings.
  double mean = undefined, se = undefined;
  double rounds = 0;
  bool chosen = false;
};

struct TrainTuning {
  std::string criterion;         ///< "roc_auc"
  bool higher_is_better = true;
  std::string folds;             ///< "5 stratified folds", "5 folds over time"
  std::vector<std::string> settings;
  std::vector<TrainCandidate> candidates;   ///< Best first; empty without tuning.
};

struct TrainCalibration {
  std::string kind;              ///< "none", "platt", "beta", "isotonic"
  struct Trial {
    std::string kind;
    double log_loss = undefined, brier = undefined;   ///< On rows held out from the fit of the map.
  };
  std::vector<Trial> trials;
  std::string note;
};

struct TrainThreshold {
  double value = 0.5;
  std::string rule;              ///< "least cost"
  double precision = undefined, recall = undefined, f1 = undefined;   ///< On the validation rows.
  double cost_per_row = undefined;                                    ///< Only where costs were given.
  std::string note;
};

struct TrainWindow {
  std::string from, to;
  int64_t rows = 0, events = 0;
  Estimate level;                ///< 95 % interval
  std::string not_computable;
};

struct TrainOutOfTime {
  std::string metric, title;     ///< "roc_auc", "ROC AUC"
  std::vector<TrainWindow> windows;   ///< Empty when the split was not made by time.
  double mean = undefined;
  double cv_raw = undefined, cv_corrected = undefined, cv_by_chance = undefined;
};

/// A figure that others published for data of this form, to stand beside ours.
struct TrainPublished {
  std::string metric, title;
  double published = undefined;
  Estimate ours;
};

struct TrainReport {
  std::string command, tool_version;
  std::string model, task, algorithm;
  uint64_t seed = 1;

  std::string data, fingerprint;
  int64_t rows = 0;              ///< In the data.
  int64_t labelled = 0;          ///< Of them with a known outcome that counts.
  std::string label, positive;
  std::vector<std::string> features;                                   ///< Learnt from.
  std::vector<std::pair<std::string, std::string>> left_out;           ///< Column and why.
  std::vector<std::string> notes;

  std::string split;             ///< "by time", "at random within each class"
  std::vector<TrainPart> parts;  ///< training, validation, test
  std::vector<std::pair<std::string, double>> settings;                ///< Of the final fit.
  int rounds = 0;
  int64_t trees = 0;
  std::string class_weighting;   ///< "none", "balanced", "balanced-subsample", "1=10"
  std::vector<std::pair<std::string, double>> class_weights;           ///< Empty when all are 1, or each tree has its own.
  TrainTuning tuning;
  std::optional<TrainCalibration> calibration;                         ///< Binary only.
  std::optional<TrainThreshold> threshold;                             ///< Binary only.
  TrainOutOfTime out_of_time;
  std::vector<std::pair<std::string, double>> importance;              ///< Share of the trees' gain, largest first.
  std::vector<TrainPublished> published;
  std::string published_note;

  std::string version, version_id, path;   ///< Where it was saved: "fraud/3", its hash and folder; empty if it was not.
  std::vector<std::string> next;           ///< Commands.
};

/// For a terminal or a pipe, in the order a reader asks: data, split, tuning, performance with intervals, stability out
/// of time, calibration and threshold, what the model leans on, where it is and what to do next.
std::string train_text(const TrainReport& report, const TerminalStyle& style = {});

/// `"schema": "leeway.train/1"` (api/train.schema.json). Same report, same bytes.
std::string train_json(const TrainReport& report, int indent = 2);

}  // namespace leeway
