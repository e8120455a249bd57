#include "monitor/column_run.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/text.h"
#include "checks/quality/registry.h"
#include "explain/decomposition.h"
#include "monitor/distribution.h"

namespace leeway {
namespace {

using drift::DriftInput;
using drift::DriftMethod;

/// The reference's side of one column, from rows or from a profile. DriftInput keeps references into it.
struct Prepared {
  Field field;
  Treatment treatment = Treatment::counted;
  bool cyclic = false;
  RowCounts rows;
  std::optional<NumericReference> numeric;
  std::optional<CategorySummary> categories;
  std::optional<TextSummary> text;
  const ColumnProfile* profile = nullptr;
  std::optional<Column> values;
};

/// The rows whose outcome is known and final: how many wait is said by the coverage of labels, and is no drift.
Column settled_labels(const Column& labels, const std::vector<uint32_t>& young) {
  const Column settled = labels.without(young);
  std::vector<uint32_t> rows;
  for (size_t row = 0; row < settled.size(); ++row)
    if (settled.is_valid(row)) rows.push_back(static_cast<uint32_t>(row));
  return settled.gather(rows);
}

Result<Prepared> prepare_rows(const Side& side, const std::string& name, Role role, const ColumnRunOptions& options, TreatmentChoice& choice) {
  const Roles& roles = *options.roles;
  Prepared out;
  out.field = side.schema()[*side.schema().find(name)];
  LEEWAY_TRY(out.values, side.read(name));
  if (role == Role::label) out.values = settled_labels(*out.values, options.young_reference);
  choice = choose_treatment(*out.values, role, roles);
  out.treatment = choice.treatment;
  out.cyclic = choice.cyclic;
  out.rows = RowCounts(*out.values);
  if (out.treatment == Treatment::numeric) {
    LEEWAY_TRY(out.numeric, NumericReference::prepare(*out.values));
  } else if (out.treatment == Treatment::category) {
    const Categories categories(*out.values);
    out.categories.emplace(CategoryDictionary::from_reference(categories));
    out.categories->update(categories);
  } else if (out.treatment == Treatment::text) {
    out.text.emplace(TextVocabulary::from_reference(*out.values));
    out.text->update(*out.values);
  }
  return out;
}

Result<Prepared> prepare_profile(const Profile& profile, const std::string& name, const Roles& roles) {
  Prepared out;
  out.profile = profile.find(name);
  out.field = out.profile->field;
  out.treatment = out.profile->treatment;
  const auto& cyclic = roles.columns.cyclic;
  out.cyclic = std::find(cyclic.begin(), cyclic.end(), name) != cyclic.end();
  out.rows = out.profile->rows;
  out.categories = out.profile->categories;
  out.text = out.profile->text;
  if (out.treatment == Treatment::numeric && profile.exact()) {
    LEEWAY_TRY(out.numeric, profile.numeric_reference(name));
  }
  return out;
}

/// What a case is told by. Free text, times and identifiers are not.
bool is_input(Role role, Treatment treatment) {
  const bool of_cases = role == Role::feature || role == Role::group || role == Role::segment;
  return of_cases && (treatment == Treatment::numeric || treatment == Treatment::category);
}

bool comparable(Treatment treatment) {
  return treatment == Treatment::numeric || treatment == Treatment::category || treatment == Treatment::text;
}

/// `words` holds the current side's summary of free text, which the input points to.
DriftInput row_input(const Prepared& reference, const Column& current, ScanScratch& scratch, std::optional<TextSummary>& words) {
  switch (reference.treatment) {
    case Treatment::numeric: return DriftInput::rows(*reference.numeric, reference.field.type, current, scratch);
    case Treatment::text:
      words.emplace(reference.text->shared_vocabulary());
      words->update(current);
      return DriftInput::texts({&*reference.text, &*words}, reference.rows, RowCounts(current));
    default: return DriftInput::category_rows(*reference.categories, reference.rows, reference.field.type, current);
  }
}

DriftInput profile_input(const Prepared& reference, const ColumnProfile& current) {
  switch (reference.treatment) {
    case Treatment::numeric: {
      const ReferenceScale* scale = reference.numeric ? &reference.numeric->scale() : nullptr;
      const ColumnProfile& known = *reference.profile;
      const drift::NumericProfiles sides{&*known.bins,   &*known.moments,       &*current.bins,
                                         &*current.moments, &*known.log_histogram, &*current.log_histogram};
      return DriftInput::profiles(sides, reference.rows, current.rows, scale);
    }
    case Treatment::text: return DriftInput::texts({&*reference.text, &*current.text}, reference.rows, current.rows);
    default:
      return DriftInput::categories({&*reference.categories, &*current.categories, reference.field.type == Type::boolean},
                                    reference.rows, current.rows);
  }
}

/// Which methods measure the column; the first is the one whose verdict stands for it.
std::vector<const DriftMethod*> methods_for(const Prepared& reference, drift::Kind kind, Role role, const ColumnRunOptions& options) {
  std::vector<const DriftMethod*> out;
  const auto add = [&](const DriftMethod* method) {
    if (method != nullptr && method->takes(kind) && std::find(out.begin(), out.end(), method) == out.end()) out.push_back(method);
  };
  const auto& config = options.config->methods;
  const auto told = config.columns.find(reference.field.name);
  const std::string_view kind_name = reference.cyclic                   ? "cyclic"
                                     : role == Role::score              ? "score"
                                     : kind == drift::Kind::numeric     ? "numeric"
                                     : kind == drift::Kind::category    ? "categorical"
                                                                        : "text";
  const auto by_type = config.types.find(std::string(kind_name));
  if (told != config.columns.end()) {
    for (const auto& id : told->second) add(drift::find(id));
  } else if (by_type != config.types.end()) {
    for (const auto& id : by_type->second) add(drift::find(id));
  }
  const ColumnKind column_kind = kind == drift::Kind::numeric ? ColumnKind::numeric : ColumnKind::categorical;
  if (out.empty()) add(drift::find(options.judge->drift_method(column_kind, reference.rows.rows)));
  if (out.empty()) add(&drift::headline_method(kind, reference.cyclic));
  for (const auto* method : drift::default_methods(kind, reference.cyclic)) add(method);
  const bool outcome = role == Role::score || role == Role::prediction || role == Role::label;
  if (outcome) {
    for (const std::string_view id : {"mean_shift", "relative_mean_shift", "chi_square"}) {
      const bool for_kind = (id == "chi_square") == (kind == drift::Kind::category);
      if (for_kind) add(drift::find(id));
    }
  }
  for (const auto& id : options.extra_methods) {
    if (id == "all") {
      for (const auto* method : drift::methods()) add(method);
    } else {
      add(drift::find(id));
    }
  }
  return out;
}

void describe(DriftInput& input, const Prepared& reference, ReportColumn& out) {
  out.reference = input.reference_rows();
  out.current = input.current_rows();
  out.histogram = histogram(input);
  if (reference.treatment != Treatment::numeric) return;
  const auto put = [](const stats::MeanVariance& m, std::optional<double>& mean, std::optional<double>& sd) {
    if (m.n() > 0 && std::isfinite(m.mean())) mean = m.mean();
    if (m.n() > 1 && std::isfinite(m.variance())) sd = std::sqrt(m.variance());
  };
  put(input.reference_mean(), out.reference_mean, out.reference_sd);
  put(input.current_mean(), out.current_mean, out.current_sd);
}

InputCounts counted(const RowCounts& rows) {
  return {.rows = rows.rows, .used = rows.used(), .missing = rows.missing, .nan = rows.nan, .plus_infinity = rows.plus_infinity,
          .minus_infinity = rows.minus_infinity, .type_errors = rows.type_errors};
}

class Runner {
 public:
  Runner(const Prepared& reference, const Field& current, Role role, const ColumnRunOptions& options, ScanScratch& scratch, ColumnRun& out)
      : reference_(reference), current_field_(current), role_(role), options_(options), scratch_(scratch), out_(out) {}

