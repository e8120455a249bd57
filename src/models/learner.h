#pragma once
// Boosted trees as the learner of checks and explanations.

#include <memory>

#include "models/booster.h"
#include "stats/learner.h"

namespace leeway::models {

/// A stats::Learner on boosted trees. `parameters` gives rounds, depth, shares and threads; objective, seed and base
/// score come with each fit, and early stopping does not apply. Thread safe.
///
/// Unlike Booster::train, a fit whose targets are all one class succeeds and scores that class's share.
std::unique_ptr<stats::Learner> make_learner(BoosterParameters parameters = {});

}  // namespace leeway::models
