#pragma once
// What a drift method is: its record, what it can be asked about, and the function that measures.

#include "checks/input_policy.h"
#include "checks/measurement.h"

namespace leeway::drift {

class DriftInput;

/// How a column is compared. The values are bits of DriftMethod::accepts.
enum class Kind : unsigned {
  numeric = 1,
  category = 2,
  text = 4,  ///< free text: compared by what it is made of
};

struct DriftOptions {
  bool p_value = false;              ///< Also the p-value: some need a sort or a recursion.
  bool finite_sample_bounds =
      false; ///< KS and Kuiper: bounds that hold in every sample size, instead of the sharper ones.
};

struct DriftMethod {
  MethodInfo info;
  unsigned accepts;                  ///< Kinds it can be asked about, as bits.
  Needs needs;
  /// Fills in value, bounds, p-value, by_chance, bracket and details, or not_computable. `input` is of an accepted
  /// kind and has on both sides what `needs` says.
  void (*measure)(DriftInput& input, const DriftOptions& options, Measurement& out);

  bool takes(Kind kind) const { return (accepts & static_cast<unsigned>(kind)) != 0; }
};

inline constexpr unsigned numeric_only = static_cast<unsigned>(Kind::numeric);
inline constexpr unsigned category_only = static_cast<unsigned>(Kind::category);
inline constexpr unsigned text_only = static_cast<unsigned>(Kind::text);
inline constexpr unsigned binned = numeric_only | category_only;
inline constexpr unsigned every_kind = binned | text_only;

/// Error of each bound of a drift measurement.
inline constexpr double bound_error = 0.05;
inline constexpr double bound_confidence = 1 - bound_error;

}  // namespace leeway::drift
