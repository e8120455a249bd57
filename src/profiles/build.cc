// Data → the sections of a profile, a column at a time.
#include "profiles/build.h"

#include <algorithm>
#include <condition_variable>
#include <limits>
#include <map>
#include <mutex>

#include <fmt/format.h>

#include "base/threads.h"
#include "columns/conform.h"
#include "profiles/contents.h"
#include "summaries/finite_values.h"

namespace leeway {
namespace {

constexpr size_t max_groups = 32;

/// One column of the profile to be: as the data have it, as the reference has it, or both.
struct Plan {
  const ProfileSpec::ColumnSpec* spec = nullptr;
  const ColumnProfile* reference = nullptr;
  bool score = false;      ///< the score: thresholds become edges
  bool keep = false;       ///< read once more for the score table
  std::optional<JointLayout::Entry> joint;   ///< in the reference's sums over columns together
};

/// What one column gives to the sums over columns together.
struct JointPart {
  JointLayout::Entry entry;
  Column rows;
};

/// What one column gives: its record and the payloads of its sections.
struct Done {
  ColumnProfile profile;
  std::string summaries;
  std::optional<std::string> reference, rows;
  std::optional<Column> kept;
  std::optional<JointPart> joint;
};

std::vector<Plan> plan_columns(const ProfileSpec& spec, const Profile* reference) {
  std::vector<Plan> plans;
  std::map<std::string_view, size_t> in_spec;
  for (size_t i = 0; i < spec.columns.size(); ++i) in_spec.emplace(spec.columns[i].field.name, i);
  std::vector<Plan> extra;
  if (reference != nullptr)
    for (const ColumnProfile& column : reference->columns()) {
      if (!column.in_reference) continue;
      const auto at = in_spec.find(column.field.name);
      plans.push_back({at == in_spec.end() ? nullptr : &spec.columns[at->second], &column});
      if (at != in_spec.end()) in_spec.erase(at);
    }
  if (reference == nullptr)
    for (const auto& column : spec.columns) plans.push_back({&column});
  else
    for (const auto& [name, index] : in_spec) plans.push_back({&spec.columns[index]});
  return plans;
}

/// Marks the columns that the score table needs, by name.
void plan_score(const std::string& score, const std::vector<std::string>& others, std::vector<Plan>& plans) {
  for (Plan& plan : plans) {
    if (plan.spec == nullptr) continue;
    plan.score = plan.spec->field.name == score;
    plan.keep = plan.score || std::find(others.begin(), others.end(), plan.spec->field.name) != others.end();
  }
}

/// Marks the columns that the reference's sums over columns together have.
void plan_joint(const JointLayout& layout, std::vector<Plan>& plans) {
  for (Plan& plan : plans) {
    if (plan.reference == nullptr) continue;
    const auto& entries = layout.entries;
    const auto at = std::find_if(entries.begin(), entries.end(),
                                 [&](const auto& entry) { return entry.column == plan.reference->field.name; });
    if (at != entries.end()) plan.joint = *at;
  }
}

void summarise_numeric(const Column& column, const Plan& plan, const ProfileSpec& spec, const NumericReference& own,
                       ColumnProfile& out) {
  std::shared_ptr<const BinMap> map;
  if (plan.reference != nullptr) {
    map = plan.reference->bins->shared_map();
  } else {
    BinMap::Options options;
    options.bins = plan.score || plan.spec->score_bins ? 1024 : 256;
    options.edges = plan.spec->edges;
    if (plan.score)
      options.edges.insert(options.edges.end(), spec.score->thresholds.begin(), spec.score->thresholds.end());
    map = std::make_shared<const BinMap>(BinMap::from_reference(own, options));
  }
  out.bins.emplace(map);
  out.moments.emplace(map->centre(), map->unit());
  out.log_histogram.emplace(map->centre(), map->unit());
  std::vector<double> buffer;
  FiniteValues values(column, buffer);
  values.read_all();
  const auto finite = values.all().first(static_cast<size_t>(values.rows().used()));
  out.bins->update(finite);
  out.moments->update(finite);
  out.log_histogram->update(finite);
}

void summarise_others(const Column& column, const ColumnProfile* reference, ColumnProfile& out) {
  if (out.treatment == Treatment::category) {
    const Categories categories(column);
    out.categories.emplace(reference != nullptr ? reference->categories->shared_dictionary()
                                                : CategoryDictionary::from_reference(categories));
    out.categories->update(categories);
  } else if (out.treatment == Treatment::text) {
    out.text.emplace(reference != nullptr ? reference->text->shared_vocabulary()
                                          : TextVocabulary::from_reference(column));
    out.text->update(column);
  } else if (out.treatment == Treatment::time) {
    out.time.emplace();
    out.time->update(column);
  }
}

/// A column that the reference has and the data lack: the reference's record without rows.
Done absent_column(const ColumnProfile& reference) {
  Done done;
  ColumnProfile& out = done.profile;
  out.field = reference.field;
  out.role = reference.role;
  out.treatment = reference.treatment;
  out.absent = true;
  if (reference.bins) {
    const auto& map = reference.bins->shared_map();
    out.bins.emplace(map);
    out.moments.emplace(map->centre(), map->unit());
    out.log_histogram.emplace(map->centre(), map->unit());
  }
  if (reference.categories) out.categories.emplace(reference.categories->shared_dictionary());
  if (reference.text) out.text.emplace(reference.text->shared_vocabulary());
  if (reference.time) out.time.emplace();
  return done;
}

/// The type that a treatment reads, if it matters.
std::optional<Type> type_expected(Treatment treatment, Type have, const ColumnProfile* reference) {
  const Type expected = reference != nullptr ? reference->field.type : have;
  if (treatment == Treatment::time) return Type::time;
  if (treatment == Treatment::numeric) return expected == Type::time ? Type::time : Type::real;
  if (treatment == Treatment::category) return expected;
  return std::nullopt;
}

/// How the column enters the sums over columns together: as in the reference's, or as it is itself.
std::optional<JointLayout::Entry> joint_entry_of(const Plan& plan, const ColumnProfile& column,
                                                 const NumericReference& own) {
  if (column.treatment != Treatment::numeric) return std::nullopt;
  if (plan.reference != nullptr) return plan.joint;
  return plan.spec->joint ? joint_entry(column.field.name, own) : std::nullopt;
}

Result<Done> summarise(const Plan& plan, const ProfileSpec& spec, const ColumnReader& read, bool first_profile) {
  if (plan.spec == nullptr) return absent_column(*plan.reference);
  LEEWAY_TRY(Column column, read(plan.spec->index));
  Done done;
  ColumnProfile& out = done.profile;
  out.field = plan.spec->field;
  out.role = plan.spec->role;
  out.in_reference = first_profile || plan.reference != nullptr;
  out.treatment = plan.reference != nullptr ? plan.reference->treatment
                  : out.in_reference        ? plan.spec->treatment
                                            : Treatment::counted;
  int64_t type_errors = 0;
  if (const auto type = type_expected(out.treatment, column.type(), plan.reference))
    if (auto conformed = conform(column, *type)) {
      type_errors = conformed->type_errors;
      column = std::move(conformed->column);
    }
  out.rows = RowCounts(column);
  out.rows.type_errors += type_errors;
  out.rows.missing -= type_errors;   // null after the conversion
  const bool exact = spec.exact && out.treatment == Treatment::numeric;
  NumericReference own;
  if (out.treatment == Treatment::numeric) {
    if (exact || plan.reference == nullptr) {
      LEEWAY_TRY(own, NumericReference::prepare(column));
    }
    summarise_numeric(column, plan, spec, own, out);
  } else {
    summarise_others(column, plan.reference, out);
  }
  ByteWriter summaries, reference, rows;
  write_summaries(out, summaries);
  done.summaries = summaries.take();
  if (exact) {
    own.write(reference);
    done.reference = reference.take();
  }
  if (spec.exact && plan.spec->keep_rows) {
    write_rows(column, rows);
    done.rows = rows.take();
  }
  if (auto entry = joint_entry_of(plan, out, own))
    done.joint = JointPart{std::move(*entry), column.gather(joint_sample(column.size()))};
  if (plan.keep) done.kept = std::move(column);
  return done;
}

/// Runs summarise() over the columns on several threads and writes what they give in the columns' order. At most one
/// finished column a thread waits for its turn.
class ColumnPass {
 public:
  ColumnPass(const std::vector<Plan>& plans, const ProfileSpec& spec, const ColumnReader& read, bool first_profile,
             SectionWriter& out)
      : plans_(plans), spec_(spec), read_(read), first_profile_(first_profile), out_(out), contents_(plans.size()) {}

