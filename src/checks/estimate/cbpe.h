#pragma once
// Performance that has not been seen yet: confidence-based performance estimation (CBPE). The score is calibrated on
// the labelled reference; each current row then counts as an event with its calibrated chance.
//
// The error has three parts. (1) Label noise: the realised metric scatters around its expectation, exactly as far as
// the chances say. (2) The calibration map comes from finitely many reference rows: 50 bootstrap refits. Both are in
// the interval and in the details (se_label_noise, se_calibration). (3) The assumption that P(label | score) is as in
// the reference, which no sampling error covers: every estimate says so in its note.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "checks/business/cost_matrix.h"
#include "checks/measurement.h"
#include "checks/performance/outcome_rows.h"

namespace leeway::estimate {

struct Options {
  double threshold = 0.5;       ///< Decides where no predicted class is given.
  business::CostMatrix cost;    ///< Empty: no cost is estimated.
  int refits = 50;
  uint64_t seed = 1;
};

/// Accuracy, precision, recall, F1, ROC AUC, event rate and, with costs, the mean cost that the current rows are
/// expected to have once their labels are known, each beside its realised level on the reference. Labels of current
/// rows are not looked at. `reference` may be null or without labels: then scores in [0, 1] are taken as calibrated,
/// and the note says so. About 60 ms per 1e6 current rows and 30 ms for the refits.
std::vector<Measurement> estimate_binary(const Subject& subject, const performance::BinaryRows* reference,
                                         const performance::BinaryRows& current, const Options& options);

/// Accuracy, mean precision, recall and F1 over the classes, and the mean one-vs-rest AUC. Each class's score is
/// calibrated against the rest, and those of a row are made to add up to 1. Both sides must list the same classes.
std::vector<Measurement> estimate_multiclass(const Subject& subject, const performance::MulticlassRows* reference,
                                             const performance::MulticlassRows& current, const Options& options);

/// The records of all estimates.
std::vector<const MethodInfo*> methods();

}  // namespace leeway::estimate
