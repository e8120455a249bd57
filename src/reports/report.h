#pragma once
// Everything one check found, before it is shown anywhere. Renderers read it and compute nothing.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "explain/explanation.h"
#include "findings/finding.h"

namespace leeway {

/// One side of the comparison.
struct ReportSide {
  std::string label;               ///< "reference.csv", "2026-W12"
  std::string fingerprint;
  bool is_profile = false;
  int64_t rows = 0;
  int64_t columns = 0;
  std::string from, to;            ///< RFC 3339, half open; empty without a time column
};

/// How one column looks on both sides; the bins are shared and cover all rows but the missing.
struct ReportColumn {
  std::string name;
  std::string type;                ///< name(Type)
  std::string role;                ///< "feature", "score", …
  InputCounts reference, current;
  struct Bin {
    std::string label;             ///< "12.5 to 14", "north", "other"
    double low = undefined, high = undefined;   ///< numeric bins only
    double reference_share = 0, current_share = 0;
  };
  std::vector<Bin> histogram;      ///< at most 32 bins
  std::optional<double> reference_mean, current_mean, reference_sd, current_sd;
};

/// How many outcomes are known, by the age of the row at the end of the data.
struct LabelCoverage {
  int64_t known = 0, unknown = 0;
  std::string matures_after;       ///< "90d"; empty if not stated
  bool provisional = false;        ///< Some rows are younger than that, so performance may still change.
  struct Age {
    std::string label;             ///< "30d to 60d"
    int64_t rows = 0, known = 0;
    bool mature = false;
  };
  std::vector<Age> ages;
  /// How soon one outcome becomes known, from rows old enough that all is seen.
  struct Maturity {
    std::string label;
    int64_t rows = 0;
    struct Known {
      std::string age;             ///< "23d"
      double share = 0;            ///< of the rows with this outcome known by then
    };
    std::vector<Known> known;      ///< ages ascending, the last is when outcomes count as final
  };
  std::vector<Maturity> maturity;  ///< commonest outcome first; empty without times of becoming known
};

/// How often the predicted event happened, by the height of the score: a reliability diagram.
struct ReportCalibration {
  struct Point {
    double mean_score = undefined;
    Estimate observed;             ///< Share of rows with the event; bounds are a 95 % interval.
    int64_t rows = 0;
  };
  std::vector<Point> reference, current;   ///< At most 20 a side, ascending scores; a side without labels is empty.
};

/// What thresholds other than the one in use would have decided, on the current rows with an outcome.
struct ReportThresholds {
  struct Point {
    double threshold = undefined;    ///< A score at or above it predicts the event.
    int64_t true_positives = 0, false_positives = 0, false_negatives = 0, true_negatives = 0;
    double precision = undefined, recall = undefined, f1 = undefined;   ///< NaN where undefined.
    double cost_per_row = undefined;                                    ///< NaN without costs.
  };
  Point chosen;
  Point best_f1;                     ///< Of the curve, and so a little flattered.
  std::optional<Point> cheapest;     ///< With costs.
  std::vector<Point> curve;          ///< At most 102, thresholds ascending at equal steps of rank.
};

/// The findings of one window of `--window`, in time order.
struct ReportWindow {
  std::string from, to;
  int64_t rows = 0;
  std::vector<Finding> findings;   ///< The judged ones of the headline methods, per column and metric.
};

struct Report {
  std::string command;             ///< The command that reproduces this report.
  std::string tool_version;        ///< Of Leeway, "0.1.0".
  std::string model, task;         ///< task: "binary", "multiclass", "regression", "none"
  std::string policy;              ///< "leeway" or the compatibility policy's name
  double drift_leeway = 0.10;      ///< PSI-equivalent
  ReportSide reference, current;
  std::vector<std::string> notes;  ///< What was inferred or mended, one sentence each with how to override it.
  std::vector<ReportColumn> columns;
  std::vector<Finding> findings;   ///< All of them, worst first.
  Explanation explanation;
  std::optional<LabelCoverage> labels;
  std::optional<ReportCalibration> calibration;
  std::optional<ReportThresholds> thresholds;   ///< binary models with scores and outcomes
  std::vector<ReportWindow> windows;
  std::string generated_at;        ///< Empty unless asked for: the same input gives the same bytes.

  /// Tallies of the judged findings; of those not computable only the ones that carry a leeway.
  struct Tally {
    int failed = 0, undecided = 0, stable = 0, not_computable = 0;
    int64_t most_rows_needed = 0;  ///< Current rows in all that would decide every undecided one that rows can decide.
  };
  Tally tally() const;
  /// 0 within leeway, 1 a gate failed, 3 undecided or not computable under a leeway the user set (or any, if strict).
  int exit_code(bool strict) const;
};

}  // namespace leeway
