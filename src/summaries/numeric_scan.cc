#include "summaries/numeric_scan.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <utility>

#include "base/simd.h"
#include "stats/sort.h"
#include "summaries/finite_values.h"
#include "summaries/pooled.h"

namespace leeway {

struct ScanScratch::State {
  std::vector<double> values;       // the batch's finite values, where they had to be moved
  std::vector<uint32_t> counts;     // rows per cell, twice: neighbouring rows count in different halves
  std::vector<uint32_t> before;     // rows before each cell
  std::vector<uint32_t> wanted;     // a bit per cell: its rows are gathered
  std::vector<uint32_t> place;      // per wanted cell: where its next row goes
  std::vector<double> survivors;    // rows between the first and the last wanted cell
  std::vector<double> gathered;     // rows of the wanted cells, cell by cell
  std::vector<uint32_t> histogram;  // of one cell's rows over the reference's values
  std::vector<double> sorted;
  std::vector<uint64_t> sort_scratch;
  std::vector<int64_t> wide_batch;  // against a wide reference: the batch in order, or the reference rounded
  std::vector<double> wide_distinct;
  std::vector<uint32_t> wide_cumulative;
};

ScanScratch::ScanScratch() : state_(std::make_unique<State>()) {}
ScanScratch::~ScanScratch() = default;
ScanScratch::ScanScratch(ScanScratch&&) noexcept = default;
ScanScratch& ScanScratch::operator=(ScanScratch&&) noexcept = default;

/// The greatest one-sided differences so far, times n·m, and the distinct reference value where each is reached.
struct NumericScan::Sides {
  int64_t plus = 0, minus = 0;
  size_t plus_at = 0, minus_at = 0;

