#pragma once
// The artifact in memory: everything between a raw row and a decision, as data.

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "columns/column.h"
#include "columns/roles.h"
#include "models/booster.h"
#include "models/calibration_map.h"
#include "models/encoder.h"

namespace leeway::models {

enum class RiskLevel : uint8_t { minimal, low, medium, high, critical };
std::string_view name(RiskLevel level);   ///< "MINIMAL" … "CRITICAL"

/// Where the levels above minimal begin, as probabilities, strictly ascending within (0, 1).
struct RiskCuts {
  std::array<double, 4> from = {0.2, 0.4, 0.6, 0.8};
  RiskLevel operator()(double probability) const;
  bool valid() const;
  bool operator==(const RiskCuts&) const = default;
};

/// What the model is, besides its numbers.
struct ModelFacts {
  std::string name;
  Task task = Task::binary;
  std::string label;                    ///< Column that it predicts.
  std::string positive;                 ///< Binary: the label's value that counts as the event.
  std::vector<std::string> classes;     ///< Multiclass: the label's values, by class number.
  std::string algorithm;                ///< "gradient-boosted trees", "random forest", or what an import says.
  uint64_t seed = 0;
  std::string training_fingerprint;     ///< Dataset::fingerprint() of the training data; empty if unknown.
  int64_t training_rows = 0;
  std::string software;                 ///< "leeway 0.1.0, xgboost 1.7.4"
  bool operator==(const ModelFacts&) const = default;
};

struct ScoreOptions {
  bool contributions = false;
  int threads = 1;
  std::function<bool(double done)> progress;   ///< In [0, 1], from one thread at a time; false cancels.
};

/// Row-major; k = 1, or the number of classes.
struct Scores {
  size_t rows = 0;
  size_t outputs = 1;                     ///< k
  std::vector<double> margin;             ///< rows · k
  std::vector<double> value;              ///< rows · k: calibrated probabilities, or the predicted value (regression)
  std::vector<uint32_t> prediction;  ///< Binary 0 or 1 by the threshold, multiclass the likeliest class; else empty.
  std::vector<RiskLevel> risk;            ///< Binary only.
  /// rows · k · (columns + 1), by raw column of the encoder, the base value last: sums to the margin. Empty unless
  /// asked.
  std::vector<double> contributions;
  std::vector<ColumnReading> readings;    ///< What was odd about the rows.
  std::vector<std::string> extra;         ///< Columns that the model does not use.
  std::vector<std::string> remarks;       ///< Both in sentences.
};

/// One of the reasons for a row's score.
struct Reason {
  size_t column = 0;           ///< Of the encoder's columns().
  double contribution = 0;     ///< To the margin.
  std::string text;            ///< "amount is 1,240 (usually 23 to 190), which raises the score"
};

/// Immutable; copying shares the trees. `const` calls are safe from several threads and take no lock.
class Model {
 public:
  /// Errors: invalid_argument where the parts do not fit each other (features, outputs, task, calibration, cuts).
  static Result<Model> make(ModelFacts facts, Encoder encoder, Booster booster, CalibrationMap calibration = {},
                            double threshold = 0.5, RiskCuts cuts = {});

  const ModelFacts& facts() const { return facts_; }
  const Encoder& encoder() const { return encoder_; }
  const Booster& booster() const { return booster_; }
  const CalibrationMap& calibration() const { return calibration_; }   ///< Binary only; none otherwise.
  double threshold() const { return threshold_; }                      ///< Of the calibrated probability; binary only.
  const RiskCuts& cuts() const { return cuts_; }

  /// Scores raw rows. Encoded and evaluated in blocks, so that memory beyond the result stays small; the result does
  /// not depend on the thread count. Errors: those of Encoder::bind; cancelled.
  Result<Scores> score(std::span<const Column> raw, const ScoreOptions& options = {}) const;
  /// The same of rows that encoder().bind() has bound. Errors: cancelled.
  Result<Scores> score(const EncodedBatch& batch, const ScoreOptions& options = {}) const;

  /// The `count` largest contributions (in size, none that are 0) to one row's output `output`, in words. `batch` is
  /// what encoder().bind() made of the rows scored; `scores` holds contributions.
  std::vector<Reason> reasons(const EncodedBatch& batch, const Scores& scores, size_t row, size_t count,
                              size_t output = 0) const;

  /// Everything but the trees, as JSON; `read` puts the two together again. Equal models give equal bytes.
  std::string json() const;
  static Result<Model> read(std::string_view json, std::string booster_bytes);

 private:
  Model(ModelFacts facts, Encoder encoder, Booster booster)
      : facts_(std::move(facts)), encoder_(std::move(encoder)), booster_(std::move(booster)) {}
  ModelFacts facts_;
  Encoder encoder_;
  Booster booster_;
  CalibrationMap calibration_;
  double threshold_ = 0.5;
  RiskCuts cuts_;
};

/// TreeEnsemble::gain_shares() by raw column.
std::vector<double> column_gains(const Model& model);

}  // namespace leeway::models
