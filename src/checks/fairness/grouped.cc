#include "checks/fairness/grouped.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "base/threads.h"

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

/// The rows of both sides by the attributes crossed so far.
struct Crossing {
  std::vector<uint32_t> current, reference;
  std::vector<std::vector<uint32_t>> members;  ///< of each number: one group per attribute
};

/// Crosses with one more attribute of `width` groups, keeping only combinations that occur.
void cross(Crossing& so_far, std::span<const uint32_t> current, std::span<const uint32_t> reference, uint64_t width) {
  Interner combinations(so_far.members.size() * width);
  for (size_t i = 0; i < current.size(); ++i)
    so_far.current[i] = combinations.id(so_far.current[i] * width + current[i]);
  for (size_t i = 0; i < reference.size(); ++i)
    so_far.reference[i] = combinations.id(so_far.reference[i] * width + reference[i]);
  std::vector<std::vector<uint32_t>> members;
  for (const uint64_t key : combinations.keys()) {
    members.push_back(so_far.members[key / width]);
    members.back().push_back(static_cast<uint32_t>(key % width));
  }
  so_far.members = std::move(members);
}

std::string name_of(std::span<const uint32_t> members, std::span<const Attribute> attributes) {
  std::string name;
  for (size_t a = 0; a < members.size(); ++a) name.append(a == 0 ? "" : " × ").append(attributes[a].groups[members[a]]);
  return name;
}

std::vector<GroupCounts> count_cells(const GroupRows& rows, std::span<const uint32_t> codes, size_t groups) {
  std::vector<GroupCounts> counts(groups);
  const auto known = [](std::span<const uint8_t> column, size_t row) -> size_t {
    return column.empty() ? unknown : std::min(column[row], unknown);
  };
  for (size_t i = 0; i < rows.rows; ++i) ++counts[codes[i]].cells[3 * known(rows.selected, i) + known(rows.labels, i)];
  return counts;
}

std::vector<performance::BinarySample> samples_of(const OrderedRows& side, std::span<const uint32_t> codes,
                                                  size_t groups, int threads) {
  std::vector<performance::BinaryRows> divided(groups);
  for (const uint32_t row : side.by_score) {
    divided[codes[row]].scores.push_back(side.rows->scores[row]);
    divided[codes[row]].labels.push_back(side.rows->labels[row]);
  }
  std::vector<performance::BinarySample> out(groups);
  parallel_for(groups, threads, [&](size_t g) {
    const auto count = static_cast<int64_t>(divided[g].labels.size());
    divided[g].usable = divided[g].labelled = {.rows = count, .used = count};
    out[g] = performance::BinarySample::of_rows(divided[g]);
    divided[g] = {};
  });
  return out;
}

GroupSide side_of(const OrderedRows& ordered, std::vector<uint32_t> codes, size_t groups, int threads) {
  const GroupRows& rows = *ordered.rows;
  GroupSide side{.rows = static_cast<int64_t>(rows.rows),
                 .decided = !rows.selected.empty(),
                 .labelled = !rows.labels.empty(),
                 .counts = count_cells(rows, codes, groups),
                 .samples = {},
                 .source = &ordered,
                 .codes = {}};
  if (!ordered.by_score.empty()) side.samples = samples_of(ordered, codes, groups, threads);
  side.codes = std::move(codes);
  return side;
}

}  // namespace

std::vector<std::vector<size_t>> attribute_sets(size_t count, size_t depth) {
  std::vector<std::vector<size_t>> sets{{}};
  for (size_t from = 0; from < sets.size(); ++from) {
    const auto set = sets[from];
    if (set.size() == std::max<size_t>(depth, 1)) break;
    for (size_t next = set.empty() ? 0 : set.back() + 1; next < count; ++next) {
      sets.push_back(set);
      sets.back().push_back(next);
    }
  }
  sets.erase(sets.begin());
  return sets;
}

OrderedRows OrderedRows::of(const GroupRows& rows) {
  OrderedRows out{&rows, {}};
  if (rows.scores.empty() || rows.labels.empty()) return out;
  for (uint32_t row = 0; row < rows.rows; ++row)
    if (rows.labels[row] < unknown && std::isfinite(rows.scores[row])) out.by_score.push_back(row);
  std::ranges::stable_sort(out.by_score, {}, [&](uint32_t row) { return rows.scores[row]; });
  return out;
}