  int64_t larger() const { return std::max(plus, minus); }
  /// At a point where F_n is nm/(n·m), F_m is mn/(n·m) and `next` distinct reference values lie at or before it.
  void see(int64_t nm, int64_t mn, size_t next) {
    if (nm - mn > plus) plus = nm - mn, plus_at = next;
    if (mn - nm > minus) minus = mn - nm, minus_at = next - 1;
  }
};

/// A cell inside which the answer may lie.
struct NumericScan::Candidate {
  int64_t plus, minus;  // what the one-sided differences can be there at most
  uint32_t cell;
};

namespace {

constexpr size_t block = CellMap::block_size;

/// Calls use(block, count) for the values in runs of block_size; the last run is copied and filled up.
template <class Use>
void for_each_block(std::span<const double> values, Use use) {
  size_t at = 0;
  for (; at + block <= values.size(); at += block) use(values.data() + at, block);
  if (at == values.size()) return;
  double rest[block];
  std::fill(std::copy(values.begin() + static_cast<ptrdiff_t>(at), values.end(), rest), rest + block, values.back());
  use(rest, values.size() - at);
}

void count_cells(const uint32_t* cells, size_t rows, uint32_t* even, uint32_t* odd) {
  size_t i = 0;
  for (; i + 2 <= rows; i += 2) {
    ++even[cells[i]];
    ++odd[cells[i + 1]];
  }
  if (i < rows) ++even[cells[i]];
}

/// flags[i] = test(from[i]), one byte a row. By way of 32 bits, which the compiler vectorises.
template <class T, class Test>
void flag_block(const T* values, uint8_t* flags, Test test) {
  simd::run([=]() LEEWAY_SIMD_LOOP {
    const T* __restrict from = values;
    uint8_t* __restrict to = flags;
    uint32_t wide[block];
    for (size_t i = 0; i < block; ++i) wide[i] = test(from[i]);
    for (size_t i = 0; i < block; ++i) to[i] = static_cast<uint8_t>(wide[i]);
  });
}

/// Calls use(row) for the rows below `rows` whose flag is set; quick when few are.
template <class Use>
void for_each_flagged(const uint8_t* flags, size_t rows, Use use) {
  for (size_t i = 0; i < rows; i += 8) {
    uint64_t eight;
    std::memcpy(&eight, flags + i, 8);
    for (; eight != 0; eight &= eight - 1) {
      const size_t row = i + static_cast<size_t>(std::countr_zero(eight)) / 8;
      if (row < rows) use(row);
    }
  }
}

}  // namespace

NumericScan::NumericScan(const NumericReference& reference, const Column& column, ScanScratch& scratch,
                         std::span<const double> edges)
    : reference_(reference),
      column_(column),
      scratch_(*scratch.state_),
      moments_(reference.moments().centre(), reference.moments().unit()) {
  read(column);
  if (size() == 0 || reference_.size() == 0) {
    counts_ = counts(edges);
    return;
  }
  const Sides best = sides(false, edges);
  const bool above = best.plus >= best.minus;
  const int direction = best.larger() == 0 ? 0 : above ? 1 : -1;
  const size_t at = std::min(above ? best.plus_at : best.minus_at, reference_.distinct_count() - 1);
  ks_ = {size(), reference_.size(), best.larger(), direction, reference_.value(at)};
  counts_ = reference_.wide() ? counts(edges) : count_bins(edges);
}

void NumericScan::read(const Column& column) {
  FiniteValues values(column, scratch_.values);
  const size_t cells = reference_.cells();
  // Clearing and scanning the cells costs as much as looking up this many rows.
  celled_ = cells > 0 && column.size() - column.null_count() > cells / 16;
  auto& counts = scratch_.counts;
  if (celled_) counts.assign(2 * cells, 0);
  uint32_t ids[block];
  for (auto run = values.next(); !run.empty(); run = values.next()) {
    moments_.update(run);
    if (celled_)
      for_each_block(run, [&](const double* from, size_t rows) {
        reference_.cell_map().cells_of_block(from, ids);
        count_cells(ids, rows, counts.data(), counts.data() + cells);
      });
  }
  rows_ = values.rows();
  values_ = values.all().first(static_cast<size_t>(size()));
  if (!celled_) return;
  scratch_.before.resize(cells + 1);
  uint32_t before = 0;
  for (size_t c = 0; c < cells; ++c) {
    scratch_.before[c] = before;
    before += counts[c] + counts[cells + c];
  }
  scratch_.before[cells] = before;
}

NumericScan::Sides NumericScan::sides(bool both, std::span<const double> edges) {
  if (reference_.wide()) return sides_of_sorted();
  if (!celled_) return sides_by_lookup();
  if (sorted_) return sides_of_sorted();
  Sides best = sides_at_cell_ends();
  auto candidates = undecided(best, both);
  if (!gather(candidates, edges)) return sides_of_sorted();
  const auto promise = [&](const Candidate& c) { return std::max(c.plus - best.plus, c.minus - best.minus); };
  std::sort(candidates.begin(), candidates.end(), [&](const Candidate& a, const Candidate& b) {
    const int64_t pa = std::max(a.plus, a.minus), pb = std::max(b.plus, b.minus);
    return pa != pb ? pa > pb : a.cell < b.cell;
  });
  for (const Candidate& c : candidates)
    if (both ? promise(c) > 0 : std::max(c.plus, c.minus) > best.larger()) refine(c.cell, best);
  return best;
}

NumericScan::Sides NumericScan::sides_at_cell_ends() const {
  const int64_t n = size(), m = reference_.size();
  Sides best;
  const auto rows = reference_.cell_rows(), first = reference_.cell_first();
  for (size_t c = 1; c < rows.size(); ++c) best.see(scratch_.before[c] * m, rows[c] * n, first[c]);
  return best;
}

std::vector<NumericScan::Candidate> NumericScan::undecided(const Sides& best, bool both) const {
  const int64_t n = size(), m = reference_.size();
  const auto rows = reference_.cell_rows();
  const auto& before = scratch_.before;
  const int64_t beat_plus = both ? best.plus : best.larger(), beat_minus = both ? best.minus : best.larger();
  std::vector<Candidate> out;
  for (uint32_t c = 0; c + 1 < rows.size(); ++c) {
    const int64_t plus = before[c + 1] * m - rows[c] * n, minus = rows[c + 1] * n - before[c] * m;
    if (plus <= beat_plus && minus <= beat_minus) continue;
    if (before[c] == before[c + 1] || rows[c] == rows[c + 1] || reference_.single(c)) continue;
    out.push_back({plus, minus, c});
  }
  return out;
}

/// Collects the rows of the candidates and of the cells that an edge cuts; false if they are too many to pay.
bool NumericScan::gather(std::span<const Candidate> candidates, std::span<const double> edges) {
  const size_t cells = reference_.cells();
  auto& s = scratch_;
  s.wanted.assign((cells + 31) / 32, 0);
  s.place.resize(cells);
  uint32_t total = 0, first = ~0u, last = 0;
  const auto want = [&](uint32_t c) {
    uint32_t& word = s.wanted[c >> 5];
    if (word >> (c & 31) & 1 || s.before[c] == s.before[c + 1]) return;
    word |= 1u << (c & 31);
    s.place[c] = total;
    total += s.before[c + 1] - s.before[c];
    first = std::min(first, c);
    last = std::max(last, c);
  };
  for (const Candidate& c : candidates) want(c.cell);
  for (const double edge : edges) {
    const uint32_t c = reference_.cell_map().cell(edge);
    if (c == 0 || edge > reference_.cell_lower()[c]) want(c);
  }
  if (total > values_.size() / 3) return false;
  if (total == 0) return true;
  if (s.gathered.size() < total) s.gathered.resize(total);
  // When the wanted cells lie together, a comparison with their ends leaves few rows to map again.
  const bool together = s.before[last + 1] - s.before[first] < values_.size() / 32;
  collect(together ? rows_between(first, last) : values_);
  return true;
}

std::span<const double> NumericScan::rows_between(uint32_t first, uint32_t last) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const auto lower = reference_.cell_lower();
  const double low = first == 0 ? -infinity : lower[first],
               high = last + 1 == lower.size() ? infinity : lower[last + 1];
  auto& survivors = scratch_.survivors;
  survivors.clear();
  uint8_t flags[block];
  for_each_block(values_, [&](const double* values, size_t rows) {
    flag_block(values, flags,
               [=](double x) LEEWAY_SIMD_LOOP { return static_cast<uint32_t>((x >= low) & (x < high)); });
    for_each_flagged(flags, rows, [&](size_t row) { survivors.push_back(values[row]); });
  });
  return survivors;
}