  Status run() {
    parallel_for(plans_.size(), spec_.threads, [this](size_t i) {
      auto done = failed() ? Result<Done>(Done{}) : summarise(plans_[i], spec_, read_, first_profile_);
      std::unique_lock lock(mutex_);
      turn_changed_.wait(lock, [&] { return turn_ == i; });
      if (!done && outcome_) outcome_ = fail(std::move(done).error());
      if (outcome_) outcome_ = put(i, *done);
      ++turn_;
      turn_changed_.notify_all();
    });
    return outcome_;
  }

  /// After run(): records, and the columns kept for the score table by name.
  std::vector<ColumnProfile> take_columns() {
    std::vector<ColumnProfile> out;
    for (auto& column : contents_) out.push_back(std::move(*column));
    return out;
  }
  std::vector<JointPart> take_joint() { return std::move(joint_); }
  const Column* kept(const std::string& name) const {
    const auto at = kept_.find(name);
    return at == kept_.end() ? nullptr : &at->second;
  }

 private:
  bool failed() {
    const std::lock_guard lock(mutex_);
    return !outcome_;
  }
  Status put(size_t i, Done& done) {
    const auto column = static_cast<uint32_t>(i);
    if (done.summaries.empty()) {
      ByteWriter summaries;
      write_summaries(done.profile, summaries);
      done.summaries = summaries.take();
    }
    LEEWAY_CHECK(out_.add(SectionKind::column, column, done.summaries));
    if (done.reference) LEEWAY_CHECK(out_.add(SectionKind::reference, column, *done.reference));
    if (done.rows) LEEWAY_CHECK(out_.add(SectionKind::rows, column, *done.rows));
    if (done.kept) kept_.emplace(done.profile.field.name, *std::move(done.kept));
    if (done.joint) joint_.push_back(*std::move(done.joint));
    contents_[i] = std::move(done.profile);
    return {};
  }

