#pragma once
// Rows and outcomes in and out of their tables; each call inside the caller's transaction.

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/records.h"
#include "store/row_catalog.h"
#include "store/session.h"

namespace leeway::store {

inline constexpr int64_t touched_stretch = 300'000'000'000;   ///< 5 minutes

/// Where, by model number, rows or outcomes arrived: beginnings of stretches.
using TouchedStretches = std::map<int64_t, std::set<int64_t>>;

/// Adds the rows whose ids are new.
Status add_rows(Session& session, const Dialect& dialect, const RowBlock& block, int64_t now, Applied& applied,
                TouchedStretches& touched);
/// Adds or replaces outcomes.
Status add_outcomes(Session& session, const Dialect& dialect, const OutcomeBlock& block, int64_t now, Applied& applied,
                    TouchedStretches& touched);
/// Errors: not_found for a column.
Result<RowSet> read_rows(Session& session, const Dialect& dialect, const RowCatalog& catalog, const RowQuery& query);
Result<std::vector<VolumeRecord>> read_volume(Session& session, const RowCatalog& catalog, int64_t from, int64_t to);
Result<Expired> expire_rows(Session& session, const Dialect& dialect, const RowCatalog& catalog,
                            const ExpireRequest& request);

}  // namespace leeway::store
