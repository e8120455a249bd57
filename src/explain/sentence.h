#pragma once
// The change of a metric in words, made from numbers alone.

#include <cstdint>
#include <string>

#include "explain/explanation.h"

namespace leeway::explain {

/// "Error rate rose from 8.1 % to 12.4 % (+4.3 points, 95 % interval +3.6 to +5.0). Of this, +3.9 points (+3.2 to +4.6)
/// come from rows that turn out differently at the same score, first of all where employment = self-employed and
/// months_on_book < 6 (10 % of rows, error rate 10.0 % → 25.0 %: +1.5 points), and +0.4 points (+0.1 to +0.7) from
/// another mix of scores." Every number is a field of the arguments, all changes with the same decimals, so that the
/// parts give the whole, and shares times changes the points, to within one unit of the last digit. A change, a part or
/// a segment that may be chance is called so. `segments` may be null.
std::string performance_sentence(const Decomposition& split, const SegmentSearch* segments);

/// "By the features themselves, of +4.3 points (95 % interval +3.6 to +5.0): +3.9 points (+3.0 to +4.8) come from rows
/// that turn out differently though their features are the same, +0.3 points (+0.1 to +0.5) from another mix of
/// familiar cases, and +0.1 points (-0.1 to +0.3) from new kinds of cases, which may be chance." Largest part first.
std::string cases_sentence(const CaseDecomposition& split);

/// "Left out: 12 reference and 9,675 current rows without a known outcome or score"; empty if there are none.
std::string rows_left_out(int64_t reference, int64_t current);

/// "Mean score rose from 0.231 to 0.262 (+0.031, 95 % interval +0.027 to +0.035). By itself, the movement of income
/// explains +0.021 of it, that of age +0.004." Features whose interval contains 0 are not named.
std::string prediction_sentence(const PredictionShift& shift);

}  // namespace leeway::explain
