#pragma once
// Every method of every kind, for help, documentation and the checking of names in configurations.

#include <vector>

#include "checks/method_info.h"

namespace leeway {

/// In the order of the documentation: drift, multivariate, quality, performance, estimate, fairness, business.
const std::vector<const MethodInfo*>& catalogue();
/// Null if there is none of that id.
const MethodInfo* find_method(std::string_view id);

}  // namespace leeway
