#include "summaries/time_summary.h"

#include <algorithm>
#include <array>

#include "summaries/bytes.h"

namespace leeway {
namespace {

constexpr int64_t second = 1'000'000'000;
// Each width is a multiple of the one before, so that coarser cells are unions of finer ones.
constexpr std::array<int64_t, 10> widths = {second,          10 * second,     60 * second,      600 * second,     3600 * second,
                                            6 * 3600 * second, 86400 * second, 7 * 86400 * second, 28 * 86400 * second, 336 * 86400 * second};

int64_t start_of_cell(int64_t moment, int64_t width) {
  const int64_t rest = moment % width;
  const int64_t back = rest < 0 ? rest + width : rest;
  return moment < INT64_MIN + back ? INT64_MIN : moment - back;
}

using Cell = TimeSummary::Cell;

/// Ascending cells in wider ones.
std::vector<Cell> coarser(std::span<const Cell> cells, int64_t width) {
  std::vector<Cell> out;
  for (const Cell& cell : cells) {
    const int64_t start = start_of_cell(cell.start, width);
    if (out.empty() || out.back().start != start) out.push_back({start, 0});
    out.back().count += cell.count;
  }
  return out;
}

}  // namespace

void TimeSummary::update(const Column& column) {
  if (column.type() != Type::time) return;
  std::vector<int64_t> moments;
  for (size_t r = 0; r < column.size(); ++r)
    if (column.is_valid(r)) moments.push_back(column.integers()[r]);
  if (moments.empty()) return;
  for (size_t i = 1; i < moments.size(); ++i) out_of_order_ += moments[i] < moments[i - 1];
  const auto [least, greatest] = std::minmax_element(moments.begin(), moments.end());
  first_ = size_ > 0 ? std::min(first_, *least) : *least;
  last_ = size_ > 0 ? std::max(last_, *greatest) : *greatest;
  size_ += static_cast<int64_t>(moments.size());
  const int64_t width = widths[static_cast<size_t>(level_)];
  if (!std::is_sorted(moments.begin(), moments.end())) std::sort(moments.begin(), moments.end());
  std::vector<Cell> cells;
  for (const int64_t moment : moments) {
    if (cells.empty() || moment - cells.back().start >= width || moment < cells.back().start) cells.push_back({start_of_cell(moment, width), 0});
    ++cells.back().count;
  }
  add(std::move(cells));
}

void TimeSummary::coarsen_to(int level) {
  if (level == level_) return;
  level_ = level;
  cells_ = coarser(cells_, widths[static_cast<size_t>(level)]);
}

/// Adds ascending cells of the present width, then widens as often as needed: to the least width at which all rows fit
/// into max_cells, whatever their order.
void TimeSummary::add(std::vector<Cell> cells) {
  std::vector<Cell> sum;
  std::merge(cells_.begin(), cells_.end(), cells.begin(), cells.end(), std::back_inserter(sum),
             [](const Cell& a, const Cell& b) { return a.start < b.start; });
  cells_ = coarser(sum, widths[static_cast<size_t>(level_)]);
  while (cells_.size() > max_cells && level_ + 1 < static_cast<int>(widths.size())) coarsen_to(level_ + 1);
}

void TimeSummary::merge(const TimeSummary& other) {
  if (other.size_ == 0) return;
  first_ = size_ > 0 ? std::min(first_, other.first_) : other.first_;
  last_ = size_ > 0 ? std::max(last_, other.last_) : other.last_;
  size_ += other.size_;
  out_of_order_ += other.out_of_order_;
  coarsen_to(std::max(level_, other.level_));
  add(coarser(other.cells_, cell_width()));
}

int64_t TimeSummary::cell_width() const { return widths[static_cast<size_t>(level_)]; }

std::optional<TimeSummary::Gap> TimeSummary::largest_gap() const {
  std::optional<Gap> largest;
  for (size_t i = 1; i < cells_.size(); ++i) {
    const Gap gap{cells_[i - 1].start + cell_width(), cells_[i].start};
    if (gap.from < gap.to && (!largest || gap.to - gap.from > largest->to - largest->from)) largest = gap;
  }
  return largest;
}

void TimeSummary::write(ByteWriter& out) const {
  out.varint(static_cast<uint64_t>(size_));
  if (size_ == 0) return;
  out.fixed(first_);
  out.fixed(last_);
  out.varint(static_cast<uint64_t>(out_of_order_));
  out.fixed(static_cast<uint8_t>(level_));
  out.varint(cells_.size());
  int64_t end = cells_.front().start;
  out.fixed(end);
  for (const Cell& cell : cells_) {
    out.varint((static_cast<uint64_t>(cell.start) - static_cast<uint64_t>(end)) / static_cast<uint64_t>(second));
    out.varint(static_cast<uint64_t>(cell.count));
    end = cell.start;
  }
}

Result<TimeSummary> TimeSummary::read(ByteReader& in) {
  TimeSummary out;
  out.size_ = in.count();
  if (out.size_ > 0) {
    out.first_ = in.fixed<int64_t>();
    out.last_ = in.fixed<int64_t>();
    out.out_of_order_ = in.count();
    out.level_ = in.fixed<uint8_t>();
    if (out.level_ >= static_cast<int>(widths.size())) in.fail();
    const size_t cells = in.length(2);
    auto start = static_cast<uint64_t>(in.fixed<int64_t>());
    for (size_t i = 0; i < cells && in.ok(); ++i) {
      start += in.varint() * static_cast<uint64_t>(second);
      const int64_t count = in.count();
      if (i > 0 && static_cast<int64_t>(start) <= out.cells_.back().start) in.fail();
      out.cells_.push_back({static_cast<int64_t>(start), count});
    }
    if (cells == 0 || cells > max_cells || out.last_ < out.first_) in.fail();
  }
  LEEWAY_CHECK(in.check("time summary"));
  return out;
}

}  // namespace leeway
