#pragma once
// The report as one JSON document, described by api/report.schema.json.

#include <string>

#include "reports/report.h"

namespace leeway {

/// `"schema": "leeway.check/1"`, keys in snake_case and always in the same order, doubles that read back exactly. A
/// number that does not exist is null; an estimate or a detail that is null because of NaN or an infinity
/// carries "reason". Ends with a line feed. `indent` spaces a level, 0 for one line. Same report, same bytes.
/// Cost: O(size of the report).
std::string report_json(const Report& report, int indent = 2);

}  // namespace leeway
