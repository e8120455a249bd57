#include "monitor/domain_learner.h"

#include "models/learner.h"

namespace leeway {

std::unique_ptr<stats::Learner> domain_learner() {
  models::BoosterParameters parameters;
  parameters.rounds = 80;
  parameters.max_depth = 3;
  parameters.min_child_weight = 5;
  // With 64 bins a change of unit blurs what both sides share: two fifths of it would pass for other outcomes.
  parameters.max_bins = 256;
  return models::make_learner(std::move(parameters));
}

}  // namespace leeway
