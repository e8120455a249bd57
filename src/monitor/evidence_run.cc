#include "monitor/evidence_run.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include "base/hash.h"
#include "base/hex.h"

namespace leeway {

/// Which part of which column's summary, and where its cuts are.
struct EvidencePlan::Source {
  enum class Kind : uint8_t { numeric, categories, missing, errors } kind;
  std::string column;
  std::vector<double> edges;   ///< numeric: of the reference's bins; a count is the rows below each.
  size_t named = 0;            ///< categories: as many of the dictionary's have a count of their own.
  double threshold = 0;        ///< errors: of the score.
};

EvidencePlan::EvidencePlan() = default;
EvidencePlan::EvidencePlan(EvidencePlan&&) noexcept = default;
EvidencePlan& EvidencePlan::operator=(EvidencePlan&&) noexcept = default;
EvidencePlan::~EvidencePlan() = default;

namespace {

constexpr int quantiles = 32;
constexpr size_t most_named = 31;
constexpr double year = 365.25 * 86400e9;   ///< nanoseconds

double share(int64_t part, int64_t whole) { return static_cast<double>(part) / static_cast<double>(whole); }

/// Bin edges near the quantiles j/33, between those of the reference's least and greatest value; each once.
std::vector<double> quantile_edges(const BinnedCounts& bins) {
  const auto all = bins.map().edges();
  std::vector<double> edges;
  int64_t below = 0;
  double next = 0;  // the least share, in 33rds, at which another edge is taken
  for (size_t i = 0; i < all.size(); ++i) {
    below += bins.counts()[i];
    const double at = share(below, bins.size()) * (quantiles + 1);
    if (at < next && i + 1 < all.size()) continue;
    edges.push_back(all[i]);
    next = std::floor(at) + 1;
  }
  return edges;
}

/// Rows below each edge.
std::vector<int64_t> below(const BinnedCounts& bins, std::span<const double> edges) {
  std::vector<int64_t> counts = bins.counts_on(edges);
  counts.pop_back();
  std::partial_sum(counts.begin(), counts.end(), counts.begin());
  return counts;
}

/// The first `named` categories, all others known to the reference, the unseen.
std::vector<int64_t> category_counts(const CategorySummary& summary, size_t named) {
  const auto counts = summary.counts();
  std::vector<int64_t> out(counts.begin(), counts.begin() + static_cast<ptrdiff_t>(named));
  out.push_back(std::accumulate(counts.begin() + static_cast<ptrdiff_t>(named), counts.end(), summary.other()));
  out.push_back(summary.unseen());
  return out;
}

bool watched(const ColumnProfile& column) {
  static constexpr std::string_view roles[]{"feature", "group", "segment", "score", "prediction"};
  return std::find(std::begin(roles), std::end(roles), column.role) != std::end(roles) && column.rows.rows > 0;
}

std::vector<double> shares(std::span<const int64_t> counts, int64_t rows) {
  std::vector<double> out;
  for (const int64_t count : counts) out.push_back(share(count, rows));
  return out;
}

double drift_leeway(const MonitorConfig& config, const std::string& column) {
  const auto own = config.leeway.columns.find(column);
  return own == config.leeway.columns.end() ? config.leeway.drift : own->second;
}

/// The error rate that the user allows, if the leeway of accuracy says one.
std::optional<double> allowed_error(const MonitorConfig& config, double reference_error) {
  const auto leeway = config.leeway.metrics.find("accuracy");
  if (leeway == config.leeway.metrics.end()) return std::nullopt;
  if (leeway->second.min) return 1 - *leeway->second.min;
  if (leeway->second.change) return reference_error + *leeway->second.change;
  return std::nullopt;
}

int64_t errors(const ScoreTable::Confusion& c) { return c.false_positive + c.false_negative; }
int64_t outcomes(const ScoreTable::Confusion& c) { return errors(c) + c.true_positive + c.true_negative; }

/// A series whose share of allowed rows still needs the number of all series.
struct Draft {
  std::string monitor;
  std::vector<double> shares;
  double psi = 0;
  int64_t reference_rows = 0;
  std::optional<double> allowed;
};

}  // namespace

EvidencePlan EvidencePlan::make(const Profile& reference, const MonitorConfig& config) {
  EvidencePlan plan;
  plan.false_alarms_per_year_ = config.false_alarms_per_year;
  std::vector<Draft> drafts;
  for (const ColumnProfile& column : reference.columns()) {
    if (!watched(column)) continue;
    const std::string& name = column.field.name;
    const double psi = drift_leeway(config, name);
    if (column.bins && column.bins->size() > 0) {
      Source source{.kind = Source::Kind::numeric, .column = name, .edges = quantile_edges(*column.bins)};
      drafts.push_back({"drift", shares(below(*column.bins, source.edges), column.bins->size()), psi, column.bins->size(), {}});
      plan.sources_.push_back(std::move(source));
    } else if (column.categories && column.categories->size() > 0) {
      const size_t named = std::min(most_named, column.categories->counts().size());
      drafts.push_back({"drift", shares(category_counts(*column.categories, named), column.categories->size()), psi, column.categories->size(), {}});
      plan.sources_.push_back({.kind = Source::Kind::categories, .column = name, .named = named});
    } else {
      continue;
    }
    drafts.push_back({"missing", {share(column.rows.rows - column.rows.used(), column.rows.rows)}, psi, column.rows.rows, {}});
    plan.sources_.push_back({.kind = Source::Kind::missing, .column = name});
  }
  if (const auto& score = reference.score(); score && config.columns.threshold) {
    const auto confusion = score->overall.confusion(*config.columns.threshold);
    if (confusion && outcomes(*confusion) > 0) {
      const double rate = share(errors(*confusion), outcomes(*confusion));
      drafts.push_back({"errors", {rate}, config.leeway.drift, outcomes(*confusion), allowed_error(config, rate)});
      plan.sources_.push_back({.kind = Source::Kind::errors, .threshold = *config.columns.threshold});
    }
  }
  for (size_t i = 0; i < drafts.size(); ++i) {
    const Draft& draft = drafts[i];
    const evidence::ShareLeeway leeway{.psi = draft.psi, .series = static_cast<int64_t>(drafts.size()),
                                       .reference_rows = static_cast<double>(draft.reference_rows)};
    using Watch = evidence::ShareWatch;
    const Source::Kind kind = plan.sources_[i].kind;
    Watch watch = draft.allowed                        ? Watch::rate_up_to(*draft.allowed)
                  : kind == Source::Kind::numeric      ? Watch::numeric(draft.shares, leeway)
                  : kind == Source::Kind::categories   ? Watch::categories(draft.shares, leeway)
                                                       : Watch::rate(draft.shares.front(), false, leeway);
    plan.series_.push_back({draft.monitor, plan.sources_[i].column, std::move(watch)});
  }
  return plan;
}

double EvidencePlan::threshold(int64_t length) const {
  return evidence::threshold(static_cast<double>(series_.size()), year / static_cast<double>(length), false_alarms_per_year_);
}

uint64_t EvidencePlan::id() const {
  uint64_t id = 0;
  for (const WatchedSeries& series : series_) {
    id = combine64(id, hash64(series.key()));
    for (const double allowed : series.watch.allowed()) id = combine64(id, std::bit_cast<uint64_t>(allowed));
  }
  return id;
}

std::vector<SeriesCounts> EvidencePlan::count(const Profile& window) const {
  std::vector<SeriesCounts> out(series_.size());
  for (size_t i = 0; i < series_.size(); ++i) {
    const Source& source = sources_[i];
    SeriesCounts& counts = out[i];
    if (source.kind == Source::Kind::errors) {
      if (!window.score()) continue;
      if (const auto confusion = window.score()->overall.confusion(source.threshold))
        counts = {{errors(*confusion)}, outcomes(*confusion)};
      continue;
    }
    const ColumnProfile* column = window.find(source.column);
    if (column == nullptr) continue;
    if (source.kind == Source::Kind::missing) counts = {{column->rows.rows - column->rows.used()}, column->rows.rows};
    else if (source.kind == Source::Kind::numeric && column->bins) counts = {below(*column->bins, source.edges), column->bins->size()};
    else if (source.kind == Source::Kind::categories && column->categories)
      counts = {category_counts(*column->categories, source.named), column->categories->size()};
  }
  return out;
}

std::string to_text(const EvidenceStates& states) {
  std::string out;
  for (const auto& [key, process] : states) out += hex(key) + ' ' + hex(process.to_bytes()) + '\n';
  return out;
}

Result<EvidenceStates> states_from_text(std::string_view text) {
  const auto broken = [] { return fail(Code::invalid_data, "the stored evidence is damaged"); };
  EvidenceStates states;
  while (!text.empty()) {
    const size_t space = text.find(' '), end = text.find('\n');
    if (end == std::string_view::npos || space > end) return broken();
    const auto key = from_hex(text.substr(0, space)), bytes = from_hex(text.substr(space + 1, end - space - 1));
    if (!key || !bytes) return broken();
    LEEWAY_TRY(auto process, evidence::Process::from_bytes(*bytes));
    states.emplace(*key, std::move(process));
    text.remove_prefix(end + 1);
  }
  return states;
}

std::vector<SeriesLook> observe(const EvidencePlan& plan, std::span<const SeriesCounts> window, int64_t length,
                                EvidenceStates& states) {
  std::vector<SeriesLook> looks;
  for (size_t i = 0; i < plan.series().size(); ++i) {
    const WatchedSeries& series = plan.series()[i];
    if (window[i].rows == 0 || series.watch.states() == 0) continue;
    auto& process = states.try_emplace(series.key(), series.watch.states(), plan.threshold(length)).first->second;
    looks.push_back({&series, process.observe(series.watch.log_e(window[i].hits, window[i].rows))});
  }
  std::stable_sort(looks.begin(), looks.end(), [](const SeriesLook& a, const SeriesLook& b) {
    return a.look.log_evidence > b.look.log_evidence;
  });
  return looks;
}

}  // namespace leeway
