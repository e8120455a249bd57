#include "monitor/joint_run.h"

#include <algorithm>

#include <fmt/format.h>

#include "checks/drift/domain_classifier.h"

namespace leeway {
namespace {

std::vector<Measurement> measure_all(const JointSummary& reference, const JointSummary& current, bool p_values,
                                     size_t left_out = 0) {
  std::vector<Measurement> out;
  for (const auto* method : drift::joint_methods()) {
    out.push_back(drift::measure(*method, reference, current, p_values));
    if (left_out > 0) out.back().note += fmt::format("; {} further columns are left out", left_out);
  }
  return out;
}

std::vector<Measurement> compare_rows(const Side& reference, const Side& current, std::vector<JointColumn> columns,
                                      bool p_values) {
  if (columns.size() < 2) return {};
  const size_t left_out = columns.size() - std::min(columns.size(), JointLayout::most_columns);
  columns.erase(columns.end() - static_cast<std::ptrdiff_t>(left_out), columns.end());
  JointLayout chosen;
  std::vector<Column> before, after;
  for (auto& column : columns) {
    chosen.entries.push_back(std::move(column.entry));
    before.push_back(std::move(*column.reference));
    after.push_back(std::move(column.current));
  }
  const auto layout = std::make_shared<const JointLayout>(std::move(chosen));
  return measure_all({layout, before, reference.rows(), true}, {layout, after, current.rows(), false}, p_values,
                     left_out);
}

/// The current rows by the layout of the reference's profile; a column that they lack has no value.
JointSummary summary_of_rows(const JointSummary& reference, std::vector<JointColumn> columns, int64_t table_rows) {
  const auto layout = reference.shared_layout();
  const size_t rows = joint_sample(static_cast<size_t>(table_rows)).size();
  std::vector<Column> in_order;
  for (const auto& entry : layout->entries) {
    const auto at =
        std::find_if(columns.begin(), columns.end(), [&](const JointColumn& c) { return c.entry == entry; });
    in_order.push_back(at != columns.end()
                           ? std::move(at->current)
                           : Column::of_reals(entry.column, std::vector<double>(rows), Validity(rows, false)));
  }
  return {layout, in_order, table_rows, false};
}

/// A profile made before joint sums were held has several varying numbers and no sums.
bool lacks_sums(const Profile& profile) {
  const auto columns = profile.columns();
  return !profile.joint() && std::count_if(columns.begin(), columns.end(), [](const ColumnProfile& column) {
                               return column.role == "feature" && column.bins && is_numeric(column.field.type) &&
                                      column.moments->min() < column.moments->max();
                             }) >= 2;
}

}  // namespace

std::optional<JointColumn> joint_column(const Side& reference, const Column* reference_rows,
                                        const NumericReference* prepared, const Column& current) {
  if (!is_numeric(current.type())) return std::nullopt;
  if (const Profile* profile = reference.profile()) {
    if (!profile->joint()) return std::nullopt;
    for (const auto& entry : profile->joint()->moments.layout().entries)
      if (entry.column == current.name()) return JointColumn{entry, {}, current.gather(joint_sample(current.size()))};
    return std::nullopt;
  }
  if (!is_numeric(reference_rows->type())) return std::nullopt;
  auto entry = joint_entry(current.name(), *prepared);
  if (!entry) return std::nullopt;
  return JointColumn{std::move(*entry), reference_rows->gather(joint_sample(reference_rows->size())),
                     current.gather(joint_sample(current.size()))};
}

JointRun compare_jointly(const Side& reference, const Side& current, std::vector<JointColumn> columns, bool p_values) {
  const Profile* profile = reference.profile();
  if (profile == nullptr) return {compare_rows(reference, current, std::move(columns), p_values), {}};
  const Profile* now = current.profile();
  if (!profile->joint() || (now != nullptr && !now->joint())) {
    if (!lacks_sums(*profile)) return {};
    return {{},
            "Drift of all columns together was not measured: a profile holds no sums for it (make it again with "
            "'leeway profile')."};
  }
  if (now != nullptr && !(now->joint()->moments.layout() == profile->joint()->moments.layout())) return {};
  const JointSummary& before = *profile->joint();
  if (now != nullptr) return {measure_all(before, *now->joint(), p_values), {}};
  return {measure_all(before, summary_of_rows(before, std::move(columns), current.rows()), p_values), {}};
}

Measurement compare_by_classifier(const std::vector<InputColumn>& inputs, int64_t reference_rows, int64_t current_rows,
                                  const ClassifierRun& how) {
  Measurement out;
  out.method = &drift::domain_classifier_info;
  if (how.learner == nullptr) {
    out.not_computable = "there is no learner";
    return out;
  }
  if (inputs.empty()) {
    out.not_computable = "it needs the rows of both sides, and a profile keeps none";
    return out;
  }
  const CaseFeatures features = encode_cases(inputs);
  out = drift::measure_domain_classifier(
      *how.learner, {features.samples(), features.names, reference_rows, current_rows}, {how.seed, how.p_values});
  if (!features.left_out.empty())
    out.note += fmt::format("{}{} columns are left out", out.note.empty() ? "" : "; ", features.left_out.size());
  return out;
}

}  // namespace leeway
