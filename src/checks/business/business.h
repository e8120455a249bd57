#pragma once
// What a model does to the business: how many it selects, how high it scores, what its decisions cost. Each quantity is
// a level on both sides and their change.

#include <span>
#include <type_traits>
#include <vector>

#include "checks/business/cost_matrix.h"
#include "checks/level.h"
#include "checks/performance/outcome_rows.h"

namespace leeway::business {

struct Options {
  double threshold = 0.5;   ///< Decides where no predicted class is given.
  CostMatrix cost;          ///< Empty: costs are not computed.
};

/// One quantity of one kind of rows. A quantity is a constexpr record in a file of its own and a line in registry.cc.
template <class Rows>
struct Quantity {
  MethodInfo info;
  bool of_labelled;   ///< Only rows with a known label enter: their counts are reported.
  Levels (*levels)(const Rows& rows, const Options& options);
};

using BinaryQuantity = Quantity<performance::BinaryRows>;
using MulticlassQuantity = Quantity<performance::MulticlassRows>;
using RegressionQuantity = Quantity<performance::RegressionRows>;

extern const BinaryQuantity positive_rate;
extern const BinaryQuantity mean_score;
extern const BinaryQuantity cost_per_row;
extern const MulticlassQuantity predicted_share;
extern const RegressionQuantity mean_prediction;
/// Made from cost_per_row, not a quantity of its own; see total_cost().
extern const MethodInfo cost_total;

std::span<const BinaryQuantity* const> binary_quantities();
std::span<const MulticlassQuantity* const> multiclass_quantities();
std::span<const RegressionQuantity* const> regression_quantities();
std::vector<const MethodInfo*> methods();

/// `reference` may be null: then the current level stands alone. Mean quantities carry the change relative to the
/// reference's level as detail "relative_change".
template <class Rows>
std::vector<Measurement> measure(const Quantity<Rows>& quantity, const Subject& subject,
                                 const std::type_identity_t<Rows>* reference, const Rows& current,
                                 const Options& options);

/// A cost per row scaled to the number of current rows it was measured on: what these rows cost, what they would have
/// cost at the reference's rate, and the difference.
Measurement total_cost(const Measurement& per_row);

/// Everything for a binary task: the quantities above and, with costs, the total.
std::vector<Measurement> measure_binary(const Subject& subject, const performance::BinaryRows* reference,
                                        const performance::BinaryRows& current, const Options& options);

}  // namespace leeway::business