void NumericScan::collect(std::span<const double> rows) {
  auto& s = scratch_;
  uint32_t cells[block];
  uint8_t flags[block];
  for_each_block(rows, [&](const double* values, size_t count) {
    reference_.cell_map().cells_of_block(values, cells);
    flag_block(cells, flags,
               [wanted = s.wanted.data()](uint32_t c) LEEWAY_SIMD_LOOP { return wanted[c >> 5] >> (c & 31) & 1; });
    for_each_flagged(flags, count, [&](size_t row) { s.gathered[s.place[cells[row]]++] = values[row]; });
  });
}

int64_t NumericScan::cell_rows(size_t cell) const { return scratch_.before[cell + 1] - scratch_.before[cell]; }

/// Places the cell's rows among its reference values and evaluates both distribution functions at each of these.
void NumericScan::refine(uint32_t cell, Sides& best) const {
  const int64_t n = size(), m = reference_.size();
  const auto rows = static_cast<size_t>(cell_rows(cell));
  const double* values = scratch_.gathered.data() + scratch_.place[cell] - rows;
  const size_t first = reference_.cell_first()[cell], count = reference_.cell_first()[cell + 1] - first;
  const double* distinct = reference_.distinct().data() + first;
  auto& histogram = scratch_.histogram;  // [2j]: between distinct j-1 and j, [2j+1]: equal to j
  histogram.assign(2 * count + 1, 0);
  for (size_t i = 0; i < rows; ++i) {
    const double x = values[i];
    size_t low = 0;
    for (size_t length = count; length > 0;) {
      const size_t half = length / 2;
      const bool right = distinct[low + half] < x;
      low = right ? low + half + 1 : low;
      length = right ? length - half - 1 : half;
    }
    ++histogram[2 * low + (low < count && distinct[low] == x)];
  }
  int64_t n_rows = scratch_.before[cell], m_rows = reference_.cell_rows()[cell];
  for (size_t j = 0; j < count; ++j) {
    n_rows += histogram[2 * j];
    best.see(n_rows * m, m_rows * n, first + j);
    n_rows += histogram[2 * j + 1];
    m_rows = reference_.cumulative(first + j);
    best.see(n_rows * m, m_rows * n, first + j + 1);
  }
}

