#pragma once
// One report holds many findings; some would cross their leeway by chance. Benjamini-Hochberg on relevance p-values
// keeps the expected share of false ones among the drifted at 5 % (doi:10.1111/j.2517-6161.1995.tb02031.x).

#include <vector>

#include "findings/finding.h"

namespace leeway {

enum class Correction { benjamini_hochberg, benjamini_yekutieli, none };

/// The relevance p-value: the level at which the lower bound would just equal the leeway, i.e. the p-value of
/// H0: movement <= leeway. Empty for findings that are not judged or have no bound.
std::optional<double> relevance_p(const Finding& finding);

/// Fills q_value within each family and turns a failed verdict whose q-value exceeds 5 % into `undecided`.
/// Cost O(k log k).
void correct_for_multiplicity(std::vector<Finding>& findings, Correction correction);

}  // namespace leeway
