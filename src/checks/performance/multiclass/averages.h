#pragma once
// Precision, recall and F1 of several classes: each a quotient per class, averaged in three ways.

#include "checks/performance/multiclass_sample.h"

namespace leeway::performance::multiclass {

/// hits · correct / (predictions · predicted as the class + labels · rows of the class)
struct ClassQuotient {
  double hits, predictions, labels;
};
inline constexpr ClassQuotient precision_quotient{1, 1, 0};
inline constexpr ClassQuotient recall_quotient{1, 0, 1};
inline constexpr ClassQuotient f1_quotient{2, 1, 1};

/// The mean over the classes for which the quotient is defined; those left out are named in the note.
Level macro_average(const MulticlassSample& sample, const ClassQuotient& quotient);
/// The same weighted with the classes' rows.
Level weighted_average(const MulticlassSample& sample, const ClassQuotient& quotient);
/// Numerators and denominators added up first. As each row has one label and one predicted class, that is the accuracy
/// for all three quotients.
Level micro_average(const MulticlassSample& sample);
/// One level per class, with the slice "class = NAME".
Levels per_class(const MulticlassSample& sample, const ClassQuotient& quotient);

}  // namespace leeway::performance::multiclass
