#include "checks/fairness/fairness.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "base/threads.h"
#include "checks/fairness/benefit_inequality.h"
#include "checks/fairness/registry.h"
#include "checks/fairness/subgroup_search.h"

namespace leeway::fairness {
namespace {

Status check_span(std::string_view side, std::string_view what, size_t size, size_t rows, bool may_be_absent) {
  if (size == rows || (may_be_absent && size == 0)) return {};
  return fail(Code::invalid_argument, fmt::format("the {} data have {} {} for {} rows", side, size, what, rows));
}

Status check_rows(const GroupRows& rows, std::string_view side) {
  LEEWAY_CHECK(check_span(side, "decisions", rows.selected.size(), rows.rows, true));
  LEEWAY_CHECK(check_span(side, "outcomes", rows.labels.size(), rows.rows, true));
  LEEWAY_CHECK(check_span(side, "scores", rows.scores.size(), rows.rows, true));
  LEEWAY_CHECK(check_span(side, "strata", rows.strata.size(), rows.rows, true));
  for (const GroupColumn& column : rows.columns)
    LEEWAY_CHECK(check_span(side, "groups of '" + column.name + "'", column.codes.size(), rows.rows, false));
  return {};
}

Status check_columns(const GroupRows& reference, const GroupRows& current) {
  const auto same_name = [](const GroupColumn& a, const GroupColumn& b) { return a.name == b.name; };
  if (std::equal(reference.columns.begin(), reference.columns.end(), current.columns.begin(), current.columns.end(),
                 same_name))
    return {};
  return fail(Code::invalid_argument, "the two sides have different group columns");
}

void append(std::vector<Measurement>& to, std::vector<Measurement>& from) {
  to.insert(to.end(), std::move_iterator(from.begin()), std::move_iterator(from.end()));
}

size_t groups_with_rows(const GroupedData& data, const FairnessOptions& options) {
  const auto enough = [&](const GroupCounts& counts) { return counts.rows() >= options.min_rows; };
  return static_cast<size_t>(std::ranges::count_if(data.current.counts, enough));
}

/// Everything about one attribute; the first also carries what is of all rows.
void measure_families(const GroupedData& data, const FairnessOptions& options, FairnessMeasurements& out) {
  if (out.parity.empty()) measure_inequality(data, options, out.parity);
  const auto families = fairness_families();
  std::vector<FairnessMeasurements> found(families.size());
  parallel_for(families.size(), options.threads, [&](size_t i) { families[i]->measure(data, options, found[i]); });
  for (FairnessMeasurements& family : found) {
    append(out.parity, family.parity);
    append(out.pairs, family.pairs);
    append(out.levels, family.levels);
  }
}

}  // namespace

Result<FairnessMeasurements> measure_fairness(const GroupRows* reference, const GroupRows& current,
                                              const FairnessOptions& options) {
  LEEWAY_CHECK(check_rows(current, "current"));
  if (reference) {
    LEEWAY_CHECK(check_rows(*reference, "reference"));
    LEEWAY_CHECK(check_columns(*reference, current));
  }
  const OrderedRows now = OrderedRows::of(current);
  const OrderedRows then = reference ? OrderedRows::of(*reference) : OrderedRows{};
  FairnessMeasurements out;
  for (const auto& set : attribute_sets(current.columns.size(), options.cross_depth)) {
    const GroupedData data = group_by(reference ? &then : nullptr, now, set, options.threads);
    // Attributes that cannot be compared are said so one by one; their crossings add nothing.
    if (set.size() == 1 || groups_with_rows(data, options) <= options.max_groups) measure_families(data, options, out);
  }
  if (options.search_depth > 0 && !current.columns.empty())
    search_subgroups(reference, current, options, out.subgroups);
  return out;
}

Result<FairnessMeasurements> measure_fairness(std::span<const StoredAttribute> attributes, double threshold,
                                              const FairnessOptions& options) {
  FairnessMeasurements out;
  for (const StoredAttribute& attribute : attributes) {
    LEEWAY_TRY(const GroupedData data, group_by(attribute, threshold));
    measure_families(data, options, out);
  }
  return out;
}

std::span<const MethodInfo* const> fairness_methods() {
  static const auto methods = [] {
    std::vector<const MethodInfo*> all;
    const auto add = [&all](std::span<const MethodInfo* const> some) {
      all.insert(all.end(), some.begin(), some.end());
    };
    for (const FairnessFamily* family : fairness_families()) add(family->methods);
    add(inequality_methods());
    add(subgroup_methods());
    return all;
  }();
  return methods;
}

}  // namespace leeway::fairness
