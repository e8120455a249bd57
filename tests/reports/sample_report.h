#pragma once
// Reports made up for the renderers' tests: rich, small, quiet, empty, uncomputable, wide and hostile.

#include "sample_parts.h"

namespace leeway::sample {

inline Report frame() {
  Report report;
  report.command = "leeway check reference.parquet 2026-W40.parquet --config monitor.yaml --window 1w";
  report.tool_version = "0.1.0";
  report.model = "credit-scoring";
  report.task = "binary";
  report.policy = "leeway";
  report.reference = {"reference.parquet", "9f3ac01b77de2245", false, reference_rows, 29, "2026-01-01T00:00:00Z",
                      "2026-07-01T00:00:00Z"};
  report.current = {"2026-W40.parquet", "1c88e0a4f2d90b31", false, current_rows, 29, "2026-07-06T00:00:00Z",
                    "2026-10-05T00:00:00Z"};
  return report;
}

inline std::vector<ReportColumn> credit_features() {
  const auto n = [](std::string name, NumericShape shape) { return numeric_column(std::move(name), shape); };
  std::vector<ReportColumn> columns = {
      n("income", {10.4, 0.55, -0.62, 1.1, true, 0.011, 0.012}),
      category_column("employment", {{"salaried", .62, .49}, {"self-employed", .17, .31}, {"retired", .11, .09},
                                     {"student", .06, .05}, {"unemployed", .04, .05}, {"gig work", 0, .01}}, 412),
      n("utilisation", {0.41, 0.14, 0.42, 1.05}),
      n("months_on_book", {3.6, 0.7, -0.40, 1.0, true}),
      n("debt_to_income", {0.32, 0.09, 0.31, 1.02}),
      n("open_accounts", {2.1, 0.4, 0.30, 1.0, true}),
      n("age", {43, 12, -0.12}),
      n("loan_amount", {9.3, 0.6, 0.17, 1.02, true}),
      n("interest_rate", {11.2, 3.1, 0.16}),
      category_column("region", {{"north", .21, .22}, {"south", .34, .33}, {"east", .18, .19}, {"west", .27, .26}}),
      category_column("home_ownership", {{"rent", .41, .44}, {"mortgage", .45, .42}, {"own", .14, .14}}),
      category_column("purpose", {{"debt consolidation", .51, .50}, {"card", .22, .22}, {"home", .12, .12},
                                  {"car", .06, .07}, {"business", .05, .05}, {"other", .04, .04}}),
      n("term_months", {42, 10, 0.03}), n("inquiries_6m", {0.4, 0.5, 0.05, 1, true}),
      n("delinquencies_2y", {0.1, 0.5, 0.04, 1, true}), n("revolving_balance", {9.2, 0.8, 0.06, 1, true}),
      n("credit_history_years", {14, 5, -0.05}), n("savings", {8.1, 1.1, -0.09, 1, true, 0.04, 0.11}),
      n("dependants", {1.2, 0.6, 0.02}), n("hour_of_day", {13, 4, 0.01}), n("distance_to_branch", {2, 0.6, 0.02, 1, true}),
      n("app_sessions_30d", {2.5, 0.6, 0.08, 1, true}), n("device_age_days", {5.9, 0.7, -0.03, 1, true})};
  ReportColumn empty{"bureau_score_v2", "real", "feature", counts(reference_rows, 1), counts(current_rows, 1), {}, {}, {}, {}, {}};
  columns.push_back(std::move(empty));
  return columns;
}

inline void add_drift(Report& report) {
  std::vector<Finding> findings;
  for (const auto& column : report.columns) {
    if (column.role != "feature") continue;
    if (column.histogram.empty()) {
      findings.push_back(uncomputable(psi, {column.name, ""}, "all values are missing on both sides"));
      continue;
    }
    Finding finding = drift_finding(column);
    findings.push_back(finding);
    Measurement distance = measured(ks, {column.name, ""}, around(std::sqrt(psi_of(column)) * 0.4, 0.007, 0));
    distance.p_value = 1.3e-12;
    Finding other;
    other.measurement = distance;
    other.sentence = "Kolmogorov-Smirnov distance of " + column.name + ".";
    findings.push_back(other);
  }
  report.findings.insert(report.findings.end(), findings.begin(), findings.end());
}

inline void add_targets(Report& report) {
  report.columns.push_back(numeric_column("probability_of_default", {0.21, 0.07, 0.36, 1.08}, 24, "score"));
  report.columns.push_back(category_column("defaulted", {{"no", .812, .771}, {"yes", .188, .229}}, 0, "label"));
  report.findings.push_back(drift_finding(report.columns[report.columns.size() - 2]));
  report.findings.push_back(change_finding(mean_shift, {"probability_of_default", ""}, {0.2104, 0.2357, 0.0011}));
  report.findings.push_back(drift_finding(report.columns.back()));
  report.findings.push_back(change_finding(positive_share, {"defaulted", ""}, {0.188, 0.229, 0.0052}));
  Finding moments;
  moments.measurement = measured(second_moments, {}, {undefined, undefined, undefined, undefined});
  moments.measurement.value.value = 31.4;
  moments.measurement.p_value = 2.1e-40;
  moments.sentence = "The correlation of income and loan_amount moved most: from 0.41 to 0.22, 31.4 standard errors.";
  report.findings.push_back(moments);
  Finding kernel;
  kernel.measurement = measured(rff_mmd, {}, around(0.0141, 0.0016));
  kernel.measurement.p_value = 1e-9;
  kernel.sentence = "The joint distribution moved: kernel distance 0.0141 (p = 1e-9).";
  report.findings.push_back(kernel);
}

inline void add_performance(Report& report) {
  const auto add = [&](const MethodInfo& m, Change change) {
    Finding finding = change_finding(m, {"probability_of_default", ""}, change);
    finding.measurement.details = {{"threshold", 0.3282}};
    finding.measurement.current_rows = counts(38'112, 0);
    report.findings.push_back(finding);
  };
  add(roc_auc, {0.7821, 0.7409, 0.0081, -0.02, -0.04});
  add(gini, {0.5642, 0.4818, 0.0162});
  add(average_precision, {0.4711, 0.4388, 0.0140, -0.03});
  add(log_loss, {0.4120, 0.4693, 0.0066, 0.03, 0.05});
  add(brier, {0.1301, 0.1462, 0.0029});
  add(ece, {0.0091, 0.0312, 0.0050, 0.03});
  add(accuracy, {0.8213, 0.7904, 0.0047});
  add(precision, {0.5127, 0.4870, 0.0128});
  add(recall, {0.4410, 0.4525, 0.0139});
  add(f1, {0.4742, 0.4691, 0.0117, -0.03});
  report.findings.push_back(change_finding(cbpe_auc, {"probability_of_default", ""}, {0.7821, 0.7702, 0.0093}));
  Finding estimated = change_finding(cbpe_accuracy, {"probability_of_default", ""}, {0.8213, 0.8051, 0.0061});
  estimated.measurement.note = "Valid only if the chance of a default at a given score is unchanged";
  report.findings.push_back(estimated);
  report.thresholds = ReportThresholds{{0.3282, 310, 290, 340, 2960, 0.516667, 0.476923, 0.496, 0.9487},
                                       {0.21, 430, 520, 220, 2730, 0.452632, 0.661538, 0.5375, 0.6974},
                                       ReportThresholds::Point{0.09, 590, 1610, 60, 1640, 0.268182, 0.907692, 0.414035, 0.5667},
                                       {{0.001, 650, 3250, 0, 0, 0.166667, 1, 0.285714, 0.8333},
                                        {0.21, 430, 520, 220, 2730, 0.452632, 0.661538, 0.5375, 0.6974},
                                        {0.97, 0, 0, 650, 3250, undefined, 0, 0, 1.6667}}};
  report.labels = LabelCoverage{38'112, 3'108, "90d", true,
                                {{"0d to 30d", 9'480, 6'940, false}, {"30d to 60d", 9'610, 9'102, false},
                                 {"60d to 90d", 9'530, 9'470, false}, {"over 90d", 12'600, 12'600, true}},
                                {{"0", 10'710, {{"45d", 0}, {"90d", 1}}}, {"1", 1'890, {{"45d", 0.62}, {"90d", 1}}}}};
}

inline void add_calibration(Report& report) {
  ReportCalibration calibration;
  for (int i = 0; i < 10; ++i) {
    const double p = 0.05 + 0.075 * i;
    const double width = 0.008 + 0.0035 * i;
    calibration.reference.push_back({p, around(p + 0.004 * std::sin(i), width, 0), 10'000 - 600 * i});
    calibration.current.push_back({p, around(p + 0.03 + 0.006 * i, width * 1.6, 0), 4'100 - 190 * i});
  }
  report.calibration = calibration;
  const std::vector<std::tuple<std::string, Change>> shares = {{"true positives", {0.0829, 0.0923, 0.003}},
                                                               {"false positives", {0.0789, 0.1091, 0.003}},
                                                               {"false negatives", {0.1051, 0.1117, 0.003}},
                                                               {"true negatives", {0.7331, 0.6869, 0.005}}};
  for (const auto& [slice, change] : shares)
    report.findings.push_back(change_finding(confusion_matrix, {"probability_of_default", slice}, change));
}

inline Finding fairness_finding(const MethodInfo& method, Subject subject, Change change, Verdict verdict,
                                double limit, std::string sentence, int64_t rows) {
  Finding finding;
  finding.measurement = measured(method, std::move(subject), around(change.after, change.half_width, 0));
  finding.measurement.reference = around(change.before, change.half_width * 0.6, 0);
  finding.measurement.current = finding.measurement.value;
  finding.measurement.current_rows = counts(rows, 0);
  finding.measurement.confidence = 0.95;
  finding.measurement.details = {{"change", change.after - change.before}, {"change_lower", change.after - change.before - 0.03},
                                 {"change_upper", change.after - change.before + 0.03}};
  finding.verdict = verdict;
  finding.severity = verdict == Verdict::unfair ? Severity::red : Severity::none;
  if (verdict != Verdict::measured)
    finding.leeway = Leeway{limit, undefined, Leeway::On::value, undefined, true, "monitor.yaml:16"};
  if (verdict == Verdict::undecided) finding.rows_needed = rows + 2'140;
  finding.sentence = std::move(sentence);
  return finding;
}

/// A group's own selection rate: its value is the change, as the product gives it.
inline Finding group_level(Subject subject, Change change, int64_t rows) {
  Finding finding = change_finding(group_selection, std::move(subject), change);
  finding.measurement.current_rows = counts(rows, 0);
  return finding;
}

inline void add_fairness(Report& report) {
  const auto add = [&](auto&&... arguments) {
    report.findings.push_back(fairness_finding(std::forward<decltype(arguments)>(arguments)...));
  };
  add(impact_ratio, Subject{"sex", "female against male"}, Change{0.86, 0.742, 0.021}, Verdict::unfair, 0.8,
      "Women are approved 0.742 times as often as men (interval 0.721 to 0.763), below the four-fifths leeway of 0.8.", 18'320);
  add(impact_ratio, Subject{"age_band", "under 25 against 45 to 60"}, Change{0.83, 0.806, 0.034}, Verdict::undecided, 0.8,
      "Under 25 against 45 to 60: the ratio is 0.806 (0.772 to 0.84); the interval straddles the leeway of 0.8.", 3'910);
  add(impact_ratio, Subject{"age_band", "over 60 against 45 to 60"}, Change{0.94, 0.931, 0.024}, Verdict::stable, 0.8,
      "Over 60 against 45 to 60: the ratio is 0.931 (0.907 to 0.955), within the leeway of 0.8.", 7'012);
  add(opportunity_gap, Subject{"sex", "female against male"}, Change{0.031, 0.048, 0.022}, Verdict::stable, 0.1,
      "The true positive rates differ by 4.8 points (2.6 to 7), within the leeway of 10 points.", 18'320);
  add(opportunity_gap, Subject{"age_band", "largest gap"}, Change{0.052, 0.071, 0.041}, Verdict::undecided, 0.1,
      "The true positive rates differ by 7.1 points (3 to 11.2); the interval straddles 10 points.", 41'220);
  const std::vector<std::tuple<std::string, std::string, Change, int64_t>> groups = {
      {"sex", "female", {.412, .361, .007}, 18'320}, {"sex", "male", {.479, .487, .0065}, 22'900},
      {"age_band", "under 25", {.381, .352, .015}, 3'910}, {"age_band", "25 to 45", {.452, .431, .007}, 19'204},
      {"age_band", "45 to 60", {.460, .437, .009}, 11'094}, {"age_band", "over 60", {.431, .407, .0115}, 7'012},
      {"sex and age_band", "female and under 25", {.33, .287, .023}, 1'604}};
  for (const auto& [column, slice, change, rows] : groups)
    report.findings.push_back(group_level(Subject{column, slice}, change, rows));
}

inline void add_business_and_quality(Report& report) {
  report.findings.push_back(change_finding(cost_per_row, {}, {0.612, 0.731, 0.018, 0.08}));
  report.findings.push_back(change_finding(cost_total, {}, {61'200, 30'132, 840}));
  report.findings.push_back(change_finding(positive_rate, {}, {0.447, 0.431, 0.0059, 0.05}));
  report.findings.push_back(change_finding(missing_share, {"savings", ""}, {0.04, 0.11, 0.0033, 0.02, 0.05}));
  report.findings.push_back(change_finding(unseen_share, {"employment", ""}, {0, 0.00999, 0.00096, 0.005}));
  Finding gone;
  gone.measurement = measured(schema_change, {"branch_code", ""}, {1, undefined, undefined, undefined});
  gone.leeway = Leeway{0, undefined, Leeway::On::value, undefined, false, "default"};
  gone.verdict = Verdict::degraded;
  gone.severity = Severity::yellow;
  gone.sentence = "branch_code is in the reference (text) but not in the current data.";
  report.findings.push_back(gone);
  report.findings.push_back(change_finding(duplicate_rows, {}, {0.0002, 0.0003, 0.0002, 0.01}));
  for (const auto& column : report.columns) {
    if (column.role != "feature" || column.name == "savings") continue;
    report.findings.push_back(change_finding(missing_share, {column.name, ""}, {0, 0, 0.0001, 0.02}));
    if (column.type == "real" && !column.histogram.empty())
      report.findings.push_back(change_finding(out_of_range, {column.name, ""}, {0, 0.0001, 0.0001, 0.01}));
  }
}

inline void add_explanation(Report& report) {
  Explanation& why = report.explanation;
  why.sentence =
      "Log loss rose from 0.412 to 0.469 (+0.057, 95 % interval 0.051 to 0.064). 0.049 of it comes from customers "
      "answering differently at the same score, first of all employment = self-employed and months_on_book < 6 "
      "(10 % of rows, loss 0.44 to 0.83); 0.008 comes from more applications of already difficult kinds.";
  why.columns = {
      {"income", {{"below 20,000", 0.11, 0.24, 0.41}, {"20,000 to 28,000", 0.18, 0.24, 0.17},
                  {"45,000 to 70,000", 0.22, 0.14, 0.16}, {"over 70,000", 0.09, 0.05, 0.12}, {"other", 0.4, 0.33, 0.14}},
       "Incomes below 20,000 rose from 11 % to 24 % of rows and carry 41 % of the movement."},
      {"employment", {{"self-employed", 0.17, 0.31, 0.62}, {"salaried", 0.62, 0.49, 0.29}, {"other", 0.21, 0.20, 0.09}},
       "employment = self-employed rose from 17 % to 31 % of rows and carries 62 % of the movement."}};
  Decomposition split;
  split.metric = "log loss";
  split.reference = around(0.4120, 0.0036);
  split.current = around(0.4693, 0.0056);
  split.total = around(0.0573, 0.0066);
  split.mix = around(0.0081, 0.0021);
  split.behaviour = around(0.0492, 0.0061);
  for (int i = 0; i < 10; ++i)
    split.cells.push_back({fmt::format("score {} to {}", short_number(0.05 * i), short_number(0.05 * (i + 1))), 0.16 - 0.012 * i,
                           0.14 - 0.008 * i, 0.12 + 0.07 * i, 0.14 + 0.075 * i, 0.0004 * (i - 3), 0.001 + 0.0009 * i});
  split.sentence = "0.0492 of the 0.0573 comes from changed behaviour at the same score, 0.0081 from a changed mix.";
  split.features = {{"income", around(0.0043, 0.0011)}, {"employment", around(0.0031, 0.0010)},
                    {"utilisation", around(0.0012, 0.0012)}};
  why.performance = split;
  CaseDecomposition cases;
  cases.metric = "log loss";
  cases.reference = split.reference;
  cases.current = split.current;
  cases.total = split.total;
  cases.familiar = around(0.0102, 0.0031);
  cases.response = around(0.0446, 0.0075);
  cases.new_cases = around(0.0025, 0.0022);
  cases.reference_rows = cases.current_rows = 10'000;
  cases.shared_reference_rows = 8'412;
  cases.shared_current_rows = 7'930;
  cases.sentence =
      "By the features themselves, of +0.0573 (95 % interval +0.0444 to +0.0702): +0.0446 (+0.0299 to +0.0593) come from rows "
      "that turn out differently though their features are the same, +0.0102 (+0.0041 to +0.0163) from another mix of "
      "familiar cases, and +0.0025 (-0.0018 to +0.0068) from new kinds of cases, which may be chance.";
  why.cases = cases;
  why.prediction = PredictionShift{around(0.2104, 0.0005), around(0.2357, 0.0009), around(0.0253, 0.0011),
                                   {{"income", around(0.0102, 0.0009)}, {"employment", around(0.0067, 0.0008)},
                                    {"debt_to_income", around(-0.0014, 0.0006)}},
                                   "The mean score rose from 0.2104 to 0.2357 (+0.0253); income alone explains 0.0102 of it."};
  SegmentSearch search;
  search.metric = "log loss";
  search.searched = 28'431;
  search.z_limit = 4.62;
  search.segments = {
      {"employment = self-employed and months_on_book < 6", {"employment", "months_on_book"}, 4'210, 4'301, .0421, .1043,
       .44, .83, .0407, 18.4, 4.62, true},
      {"income < 20,000 and region = south", {"income", "region"}, 3'870, 3'305, .0387, .0802, .52, .61, .0072, 5.9, 4.62, true},
      {"purpose = business", {"purpose"}, 5'020, 2'061, .0502, .05, .47, .52, .0025, 2.7, 3.41, false}};
  why.segments = search;
}

inline void add_windows(Report& report) {
  for (int w = 0; w < 13; ++w) {
    const int day = 6 + 7 * w;
    const auto date = [](int d) {
      constexpr int length[] = {31, 31, 30, 31};
      int month = 7;
      for (const int n : length) {
        if (d <= n) break;
        d -= n;
        ++month;
      }
      return fmt::format("2026-{:02}-{:02}T00:00:00Z", month, d);
    };
    ReportWindow window{date(day), date(day + 7), 3'170, {}};
    const double t = std::max(0, w - 5) / 7.0;
    for (const auto& column : report.columns) {
      if (column.role != "feature" || column.histogram.empty()) continue;
      ReportColumn faded = column;
      for (auto& bin : faded.histogram)
        bin.current_share = bin.reference_share + 1.6 * t * (bin.current_share - bin.reference_share);
      for (auto& bin : faded.histogram) bin.current_share = std::max(0.0, bin.current_share);
      window.findings.push_back(drift_finding(faded));
    }
    if (w < 11)
      window.findings.push_back(
          change_finding(roc_auc, {"probability_of_default", ""}, {0.7821, 0.7821 - 0.075 * t, 0.014, -0.02, -0.04}));
    else
      window.findings.push_back(uncomputable(roc_auc, {"probability_of_default", ""}, "no outcome is known yet"));
    window.findings.push_back(change_finding(cost_per_row, {}, {0.612, 0.612 + 0.2 * t, 0.04, 0.08}));
    report.windows.push_back(std::move(window));
  }
}

inline void worst_first(Report& report) {
  const auto rank = [](const Finding& f) {
    switch (f.verdict) {
      case Verdict::drifted:
      case Verdict::degraded:
      case Verdict::unfair: return f.severity == Severity::red ? 0 : 1;
      case Verdict::undecided: return 2;
      case Verdict::not_computable: return 3;
      case Verdict::stable: return 4;
      case Verdict::measured: return 5;
    }
    return 6;
  };
  std::stable_sort(report.findings.begin(), report.findings.end(),
                   [&](const Finding& a, const Finding& b) { return rank(a) < rank(b); });
}

/// A credit model with 24 features, every family of findings, explanation, labels and 13 windows.
inline Report rich_report() {
  Report report = frame();
  report.notes = {
      "probability_of_default was taken for the score: a number between 0 and 1 (override with columns.score).",
      "defaulted was taken for the label, with 1 as the positive class (override with columns.label).",
      "hour_of_day is compared as a cycle of 24 (override with columns.cyclic)."};
  report.columns = credit_features();
  add_drift(report);
  add_targets(report);
  add_performance(report);
  add_calibration(report);
  add_fairness(report);
  add_business_and_quality(report);
  add_explanation(report);
  add_windows(report);
  worst_first(report);
  return report;
}

/// Two features, a few findings, numbers that are not finite: small enough to read as a golden file.
inline Report small_report() {
  Report report = frame();
  report.notes = {"region is text, so it is compared by category."};
  report.columns = {numeric_column("income", {10.4, 0.55, -0.62, 1.1, true, 0.011, 0.012}, 4),
                    category_column("region", {{"north", .6, .59}, {"south", .4, .41}})};
  report.findings = {drift_finding(report.columns[0]), drift_finding(report.columns[1]),
                     change_finding(roc_auc, {"score", ""}, {0.7821, 0.7409, 0.0081, -0.02, -0.04}),
                     uncomputable(psi, {"bureau_score", ""}, "all values are missing")};
  Finding unbounded = change_finding(cost_per_row, {}, {0.612, 0.731, 0.018});
  unbounded.measurement.value.upper = std::numeric_limits<double>::infinity();
  unbounded.measurement.details = {{"variance", undefined}, {"threshold", 0.1}};
  unbounded.measurement.bracket = Estimate{0.119, 0.118, 0.12, undefined};
  report.findings.push_back(unbounded);
  report.explanation.columns = {{"income", {{"below 20,000", 0.11, 0.24, 1}}, "Incomes below 20,000 rose."}};
  report.labels = LabelCoverage{10, 2, "", false, {{"0d to 30d", 12, 10, false}}};
  report.windows = {{"2026-07-06T00:00:00Z", "2026-07-13T00:00:00Z", 3'170, {drift_finding(report.columns[1])}}};
  return report;
}

/// No findings at all: nothing was judged.
inline Report empty_report() { return frame(); }

/// Every finding not computable.
inline Report uncomputable_report() {
  Report report = frame();
  report.current.rows = 0;
  for (const char* name : {"income", "age", "region"}) {
    report.columns.push_back({name, "real", "feature", counts(reference_rows, 0), {}, {}, {}, {}, {}, {}});
    report.findings.push_back(uncomputable(psi, {name, ""}, "the current data have no rows"));
  }
  report.findings.push_back(uncomputable(roc_auc, {"score", ""}, "the label has one class only"));
  return report;
}

/// Everything within its leeway.
inline Report quiet_report() {
  Report report = frame();
  for (const char* name : {"income", "age", "debt_to_income"}) {
    report.columns.push_back(numeric_column(name, {10, 2, 0.02}));
    report.findings.push_back(drift_finding(report.columns.back()));
  }
  return report;
}

/// `columns` numeric features with `bins` bins and four findings each; every tenth one drifted.
inline Report wide_report(int columns, int bins) {
  Report report = frame();
  for (int i = 0; i < columns; ++i) {
    const double shift = i % 10 == 3 ? 0.4 + 0.001 * i : 0.02;
    report.columns.push_back(numeric_column(fmt::format("customer_feature_{:05}", i), {10, 2, shift}, bins));
    const std::string& name = report.columns.back().name;
    report.findings.push_back(drift_finding(report.columns.back()));
    report.findings.push_back(change_finding(missing_share, {name, ""}, {0, 0, 0.0001, 0.02}));
    report.findings.push_back(change_finding(out_of_range, {name, ""}, {0, 0.0001, 0.0001, 0.01}));
    Finding other;
    other.measurement = measured(ks, {name, ""}, around(0.031, 0.007, 0));
    report.findings.push_back(other);
  }
  worst_first(report);
  return report;
}

/// Names and texts with markup, control bytes, wide and right-to-left characters, quotes and 5,000 characters.
inline Report hostile_report() {
  Report report = frame();
  const std::vector<std::string> names = {
      "<script>alert(1)</script>", "\x1b[31mred\x1b[0m\x07", "a\"b'c&d", "所得（年収）の合計と平均", "line\nbreak\ttab",
      "\xff\xfe broken utf-8", "\xE2\x80\xAEreversed", "]]></style><img src=x onerror=alert(1)>", std::string(5'000, 'w'), "",
      "javascript:alert(1)"};
  for (const auto& name : names) {
    report.columns.push_back(category_column(name, {{name, .6, .2}, {"</td>" + name, .4, .8}}));
    report.findings.push_back(drift_finding(report.columns.back()));
    report.findings.push_back(change_finding(missing_share, {name, name}, {0, 0.3, 0.01, 0.02}));
    report.notes.push_back(name);
    report.explanation.columns.push_back({name, {{name, .6, .2, .5}}, name});
  }
  report.model = names[0];
  report.command = "leeway check '" + names[1] + "' \"" + names[0] + "\"";
  report.reference.label = names[7];
  report.current.label = names[6];
  report.current.from = names[0];
  report.current.to = names[1];
  report.generated_at = names[0];
  report.explanation.sentence = names[0] + names[1];
  SegmentSearch search;
  search.metric = names[0];
  search.segments = {{names[0], {names[0]}, 1, 1, .1, .1, .1, .2, .1, 9, 4, true}};
  search.note = names[7];
  report.explanation.segments = search;
  report.explanation.performance = Decomposition{
      names[0], false, {}, {}, {}, {}, {}, {{names[7], .1, .2, .3, .4, .5, .6}}, {{names[0], {}}}, names[7], names[1]};
  report.explanation.cases =
      CaseDecomposition{names[0], false, {}, {}, {}, {}, {}, {}, 1, 1, undefined, undefined, names[7], names[1]};
  report.windows = {{names[0], names[1], 5, {drift_finding(report.columns[0])}}};
  report.labels = LabelCoverage{1, 1, names[0], true, {{names[7], 2, 1, true}}};
  worst_first(report);
  return report;
}

}  // namespace leeway::sample