GroupedData group_by(const OrderedRows* reference, const OrderedRows& current, std::span<const size_t> columns,
                     int threads) {
  GroupedData out;
  Crossing crossing{
      std::vector<uint32_t>(current.rows->rows), std::vector<uint32_t>(reference ? reference->rows->rows : 0), {{}}};
  std::string compared_with;
  for (const size_t index : columns) {
    const GroupColumn& column = current.rows->columns[index];
    const GroupColumn* other = reference ? &reference->rows->columns[index] : nullptr;
    Alignment alignment = align(other, column);
    const auto now = numbered(column, current.rows->rows, alignment.from_current, alignment.missing);
    const auto then = other ? numbered(*other, reference->rows->rows, alignment.from_reference, alignment.missing)
                            : std::vector<uint32_t>{};
    cross(crossing, now, then, alignment.names.size());
    const std::string_view between = out.attributes.empty() ? "" : " × ";
    out.column.append(between).append(column.name);
    compared_with.append(between).append(column.compared_with);
    out.attributes.push_back({column.name, std::move(alignment.names)});
  }
  out.members = std::move(crossing.members);
  for (const auto& members : out.members) out.groups.push_back(name_of(members, out.attributes));
  if (const auto at = std::find(out.groups.begin(), out.groups.end(), compared_with); at != out.groups.end())
    out.compared_with = static_cast<size_t>(at - out.groups.begin());
  out.current = side_of(current, std::move(crossing.current), out.groups.size(), threads);
  if (reference) out.reference = side_of(*reference, std::move(crossing.reference), out.groups.size(), threads);
  return out;
}

namespace {

/// Rows of one group by decision and outcome.
Result<GroupCounts> stored_counts(const ScoreTable& table, double threshold, uint32_t group) {
  LEEWAY_TRY(const auto confusion, table.confusion(threshold, group));
  LEEWAY_TRY(const int64_t selected, table.selected(threshold, group));
  const int64_t selected_unknown = selected - confusion.true_positive - confusion.false_positive;
  return GroupCounts{{confusion.true_negative, confusion.false_negative,
                      table.rows(Outcome::unknown, group) - selected_unknown, confusion.false_positive,
                      confusion.true_positive, selected_unknown, 0, 0, 0}};
}

Result<GroupSide> stored_side(const ScoreTable& table, double threshold) {
  GroupSide side{.decided = true, .counts = {}, .samples = {}, .table = &table, .codes = {}};
  for (uint32_t g = 0; g < table.layout().group_count(); ++g) {
    LEEWAY_TRY(const GroupCounts counts, stored_counts(table, threshold, g));
    side.counts.push_back(counts);
    side.samples.push_back(performance::BinarySample::of_table(table, g));
    side.rows += counts.rows();
    side.labelled |= side.samples.back().rows() > 0;
  }
  if (!side.labelled) side.samples.clear();
  return side;
}

}  // namespace

Result<GroupedData> group_by(const StoredAttribute& attribute, double threshold) {
  const ScoreLayout& layout = attribute.current->layout();
  if (attribute.reference && !(attribute.reference->layout() == layout))
    return fail(Code::failed_precondition, "the score tables by '" + attribute.name + "' are of different references",
                "Profile both data sets against the same reference.");
  GroupedData out;
  out.column = attribute.name;
  out.groups = layout.groups;
  const auto taken = [&](std::string_view name) {
    return std::ranges::find(layout.groups, name) != layout.groups.end();
  };
  out.groups.push_back(taken("unseen") ? "unseen value" : "unseen");
  out.groups.push_back(taken("missing") ? "no value" : "missing");
  out.attributes.push_back({out.column, out.groups});
  for (uint32_t g = 0; g < out.groups.size(); ++g) out.members.push_back({g});
  if (const auto at = std::ranges::find(out.groups, attribute.compared_with); at != out.groups.end())
    out.compared_with = static_cast<size_t>(at - out.groups.begin());
  LEEWAY_TRY(out.current, stored_side(*attribute.current, threshold));
  if (attribute.reference) {
    LEEWAY_TRY(out.reference, stored_side(*attribute.reference, threshold));
  }
  return out;
}

}  // namespace leeway::fairness
