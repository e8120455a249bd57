#pragma once
// The tables, and how they came to be.

#include "base/result.h"
#include "store/session.h"

namespace leeway::store {

/// Makes the tables, or brings those of an earlier release to this one's, in one transaction. Errors:
/// failed_precondition for tables of a later release.
Status migrate(Driver& driver);

}  // namespace leeway::store
