#pragma once
// Precision, recall and F1 of several classes: each a quotient per class, averaged in three ways.

#include <string_view>

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

enum class Average { macro, micro, weighted, by_class };

template <ClassQuotient Q, Average A>
Levels quotient_levels(const MulticlassSample& sample, const MulticlassOptions&, const MulticlassSample*) {
  if constexpr (A == Average::macro) return {macro_average(sample, Q)};
  if constexpr (A == Average::micro) return {micro_average(sample)};
  if constexpr (A == Average::weighted) return {weighted_average(sample, Q)};
  if constexpr (A == Average::by_class) return per_class(sample, Q);
}

/// What is said of one quotient under one average; the rest of the record follows from the two.
struct QuotientTexts {
  std::string_view id, title, measures;
  std::string_view misleads = {};   ///< By class only.
};

/// The record of a quotient's average. Averages of proportions are no proportions, and neither is F1 (Q.hits = 2).
template <ClassQuotient Q, Average A>
constexpr MulticlassMetric quotient_metric(const QuotientTexts& texts) {
  constexpr bool proportion = A == Average::micro || (A == Average::by_class && Q.hits == 1);
  constexpr std::string_view misleads[] = {
      "A class with few rows weighs as much as a large one and brings its noise along", "Ruled by the large classes",
      "Moves when the class shares move"};
  return {.info = {.id = texts.id,
                   .title = texts.title,
                   .family = Family::performance,
                   .version = 1,
                   .orientation = Orientation::lower_is_worse,
                   .scale = Scale::metric,
                   .unit = Q.hits == 1 ? "share" : "",
                   .measures = texts.measures,
                   .hypothesis = no_change,
                   .guarantee = proportion              ? proportion_bounds
                                : A == Average::by_class ? "As the F1 score of a binary task, class by class"
                                                         : "Delta method for multinomial counts on the logit scale; "
                                                           "Wilson's interval at 0 and 1; rows must be independent",
                   .misleads = A == Average::by_class ? texts.misleads : misleads[static_cast<size_t>(A)],
                   .cost = A == Average::micro ? "O(n)" : "O(n + classes²)",
                   .source = proportion ? proportion_bounds_source
                                        : "van Rijsbergen 1979, Information Retrieval, chapter 7"},
          .needs = 0,
          .levels = quotient_levels<Q, A>};
}

}  // namespace leeway::performance::multiclass