  void compare(DriftInput input) {
    input.about({reference_.field.name, {}});
    const auto methods = methods_for(reference_, input.kind(), role_, options_);
    drift::DriftOptions how;
    for (size_t i = 0; i < methods.size(); ++i) {
      how.p_value = options_.p_values || methods[i]->info.scale == Scale::none || options_.judge->name() != "leeway";
      out_.findings.push_back((*options_.judge)(drift::measure(*methods[i], input, how), i == 0));
    }
    describe(input, reference_, out_.column);
    check_quality(input);
    if (failed(out_.findings.front().verdict)) out_.shift = explain::explain_shift(explain::count_bins(input));
  }

  /// For columns whose values are not compared (times, identifiers): only what was counted.
  void check_quality_of_counts() {
    quality::ColumnPair pair;
    pair.reference_field = reference_.field;
    pair.current_field = current_field_;
    pair.reference = out_.column.reference;
    pair.current = out_.column.current;
    keep_quality(pair);
  }

  void compare_windows(const Column& current) {
    for (const auto& rows : options_.windows) {
      const Column window = current.gather(rows);
      std::optional<TextSummary> words;
      DriftInput input = row_input(reference_, window, scratch_, words);
      input.about({reference_.field.name, {}});
      const auto* method = methods_for(reference_, input.kind(), role_, options_).front();
      drift::DriftOptions how;
      how.p_value = options_.judge->name() != "leeway";
      out_.windows.push_back((*options_.judge)(drift::measure(*method, input, how), true));
    }
  }

