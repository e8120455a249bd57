// Any bytes as a model of XGBoost (JSON or UBJSON), and as the JSON of a model of ours: read, or refused; never a
// crash.
#include <limits>

#include "models/model.h"

namespace {

using namespace leeway::models;

void evaluate(const TreeEnsemble& trees) {
  if (trees.features() > 1000 || trees.outputs() > 100) return;
  std::vector<float> rows(9 * trees.features(), 0.5f);
  rows[0] = std::numeric_limits<float>::quiet_NaN();
  std::vector<float> margins(9 * trees.outputs());
  trees.margins({rows, 9, trees.features()}, margins);
  std::vector<double> contributions(trees.outputs() * (trees.features() + 1));
  trees.contributions({std::span(rows).first(trees.features()), 1, trees.features()}, contributions);
  (void)trees.gain_shares();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  const auto booster = Booster::load(bytes);
  if (booster) evaluate(booster->trees());
  (void)Model::read(bytes, booster ? booster->bytes() : "");
  return 0;
}
