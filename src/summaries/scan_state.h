#pragma once
// What the parts of NumericScan share; not for others.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "stats/sort.h"
#include "summaries/numeric_scan.h"
#include "summaries/pooled.h"

namespace leeway {

struct ScanScratch::State {
  std::vector<double> values;       // the batch's finite values, where they had to be moved
  std::vector<uint32_t> counts;     // rows per cell, twice: neighbouring rows count in different halves
  std::vector<uint16_t> coarse;     // per row its cell, without the lowest bits where 16 do not suffice
  std::vector<uint32_t> before;     // rows before each cell
  std::vector<uint32_t> wanted;     // a bit per cell: its rows are gathered
  std::vector<uint32_t> place;      // per wanted cell: where its next row goes
  std::vector<uint32_t> chosen;     // rows of the wanted cells, in their order
  std::vector<double> gathered;     // rows of the wanted cells, cell by cell
  std::vector<uint32_t> histogram;  // of one cell's rows over the reference's values
  struct CellSums {
    double lower, sum, square;      // of x - lower over the cell's rows, in the unit of the pass that makes them
  };
  std::vector<CellSums> cell_sums;
  std::vector<double> sorted;
  std::vector<uint64_t> sort_scratch;
  std::vector<int64_t> wide_batch;  // against a wide reference: the batch in order, or the reference rounded
  std::vector<double> wide_distinct;
  std::vector<uint32_t> wide_cumulative;
};

/// A cell inside which the answer may lie.
struct NumericScan::Candidate {
  int64_t plus, minus;  // what the one-sided differences can be there at most
  uint32_t cell;
};

namespace scan {

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

}  // namespace scan

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

}  // namespace leeway
