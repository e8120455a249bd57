#include "explain/loss_levels.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace leeway::explain {
namespace {

constexpr size_t most_levels = 32;
constexpr size_t block = 512;  // slots; levels begin at whole blocks of Bitset

struct RowLoss {
  double loss;
  uint32_t row;
  bool operator<(const RowLoss& other) const { return std::pair(loss, row) < std::pair(other.loss, other.row); }
};

/// Rows [first, last) of the sorted losses.
struct Group {
  size_t first, last;
  double mean = 0, squares = 0;

  Group(std::span<const RowLoss> sorted, size_t from, size_t to) : first(from), last(to) {
    for (size_t i = first; i < last; ++i) mean += sorted[i].loss;
    mean /= static_cast<double>(last - first);
    for (size_t i = first; i < last; ++i) squares += (sorted[i].loss - mean) * (sorted[i].loss - mean);
  }
};

/// Where each of the distinct losses begins, if there are few of them.
std::vector<Group> distinct_groups(std::span<const RowLoss> sorted) {
  std::vector<Group> groups;
  for (size_t first = 0; first < sorted.size();) {
    if (groups.size() == most_levels) return {};
    size_t last = first + 1;
    while (last < sorted.size() && sorted[last].loss == sorted[first].loss) ++last;
    groups.emplace_back(sorted, first, last);
    groups.back().mean = sorted[first].loss;
    first = last;
  }
  return groups;
}

std::vector<Group> split_groups(std::span<const RowLoss> sorted) {
  std::vector<Group> groups = {Group(sorted, 0, sorted.size())};
  while (groups.size() < most_levels) {
    const auto widest = std::ranges::max_element(groups, {}, &Group::squares);
    const Group whole = *widest;
    const auto at = std::lower_bound(sorted.begin() + static_cast<ptrdiff_t>(whole.first),
                                     sorted.begin() + static_cast<ptrdiff_t>(whole.last), RowLoss{whole.mean, 0});
    const auto middle = static_cast<size_t>(at - sorted.begin());
    if (middle == whole.first || middle == whole.last) break;
    *widest = Group(sorted, whole.first, middle);
    groups.emplace_back(sorted, middle, whole.last);
  }
  std::ranges::sort(groups, {}, &Group::first);
  return groups;
}

}  // namespace

LossLevels arrange_by_loss(std::span<const double> loss, double centre) {
  LossLevels arranged;
  arranged.slot.assign(loss.size(), LossLevels::left_out);
  std::vector<RowLoss> sorted;
  for (size_t row = 0; row < loss.size(); ++row)
    if (std::isfinite(loss[row])) sorted.push_back({loss[row] + 0.0, static_cast<uint32_t>(row)});
  if (sorted.empty()) return arranged;
  std::sort(sorted.begin(), sorted.end());
  auto groups = distinct_groups(sorted);
  if (groups.empty()) groups = split_groups(sorted);
  for (const auto& group : groups) {
    for (size_t i = group.first; i < group.last; ++i)
      arranged.slot[sorted[i].row] = static_cast<uint32_t>(arranged.slots + i - group.first);
    arranged.slots += (group.last - group.first + block - 1) / block * block;
    arranged.levels.push_back({arranged.slots / 64, group.mean - centre});
  }
  return arranged;
}

}  // namespace leeway::explain
