#pragma once
// How a column is compared: as a number, a category, free text, a time, or only counted.

#include "columns/roles.h"
#include "profiles/profile.h"

namespace leeway {

struct TreatmentChoice {
  Treatment treatment = Treatment::counted;
  bool cyclic = false;      ///< Numbers on a circle: hours, months, angles.
  bool numbers_as_text = false;  ///< Text such as "12.3 %" or "€1,200", compared by category all the same.
  bool like_an_id = false;  ///< Text of which nearly every row has its own value, so that it is only counted.
};

/// By what the user said (columns.numeric, .categorical, .cyclic, .text), else by role and type: groups and classes are
/// categories, numbers numeric, booleans and text categories, times only counted. Text of which most values are
/// distinct is free text if it has several words, else taken for an identifier and only counted. `column` is the
/// reference's. O(dictionary).
TreatmentChoice choose_treatment(const Column& column, Role role, const Roles& roles);

}  // namespace leeway