/// A batch much smaller than the reference: both functions at, and just before, each of its values.
NumericScan::Sides NumericScan::sides_by_lookup() {
  const int64_t n = size(), m = reference_.size();
  const auto batch = sorted();
  const auto distinct = reference_.distinct();
  const auto first = reference_.cell_first();
  Sides best;
  for (size_t i = 0; i < batch.size();) {
    const double x = batch[i];
    size_t after = i;
    while (after < batch.size() && batch[after] == x) ++after;
    const uint32_t c = reference_.cell_map().cell(x);
    const auto begin = distinct.begin();
    const auto at = static_cast<size_t>(std::lower_bound(begin + first[c], begin + first[c + 1], x) - begin);
    const size_t past = at + (at < distinct.size() && distinct[at] == x);
    const auto reference_rows = [&](size_t values) { return values == 0 ? 0 : reference_.cumulative(values - 1); };
    best.see(static_cast<int64_t>(i) * m, reference_rows(at) * n, at);
    best.see(static_cast<int64_t>(after) * m, reference_rows(past) * n, past);
    i = after;
  }
  return best;
}

std::span<const double> NumericScan::sorted() {
  auto& s = scratch_;
  if (!sorted_) {
    s.sorted.assign(values_.begin(), values_.end());
    stats::sort(s.sorted, s.sort_scratch);
    sorted_ = true;
  }
  return s.sorted;
}

/// Calls use(pooled) with the batch in order beside the reference, in their common type.
template <class Use>
auto NumericScan::with_pooled(Use use) {
  auto& s = scratch_;
  if (!reference_.wide()) return use(Pooled<double>{sorted(), reference_.distinct(), reference_.cumulative()});
  if (column_.type() != Type::real) {
    s.wide_batch.clear();
    for (size_t r = 0; r < column_.size(); ++r)
      if (column_.is_valid(r)) s.wide_batch.push_back(column_.integers()[r]);
    stats::sort(s.wide_batch, s.sort_scratch);
    return use(Pooled<int64_t>{s.wide_batch, reference_.wide_distinct(), reference_.cumulative()});
  }
  s.wide_distinct.clear();
  s.wide_cumulative.clear();
  for (size_t i = 0; i < reference_.distinct_count(); ++i) {
    const double value = reference_.value(i);
    if (s.wide_distinct.empty() || s.wide_distinct.back() != value) {
      s.wide_distinct.push_back(value);
      s.wide_cumulative.push_back(0);
    }
    s.wide_cumulative.back() = static_cast<uint32_t>(reference_.cumulative(i));
  }
  return use(Pooled<double>{sorted(), s.wide_distinct, s.wide_cumulative});
}

NumericScan::Sides NumericScan::sides_of_sorted() {
  const int64_t n = size(), m = reference_.size();
  Sides best;
  with_pooled([&](const auto& pooled) {
    pooled.walk([&](auto, int64_t, int64_t n_rows, int64_t, int64_t m_rows, size_t next) {
      best.see(n_rows * m, m_rows * n, next);
    });
  });
  return best;
}

OneSidedResult NumericScan::one_sided() {
  const Sides best = sides(true, {});
  return {size(), reference_.size(), best.plus, best.minus};
}

