#pragma once
// Everything kept of one data set or window: mergeable summaries per column and, for a reference, the exact arrays.
// One file, frozen bytes (api/profile_format.md).

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "columns/column.h"
#include "columns/schema.h"
#include "summaries/binned_counts.h"
#include "summaries/category_summary.h"
#include "summaries/joint_summary.h"
#include "summaries/log_histogram.h"
#include "summaries/moments.h"
#include "summaries/numeric_reference.h"
#include "summaries/row_counts.h"
#include "summaries/score_table.h"
#include "summaries/text_summary.h"
#include "summaries/time_summary.h"

namespace leeway {

class SectionFile;
enum class SectionKind : uint32_t;

/// How a column is summarised. The values are part of the format.
enum class Treatment : uint8_t {
  counted = 0,    ///< rows and missing values only (ids, ignored columns)
  numeric = 1,
  category = 2,
  text = 3,       ///< free text
  time = 4,
};
std::string_view name(Treatment treatment);

/// One column of a profile. Which of the optional parts it has follows from its treatment.
struct ColumnProfile {
  Field field;                                  ///< as it is (or was expected to be, if absent) in these data
  bool in_reference = true;                     ///< false: only here, so rows are counted and nothing else
  bool absent = false;                          ///< the reference has it, these data do not: everything is 0
  std::string role;                             ///< "feature", "score", "label", …; the caller's word
  Treatment treatment = Treatment::counted;
  RowCounts rows;
  std::optional<BinnedCounts> bins;             ///< numeric
  std::optional<Moments> moments;               ///< numeric
  std::optional<LogHistogram> log_histogram;    ///< numeric
  std::optional<CategorySummary> categories;    ///< category
  std::optional<TextSummary> text;              ///< text
  std::optional<TimeSummary> time;              ///< time
};

/// Score against outcome, over all rows and for each group column.
struct ScoreProfile {
  std::string score;                  ///< column names
  std::string label;
  std::string positive;               ///< the label's value that counts as positive, as Column::text gives it
  std::vector<double> thresholds;
  ScoreTable overall;
  struct Grouped {
    std::string column;
    ScoreTable table;
  };
  std::vector<Grouped> by_group;
};

/// What to make a profile of.
struct ProfileSpec {
  struct ColumnSpec {
    size_t index = 0;                 ///< passed to the reader
    Field field;
    std::string role = "feature";
    Treatment treatment = Treatment::counted;
    std::vector<double> edges;        ///< numeric: further bin edges (thresholds, grades)
    bool score_bins = false;          ///< numeric: 1024 bins instead of 256
    bool joint = false;               ///< numeric: enters the sums over columns together
    bool keep_rows = false;           ///< keep the aligned rows (score, prediction, label, groups), if `exact`
  };
  struct ScoreSpec {
    size_t score = 0;                 ///< positions in `columns`
    size_t label = 0;
    std::string positive;
    std::vector<double> thresholds;
    std::vector<size_t> groups;
    bool probability = true;
  };
  std::string source;                 ///< label of the data, for people
  std::string fingerprint;            ///< of the data, from the source
  int64_t rows = 0;
  std::vector<ColumnSpec> columns;
  std::optional<ScoreSpec> score;
  bool exact = false;                 ///< keep what makes later comparisons exact
  int threads = 1;
};

/// Gives the column of ColumnSpec::index. May be called from several threads, once per column.
using ColumnReader = std::function<Result<Column>(size_t index)>;

/// Immutable view of a profile; copying shares. `const` use is thread safe.
class Profile {
 public:
  /// Summarises the data. With `reference` the bins, dictionaries and layouts are those of the reference, so that the
  /// two compare and profiles of one reference merge; columns stand in the reference's order, those that the reference
  /// lacks after them by name. Without, bins are made from the data itself. A column of another type than in the
  /// reference is read as the reference's; what does not convert counts as type errors. The score table is made if the
  /// reference has one, with its columns. One column per thread in memory. Errors: what `read` gives; invalid_argument
  /// (positions out of range); resource_exhausted (too many rows for the exact part).
  static Result<Profile> build(const ProfileSpec& spec, const ColumnReader& read, const Profile* reference = nullptr);
  /// The same, written to `path` column by column and then opened: memory stays one column per thread even where the
  /// exact part is large. Errors: also unavailable (cannot be written; the file that was there stays).
  static Result<Profile> build_file(const std::string& path, const ProfileSpec& spec, const ColumnReader& read,
                                    const Profile* reference = nullptr);

  /// Maps a file. All but the exact part is checked at once, each column's exact part when first asked for.
  /// Errors: not_found, invalid_data (not a profile, damaged: what and where), failed_precondition (a newer format).
  static Result<Profile> open(const std::string& path);
  /// As open(), from bytes in memory, everything checked at once. Never fails other than by its Result.
  static Result<Profile> read(std::string bytes);
  /// The file's bytes, checked; equal profiles give equal bytes.
  Result<std::string> bytes() const;
  /// Writes beside `path` and renames, so that a reader sees the old file or the new one.
  Status write(const std::string& path) const;

  /// Sum of the summaries; the exact parts are left out. Errors: failed_precondition if they were not made with the
  /// same bins (remedy: re-profile with --reference).
  static Result<Profile> merge(const Profile& a, const Profile& b);

  std::string source() const;                  ///< label of the data, "a.csv and 3 more" after merging
  const std::string& fingerprint() const;      ///< of the data; merged profiles combine theirs
  uint64_t bins_id() const;                    ///< names all bin maps and dictionaries: equal ids merge
  int64_t rows() const;
  bool exact() const;
  Schema schema() const;
  /// Earliest and latest time of the column whose role is "time", if there is one with rows.
  std::optional<std::pair<int64_t, int64_t>> time_span() const;
  std::span<const ColumnProfile> columns() const;
  const ColumnProfile* find(std::string_view name) const;
  const std::optional<ScoreProfile>& score() const;
  /// Sums over the numeric features together, if at least two vary: of a profile made without a reference with their
  /// spread, of a window or a merged one without.
  const std::optional<JointSummary>& joint() const;

  /// The prepared reference of a numeric column. Errors: not_found (profile without an exact part, or no such column),
  /// invalid_data (damaged).
  Result<NumericReference> numeric_reference(std::string_view column) const;
  /// The aligned rows of a column kept for exact performance and fairness. Errors as above.
  Result<Column> rows(std::string_view column) const;
  bool has_rows(std::string_view column) const;

 private:
  struct State;
  static Result<Profile> of(std::shared_ptr<const SectionFile> file);
  Result<uint32_t> index_of(std::string_view column, SectionKind kind) const;
  explicit Profile(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  std::shared_ptr<const State> state_;
};

}  // namespace leeway
