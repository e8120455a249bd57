#include "monitor/profile_run.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "checks/performance/outcome_rows.h"
#include "monitor/treatment.h"

namespace leeway {
namespace {

bool keeps_rows(Role role) {
  return role == Role::score || role == Role::prediction || role == Role::label || role == Role::group ||
         role == Role::time;
}

Result<ProfileSpec::ColumnSpec> column_spec(const Side& side, size_t index, const Roles& roles,
                                            const Profile* reference) {
  ProfileSpec::ColumnSpec spec;
  spec.index = index;
  spec.field = side.schema()[index];
  const Role role = roles.of(spec.field.name);
  spec.role = std::string(name(role));
  spec.score_bins = role == Role::score;
  spec.joint = role == Role::feature && is_numeric(spec.field.type);
  spec.keep_rows = keeps_rows(role) || spec.field.name == roles.columns.stratum ||
                   spec.field.name == roles.columns.label.known_at;
  if (role == Role::score && roles.columns.threshold) spec.edges.push_back(*roles.columns.threshold);
  if (reference != nullptr) {
    const ColumnProfile* known = reference->find(spec.field.name);
    spec.treatment = known == nullptr ? Treatment::counted : known->treatment;
  } else if (spec.field.type == Type::text) {
    LEEWAY_TRY(const Column column, side.read(spec.field.name));
    spec.treatment = choose_treatment(column, role, roles).treatment;
  } else {
    // Only text needs to be looked at to be treated.
    const Column empty = spec.field.type == Type::real ? Column::of_reals(spec.field.name, {})
                                                       : Column::of_integers(spec.field.name, spec.field.type, {});
    spec.treatment = choose_treatment(empty, role, roles).treatment;
  }
  return spec;
}

std::optional<size_t> position(const ProfileSpec& spec, const std::string& column) {
  for (size_t i = 0; i < spec.columns.size(); ++i)
    if (spec.columns[i].field.name == column) return i;
  return std::nullopt;
}

Result<std::optional<ProfileSpec::ScoreSpec>> score_spec(const Side& side, const Roles& roles,
                                                         const ProfileSpec& columns) {
  const auto score = position(columns, roles.columns.score), label = position(columns, roles.columns.label.column);
  if (roles.task != Task::binary || !score || !label || columns.columns[*score].treatment != Treatment::numeric)
    return std::nullopt;
  LEEWAY_TRY(const Column labels, side.read(roles.columns.label.column));
  const auto names = performance::class_names(labels);
  if (!names || names->size() != 2) return std::nullopt;
  const auto classes = performance::binary_classes(*names, roles.columns.label.positive);
  if (!classes) return std::nullopt;
  LEEWAY_TRY(const Column scores, side.read(roles.columns.score));
  ProfileSpec::ScoreSpec out;
  out.score = *score;
  out.label = *label;
  out.positive = classes->positive;
  out.thresholds.push_back(roles.columns.threshold.value_or(0.5));
  for (const auto& group : roles.columns.groups)
    if (const auto at = position(columns, group)) out.groups.push_back(*at);
  out.probability = true;
  for (size_t row = 0; row < scores.size() && out.probability; ++row) {
    const double p = scores.number(row);
    out.probability = !(p < 0 || p > 1);
  }
  return out;
}

}  // namespace

Result<Profile> build_profile(const Side& side, const Roles& roles, bool exact, const Profile* reference,
                              int threads, const std::string& path) {
  if (side.is_profile())
    return fail(Code::failed_precondition, fmt::format("'{}' is a profile already", printable(side.label())),
                "Give the data it was made from.");
  ProfileSpec spec;
  spec.source = side.label();
  spec.fingerprint = side.fingerprint();
  spec.rows = side.rows();
  spec.exact = exact;
  spec.threads = threads;
  for (size_t i = 0; i < side.schema().size(); ++i) {
    LEEWAY_TRY(auto column, column_spec(side, i, roles, reference));
    spec.columns.push_back(std::move(column));
  }
  LEEWAY_TRY(spec.score, score_spec(side, roles, spec));
  const ColumnReader read = [&](size_t index) { return side.read(side.schema()[index].name); };
  return path.empty() ? Profile::build(spec, read, reference) : Profile::build_file(path, spec, read, reference);
}

}  // namespace leeway
