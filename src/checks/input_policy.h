#pragma once
// What happens to missing, NaN, infinite, mistyped, unseen and too few values, decided once for every comparison.
//
//   Nothing is dropped in silence. Numeric distances use the finite values; null, NaN, ±infinity and values of another
//     type than the reference's are counted (InputCounts) and watched as shares of their own. Distances over bins or
//     categories give each of these a bin of its own, unseen categories another.
//   -0 equals +0. Integers are compared as integers, also beyond 2^53.
//   A later column of another type is read as the reference's type where that is possible (columns/conform.h): text
//     that is a number counts as one, what is not is a type error.
//   A side without a usable value, or without rows, makes a comparison not computable: not 0, and not drift. A constant
//     side is a law like any other; only what divides by its scale may not be computable.
//   A number that is not finite is never reported: a value becomes not computable, with the reason; a bound, an
//     expected value or a p-value is left out.
//   With few values the number is given all the same; that fewer than five decide nothing is the verdict's business.

#include <functional>

#include "checks/measurement.h"
#include "columns/column.h"
#include "summaries/row_counts.h"

namespace leeway {

/// `type_errors` of the nulls of `rows` are values of another type (Conformed::type_errors).
InputCounts input_counts(const RowCounts& rows, int64_t type_errors = 0);

/// What a comparison needs on both sides.
enum class Needs {
  rows,    ///< at least one row: shares of missing values, distances over bins
  values,  ///< at least one usable value
};

/// The reason why two such sides cannot be compared, or empty. Names the side: "the current data have no usable value:
/// of 200 rows 180 are missing and 20 not a number".
std::string why_not_comparable(const InputCounts& reference, const InputCounts& current, Needs needs);

/// The gate that every comparison of two columns passes: fills in what is known before anything is computed, refuses
/// sides that cannot be compared, calls `compute`, which fills in value, bounds, p-value and details (or
/// not_computable), and holds the outcome to the rule on finite numbers.
Measurement compare(const MethodInfo& method, const Subject& subject, const InputCounts& reference,
                    const InputCounts& current, Needs needs, const std::function<void(Measurement&)>& compute);

}  // namespace leeway
