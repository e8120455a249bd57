#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "base/text.h"
#include "reports/terminal_page.h"
#include "reports/train_report.h"
#include "reports/words.h"

namespace leeway {
namespace {

using namespace reports;

constexpr size_t most_candidates = 10, most_features = 12;

/// What a person looks at first, in this order; the rest is in the JSON.
constexpr std::string_view headline[] = {"roc_auc",
                                         "average_precision",
                                         "log_loss",
                                         "brier",
                                         "calibration_slope",
                                         "precision",
                                         "recall",
                                         "f1",
                                         "hand_till_auc",
                                         "accuracy_multiclass",
                                         "f1_macro",
                                         "log_loss_multiclass",
                                         "kappa_multiclass",
                                         "mae",
                                         "rmse",
                                         "r2",
                                         "bias"};

/// Settings as headings of a table that fits 80 columns.
std::string short_setting(const std::string& name) {
  constexpr std::pair<std::string_view, std::string_view> shorts[] = {
      {"max_depth", "depth"},   {"learning_rate", "rate"},    {"min_child_weight", "leaf"},      {"subsample", "rows"},
      {"reg_lambda", "lambda"}, {"colsample_bytree", "cols"}, {"colsample_bynode", "cols/node"}, {"reg_alpha", "alpha"},
      {"n_estimators", "trees"}};
  for (const auto& [long_name, short_name] : shorts)
    if (name == long_name) return std::string(short_name);
  return name;
}

std::string count(int64_t n, std::string_view one, std::string_view many) { return count_text(n, one, many); }

const Measurement* metric_of(const TrainPart& part, std::string_view id) {
  for (const auto& m : part.metrics)
    if (m.method->id == id && m.subject.slice.empty()) return &m;
  return nullptr;
}

/// "2025-03-08 to 2025-03-31" where both ends have dates of their own, else with the time of day.
std::string dates(const std::string& from, const std::string& to) {
  constexpr size_t date = 10;
  const bool days = from.size() > date && to.size() > date && from.substr(0, date) != to.substr(0, date);
  return days ? from.substr(0, date) + " to " + to.substr(0, date) : span_text(from, to);
}

std::string level(const Measurement* m) {
  if (m == nullptr || !m->current || std::isnan(m->current->value)) return "";
  return estimate_text(*m->current, m->method->unit).value;
}

void print_data(TerminalPage& page, const TrainReport& r) {
  page.heading("Data", r.data);
  page.paragraph(fmt::format("{}, {} with a known '{}'{}. {}.", count(r.rows, "row", "rows"), grouped(r.labelled),
                             r.label, r.positive.empty() ? "" : fmt::format(" (the event is {})", r.positive),
                             count(static_cast<int64_t>(r.features.size()), "feature", "features")));
  for (const auto& [column, reason] : r.left_out)
    page.paragraph(fmt::format("{}: {}", column, reason), 4, Ink::muted, {{"  - "}});
  for (const auto& note : r.notes) page.paragraph(note, 4, Ink::muted, {{"  · "}});
}

void print_split(TerminalPage& page, const TrainReport& r) {
  page.heading("Split", r.split);
  std::vector<TableRow> rows;
  for (const auto& part : r.parts) {
    TableRow row;
    row.cells = {{{part.name, Ink::strong}},
                 {{grouped(part.rows)}},
                 {{r.task == "binary" ? fmt::format("{} ({})", grouped(part.events),
                                                    percent(static_cast<double>(part.events) /
                                                            static_cast<double>(std::max<int64_t>(1, part.rows))))
                                      : ""}},
                 {{part.from.empty() ? "" : dates(part.from, part.to), Ink::muted}}};
    rows.push_back(std::move(row));
  }
  page.table(
      {{"part", false, true}, {"rows", true}, {r.task == "binary" ? "events" : "", true}, {"", false, false, true}},
      rows);
}

void print_tuning(TerminalPage& page, const TrainReport& r) {
  const TrainTuning& t = r.tuning;
  if (t.candidates.empty()) return;
  page.heading("Tuning",
               fmt::format("{} on {}, {} is better", t.criterion, t.folds, t.higher_is_better ? "higher" : "lower"));
  std::vector<TableColumn> columns = {{""}};
  for (const auto& setting : t.settings) columns.push_back({short_setting(setting), true, false, true});
  columns.push_back({"mean", true});
  columns.push_back({"± se", true});
  const bool boosted = r.algorithm != "random forest";
  if (boosted) columns.push_back({"rounds", true, false, true});
  std::vector<TableRow> rows;
  const size_t shown = page.style().all ? t.candidates.size() : std::min(most_candidates, t.candidates.size());
  for (size_t i = 0; i < shown; ++i) {
    const TrainCandidate& c = t.candidates[i];
    const Ink ink = c.chosen ? Ink::strong : Ink::plain;
    TableRow row;
    row.cells.push_back({{c.chosen ? "▸" : "", Ink::ok}});
    for (const double value : c.point) row.cells.push_back({{short_number(value, 3), ink}});
    row.cells.push_back({{fmt::format("{:.5g}", c.mean), ink}});
    row.cells.push_back({{short_number(c.se, 2), Ink::muted}});
    if (boosted) row.cells.push_back({{short_number(c.rounds, 3), Ink::muted}});
    rows.push_back(std::move(row));
  }
  page.table(columns, rows);
  if (shown < t.candidates.size())
    page.line({{fmt::format("  … and {} more (use --all)", t.candidates.size() - shown), Ink::muted}});
}

void print_fit(TerminalPage& page, const TrainReport& r) {
  page.heading("Model", r.algorithm);
  std::vector<Span> items;
  if (r.algorithm != "random forest") items.push_back({fmt::format("{} kept", count(r.rounds, "round", "rounds"))});
  items.push_back({count(r.trees, "tree", "trees")});
  for (const auto& [name, value] : r.settings)
    items.push_back({fmt::format("{} {}", name, short_number(value, 4)), Ink::muted});
  if (r.class_weighting != "none" && !r.class_weighting.empty())
    items.push_back({"class weights " + r.class_weighting, Ink::muted});
  for (const auto& [name, weight] : r.class_weights)
    items.push_back({fmt::format("class {} weighs {}", name, short_number(weight, 4)), Ink::muted});
  items.push_back({fmt::format("seed {}", r.seed), Ink::muted});
  page.flow(items);
}

void print_metrics(TerminalPage& page, const TrainReport& r) {
  if (r.parts.empty()) return;
  const TrainPart& test = r.parts.back();
  page.heading("Performance", r.threshold ? fmt::format("decisions at {}", short_number(r.threshold->value, 4)) : "");
  std::vector<TableColumn> columns = {{"metric", false, true}};
  for (const auto& part : r.parts) columns.push_back({part.name, true, false, &part != &test});
  columns.push_back({"95 % interval, test", false, false, true});
  std::vector<TableRow> rows;
  for (const auto id : headline) {
    const Measurement* m = metric_of(test, id);
    if (m == nullptr) continue;
    TableRow row;
    row.cells.push_back({{std::string(m->method->title), Ink::strong}});
    for (const auto& part : r.parts)
      row.cells.push_back({{level(metric_of(part, id)), &part == &test ? Ink::plain : Ink::muted}});
    row.cells.push_back({{m->current ? estimate_text(*m->current, m->method->unit).bounds : "", Ink::muted}});
    if (!m->computed()) row.below = with_stop(m->not_computable);
    rows.push_back(std::move(row));
  }
  page.table(columns, rows);
}

void print_out_of_time(TerminalPage& page, const TrainReport& r) {
  const TrainOutOfTime& o = r.out_of_time;
  page.heading("Out of time", o.title);
  if (o.windows.empty()) {
    page.paragraph(
        "Not measured: the rows have no time, or were not split by it. Name a time column (--set columns.time=NAME) to "
        "see how steady the model is.",
        2, Ink::muted);
    return;
  }
  std::vector<TableRow> rows;
  for (const auto& window : o.windows) {
    TableRow row;
    const auto text = estimate_text(window.level, "");
    row.cells = {{{dates(window.from, window.to), Ink::strong}},
                 {{grouped(window.rows)}},
                 {{r.task == "binary" ? grouped(window.events) : ""}},
                 {{text.value}},
                 {{text.bounds, Ink::muted}}};
    row.below = window.not_computable.empty() ? "" : with_stop(window.not_computable);
    rows.push_back(std::move(row));
  }
  page.table({{"window", false, true},
              {"rows", true},
              {r.task == "binary" ? "events" : "", true},
              {"level", true},
              {"95 % interval", false, false, true}},
             rows);
  if (std::isnan(o.cv_raw)) return;
  const std::string chance =
      std::isnan(o.cv_corrected)
          ? ""
          : fmt::format("; a model that never changed would show {} at these sizes. Corrected for that: {}",
                        percent(o.cv_by_chance, 2), percent(o.cv_corrected, 2));
  page.paragraph(fmt::format("Coefficient of variation over the windows: {}{}.", percent(o.cv_raw, 2), chance));
}

void print_calibration(TerminalPage& page, const TrainReport& r) {
  if (r.calibration) {
    page.heading("Calibration", r.calibration->kind == "none" ? "left as it is" : r.calibration->kind);
    std::vector<TableRow> rows;
    for (const auto& trial : r.calibration->trials) {
      const bool chosen = trial.kind == r.calibration->kind;
      TableRow row;
      row.cells = {{{chosen ? "▸" : "", Ink::ok}},
                   {{trial.kind, chosen ? Ink::strong : Ink::plain}},
                   {{fmt::format("{:.5f}", trial.log_loss)}},
                   {{fmt::format("{:.5f}", trial.brier)}}};
      rows.push_back(std::move(row));
    }
    if (!rows.empty())
      page.table({{""}, {"kind", false, true}, {"held-out log loss", true}, {"Brier score", true}}, rows);
    if (!r.calibration->note.empty()) page.paragraph(r.calibration->note, 2, Ink::muted);
  }
  if (!r.threshold) return;
  const TrainThreshold& t = *r.threshold;
  page.heading("Threshold", t.rule);
  page.paragraph(
      fmt::format("A score of {} or more predicts the event. On the validation rows: precision {}, recall {}, F1 {}{}.",
                  short_number(t.value, 4), percent(t.precision), percent(t.recall), short_number(t.f1, 3),
                  std::isnan(t.cost_per_row) ? "" : fmt::format(", cost {} a row", short_number(t.cost_per_row, 4))));
  if (!t.note.empty()) page.paragraph(t.note, 2, Ink::warning);
}

void print_importance(TerminalPage& page, const TrainReport& r) {
  page.heading("What it leans on", "share of the trees' gain");
  const size_t shown = page.style().all ? r.importance.size() : std::min(most_features, r.importance.size());
  const double most = r.importance.empty() ? 1 : r.importance.front().second;
  std::vector<TableRow> rows;
  for (size_t i = 0; i < shown && r.importance[i].second > 0; ++i) {
    const auto& [name, share] = r.importance[i];
    std::string bar;
    for (int k = 0; k < static_cast<int>(std::lround(20 * share / most)); ++k) bar += page.style().unicode ? "█" : "#";
    TableRow row;
    row.cells = {{{name, Ink::strong}}, {{percent(share, 2)}}, {{bar, Ink::ok}}};
    rows.push_back(std::move(row));
  }
  page.table({{"column", false, true}, {"share", true}, {"", false, false, true}}, rows);
}

void print_published(TerminalPage& page, const TrainReport& r) {
  if (r.published.empty()) return;
  page.heading("Beside the published figures");
  std::vector<TableRow> rows;
  for (const auto& figure : r.published) {
    TableRow row;
    const auto text = estimate_text(figure.ours, "");
    row.cells = {{{figure.title, Ink::strong}},
                 {{short_number(figure.published, 3)}},
                 {{text.value}},
                 {{text.bounds, Ink::muted}}};
    rows.push_back(std::move(row));
  }
  page.table(
      {{"metric", false, true}, {"published", true}, {"here, test", true}, {"95 % interval", false, false, true}},
      rows);
  page.paragraph(r.published_note, 2, Ink::muted);
}

void print_end(TerminalPage& page, const TrainReport& r) {
  page.heading("Saved");
  if (r.version.empty()) page.paragraph("Nowhere, as asked (--no-bank).", 2, Ink::muted);
  else page.paragraph(fmt::format("{} in {} ({})", r.version, r.path, r.version_id.substr(0, 12)));
  if (r.next.empty()) return;
  page.heading("Next");
  for (const auto& command : r.next) page.command(command);
}

}   // namespace

std::string train_text(const TrainReport& r, const TerminalStyle& style) {
  TerminalPage page(style);
  page.line({{fmt::format("{}: a {} model of '{}'", r.model, r.task, r.label), Ink::strong}});
  print_data(page, r);
  print_split(page, r);
  print_tuning(page, r);
  print_fit(page, r);
  print_metrics(page, r);
  print_out_of_time(page, r);
  print_calibration(page, r);
  print_importance(page, r);
  print_published(page, r);
  print_end(page, r);
  return page.take();
}

}   // namespace leeway
