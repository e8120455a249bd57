// What scoring costs: rows in bulk, one row, and exact contributions, for 100 trees of depth 6 on 12 features.
//
// Usage: bench_models [FOLDER]. One thread. With FOLDER the model and its rows are written there (model.ubj, rows.f32),
// so that bench/models.py can time XGBoost's Python package on the very same.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/random.h"
#include "models/model.h"

namespace {

using namespace leeway;
using namespace leeway::models;

constexpr size_t features = 12, train_rows = 50'000, bulk_rows = 1'000'000;
volatile double sink;   // keeps results alive

/// Seconds of one call, the fastest of several.
template <class Work>
double fastest(int repeats, Work work) {
  double best = 1e9;
  for (int i = 0; i < repeats; ++i) {
    const auto start = std::chrono::steady_clock::now();
    work();
    best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  return best;
}

struct Rows {
  std::vector<Column> columns;
  std::vector<double> target;

  Rows(size_t rows, uint64_t seed) {
    Random random(seed);
    std::vector<std::vector<double>> values(features, std::vector<double>(rows));
    for (size_t r = 0; r < rows; ++r) {
      double z = 0;
      for (size_t f = 0; f < features; ++f) {
        values[f][r] = random.normal();
        z += values[f][r] * (f % 3 == 0 ? 1 : -0.5) + (f > 0 ? 0.5 * values[f][r] * values[f - 1][r] : 0);
      }
      target.push_back(random.chance(1 / (1 + std::exp(-z))) ? 1 : 0);
    }
    for (size_t f = 0; f < features; ++f)
      columns.push_back(Column::of_reals(fmt::format("x{}", f), std::move(values[f])));
  }
};

void line(const char* what, double seconds, double rows, const char* unit) {
  fmt::print("{:<44} {:>10.2f} µs/row {:>12.0f} {}\n", what, seconds / rows * 1e6, rows / seconds, unit);
}

}  // namespace

int main(int argc, char** argv) {
  const Rows train(train_rows, 1), bulk(bulk_rows, 2);
  const auto encoder = Encoder::fit(train.columns, train.target);
  const auto train_values = encoder->bind(train.columns)->all();
  BoosterParameters p;
  p.rounds = 100;
  std::optional<Booster> booster;
  const double training =
      fastest(1, [&] { booster = *Booster::train(p, {{train_values, train_rows, features}, train.target, {}}); });
  fmt::print("{:<44} {:>10.2f} s\n", "train 50k x 12, 100 trees of depth 6", training);
  const auto values = encoder->bind(bulk.columns)->all();
  if (argc > 1) {
    std::ofstream(std::string(argv[1]) + "/model.ubj", std::ios::binary) << booster->bytes();
    std::ofstream(std::string(argv[1]) + "/rows.f32", std::ios::binary)
        .write(reinterpret_cast<const char*>(values.data()),
               static_cast<std::streamsize>(values.size() * sizeof(float)));
  }
  ModelFacts facts;
  const Model model = *Model::make(facts, *encoder, *booster);
  const TreeEnsemble& trees = model.booster().trees();

  std::vector<float> margins(bulk_rows);
  line("margins in bulk", fastest(5, [&] { trees.margins({values, bulk_rows, features}, margins); }), bulk_rows,
       "rows/s");
  line("raw columns to decisions in bulk", fastest(3, [&] { sink = model.score(bulk.columns)->value[0]; }), bulk_rows,
       "rows/s");
  std::vector<double> contributions(10'000 * (features + 1));
  line("contributions in bulk",
       fastest(
           3,
           [&] { trees.contributions({std::span(values).first(10'000 * features), 10'000, features}, contributions); }),
       10'000, "rows/s");

  std::vector<std::vector<Column>> single;
  for (uint32_t r = 0; r < 1000; ++r) {
    const std::vector<uint32_t> one = {r};
    auto& row = single.emplace_back();
    for (const Column& c : bulk.columns) row.push_back(c.gather(one));
  }
  line("one raw row to a decision",
       fastest(5,
               [&] {
                 for (const auto& row : single) sink = model.score(row)->value[0];
               }),
       1000, "calls/s");
  ScoreOptions with;
  with.contributions = true;
  line("one raw row with contributions",
       fastest(5,
               [&] {
                 for (const auto& row : single) sink = model.score(row, with)->contributions[0];
               }),
       1000, "calls/s");
}
