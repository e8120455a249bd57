#pragma once
// Door of the drift checks: the methods by name, the defaults, and the one way to run them.
//
//   ScanScratch scratch;
//   auto input = drift::DriftInput::rows(reference_column, type, current_column, scratch);
//   for (const auto* method : drift::default_methods(input.kind(), cyclic))
//     measurements.push_back(drift::measure(*method, input));

#include <span>
#include <string_view>

#include "checks/drift/drift_input.h"
#include "checks/drift/method.h"

namespace leeway::drift {

/// All methods, in the order of the documentation.
std::span<const DriftMethod* const> methods();
/// By MethodInfo::id; null if there is none.
const DriftMethod* find(std::string_view id);

/// The one method whose verdict stands for the column: ks for numbers (kuiper if they run round a circle: hours,
/// months, angles), psi for categories and booleans, text_vocabulary for free text.
const DriftMethod& headline_method(Kind kind, bool cyclic = false);
/// What a report measures unless told otherwise: the headline method and the share of missing values; for free text
/// also its lengths and characters, for categories the unseen ones.
std::span<const DriftMethod* const> default_methods(Kind kind, bool cyclic = false);

/// Runs a method under the input policy. A method that does not take this kind of column is not computable. Never
/// fails.
Measurement measure(const DriftMethod& method, DriftInput& input, const DriftOptions& options = {});

}  // namespace leeway::drift
