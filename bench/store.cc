// What the store takes and gives: rows applied a second, a window read back, a series of a year.
// Usage: bench_store ADDRESS [rows before]

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "base/hash.h"
#include "base/random.h"
#include "store/open.h"

namespace leeway::store {
namespace {

using Clock = std::chrono::steady_clock;
constexpr int64_t second = 1'000'000'000, hour = 3600 * second;

double since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

RowBlock rows(Random& random, const char* model, size_t count, size_t features, int64_t& number) {
  RowBlock block{.model = model, .version = "1"};
  std::vector<std::vector<double>> values(features, std::vector<double>(count));
  std::vector<uint32_t> region(count);
  for (size_t i = 0; i < count; ++i, ++number) {
    block.ids.push_back(fmt::format("{:016x}-{:08}", mix64(static_cast<uint64_t>(number)), number));
    block.times.push_back(1000 * hour + number * second / 100);
    for (auto& column : values) column[i] = random.normal();
    region[i] = static_cast<uint32_t>(random.below(4));
  }
  for (size_t f = 0; f < features; ++f)
    block.columns.push_back(Column::of_reals(fmt::format("x{}", f), std::move(values[f])));
  block.columns.push_back(Column::of_codes("region", std::move(region), {"north", "south", "east", "west"}));
  block.lasting = {"region"};
  return block;
}

void apply(Store& store, const char* model, size_t total, size_t at_once, size_t features, int64_t& number) {
  Random random(1);
  uint64_t position = store.position(model).value_or(0);
  double took = 0, worst = 0;
  for (size_t done = 0; done < total; done += at_once) {
    ApplyBatch batch{.journal = model, .after = position, .position = position + 1};
    batch.rows.push_back(rows(random, model, at_once, features, number));
    const auto start = Clock::now();
    const auto applied = store.apply(batch);
    const double one = since(start);
    took += one;
    worst = std::max(worst, one);
    if (!applied || applied->rows != static_cast<int64_t>(at_once))
      return fmt::print("failed: {}\n", applied ? "rows" : applied.error().text());
    ++position;
  }
  fmt::print("apply {:>9} rows x {:>3} features in batches of {:>6}: {:>8.0f} rows/s, worst batch {:.0f} ms\n", total,
             features, at_once, static_cast<double>(total) / took, worst * 1e3);
}

void read(Store& store, const char* model, int64_t from, int64_t to, RowOrder order) {
  const auto start = Clock::now();
  const auto found = store.rows({.model = model, .from = from, .to = to, .order = order});
  if (!found) return fmt::print("failed: {}\n", found.error().text());
  fmt::print("read {} rows x {} columns{}: {:.0f} ms\n", found->rows(), found->columns.size(),
             order == RowOrder::any ? "" : " by time", since(start) * 1e3);
}

/// A year of hourly windows with 200 features of 5 numbers each, in weeks to be quick.
void year(Store& store) {
  double took = 0;
  constexpr int64_t windows = 24 * 365;
  for (int64_t w = 0; w < windows; w += 168) {
    MonitoringUpdate update;
    for (int64_t i = w; i < std::min(w + 168, windows); ++i) {
      WindowResult result{
          .key = {"year", "1", "", i * hour, (i + 1) * hour}, .profile = std::string(1000, 'p'), .document = "{}"};
      for (int f = 0; f < 200; ++f)
        for (const char* method : {"psi", "ks", "missing", "mean", "js"})
          result.points.push_back({fmt::format("drift/{}/x{}", method, f), 0.1, 0.05, 0.2, 1000, 0});
      update.windows.push_back(std::move(result));
    }
    const auto start = Clock::now();
    if (const auto put = store.put(update); !put) return fmt::print("failed: {}\n", put.error().text());
    took += since(start);
  }
  fmt::print("put {} windows of 1,000 points: {:.1f} ms each\n", windows, took / windows * 1e3);
  std::vector<double> waits;
  for (int f = 0; f < 20; ++f) {
    const auto start = Clock::now();
    const auto series = store.series({"year", "1", "", 0, windows * hour}, hour, {fmt::format("drift/psi/x{}", f)});
    waits.push_back(since(start));
    if (!series || series->size() != windows) return fmt::print("failed\n");
  }
  std::sort(waits.begin(), waits.end());
  fmt::print("a series of a year ({} points): p50 {:.1f} ms, p95 {:.1f} ms\n", windows, waits[10] * 1e3,
             waits[19] * 1e3);
  const auto start = Clock::now();
  const auto latest = store.windows({"year", "1", "", 0, windows * hour}, hour, 1);
  fmt::print("the latest window: {:.1f} ms\n", since(start) * 1e3);
}

}  // namespace
}  // namespace leeway::store

int main(int argc, char** argv) {
  using namespace leeway::store;
  if (argc < 2) {
    fmt::print(stderr, "usage: bench_store ADDRESS [rows before]\n");
    return 2;
  }
  auto store = open_store({.address = argv[1]});
  if (!store) {
    fmt::print(stderr, "{}\n", store.error().text());
    return 4;
  }
  int64_t number = 0;
  apply(**store, "narrow", 20'000, 1'000, 20, number);
  if (argc > 2) apply(**store, "narrow", static_cast<size_t>(std::atoll(argv[2])), 50'000, 20, number);
  apply(**store, "narrow", 100'000, 10'000, 20, number);
  number = 0;
  apply(**store, "wide", 100'000, 10'000, 200, number);
  read(**store, "wide", 1000 * hour, 1100 * hour, RowOrder::any);
  read(**store, "wide", 1000 * hour, 1100 * hour, RowOrder::oldest_first);
  year(**store);
}