  const std::vector<Plan>& plans_;
  const ProfileSpec& spec_;
  const ColumnReader& read_;
  const bool first_profile_;
  SectionWriter& out_;
  std::vector<std::optional<ColumnProfile>> contents_;
  std::map<std::string, Column> kept_;
  std::vector<JointPart> joint_;
  std::mutex mutex_;
  std::condition_variable turn_changed_;
  size_t turn_ = 0;
  Status outcome_;
};

std::vector<double> numbers(const Column* column, size_t rows) {
  std::vector<double> out(rows, std::numeric_limits<double>::quiet_NaN());
  for (size_t r = 0; column != nullptr && r < rows; ++r) out[r] = column->number(r);
  return out;
}

std::vector<Outcome> outcomes(const Column* label, const std::string& positive, size_t rows) {
  std::vector<Outcome> out(rows, Outcome::unknown);
  if (label == nullptr) return out;
  const Categories classes(*label);
  for (size_t r = 0; r < rows; ++r)
    if (const uint32_t code = classes.codes()[r]; code != Categories::no_category)
      out[r] = classes.values()[code] == positive ? Outcome::positive : Outcome::negative;
  return out;
}

std::vector<uint32_t> group_codes(const Column* column, const ScoreLayout& layout, size_t rows) {
  std::vector<uint32_t> out(rows, layout.missing_group());
  if (column == nullptr) return out;
  const Categories categories(*column);
  std::vector<uint32_t> code_of;
  for (const std::string& value : categories.values()) {
    const auto at = std::find(layout.groups.begin(), layout.groups.end(), value);
    code_of.push_back(static_cast<uint32_t>(at - layout.groups.begin()));   // past the end: the unseen group
  }
  for (size_t r = 0; r < rows; ++r)
    if (const uint32_t code = categories.codes()[r]; code != Categories::no_category) out[r] = code_of[code];
  return out;
}

/// An empty score table with the layout that the data suggest.
Result<ScoreProfile> new_score(const ProfileSpec& spec, const ColumnPass& pass,
                               const std::vector<ColumnProfile>& columns) {
  const auto& wish = *spec.score;
  const auto& score = spec.columns[wish.score].field.name;
  const auto at =
      std::find_if(columns.begin(), columns.end(), [&](const auto& column) { return column.field.name == score; });
  if (!at->bins) return fail(Code::invalid_argument, fmt::format("the score '{}' is not treated as a number", score));
  const auto layout = [&](std::vector<std::string> groups) {
    return std::make_shared<const ScoreLayout>(
        ScoreLayout{at->bins->shared_map(), std::move(groups), wish.probability});
  };
  ScoreProfile out{score, spec.columns[wish.label].field.name, wish.positive, wish.thresholds, ScoreTable(layout({})),
                   {}};
  for (const size_t group : wish.groups) {
    const auto& name = spec.columns[group].field.name;
    const auto dictionary = CategoryDictionary::from_reference(*pass.kept(name));
    const auto values = dictionary->values().first(std::min(dictionary->values().size(), max_groups));
    out.by_group.push_back({name, ScoreTable(layout({values.begin(), values.end()}))});
  }
  return out;
}

void fill_score(const ColumnPass& pass, ScoreProfile& score) {
  const Column* scores = pass.kept(score.score);
  if (scores == nullptr) return;
  const size_t rows = scores->size();
  const auto p = numbers(scores, rows);
  const auto y = outcomes(pass.kept(score.label), score.positive, rows);
  score.overall.update(p, y, {});
  for (auto& grouped : score.by_group) {
    if (grouped.table.layout().groups.empty()) grouped.table.update(p, y, {});
    else grouped.table.update(p, y, group_codes(pass.kept(grouped.column), grouped.table.layout(), rows));
  }
}

/// Sums over columns together, by the reference's layout or one of their own; none below two columns.
std::optional<JointSummary> joint_summary(std::vector<JointPart> parts, int64_t table_rows, const Profile* reference) {
  std::vector<Column> columns;
  if (reference == nullptr) {
    parts.resize(std::min(parts.size(), JointLayout::most_columns), {{}, Column::of_reals({}, {})});
    if (parts.size() < 2) return std::nullopt;
    JointLayout layout;
    for (auto& part : parts) {
      layout.entries.push_back(std::move(part.entry));
      columns.push_back(std::move(part.rows));
    }
    return JointSummary(std::make_shared<const JointLayout>(std::move(layout)), columns, table_rows, true);
  }
  if (!reference->joint()) return std::nullopt;
  const auto layout = reference->joint()->shared_layout();
  const size_t rows = joint_sample(static_cast<size_t>(table_rows)).size();
  for (const auto& entry : layout->entries) {
    const auto at =
        std::find_if(parts.begin(), parts.end(), [&](const JointPart& part) { return part.entry == entry; });
    columns.push_back(at != parts.end()
                          ? std::move(at->rows)
                          : Column::of_reals(entry.column, std::vector<double>(rows), Validity(rows, false)));
  }
  return JointSummary(layout, columns, table_rows, false);
}

Status check_positions(const ProfileSpec& spec) {
  if (!spec.score) return {};
  std::vector<size_t> positions = spec.score->groups;
  positions.insert(positions.end(), {spec.score->score, spec.score->label});
  for (const size_t position : positions)
    if (position >= spec.columns.size())
      return fail(Code::invalid_argument, "the score table names a column that is not profiled");
  return {};
}

}  // namespace

Status build_sections(const ProfileSpec& spec, const ColumnReader& read, const Profile* reference, SectionWriter& out) {
  LEEWAY_CHECK(check_positions(spec));
  auto plans = plan_columns(spec, reference);
  if (reference != nullptr && reference->joint()) plan_joint(reference->joint()->moments.layout(), plans);
  std::optional<ScoreProfile> score;
  if (reference != nullptr && reference->score()) {
    const ScoreProfile& known = *reference->score();
    score = ScoreProfile{
        known.score, known.label, known.positive, known.thresholds, ScoreTable(known.overall.shared_layout()), {}};
    std::vector<std::string> others = {known.label};
    for (const auto& grouped : known.by_group) {
      score->by_group.push_back({grouped.column, ScoreTable(grouped.table.shared_layout())});
      others.push_back(grouped.column);
    }
    plan_score(known.score, others, plans);
  } else if (reference == nullptr && spec.score) {
    std::vector<std::string> others = {spec.columns[spec.score->label].field.name};
    for (const size_t group : spec.score->groups) others.push_back(spec.columns[group].field.name);
    plan_score(spec.columns[spec.score->score].field.name, others, plans);
  }
  LEEWAY_CHECK(out.begin());
  ColumnPass pass(plans, spec, read, reference == nullptr, out);
  LEEWAY_CHECK(pass.run());
  ProfileContents contents;
  contents.columns = pass.take_columns();
  if (reference == nullptr && spec.score) {
    LEEWAY_TRY(score, new_score(spec, pass, contents.columns));
  }
  if (score) fill_score(pass, *score);
  contents.score = std::move(score);
  contents.joint = joint_summary(pass.take_joint(), spec.rows, reference);
  contents.header = {spec.source, 1, spec.fingerprint, spec.rows, spec.exact, 0};
  return write_rest(contents, out);
}

Status write_rest(ProfileContents& contents, SectionWriter& out) {
  contents.header.bins_id = bins_id_of(contents);
  if (contents.score) {
    ByteWriter bytes;
    write_score(*contents.score, bytes);
    LEEWAY_CHECK(out.add(SectionKind::score, 0, bytes.bytes()));
  }
  if (contents.joint) {
    ByteWriter bytes;
    contents.joint->write(bytes);
    LEEWAY_CHECK(out.add(SectionKind::joint, 0, bytes.bytes()));
  }
  ByteWriter bytes;
  write_header(contents, bytes);
  LEEWAY_CHECK(out.add(SectionKind::header, 0, bytes.bytes()));
  return out.end();
}

}  // namespace leeway
