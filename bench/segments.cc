// The segment search at the size of its goal: 200 features of 10 bins, 100,000 + 100,000 rows, one thread, at most
// 2.5 s. Prints what was searched and the median processor time; exits 1 if the planted segment is not found first.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <ctime>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/random.h"
#include "explain/decomposition.h"
#include "explain/segments.h"

namespace {

using namespace leeway;

constexpr size_t features = 200, rows = 100'000;
constexpr int runs = 5;

struct Side {
  std::vector<Column> columns;
  std::vector<double> wrong, loss, score;
};

/// Error rate 10 %; in "f3 < 0.1 and f7 < 0.1" (1 % of rows) 25 % on the current side.
Side draw(uint64_t seed, double planted_rate) {
  Side side;
  for (size_t f = 0; f < features; ++f) {
    Random random = Random(seed).split(f);
    std::vector<double> values(rows);
    for (double& x : values) x = random.uniform();
    side.columns.push_back(Column::of_reals(fmt::format("f{}", f), std::move(values)));
  }
  Random random = Random(seed).split(features);
  for (size_t row = 0; row < rows; ++row) {
    const bool planted = side.columns[3].reals()[row] < 0.1 && side.columns[7].reals()[row] < 0.1;
    const double rate = planted ? planted_rate : 0.1;
    side.wrong.push_back(random.chance(rate) ? 1 : 0);
    side.loss.push_back(random.exponential() * rate);
    side.score.push_back(random.uniform());
  }
  return side;
}

/// Of the processor, so that a busy machine does not count.
double seconds_since(std::clock_t start) { return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC; }

bool measure(const std::string& name, const explain::LossMetric& metric, const Side& reference, const Side& current,
             const std::vector<double> Side::*loss, bool at_same_score) {
  std::vector<double> binning, searching;
  SegmentSearch found;
  for (int run = 0; run < runs; ++run) {
    auto start = std::clock();
    std::vector<explain::BinnedFeature> binned;
    for (size_t f = 0; f < features; ++f)
      binned.push_back(explain::bin_feature(reference.columns[f], current.columns[f]).value());
    binning.push_back(seconds_since(start));
    start = std::clock();
    explain::ExpectedLosses expected;
    if (at_same_score)
      expected = explain::expected_losses({reference.*loss, reference.score}, {current.*loss, current.score});
    found = explain::search_segments(metric, binned, {reference.*loss, expected.reference},
                                     {current.*loss, expected.current})
                .value();
    searching.push_back(seconds_since(start));
  }
  std::ranges::sort(binning);
  std::ranges::sort(searching);
  const auto& first = found.segments.front();
  fmt::print("{}: {} segments, binning {:.2f} s, search {:.2f} s ({} passes), together {:.2f} s (goal 2.5 s)\n", name,
             found.searched, binning[runs / 2], searching[runs / 2], found.segments.size(),
             binning[runs / 2] + searching[runs / 2]);
  fmt::print("  first: {} (z {:.1f}, limit {:.1f})\n", first.text, first.z, first.z_limit);
  return first.text == "f3 < 0.1 and f7 < 0.1";
}

}  // namespace

int main() {
  const Side reference = draw(1, 0.1), current = draw(2, 0.25);
  const bool binary = measure("0/1 loss", explain::error_rate, reference, current, &Side::wrong, false);
  const bool scored = measure("0/1 loss, same score", explain::error_rate, reference, current, &Side::wrong, true);
  const bool real = measure("real loss", explain::log_loss, reference, current, &Side::loss, false);
  return binary && scored && real ? 0 : 1;
}
