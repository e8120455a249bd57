#include "summaries/joint_rows.h"

#include <algorithm>
#include <cmath>

#include "columns/sample.h"

namespace leeway {
void JointLayout::write(ByteWriter& out) const {
  out.varint(entries.size());
  for (const auto& entry : entries) {
    out.text(entry.column);
    out.fixed(entry.centre);
    out.fixed(entry.scale);
  }
}

Result<JointLayout> JointLayout::read(ByteReader& in) {
  JointLayout out;
  const size_t columns = in.length(1 + 2 * sizeof(double));
  if (columns > most_columns) in.fail();
  for (size_t j = 0; j < columns && in.ok(); ++j) {
    Entry entry;
    entry.column = in.text();
    entry.centre = in.fixed<double>();
    entry.scale = in.fixed<double>();
    const bool twice = std::any_of(out.entries.begin(), out.entries.end(), [&](const Entry& e) { return e.column == entry.column; });
    if (twice || !std::isfinite(entry.centre) || !std::isfinite(entry.scale) || !(entry.scale > 0)) in.fail();
    out.entries.push_back(std::move(entry));
  }
  LEEWAY_CHECK(in.check("joint layout"));
  return out;
}

std::optional<JointLayout::Entry> joint_entry(const std::string& name, const NumericReference& reference) {
  if (reference.size() == 0 || reference.constant() || reference.scale().rule == ReferenceScale::Rule::none)
    return std::nullopt;
  return JointLayout::Entry{name, reference.median(), reference.scale().value};
}

std::vector<uint32_t> joint_sample(size_t table_rows) {
  constexpr size_t most = 10'000;
  return evenly_spaced(table_rows, most);
}

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
