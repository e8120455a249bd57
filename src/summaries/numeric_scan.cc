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
#include "summaries/scan_state.h"

namespace leeway {

using scan::block, scan::for_each_block;

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

namespace {

constexpr size_t cell_block = 256;   // cells that are passed over together when none of them can matter

/// Counts the rows of a block; meanwhile the block of values after it, at `ahead`, is asked for from memory (which does
/// nothing past the end).
void count_cells(const uint32_t* cells, size_t rows, uint32_t* even, uint32_t* odd, const double* ahead) {
  size_t i = 0;
  for (; i + 8 <= rows; i += 8) {
    __builtin_prefetch(ahead + i);
    for (size_t j = 0; j < 8; j += 2) {
      ++even[cells[i + j]];
      ++odd[cells[i + j + 1]];
    }
  }
  for (; i + 2 <= rows; i += 2) {
    ++even[cells[i]];
    ++odd[cells[i + 1]];
  }
  if (i < rows) ++even[cells[i]];
}

void shorten_block(const uint32_t* cells, uint32_t shift, uint16_t* coarse) {
  simd::run([=]() LEEWAY_SIMD_LOOP {
    const uint32_t* __restrict from = cells;
    uint16_t* __restrict to = coarse;
    for (size_t i = 0; i < block; ++i) to[i] = static_cast<uint16_t>(from[i] >> shift);
  });
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

/// The largest and the smallest of the differences n_rows[i]·m - m_rows[i]·n in a run of `cell_block`.
struct Span {
  int64_t largest, smallest;
};
Span span_of_leads(const uint32_t* n_rows, const uint32_t* m_rows, int64_t m, int64_t n) {
  Span out;
  simd::run([=, to = &out]() LEEWAY_SIMD_LOOP {
    int64_t largest = std::numeric_limits<int64_t>::min(), smallest = std::numeric_limits<int64_t>::max();
    for (size_t i = 0; i < cell_block; ++i) {
      const int64_t lead = n_rows[i] * m - m_rows[i] * n;
      largest = lead > largest ? lead : largest;
      smallest = lead < smallest ? lead : smallest;
    }
    *to = {largest, smallest};
  });
  return out;
}

/// Calls use(row) for the rows below `rows` whose flag is set; quick when few are.
template <class Use>
void for_each_flagged(const uint8_t* flags, size_t rows, Use use) {
  uint64_t eights[8];
  for (size_t i = 0; i < rows; i += sizeof eights) {
    std::memcpy(eights, flags + i, sizeof eights);
    uint64_t any = 0;
    for (const uint64_t eight : eights) any |= eight;
    if (any == 0) continue;
    for (size_t j = 0; j < 8; ++j)
      for (uint64_t left = eights[j]; left != 0; left &= left - 1) {
        const size_t row = i + 8 * j + static_cast<size_t>(std::countr_zero(left)) / 8;
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
  auto& coarse = scratch_.coarse;
  if (celled_) {
    counts.assign(2 * cells, 0);
    if (coarse.size() < column.size() + block) coarse.resize(column.size() + block);
    while ((cells - 1) >> coarse_shift_ > std::numeric_limits<uint16_t>::max()) ++coarse_shift_;
  }
  uint32_t ids[block];
  size_t at = 0;
  for (auto run = values.next(); !run.empty(); run = values.next()) {
    moments_.update(run);
    if (celled_)
      for_each_block(run, [&](const double* from, size_t rows) {
        reference_.cell_map().cells_of_block(from, ids);
        shorten_block(ids, coarse_shift_, coarse.data() + at);
        count_cells(ids, rows, counts.data(), counts.data() + cells, from + rows);
        at += rows;
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
  const auto rows = reference_.cell_rows(), first = reference_.cell_first();
  Sides best;
  const auto look_at = [&](size_t c) { best.see(scratch_.before[c] * m, rows[c] * n, first[c]); };
  size_t c = 0;
  for (; c + cell_block <= rows.size(); c += cell_block) {
    const Span leads = span_of_leads(scratch_.before.data() + c, rows.data() + c, m, n);
    if (leads.largest <= best.plus && -leads.smallest <= best.minus) continue;
    for (size_t i = c; i < c + cell_block; ++i) look_at(i);
  }
  for (; c < rows.size(); ++c) look_at(c);
  return best;
}

std::vector<NumericScan::Candidate> NumericScan::undecided(const Sides& best, bool both) const {
  const int64_t n = size(), m = reference_.size();
  const auto rows = reference_.cell_rows();
  const auto& before = scratch_.before;
  const int64_t beat_plus = both ? best.plus : best.larger(), beat_minus = both ? best.minus : best.larger();
  std::vector<Candidate> out;
  const auto look_at = [&](size_t c) {
    const int64_t plus = before[c + 1] * m - rows[c] * n, minus = rows[c + 1] * n - before[c] * m;
    if (plus <= beat_plus && minus <= beat_minus) return;
    if (before[c] == before[c + 1] || rows[c] == rows[c + 1] || reference_.single(c)) return;
    out.push_back({plus, minus, static_cast<uint32_t>(c)});
  };
  size_t c = 0;
  for (; c + cell_block < rows.size(); c += cell_block) {
    // Everything that a difference can be between two ends is in the span of the lower end's share on one side and the
    // upper end's on the other.
    const Span rising = span_of_leads(before.data() + c + 1, rows.data() + c, m, n);
    const Span falling = span_of_leads(before.data() + c, rows.data() + c + 1, m, n);
    if (rising.largest <= beat_plus && -falling.smallest <= beat_minus) continue;
    for (size_t i = c; i < c + cell_block; ++i) look_at(i);
  }
  for (; c + 1 < rows.size(); ++c) look_at(c);
  return out;
}

bool NumericScan::wanted(uint32_t cell) const {
  const uint32_t coarse = cell >> coarse_shift_;
  return (scratch_.wanted[coarse >> 5] >> (coarse & 31) & 1) != 0;
}

/// Collects the rows of the candidates and of the cells that an edge cuts; false if they are too many to pay.
bool NumericScan::gather(std::span<const Candidate> candidates, std::span<const double> edges) {
  const auto cells = static_cast<uint32_t>(reference_.cells());
  auto& s = scratch_;
  s.wanted.assign((cells >> coarse_shift_) / 32 + 1, 0);
  s.place.resize(cells);
  uint32_t total = 0, first = ~0u, last = 0;
  const auto want = [&](uint32_t c) {
    if (wanted(c) || s.before[c] == s.before[c + 1]) return;
    const uint32_t coarse = c >> coarse_shift_;
    s.wanted[coarse >> 5] |= 1u << (coarse & 31);
    const uint32_t begin = coarse << coarse_shift_, end = std::min(cells, (coarse + 1) << coarse_shift_);
    for (uint32_t cell = begin; cell < end; ++cell) s.place[cell] = total + s.before[cell] - s.before[begin];
    total += s.before[end] - s.before[begin];
    first = std::min(first, begin);
    last = std::max(last, end);
  };
  for (const Candidate& c : candidates) want(c.cell);
  for (const double edge : edges) {
    const uint32_t c = reference_.cell_map().cell(edge);
    if (c == 0 || edge > reference_.cell_lower()[c]) want(c);
  }
  if (total > values_.size() / 3) return false;
  if (total == 0) return true;
  if (s.gathered.size() < total) s.gathered.resize(total);
  // When the wanted cells lie together, comparing with the first and the last leaves few rows to look at.
  if (s.before[last] - s.before[first] < values_.size() / 32) {
    const uint32_t low = first >> coarse_shift_, width = ((last - 1) >> coarse_shift_) - low;
    collect([=](uint16_t coarse) LEEWAY_SIMD_LOOP { return static_cast<uint32_t>(coarse - low <= width); });
  } else {
    collect([bits = s.wanted.data()](uint16_t coarse) LEEWAY_SIMD_LOOP {
      return bits[coarse >> 5] >> (coarse & 31) & 1;
    });
  }
  return true;
}

/// Moves the rows of wanted cells, which `test` finds by their coarse cell, possibly among others. First where they are,
/// then all at once: so the memory is asked for many of these scattered rows at a time.
template <class Test>
void NumericScan::collect(Test test) {
  auto& s = scratch_;
  s.chosen.clear();
  uint8_t flags[block];
  for (size_t at = 0; at < values_.size(); at += block) {
    flag_block(s.coarse.data() + at, flags, test);
    for_each_flagged(flags, std::min(block, values_.size() - at), [&](size_t row) {
      const uint32_t coarse = s.coarse[at + row];
      if ((s.wanted[coarse >> 5] >> (coarse & 31) & 1) != 0) s.chosen.push_back(static_cast<uint32_t>(at + row));
    });
  }
  for (const uint32_t row : s.chosen) {
    const double x = values_[row];
    s.gathered[s.place[coarse_shift_ == 0 ? s.coarse[row] : reference_.cell_map().cell(x)]++] = x;
  }
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
  if (!wanted(c)) return s.before[c];  // no rows, or the cell begins at the edge
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
