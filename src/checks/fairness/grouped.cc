#include "checks/fairness/grouped.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

namespace leeway::fairness {
namespace {

/// Numbers keys in the order in which they are first met.
class Interner {
 public:
  /// Keys are below `bound`; few possible keys are looked up in an array.
  explicit Interner(uint64_t bound) {
    if (bound <= uint64_t{1} << 20) flat_.assign(bound, none);
  }
  uint32_t id(uint64_t key) {
    uint32_t& slot = flat_.empty() ? map_.try_emplace(key, none).first->second : flat_[key];
    if (slot == none) {
      slot = static_cast<uint32_t>(keys_.size());
      keys_.push_back(key);
    }
    return slot;
  }
  const std::vector<uint64_t>& keys() const { return keys_; }

 private:
  static constexpr uint32_t none = UINT32_MAX;
  std::vector<uint32_t> flat_;
  std::unordered_map<uint64_t, uint32_t> map_;
  std::vector<uint64_t> keys_;
};

/// The groups of both sides under one numbering, nulls last.
struct Alignment {
  std::vector<std::string> names;
  std::vector<uint32_t> from_current, from_reference;  ///< code of that side → number; codes beyond are `missing`
  uint32_t missing;
};

std::vector<uint32_t> add_names(const GroupColumn& column, std::vector<std::string>& names,
                                std::unordered_map<std::string_view, uint32_t>& numbers) {
  std::vector<uint32_t> to_number;
  for (const std::string& group : column.groups) {
    const auto [at, added] = numbers.try_emplace(group, static_cast<uint32_t>(names.size()));
    if (added) names.push_back(group);
    to_number.push_back(at->second);
  }
  return to_number;
}

Alignment align(const GroupColumn* reference, const GroupColumn& current) {
  Alignment out;
  std::unordered_map<std::string_view, uint32_t> numbers;
  out.from_current = add_names(current, out.names, numbers);
  if (reference) out.from_reference = add_names(*reference, out.names, numbers);
  out.missing = static_cast<uint32_t>(out.names.size());
  out.names.push_back(numbers.contains("missing") ? "no value" : "missing");
  return out;
}

/// The number of each row's group in one column.
std::vector<uint32_t> numbered(const GroupColumn& column, size_t rows, std::span<const uint32_t> to_number,
                               uint32_t missing) {
  std::vector<uint32_t> out(rows);
  for (size_t i = 0; i < rows; ++i) out[i] = column.codes[i] < to_number.size() ? to_number[column.codes[i]] : missing;
  return out;
}

/// Crosses what is there with one more column, keeping only combinations that occur.
void cross(std::vector<uint32_t>& current, std::vector<uint32_t>& reference, std::vector<std::string>& names,
           std::span<const uint32_t> more_current, std::span<const uint32_t> more_reference,
           std::span<const std::string> more_names) {
  const uint64_t width = more_names.size();
  Interner combinations(names.size() * width);
  for (size_t i = 0; i < current.size(); ++i) current[i] = combinations.id(current[i] * width + more_current[i]);
  for (size_t i = 0; i < reference.size(); ++i) reference[i] = combinations.id(reference[i] * width + more_reference[i]);
  std::vector<std::string> crossed;
  for (const uint64_t key : combinations.keys()) crossed.push_back(names[key / width] + " × " + more_names[key % width]);
  names = std::move(crossed);
}

std::vector<GroupCounts> count_cells(const GroupRows& rows, std::span<const uint32_t> codes, size_t groups) {
  std::vector<GroupCounts> counts(groups);
  const auto known = [](std::span<const uint8_t> column, size_t row) -> size_t {
    return column.empty() ? unknown : std::min(column[row], unknown);
  };
  for (size_t i = 0; i < rows.rows; ++i) ++counts[codes[i]].cells[3 * known(rows.selected, i) + known(rows.labels, i)];
  return counts;
}

std::vector<ScoredGroup> scored_groups(const GroupRows& rows, std::span<const uint32_t> codes, size_t groups) {
  if (rows.scores.empty() || rows.labels.empty()) return {};
  std::vector<ScoredGroup> out(groups);
  for (size_t i = 0; i < rows.rows; ++i) {
    if (rows.labels[i] >= unknown || !std::isfinite(rows.scores[i])) continue;
    out[codes[i]].scores.push_back(rows.scores[i]);
    out[codes[i]].labels.push_back(rows.labels[i]);
  }
  return out;
}

GroupSide side_of(const GroupRows& rows, std::vector<uint32_t> codes, size_t groups) {
  GroupSide side{&rows, std::move(codes), {}, {}};
  side.counts = count_cells(rows, side.codes, groups);
  side.scored = scored_groups(rows, side.codes, groups);
  return side;
}

}  // namespace

GroupedData group_by(const GroupRows* reference, const GroupRows& current, std::span<const size_t> columns) {
  GroupedData out;
  std::vector<uint32_t> codes, reference_codes;
  std::string compared_with;
  for (size_t i = 0; i < columns.size(); ++i) {
    const GroupColumn& column = current.columns[columns[i]];
    const GroupColumn* other = reference ? &reference->columns[columns[i]] : nullptr;
    Alignment alignment = align(other, column);
    auto now = numbered(column, current.rows, alignment.from_current, alignment.missing);
    auto then = other ? numbered(*other, reference->rows, alignment.from_reference, alignment.missing)
                      : std::vector<uint32_t>{};
    if (i == 0) {
      codes = std::move(now);
      reference_codes = std::move(then);
      out.groups = std::move(alignment.names);
    } else {
      cross(codes, reference_codes, out.groups, now, then, alignment.names);
    }
    const std::string_view between = i == 0 ? "" : " × ";
    out.column.append(between).append(column.name);
    compared_with.append(between).append(column.compared_with);
  }
  if (const auto at = std::find(out.groups.begin(), out.groups.end(), compared_with); at != out.groups.end())
    out.compared_with = static_cast<size_t>(at - out.groups.begin());
  out.current = side_of(current, std::move(codes), out.groups.size());
  if (reference) out.reference = side_of(*reference, std::move(reference_codes), out.groups.size());
  return out;
}

}  // namespace leeway::fairness
