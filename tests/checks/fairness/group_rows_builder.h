#pragma once
// Rows for fairness tests, owned, from tables of counts.

#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "checks/fairness/fairness.h"

namespace leeway::fairness {

/// Adds rows by their groups; hands out spans of them. Keep it alive while the GroupRows are used.
class RowsBuilder {
 public:
  explicit RowsBuilder(std::vector<std::string> columns)
      : names_(std::move(columns)), codes_(names_.size()), groups_(names_.size()) {}

  /// `count` rows of these groups (one per column; empty: no value).
  void add(const std::vector<std::string>& groups, int selected, int label, size_t count = 1, double score = 0,
           uint32_t stratum = 0) {
    for (size_t c = 0; c < names_.size(); ++c) codes_[c].insert(codes_[c].end(), count, code(c, groups[c]));
    selected_.insert(selected_.end(), count, static_cast<uint8_t>(selected));
    labels_.insert(labels_.end(), count, static_cast<uint8_t>(label));
    scores_.insert(scores_.end(), count, score);
    strata_.insert(strata_.end(), count, stratum);
  }

  GroupRows rows() const {
    GroupRows out{.rows = labels_.size(),
                  .columns = {},
                  .selected = selected_,
                  .labels = labels_,
                  .scores = scores_,
                  .stratum_name = "stratum",
                  .strata = strata_};
    for (size_t c = 0; c < names_.size(); ++c) out.columns.push_back({names_[c], codes_[c], groups_[c], {}});
    return out;
  }

 private:
  uint32_t code(size_t column, const std::string& group) {
    if (group.empty()) return UINT32_MAX;
    auto& known = groups_[column];
    const auto at = std::find(known.begin(), known.end(), group);
    if (at == known.end()) known.push_back(group);
    return static_cast<uint32_t>(std::find(known.begin(), known.end(), group) - known.begin());
  }

  std::vector<std::string> names_;
  std::vector<std::vector<uint32_t>> codes_;
  std::vector<std::vector<std::string>> groups_;
  std::vector<uint8_t> selected_, labels_;
  std::vector<double> scores_;
  std::vector<uint32_t> strata_;
};

/// One attribute "group" with `events` of `cases` selected in each group; every outcome positive.
inline RowsBuilder selection_rows(const std::vector<std::tuple<std::string, size_t, size_t>>& groups) {
  RowsBuilder builder({"group"});
  for (const auto& [name, events, cases] : groups) {
    builder.add({name}, 1, 1, events);
    builder.add({name}, 0, 1, cases - events);
  }
  return builder;
}

/// COMPAS by race and sex; selected = decile at least `threshold`, score = decile / 10. tests/reference says the
/// source.
inline RowsBuilder compas_rows(int threshold = 5) {
  RowsBuilder builder({"race", "sex"});
  std::ifstream file(std::string(LEEWAY_SOURCE_DIR) + "/tests/reference/compas_groups.csv");
  std::string line, cell;
  for (int number = 0; std::getline(file, line); ++number) {
    if (number < 2) continue;
    std::vector<std::string> cells;
    for (std::istringstream fields(line); std::getline(fields, cell, ',');) cells.push_back(cell);
    const int decile = std::stoi(cells[2]);
    builder.add({cells[0], cells[1]}, decile >= threshold, std::stoi(cells[3]), std::stoul(cells[4]), decile / 10.0);
  }
  return builder;
}

/// The one with this method (and column and slice, if given); fails the test if there is none.
inline const Measurement& find(const std::vector<Measurement>& all, std::string_view id, std::string_view column = {},
                               std::string_view slice = {}) {
  for (const Measurement& m : all)
    if (m.method->id == id && (column.empty() || m.subject.column == column) &&
        (slice.empty() || m.subject.slice == slice))
      return m;
  ADD_FAILURE() << "no measurement " << id << ' ' << column << ' ' << slice;
  static const Measurement none;
  return none;
}

}  // namespace leeway::fairness
