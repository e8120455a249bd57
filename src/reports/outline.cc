#include "reports/outline.h"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <tuple>
#include <unordered_map>

namespace leeway::reports {
namespace {

bool is_target(const ReportColumn* column) {
  constexpr std::array<std::string_view, 3> roles = {"score", "prediction", "label"};
  return column != nullptr && std::find(roles.begin(), roles.end(), column->role) != roles.end();
}

/// The columns that have something to show, in the order in which the report first names them.
class ColumnViews {
 public:
  explicit ColumnViews(const Report& report) {
    for (const auto& column : report.columns) described_.emplace(column.name, &column);
  }

  ColumnView& of(const std::string& name) {
    const auto [at, inserted] = place_.emplace(name, views_.size());
    if (inserted) {
      const auto found = described_.find(name);
      ColumnView& view = views_.emplace_back();
      view.name = name;
      view.column = found == described_.end() ? nullptr : found->second;
    }
    return views_[at->second];
  }

  bool has(const std::string& name) const { return place_.contains(name); }
  std::vector<ColumnView> take() { return std::move(views_); }

 private:
  std::unordered_map<std::string_view, const ReportColumn*> described_;
  std::unordered_map<std::string, size_t> place_;
  std::vector<ColumnView> views_;
};

void add_drift(Outline& out, ColumnViews& views, const Finding& finding) {
  const std::string& column = finding.measurement.subject.column;
  if (column.empty()) out.table_drift.push_back(&finding);
  else views.of(column).drift.push_back(&finding);
}

void sort_into_sections(const Report& report, Outline& out, ColumnViews& views) {
  for (const auto& finding : report.findings) {
    switch (finding.method().family) {
      case Family::drift: add_drift(out, views, finding); break;
      case Family::multivariate: out.table_drift.push_back(&finding); break;
      case Family::performance: out.performance.push_back(&finding); break;
      case Family::estimate: out.estimate.push_back(&finding); break;
      case Family::fairness: out.fairness.push_back(&finding); break;
      case Family::business: out.business.push_back(&finding); break;
      case Family::quality: out.quality.push_back(&finding); break;
    }
  }
}

/// A grade without rows has no mean score and stands last.
std::vector<const Finding*> grades(const std::vector<const Finding*>& performance) {
  std::vector<const Finding*> out;
  for (const Finding* finding : performance)
    if (finding->method().id == "calibration_by_grade") out.push_back(finding);
  const auto score = [](const Finding* f) { return f->measurement.detail("mean_score").value_or(2); };
  std::stable_sort(out.begin(), out.end(), [&](const Finding* a, const Finding* b) { return score(a) < score(b); });
  return out;
}

std::vector<Series> series(const Report& report) {
  using Key = std::tuple<std::string_view, std::string_view, std::string_view>;
  std::map<Key, size_t> place;
  std::vector<Series> out;
  for (size_t w = 0; w < report.windows.size(); ++w) {
    for (const auto& finding : report.windows[w].findings) {
      const Subject& subject = finding.measurement.subject;
      const auto [at, inserted] = place.emplace(Key{finding.method().id, subject.column, subject.slice}, out.size());
      if (inserted)
        out.push_back({&finding, std::vector<const Finding*>(report.windows.size()), State::measured});
      Series& row = out[at->second];
      row.cells[w] = &finding;
      row.worst = std::max(row.worst, state(finding));
    }
  }
  std::stable_sort(out.begin(), out.end(), [](const Series& a, const Series& b) { return a.worst > b.worst; });
  return out;
}

}  // namespace

State state(const Finding& finding) {
  switch (finding.verdict) {
    case Verdict::stable: return State::ok;
    case Verdict::undecided: return State::unknown;
    // Without a leeway it was never going to be judged.
    case Verdict::not_computable: return finding.leeway ? State::unknown : State::measured;
    case Verdict::measured: return State::measured;
    case Verdict::drifted:
    case Verdict::degraded:
    case Verdict::unfair: return finding.severity == Severity::red ? State::critical : State::warning;
  }
  return State::unknown;
}

State worst(const std::vector<const Finding*>& findings) {
  State worst = State::measured;
  for (const Finding* finding : findings) worst = std::max(worst, state(*finding));
  return worst;
}

std::vector<const Finding*> fairness_headlines(const Outline& outline) {
  constexpr std::array<std::string_view, 4> ids = {"adverse_impact_ratio", "conditional_parity_difference",
                                                   "equal_opportunity_difference", "predictive_parity_difference"};
  const auto judged = [](const Finding* f) { return f->leeway.has_value(); };
  const auto headline = [&](const Finding* f) {
    const Subject& subject = f->measurement.subject;
    return subject.slice.empty() && !subject.column.contains("×") && std::find(ids.begin(), ids.end(), f->method().id) != ids.end();
  };
  const auto& all = outline.fairness;
  const bool none_judged = std::none_of(all.begin(), all.end(), judged);
  std::vector<const Finding*> shown;
  for (const Finding* finding : all)
    if (judged(finding) || (none_judged && headline(finding))) shown.push_back(finding);
  return shown;
}

Outline outline(const Report& report) {
  Outline out;
  ColumnViews views(report);
  sort_into_sections(report, out, views);
  // A described feature without any drift finding is still shown, so that its histogram is not lost.
  for (const auto& column : report.columns)
    if (column.role == "feature" && !column.histogram.empty()) views.of(column.name);
  for (const Finding* finding : out.quality)
    if (views.has(finding->measurement.subject.column))
      views.of(finding->measurement.subject.column).quality.push_back(finding);
  for (const auto& shift : report.explanation.columns)
    if (views.has(shift.column)) views.of(shift.column).shift = &shift;
  for (ColumnView& view : views.take()) {
    std::stable_partition(view.drift.begin(), view.drift.end(),
                          [](const Finding* finding) { return finding->verdict != Verdict::measured; });
    view.status = view.drift.empty() ? State::measured : state(*view.drift.front());
    (is_target(view.column) ? out.targets : out.features).push_back(std::move(view));
  }
  std::stable_sort(out.features.begin(), out.features.end(),
                   [](const ColumnView& a, const ColumnView& b) { return a.status > b.status; });
  out.grades = grades(out.performance);
  out.series = series(report);
  return out;
}

}  // namespace leeway::reports
