#pragma once
// The change of a metric in words, made from numbers alone.

#include <string>

#include "explain/explanation.h"

namespace leeway::explain {

/// "Error rate rose from 8.1 % to 12.4 % (+4.3 points, 95 % interval 3.6 to 5.0). 3.9 of these points come from …, first
/// of all *employment = self-employed and months_on_book < 6* (10 % of rows, error rate 10 % → 25 %, +1.5 points). …"
/// Every number is a field of the arguments, rounded so that shares times changes give the points printed within the
/// last digit. `segments` may be null or belong to no significant segment: then none is named.
std::string performance_sentence(const Decomposition& split, const SegmentSearch* segments);

}  // namespace leeway::explain
