#pragma once
// Raw rows → decisions of a model version, as columns to keep and as JSON to answer.

#include <memory>
#include <string>
#include <vector>

#include "base/json_writer.h"
#include "server/ingest/intake.h"
#include "server/model_catalog.h"

namespace leeway::server {

struct ScoringOptions {
  bool contributions = false;
  size_t reasons = 0;  ///< The strongest so many, in words.
};

/// Rows with their scores. Movable; `const` use is thread safe.
class ScoredRows {
 public:
  /// Errors: those of Model::score.
  static Result<ScoredRows> make(std::shared_ptr<const models::Version> version, std::vector<Column> raw,
                                 const ScoringOptions& options);

  const models::Version& version() const { return *version_; }
  const models::Scores& scores() const { return *scores_; }
  size_t rows() const { return scores_->rows; }
  /// What is logged: the raw columns, then score (binary), score_CLASS (multiclass), prediction. A raw column of one of
  /// these names is renamed input_NAME.
  std::vector<Column> logged() const;
  /// One prediction: {"id", "probability", "prediction", "risk_level", "reasons", "contributions"} (binary); with
  /// "probabilities" by class, or "prediction" alone, for the other tasks.
  void write(JsonWriter& w, size_t row, const std::string* id) const;
  /// Likewise the number or list that protocols with nothing but numbers answer.
  void write_score(JsonWriter& w, size_t row) const;

 private:
  ScoredRows(std::shared_ptr<const models::Version> version, std::shared_ptr<const std::vector<Column>> raw,
             models::EncodedBatch batch)
      : version_(std::move(version)), raw_(std::move(raw)), batch_(std::move(batch)) {}
  void write_reasons(JsonWriter& w, size_t row, size_t output) const;
  void write_contributions(JsonWriter& w, size_t row, size_t output) const;

  std::shared_ptr<const models::Version> version_;
  std::shared_ptr<const std::vector<Column>> raw_;  // the batch refers to it
  models::EncodedBatch batch_;
  std::shared_ptr<const models::Scores> scores_;
  ScoringOptions options_;
};

}  // namespace leeway::server
