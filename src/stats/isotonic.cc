#include "stats/isotonic.h"

#include <algorithm>
#include <limits>

namespace leeway::stats {

IsotonicMap IsotonicMap::fit(std::span<const IsotonicCell> cells) {
  struct Block {
    double first, last, weight, events;
    double mean() const { return events / weight; }
  };
  std::vector<Block> blocks;
  for (const IsotonicCell& cell : cells) {
    if (!(cell.weight > 0)) continue;
    blocks.push_back({cell.x, cell.x, cell.weight, cell.events});
    while (blocks.size() > 1 && blocks[blocks.size() - 2].mean() >= blocks.back().mean()) {
      const Block top = blocks.back();
      blocks.pop_back();
      blocks.back().last = top.last;
      blocks.back().weight += top.weight;
      blocks.back().events += top.events;
    }
  }
  IsotonicMap map;
  for (const Block& block : blocks) {
    map.x_.push_back(block.first);
    map.y_.push_back(block.mean());
    if (block.last > block.first) {
      map.x_.push_back(block.last);
      map.y_.push_back(block.mean());
    }
  }
  return map;
}

double IsotonicMap::operator()(double x) const {
  if (x_.empty()) return std::numeric_limits<double>::quiet_NaN();
  const auto above = static_cast<size_t>(std::ranges::upper_bound(x_, x) - x_.begin());
  if (above == 0) return y_.front();
  if (above == x_.size()) return y_.back();
  const double share = (x - x_[above - 1]) / (x_[above] - x_[above - 1]);
  return y_[above - 1] + share * (y_[above] - y_[above - 1]);
}

}  // namespace leeway::stats
