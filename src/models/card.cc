#include "models/card.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <numeric>

#include "base/text.h"

namespace leeway::models {
namespace {

using Row = std::vector<std::string>;

/// A heading with sentences, a table, or both: what both forms of the card are written from.
struct Section {
  std::string title;
  std::vector<std::string> sentences;
  Row header;
  std::vector<Row> rows;
};

std::string number(double value) { return std::isfinite(value) ? short_number(value, 4) : "-"; }
std::string interval(double low, double high) {
  return std::isfinite(low) && std::isfinite(high) ? number(low) + " to " + number(high) : "-";
}

Section identity(const Model& model) {
  const ModelFacts& facts = model.facts();
  const TreeEnsemble& trees = model.booster().trees();
  Section section{"What it is", {}, {"", ""}, {}};
  std::string predicts = facts.label.empty() ? "-" : facts.label;
  if (facts.task == Task::binary && !facts.positive.empty()) predicts += " = " + facts.positive;
  if (facts.task == Task::multiclass) predicts += ": " + join_words(facts.classes);
  section.rows = {
      {"Task", std::string(leeway::name(facts.task))},
      {"Predicts", predicts},
      {"Algorithm",
       fmt::format("{}, {} {} of depth at most {}", facts.algorithm.empty() ? "decision trees" : facts.algorithm,
                   grouped(static_cast<int64_t>(trees.trees())), trees.trees() == 1 ? "tree" : "trees", trees.depth())},
      {"Trained on", facts.training_rows > 0 ? grouped(facts.training_rows) + " rows" : "unknown"},
      {"Training data", facts.training_fingerprint.empty() ? "unknown" : facts.training_fingerprint},
      {"Seed", std::to_string(facts.seed)},
      {"Made by", facts.software.empty() ? "unknown" : facts.software}};
  return section;
}

/// Test data first, then as recorded.
std::vector<std::string> data_of(const std::vector<Metric>& metrics) {
  std::vector<std::string> data;
  for (const Metric& m : metrics)
    if (std::ranges::find(data, m.data) == data.end())
      data.insert(m.data == "test" ? data.begin() : data.end(), m.data);
  return data;
}

/// A line a metric: its value and interval on the first data, its values on the others.
Section performance(const std::vector<Metric>& metrics) {
  const auto data = data_of(metrics);
  if (data.empty()) return {"How good it was", {"Nothing is recorded about its performance."}, {}, {}};
  Section section{"How good it was", {}, {"Metric"}, {}};
  for (const auto& on : data) {
    const auto first = std::ranges::find(metrics, on, &Metric::data);
    section.header.push_back(fmt::format("{} ({} rows)", on, grouped(first->rows)));
    if (on == data.front()) section.header.push_back("95 % interval");
  }
  std::vector<std::string> names;
  for (const Metric& m : metrics)
    if (std::ranges::find(names, m.name) == names.end()) names.push_back(m.name);
  for (const auto& name : names) {
    Row row = {name};
    for (const auto& on : data) {
      const auto found = std::ranges::find_if(metrics, [&](const Metric& m) { return m.name == name && m.data == on; });
      const Metric metric = found == metrics.end() ? Metric{} : *found;
      row.push_back(number(metric.value));
      if (on == data.front()) row.push_back(interval(metric.low, metric.high));
    }
    section.rows.push_back(std::move(row));
  }
  return section;
}

Section over_time(const OutOfTime& out) {
  Section section{"After the training data", {}, {"From", "To", "Rows", "Events", out.metric, "95 % interval"}, {}};
  for (const OutOfTimeWindow& w : out.windows)
    section.rows.push_back({format_time(w.from), format_time(w.to), grouped(w.rows), grouped(w.events), number(w.value),
                            interval(w.low, w.high)});
  section.sentences = {fmt::format(
      "The coefficient of variation over these windows is {}; without what the windows' size alone brings it is {}.",
      std::isfinite(out.variation) ? percent(out.variation) : "-",
      std::isfinite(out.variation_corrected) ? percent(out.variation_corrected) : "-")};
  return section;
}

Section decisions(const Model& model) {
  const auto& cuts = model.cuts().from;
  const CalibrationKind kind = model.calibration().kind;
  Section section{"How it decides", {}, {"Risk level", "Probability"}, {}};
  section.sentences = {
      kind == CalibrationKind::none ? "Probabilities are the trees' own, not calibrated."
                                    : fmt::format("Probabilities are calibrated ({}).", name(kind)),
      fmt::format("The event is predicted at a probability of {} or more.", number(model.threshold()))};
  for (size_t i = 0; i <= cuts.size(); ++i)
    section.rows.push_back({std::string(name(static_cast<RiskLevel>(i))),
                            i == 0             ? "below " + number(cuts[0])
                            : i == cuts.size() ? number(cuts[i - 1]) + " or more"
                                               : number(cuts[i - 1]) + " to below " + number(cuts[i])});
  return section;
}

std::string usual_text(const EncodedColumn& c) {
  if (c.coding == Coding::number) return std::isfinite(c.low) ? number(c.low) + " to " + number(c.high) : "-";
  return c.usual.empty() ? "-" : fmt::format("{} ({})", c.usual, percent(c.usual_share));
}

Section inputs(const Model& model) {
  Section section{"What it looks at",
                  {"By share of the gain of all splits."},
                  {"Column", "Type", "Usual", "Missing", "Share of gain"},
                  {}};
  const auto shares = column_gains(model);
  std::vector<size_t> order(shares.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::stable_sort(order, [&](size_t a, size_t b) { return shares[a] > shares[b]; });
  for (const size_t i : order) {
    const EncodedColumn& c = model.encoder().columns()[i];
    section.rows.push_back(
        {c.name, std::string(leeway::name(c.type)), usual_text(c), percent(c.missing_share), percent(shares[i])});
  }
  return section;
}

Section choices(const ModelRecord& record) {
  Section section{"How it was made", {}, {"", ""}, {}};
  for (const auto& [name, value] : record.choices) section.rows.push_back({name, value});
  return section;
}

Section limits() {
  return {"Limits",
          {"The figures hold for rows like those it was measured on; leeway check compares new rows with them.",
           "Contributions and reasons say how the model arrives at a score, not what causes the outcome."},
          {},
          {}};
}

std::vector<Section> sections_of(const Model& model, const ModelRecord& record) {
  std::vector<Section> out = {identity(model), performance(record.metrics)};
  if (!record.out_of_time.windows.empty()) out.push_back(over_time(record.out_of_time));
  if (model.facts().task == Task::binary) out.push_back(decisions(model));
  out.push_back(inputs(model));
  if (!record.choices.empty()) out.push_back(choices(record));
  out.push_back(limits());
  return out;
}

/// Text inside Markdown: what would be markup is escaped.
std::string md(std::string_view text) {
  std::string out;
  for (const char c : printable(text)) {
    if (std::string_view("\\`*_{}[]<>|#").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

std::string md_row(const Row& cells) {
  std::string out = "|";
  for (const auto& cell : cells) out += " " + md(cell) + " |";
  return out + "\n";
}

std::string html(std::string_view text) {
  std::string out;
  for (const char c : printable(text)) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += c;
    }
  }
  return out;
}

constexpr std::string_view page_head = R"(<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{0}</title><style>
:root{{color-scheme:light dark;--line:#8884}}
body{{font:16px/1.5 system-ui,sans-serif;max-width:56rem;margin:2rem auto;padding:0 1rem}}
h1{{font-size:1.6rem}} h2{{font-size:1.15rem;margin-top:2rem}}
div{{overflow-x:auto}} table{{border-collapse:collapse;font-variant-numeric:tabular-nums}}
th,td{{text-align:left;padding:.3rem 1.2rem .3rem 0;border-bottom:1px solid var(--line)}}
</style></head><body><h1>{0}</h1>
)";

}  // namespace

std::string card_markdown(const Model& model, const ModelRecord& record) {
  std::string out = fmt::format("# {}\n", md(model.facts().name));
  for (const Section& section : sections_of(model, record)) {
    out += fmt::format("\n## {}\n", section.title);
    for (const auto& sentence : section.sentences) out += "\n" + md(sentence) + "\n";
    if (section.rows.empty()) continue;
    out += "\n" + md_row(section.header) + "|";
    for (size_t i = 0; i < section.header.size(); ++i) out += "---|";
    out += "\n";
    for (const Row& row : section.rows) out += md_row(row);
  }
  return out;
}

std::string card_html(const Model& model, const ModelRecord& record) {
  std::string out = fmt::format(fmt::runtime(page_head), html(model.facts().name));
  for (const Section& section : sections_of(model, record)) {
    out += fmt::format("<h2>{}</h2>\n", html(section.title));
    for (const auto& sentence : section.sentences) out += fmt::format("<p>{}</p>\n", html(sentence));
    if (section.rows.empty()) continue;
    out += "<div><table>";
    if (!section.header.front().empty()) {
      out += "<thead><tr>";
      for (const auto& cell : section.header) out += fmt::format("<th scope=\"col\">{}</th>", html(cell));
      out += "</tr></thead>";
    }
    out += "<tbody>\n";
    for (const Row& row : section.rows) {
      out += fmt::format("<tr><th scope=\"row\">{}</th>", html(row.front()));
      for (size_t i = 1; i < row.size(); ++i) out += fmt::format("<td>{}</td>", html(row[i]));
      out += "</tr>\n";
    }
    out += "</tbody></table></div>\n";
  }
  return out + "</body></html>\n";
}

}  // namespace leeway::models
