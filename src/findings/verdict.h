#pragma once
// The one rule by which a measurement becomes a verdict. Nothing else in the product decides.
//
//     not computed ................................ not_computable
//     no leeway ................................... measured
//     fewer than 5 usable rows on a side .......... undecided
//     surely beyond the leeway .................... drifted, degraded or unfair (by family); severity by the same bound
//     surely within the leeway .................... stable
//     otherwise ................................... undecided, with the rows still needed
//
// "Surely" means by the bound of Measurement::confidence on that side: each error has probability at most 1-confidence
// (Munk & Czado 1998, doi:10.1111/1467-9868.00121; Wellek 2010, ISBN 978-1439808184). Pure functions, thread safe, O(1).

#include <optional>

#include "findings/finding.h"

namespace leeway {

/// Judges `measurement` against `leeway`. From profiles the bracket is added first: the lower bound is taken at its
/// low end, the upper at its high end.
Finding judge(Measurement measurement, std::optional<Leeway> leeway);

/// The rows of the current side needed in all for a decision, if the value stays where it is: n' (w/|v-L|)² with w the
/// half-width on the side of the leeway, turned into n by 1/n = 1/n' - 1/m. Empty with `undecidable` set when no
/// number of rows decides.
struct RowsNeeded {
  std::optional<int64_t> rows;
  std::string undecidable;
};
RowsNeeded rows_needed(const Measurement& measurement, const Leeway& leeway);

}  // namespace leeway
