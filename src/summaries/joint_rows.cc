#include "summaries/joint_rows.h"

#include <algorithm>
#include <cmath>

namespace leeway {

JointRows::JointRows(const JointLayout& layout, std::span<const Column> columns)
    : layout_(layout), columns_(columns), values_(columns.size() * block), present_(columns.size() * block) {}

size_t JointRows::next() {
  const size_t rows = columns_.empty() ? 0 : std::min(block, columns_.front().size() - next_);
  std::fill(values_.begin(), values_.end(), 0.0);
  std::fill(present_.begin(), present_.end(), int16_t{0});
  for (size_t j = 0; j < columns_.size(); ++j) {
    const auto& entry = layout_.entries[j];
    for (size_t i = 0; i < rows; ++i) {
      const double x = (columns_[j].number(next_ + i) - entry.centre) / entry.scale;
      if (!std::isfinite(x)) continue;
      values_[j * block + i] = std::clamp(x, -JointLayout::limit, JointLayout::limit);
      present_[j * block + i] = 1;
    }
  }
  next_ += rows;
  return rows;
}

}  // namespace leeway
