#pragma once
// Parts of sample reports: histograms of textbook distributions and findings built around them.

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "reports/report.h"
#include "sample_methods.h"

namespace leeway::sample {

inline constexpr int64_t reference_rows = 100'000, current_rows = 41'220;

inline double normal_cdf(double x) { return std::erfc(-x / std::sqrt(2.0)) / 2; }

inline InputCounts counts(int64_t rows, double missing, int64_t unseen = 0) {
  InputCounts out;
  out.rows = rows;
  out.missing = std::llround(static_cast<double>(rows) * missing);
  out.used = rows - out.missing;
  out.unseen = unseen;
  return out;
}

/// A numeric feature: `bins` bins of a normal distribution whose mean moves by `shift` standard deviations and whose
/// spread is multiplied by `stretch`; on a log scale if `lognormal`.
struct NumericShape {
  double centre, spread;
  double shift = 0, stretch = 1;
  bool lognormal = false;
  double missing_before = 0, missing_after = 0;
};

inline ReportColumn numeric_column(std::string name, const NumericShape& shape, int bins = 20,
                                   std::string role = "feature") {
  ReportColumn column{std::move(name), shape.lognormal ? "integer" : "real", std::move(role),
                      counts(reference_rows, shape.missing_before), counts(current_rows, shape.missing_after),
                      {}, {}, {}, {}, {}};
  const auto edge = [&](int i) { return -3 + 6.0 * i / bins; };
  const auto value = [&](double z) {
    const double x = shape.centre + shape.spread * z;
    return shape.lognormal ? std::round(std::exp(x)) : x;
  };
  for (int i = 0; i < bins; ++i) {
    const double low = edge(i), high = edge(i + 1);
    ReportColumn::Bin bin{fmt::format("{} to {}", short_number(value(low)), short_number(value(high))), value(low),
                          value(high), normal_cdf(high) - normal_cdf(low),
                          normal_cdf((high - shape.shift) / shape.stretch) - normal_cdf((low - shape.shift) / shape.stretch)};
    column.histogram.push_back(std::move(bin));
  }
  column.reference_mean = value(0);
  column.current_mean = value(shape.shift);
  column.reference_sd = shape.spread;
  column.current_sd = shape.spread * shape.stretch;
  return column;
}

struct Category {
  std::string label;
  double before, after;
};

inline ReportColumn category_column(std::string name, const std::vector<Category>& categories, int64_t unseen = 0,
                                    std::string role = "feature") {
  ReportColumn column{std::move(name), "text", std::move(role), counts(reference_rows, 0),
                      counts(current_rows, 0, unseen), {}, {}, {}, {}, {}};
  for (const auto& [label, before, after] : categories)
    column.histogram.push_back({label, undefined, undefined, before, after});
  return column;
}

inline double psi_of(const ReportColumn& column) {
  double sum = 0;
  for (const auto& bin : column.histogram) {
    const double p = bin.current_share + 1e-6, q = bin.reference_share + 1e-6;
    sum += (p - q) * std::log(p / q);
  }
  return sum;
}

inline Estimate around(double value, double half_width, double floor = -1e300) {
  return {value, std::max(floor, value - half_width), value + half_width, half_width / 1.96};
}

inline Measurement measured(const MethodInfo& method, Subject subject, Estimate value) {
  Measurement m;
  m.method = &method;
  m.subject = std::move(subject);
  m.value = value;
  m.confidence = method.family == Family::drift || method.family == Family::multivariate ? 0.95 : 0.975;
  m.reference_rows = counts(reference_rows, 0);
  m.current_rows = counts(current_rows, 0);
  return m;
}

/// The drift finding of a column, judged against `leeway` on the PSI scale as the product would.
inline Finding drift_finding(const ReportColumn& column, double leeway = 0.10, double red = 0.25) {
  const double moved = psi_of(column);
  const double half = 0.006 + 0.08 * moved;
  Finding finding;
  Measurement& m = finding.measurement;
  m = measured(sample::psi, {column.name, ""}, around(moved, half, 0));
  m.reference_rows = column.reference;
  m.current_rows = column.current;
  m.by_chance = 0.0004;
  m.details = {{"bins", static_cast<double>(column.histogram.size())}};
  finding.psi_equivalent = m.value;
  finding.leeway = Leeway{leeway, red, Leeway::On::value, leeway, false, "default"};
  const bool drifted = m.value.lower > leeway, stable = m.value.upper <= leeway;
  finding.verdict = drifted ? Verdict::drifted : stable ? Verdict::stable : Verdict::undecided;
  if (drifted) finding.severity = m.value.lower > red ? Severity::red : Severity::yellow;
  if (stable) finding.smallest_detectable = 0.118;
  if (!drifted && !stable) finding.rows_needed = 52'460;
  if (drifted) finding.q_value = 3.2e-8;
  const std::string interval =
      fmt::format("(between {} and {}, each bound 95 % sure)", short_number(m.value.lower), short_number(m.value.upper));
  finding.sentence = fmt::format(
      "{} {}: PSI {} {}, {} your leeway of {}; chance alone gives 0.0004 at this size.", column.name,
      drifted ? "drifted" : stable ? "is stable" : "is undecided", short_number(moved), interval,
      drifted ? "above" : stable ? "within" : "straddling", short_number(leeway));
  return finding;
}

/// A change between two levels with a leeway on its size (`limit` signed as the change it forbids), or none if NaN.
struct Change {
  double before, after, half_width;
  double limit = undefined;
  double red = undefined;
};

inline Finding change_finding(const MethodInfo& method, Subject subject, const Change& change) {
  Finding finding;
  const double value = change.after - change.before;
  finding.measurement = measured(method, std::move(subject), around(value, change.half_width));
  finding.measurement.reference = around(change.before, change.half_width * 0.55);
  finding.measurement.current = around(change.after, change.half_width * 0.85);
  const Subject& s = finding.measurement.subject;
  const std::string about = s.column.empty() ? "" : s.slice.empty() ? " of " + s.column : " for " + s.slice;
  const std::string moved = fmt::format("{}{} went from {} to {}", method.title, about, short_number(change.before),
                                        short_number(change.after));
  if (std::isnan(change.limit)) {
    finding.sentence = moved + ".";
    return finding;
  }
  finding.leeway = Leeway{change.limit, change.red, Leeway::On::value, undefined, true, "monitor.yaml:14"};
  const double sign = change.limit < 0 ? -1 : 1;
  const Estimate& e = finding.measurement.value;
  const double surely = sign > 0 ? e.lower : -e.upper, possibly = sign > 0 ? e.upper : -e.lower;
  const double limit = std::fabs(change.limit);
  finding.verdict = surely > limit ? Verdict::degraded : possibly <= limit ? Verdict::stable : Verdict::undecided;
  if (finding.verdict == Verdict::degraded)
    finding.severity = surely > std::fabs(change.red) ? Severity::red : Severity::yellow;
  if (finding.verdict == Verdict::undecided) finding.rows_needed = 61'300;
  finding.sentence = fmt::format("{} (change {}, 95 % interval {} to {}), {} the leeway of {}.", moved, short_number(e.value),
                                 short_number(e.lower), short_number(e.upper),
                                 finding.verdict == Verdict::degraded ? "beyond"
                                 : finding.verdict == Verdict::stable ? "within" : "straddling",
                                 short_number(change.limit));
  return finding;
}

inline Finding uncomputable(const MethodInfo& method, Subject subject, std::string reason) {
  Finding finding;
  finding.measurement = measured(method, std::move(subject), {});
  finding.measurement.not_computable = std::move(reason);
  finding.measurement.current_rows = {};
  finding.leeway = Leeway{0.1, 0.25, Leeway::On::value, 0.1, false, "default"};
  finding.verdict = Verdict::not_computable;
  finding.sentence = fmt::format("{} could not be computed: {}.", method.title, finding.measurement.not_computable);
  return finding;
}

}  // namespace leeway::sample
