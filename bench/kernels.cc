// What the inner loops cost a row, beside what the machine needs to read the same rows from memory at all.
//
// Usage: bench_kernels [rows [part...]]   (default 1,000,000 against a prepared reference of as many; a part is a
// heading of the output, such as normal or scores). One thread. Each line is the fastest of several rounds over many
// different columns, more than the caches hold together, so that every round reads from memory as a check does;
// "bound" is the same read with nothing done to it.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/memory.h"
#include "base/random.h"
#include "profiles/profile.h"
#include "stats/auc.h"
#include "summaries/category_summary.h"
#include "summaries/numeric_scan.h"

namespace {

using namespace leeway;

constexpr int rounds = 7;
volatile double sink;   // keeps results alive

/// Seconds for one round of `work(column)` over all columns, the fastest of several.
template <class Work>
double fastest(size_t columns, Work work) {
  double best = 1e9;
  for (int round = 0; round < rounds; ++round) {
    const auto start = std::chrono::steady_clock::now();
    for (size_t c = 0; c < columns; ++c) work(c);
    best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  return best;
}

struct Table {
  double rows, columns, bound;
  void line(const std::string& name, double seconds) const {
    const double nanoseconds = seconds / (rows * columns) * 1e9;
    fmt::print("{:<44} {:>8.2f} ns/row {:>8.1f} x bound {:>9.2f} ms\n", name, nanoseconds, nanoseconds / bound, seconds / columns * 1e3);
  }
};

/// The parts asked for on the command line; all of them if none was.
struct Wanted {
  std::span<char*> parts;
  bool operator()(std::string_view part) const {
    return parts.empty() || std::ranges::any_of(parts, [&](const char* asked) { return part == asked; });
  }
};

double value(Random& random, int law) {
  switch (law) {
    case 1: return std::round(std::exp(3 + random.normal()) * 100) / 100;
    case 2: return static_cast<double>(random.below(10));
    case 3: return random.chance(0.9) ? 0 : std::exp(random.normal());
    case 4: return std::exp(2 * random.normal());
    case 5: return 1e9 + 1e-3 * random.normal();
    case 6: return std::pow(10, 600 * random.uniform() - 300);
    default: return random.normal();
  }
}

Column column(size_t rows, int law, double shift, uint64_t seed) {
  Random random(seed);
  std::vector<double> values(rows);
  for (double& x : values) x = value(random, law) + shift;
  return Column::of_reals("x", std::move(values));
}

double read_bound(const std::vector<Column>& columns) {
  const auto rows = static_cast<double>(columns[0].size() * columns.size());
  return fastest(columns.size(), [&](size_t c) {
           const auto values = columns[c].reals();
           const auto* words = reinterpret_cast<const uint64_t*>(values.data());
           uint64_t sums[8] = {};
           for (size_t i = 0; i + 8 <= values.size(); i += 8)
             for (size_t j = 0; j < 8; ++j) sums[j] += words[i + j];
           sink = static_cast<double>(sums[0] ^ sums[1] ^ sums[2] ^ sums[3] ^ sums[4] ^ sums[5] ^ sums[6] ^ sums[7]);
         }) / rows * 1e9;
}

void numbers(size_t rows, const std::vector<Column>& columns, double bound, const Wanted& wanted) {
  static constexpr const char* laws[] = {"normal", "prices", "integers", "zeros", "lognormal", "offset", "decades"};
  for (int law = 0; law < 7; ++law) {
    if (!wanted(laws[law])) continue;
    const auto start = std::chrono::steady_clock::now();
    const auto reference = *NumericReference::prepare(column(rows, law, 0, 99));
    const double prepared = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    std::vector<Column> own;
    const std::vector<Column>* batches = &columns;
    if (law > 0) {
      for (uint64_t c = 0; c < 8; ++c) own.push_back(column(rows, law, 0, c));
      batches = &own;
    }
    const Table table{static_cast<double>(rows), static_cast<double>(batches->size()), bound};
    ScanScratch scratch;
    fmt::print("\n{} (reference prepared in {:.0f} ms)\n", laws[law], prepared * 1e3);
    table.line("KS, missing, moments", fastest(batches->size(), [&](size_t c) {
                 NumericScan scan(reference, (*batches)[c], scratch);
                 sink = scan.ks().d();
               }));
    const auto edges = reference.histogram_edges();
    table.line("the same and a histogram", fastest(batches->size(), [&](size_t c) {
                 NumericScan scan(reference, (*batches)[c], scratch, edges);
                 sink = scan.ks().d();
               }));
    table.line("Wasserstein with its error, Mann-Whitney", fastest(batches->size(), [&](size_t c) {
                 NumericScan scan(reference, (*batches)[c], scratch);
                 sink = scan.wasserstein().distance + scan.mann_whitney().auc();
               }));
    table.line("std::sort alone", fastest(1, [&](size_t) {
                 std::vector<double> copy((*batches)[0].reals().begin(), (*batches)[0].reals().end());
                 std::sort(copy.begin(), copy.end());
                 sink = copy[0];
               }) * table.columns);
  }
}

void scores(size_t rows, double bound) {
  Random random(5);
  std::vector<double> p(rows);
  std::vector<uint8_t> y(rows);
  for (size_t r = 0; r < rows; ++r) {
    p[r] = static_cast<double>(static_cast<float>(random.uniform()));
    y[r] = random.chance(p[r]);
  }
  const Table table{static_cast<double>(rows), 1, bound};
  fmt::print("\nscores\n");
  table.line("AUC with DeLong, exact", fastest(1, [&](size_t) { sink = stats::auc(p, y).value(); }));
}

void categories(size_t rows, double bound) {
  Random random(6);
  std::vector<uint32_t> codes(rows);
  std::vector<std::string> values;
  for (int v = 0; v < 200; ++v) values.push_back(fmt::format("category {}", v));
  for (uint32_t& code : codes) code = static_cast<uint32_t>(random.below(values.size()));
  const Column column = Column::of_codes("c", codes, values);
  const auto dictionary = CategoryDictionary::from_reference(column);
  const Table table{static_cast<double>(rows), 1, bound};
  fmt::print("\ncategories\n");
  table.line("counts against a dictionary of 200", fastest(1, [&](size_t) {
               CategorySummary summary(dictionary);
               summary.update(column);
               sink = static_cast<double>(summary.unseen());
             }));
}

void profiles(size_t rows, const std::vector<Column>& columns, double bound) {
  ProfileSpec spec;
  spec.rows = static_cast<int64_t>(rows);
  for (size_t c = 0; c < columns.size(); ++c) {
    ProfileSpec::ColumnSpec column;
    column.index = c;
    column.field = {fmt::format("x{}", c), Type::real, "DOUBLE", false};
    column.treatment = Treatment::numeric;
    spec.columns.push_back(column);
  }
  const ColumnReader read = [&](size_t index) -> Result<Column> { return columns[index]; };
  const Table table{static_cast<double>(rows), static_cast<double>(columns.size()), bound};
  fmt::print("\nprofiles\n");
  const Profile reference = *Profile::build(spec, read);
  table.line("a window on the reference's bins", fastest(1, [&](size_t) { sink = static_cast<double>(Profile::build(spec, read, &reference)->rows()); }));
}

}  // namespace

int main(int argc, char** argv) {
  const size_t rows = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1'000'000;
  if (rows < 8) {
    fmt::print(stderr, "bench_kernels: at least 8 rows\n");
    return 2;
  }
  leeway::keep_freed_memory();
  // At least 128 MB in all: more than a third-level cache.
  std::vector<Column> columns;
  for (uint64_t c = 0; c < std::max<uint64_t>(2, 16'000'000 / rows); ++c) columns.push_back(column(rows, 0, 0.01, c));
  const double bound = read_bound(columns);
  fmt::print("{} rows a column, {} columns; reading alone: {:.2f} ns/row ({:.1f} GB/s)\n", rows, columns.size(), bound, 8 / bound);
  const Wanted wanted{std::span(argv, static_cast<size_t>(argc)).subspan(std::min(argc, 2))};
  numbers(rows, columns, bound, wanted);
  if (wanted("scores")) scores(rows, bound);
  if (wanted("categories")) categories(rows, bound);
  if (wanted("profiles")) profiles(rows, columns, bound);
}