int64_t NumericScan::count_below(double edge) const {
  const auto& s = scratch_;
  if (sorted_) return std::lower_bound(s.sorted.begin(), s.sorted.end(), edge) - s.sorted.begin();
  const uint32_t c = reference_.cell_map().cell(edge);
  if ((s.wanted[c >> 5] >> (c & 31) & 1) == 0) return s.before[c];  // no rows, or the cell begins at the edge
  const double* end = s.gathered.data() + s.place[c];
  return s.before[c] + std::count_if(end - cell_rows(c), end, [edge](double x) { return x < edge; });
}

std::vector<int64_t> NumericScan::count_bins(std::span<const double> edges) const {
  std::vector<int64_t> counts(edges.size() + 1, 0);
  int64_t before = 0;
  for (size_t i = 0; i < edges.size(); ++i) {
    const int64_t below = count_below(edges[i]);
    counts[i] = below - before;
    before = below;
  }
  counts.back() = size() - before;
  return counts;
}

std::vector<int64_t> NumericScan::counts(std::span<const double> edges) {
  if (!celled_ || (!sorted_ && !gather({}, edges))) sorted();
  return count_bins(edges);
}

WassersteinResult NumericScan::wasserstein() {
  const auto n = static_cast<double>(size()), m = static_cast<double>(reference_.size());
  const double share_of_one = 1 / (n * m);
  WassersteinResult out;
  double h = 0, sum_n = 0, square_n = 0, sum_m = 0, square_m = 0;
  double distance = 0, spread = 0;  // of some hundred steps, so that a sum of millions loses no digits
  int steps = 0;
  with_pooled([&](const auto& pooled) {
    auto last = pooled.distinct[0];
    int64_t difference = 0;  // n·m·(F_n - F_m) since `last`
    double share = 0;        // H since `last`
    pooled.walk([&](auto value, int64_t n_before, int64_t n_rows, int64_t m_before, int64_t m_rows, size_t) {
      if (n_before + m_before > 0) {
        const double step = width(last, value);
        distance += std::fabs(static_cast<double>(difference)) * share_of_one * step;
        spread += std::sqrt(share * (1 - share)) * step;
        h += difference > 0 ? step : difference < 0 ? -step : 0;
        if (++steps % 512 == 0) {
          out.distance += std::exchange(distance, 0);
          out.spread += std::exchange(spread, 0);
        }
      }
      const auto batch_rows = static_cast<double>(n_rows - n_before), rows = static_cast<double>(m_rows - m_before);
      sum_n += batch_rows * h;
      square_n += batch_rows * h * h;
      sum_m += rows * h;
      square_m += rows * h * h;
      difference = n_rows * reference_.size() - m_rows * size();
      share = static_cast<double>(n_rows + m_rows) / (n + m);
      last = value;
    });
  });
  out.distance += distance;
  out.spread += spread;
  out.variance_current = std::max(0.0, square_n / n - sum_n / n * (sum_n / n));
  out.variance_reference = std::max(0.0, square_m / m - sum_m / m * (sum_m / m));
  return out;
}

MannWhitneyResult NumericScan::mann_whitney() {
  MannWhitneyResult out{size(), reference_.size()};
  const auto tie = [&out](int64_t rows) {
    const auto t = static_cast<double>(rows);
    if (rows > 1) out.ties += t * t * t - t;
  };
  if (!celled_ || sorted_) {
    with_pooled([&](const auto& pooled) {
      pooled.walk([&](auto, int64_t n_before, int64_t n_rows, int64_t m_before, int64_t m_rows, size_t) {
        out.lower2 += (n_rows - n_before) * (m_before + m_rows);
        tie(n_rows - n_before + m_rows - m_before);
      });
    });
    out.upper2 = out.lower2;
    return out;
  }
  const auto rows = reference_.cell_rows();
  for (size_t c = 0; c + 1 < rows.size(); ++c) {
    const int64_t batch_rows = cell_rows(c), below = rows[c], upto = rows[c + 1];
    const bool single = reference_.single(c);
    out.lower2 += batch_rows * (single ? below + upto : 2 * below);
    out.upper2 += batch_rows * (single ? below + upto : 2 * upto);
    if (single) tie(batch_rows + upto - below);
  }
  return out;
}

}  // namespace leeway
