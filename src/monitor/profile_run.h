#pragma once
// A profile of data whose roles are settled: what `leeway profile` writes, and what stands in for rows that are
// compared with a profile without an exact part.

#include "columns/roles.h"
#include "monitor/side.h"

namespace leeway {

/// `path`: write it there, column by column, and open it; empty: in memory. `exact`: keep what makes later comparisons
/// exact (a reference). `reference`: use its bins. Errors: those of Profile::build; failed_precondition if `side` is a
/// profile already.
Result<Profile> build_profile(const Side& side, const Roles& roles, bool exact,
                              const Profile* reference, int threads, const std::string& path = {});

}  // namespace leeway
