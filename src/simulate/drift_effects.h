#pragma once
// Applies a drift plan to one row at a time, and counts what it did.

#include <cstdint>
#include <string>
#include <vector>

#include "base/random.h"
#include "simulate/drift_plan.h"
#include "simulate/table_spec.h"

namespace leeway::simulate {

/// `value` as the column holds it: rounded, and within its natural bounds.
double natural(const Feature& feature, double value);

/// The sums behind one drift's truth. `before` and `after` are sums over their rows of the quantity that it moves.
struct DriftTally {
  int64_t in_range = 0;
  int64_t affected = 0;
  int64_t before_rows = 0, after_rows = 0;
  double before = 0, after = 0;

  void add(const DriftTally& other);
};

/// Calls, for each attempt at a row, in this order: begin, move_inputs, move_response, accept; and, if it is accepted,
/// flip_label, move_record, commit. `const` calls are safe from several threads, each with a workspace of its own.
class DriftEffects {
 public:
  struct Touch {
    double strength = 0;    ///< By time; 0 out of the drift's range or segment.
    double coin = 0;        ///< Uniform.
    bool affected = false;
    bool compared = false;  ///< before and after hold the quantity for this row.
    double before = 0, after = 0;
  };
  struct Workspace {
    std::vector<Touch> touches;       ///< Of the row at hand, by drift.
    std::vector<DriftTally> tallies;  ///< By drift.
  };

  /// Both outlive this.
  DriftEffects(const TableSpec& table, const DriftPlan& plan);

  /// The categories of a feature: the table's, then those that the plan brings.
  const std::vector<std::string>& categories(size_t feature) const { return categories_[feature]; }
  Workspace workspace() const { return {{}, std::vector<DriftTally>(plan_.size())}; }

  void begin(int64_t time, Random random, Workspace& work) const;
  void move_inputs(Row& truth, Workspace& work) const;
  /// The response after concept drift.
  double move_response(double response, const Row& truth, Workspace& work) const;
  /// Whether a row with this outcome stays, under prior shifts; else it is drawn anew.
  bool accept(double probability, bool positive, double coin, Workspace& work) const;
  double flip_label(double label, const Row& truth, Workspace& work) const;
  void move_record(Row& recorded, const Row& truth, Workspace& work) const;
  /// The row is in the table, with this true outcome.
  void commit(double outcome, Workspace& work) const;

 private:
  enum class Stage : uint8_t { inputs, response, prior, label, record };
  struct Effect {
    Stage stage;
    double category = 0;      ///< The index that rows turn to.
    double odds_factor = 1;   ///< Of a prior shift at full strength.
  };

  Effect effect_of(const Drift& drift);
  double mean_of(double response) const;
  template <class Apply>
  void each(Stage stage, const Row& truth, Workspace& work, Apply apply) const;

  const TableSpec& table_;
  const DriftPlan& plan_;
  std::vector<std::vector<std::string>> categories_;
  std::vector<Effect> effects_;
};

}  // namespace leeway::simulate