 private:
  void check_quality(DriftInput& input) {
    quality::ColumnPair pair;
    pair.reference_field = reference_.field;
    pair.current_field = current_field_;
    pair.reference = input.reference_rows();
    pair.current = input.current_rows();
    if (auto* rows = input.from<drift::NumericRows>()) {
      pair.numeric = quality::NumericPair{&rows->reference(), &rows->scan().moments(), rows->scan().values()};
    } else if (const auto* categories = input.from<drift::CategoryPair>()) {
      pair.reference_categories = categories->reference;
      pair.current_categories = categories->current;
    }
    keep_quality(pair);
  }

  void keep_quality(const quality::ColumnPair& pair) {
    for (auto& measurement : quality::measure_column(pair, {options_.p_values}))
      out_.findings.push_back((*options_.judge)(std::move(measurement), false));
  }

  const Prepared& reference_;
  const Field& current_field_;
  Role role_;
  const ColumnRunOptions& options_;
  ScanScratch& scratch_;
  ColumnRun& out_;
};

ColumnRun begin(const Prepared& prepared, const RowCounts& current, Role role) {
  ColumnRun out;
  out.column.name = prepared.field.name;
  out.column.type = std::string(name(prepared.field.type));
  out.column.role = std::string(name(role));
  out.column.reference = counted(prepared.rows);
  out.column.current = counted(current);
  return out;
}

std::optional<AloneExplains> score_part(const Column& reference, const Column& current, const ScoreShift& shift) {
  const auto bins = explain::bin_feature(reference.gather(shift.reference_rows), current.gather(shift.current_rows));
  if (!bins) return std::nullopt;
  auto parts = explain::alone_explains(std::span(&*bins, 1), shift.reference, shift.current);
  return parts.empty() ? std::nullopt : std::optional(std::move(parts.front()));
}

}  // namespace

Result<ColumnRun> run_column(const Side& reference, const Column& current, const ColumnRunOptions& options, ScanScratch& scratch) {
  const Role role = options.roles->of(current.name());
  TreatmentChoice choice;
  // A profile's sums count every label; where some are not final its rows are counted again without them.
  const bool recount = role == Role::label && !options.young_reference.empty() && reference.has_rows(current.name());
  Result<Prepared> prepared = reference.is_profile() && !recount
                                  ? prepare_profile(*reference.profile(), current.name(), *options.roles)
                                  : prepare_rows(reference, current.name(), role, options, choice);
  if (!prepared) return std::unexpected(prepared.error());
  ColumnRun out = begin(*prepared, RowCounts(current), role);
  out.like_an_id = choice.like_an_id;
  out.numbers_as_text = choice.numbers_as_text;
  const Field field{current.name(), current.type(), {}, false};
  Runner runner(*prepared, field, role, options, scratch, out);
  const std::optional<Column> labels = role == Role::label ? std::optional(settled_labels(current, options.young_current)) : std::nullopt;
  const Column& values = labels ? *labels : current;
  if (!comparable(prepared->treatment)) {
    runner.check_quality_of_counts();
    return out;
  }
  std::optional<TextSummary> words;
  runner.compare(row_input(*prepared, values, scratch, words));
  if (role != Role::label) runner.compare_windows(values);
  if (role == Role::feature && prepared->treatment == Treatment::numeric)
    out.joint = joint_column(reference, prepared->values ? &*prepared->values : nullptr, &*prepared->numeric, current);
  if (is_input(role, prepared->treatment) && prepared->values)
    for (const auto& sample : options.samples)
      out.inputs.push_back({prepared->values->gather(sample.reference), current.gather(sample.current),
                            prepared->treatment == Treatment::category});
  if (options.score_shift && prepared->values && is_input(role, prepared->treatment))
    out.score_part = score_part(*prepared->values, current, *options.score_shift);
  if (options.bin_for_segments && prepared->values && prepared->treatment != Treatment::text) {
    if (auto bins = explain::bin_feature(*prepared->values, current)) out.bins = std::move(*bins);
  }
  return out;
}

Result<ColumnRun> run_column(const Profile& reference, const ColumnProfile& current, const ColumnRunOptions& options,
                             ScanScratch& scratch) {
  const Role role = options.roles->of(current.field.name);
  LEEWAY_TRY(const Prepared prepared, prepare_profile(reference, current.field.name, *options.roles));
  ColumnRun out = begin(prepared, current.rows, role);
  // Sums do not tell the outcomes that are still to come from those that are missing.
  if (role == Role::label && options.roles->columns.label.matures_after) return out;
  Runner runner(prepared, current.field, role, options, scratch, out);
  if (comparable(prepared.treatment)) runner.compare(profile_input(prepared, current));
  else runner.check_quality_of_counts();
  return out;
}

}  // namespace leeway
