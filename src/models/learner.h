#pragma once
// Boosted trees as the learner of checks and explanations.

#include <memory>

#include "models/booster.h"
#include "stats/learner.h"

namespace leeway::models {

/// A stats::Learner on boosted trees. `parameters` gives rounds, depth and shares; objective and seed come with each
/// fit, early stopping does not apply, and each fit runs in one thread: fit several at once instead. Features beyond
/// ±1e30 count as that. A target that is the same in every row is learnt as that constant. Thread safe.
std::unique_ptr<stats::Learner> make_learner(BoosterParameters parameters = {});

}  // namespace leeway::models
