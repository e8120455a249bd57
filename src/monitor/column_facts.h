#pragma once
// What the guessing of roles may look at, counted from a column's rows.

#include "columns/column.h"
#include "columns/roles.h"

namespace leeway {

/// O(n).
ColumnFacts facts_of(const Column& column);

}  // namespace leeway
