#pragma once
// From what a window's evidence and findings say to the alerts of a model.

#include <string>
#include <vector>

#include "monitor/evidence_run.h"
#include "reports/report.h"
#include "store/records.h"

namespace leeway {

/// The incidents that changed, with the documents people are shown. `current` are the model's unresolved ones. Under the
/// product's own rule a series alarms by its evidence; under a compatibility policy by the window's failed headline
/// finding. An open alert is calm in a window whose finding is `stable`.
std::vector<store::IncidentRecord> advance_incidents(const std::string& model, const store::WindowKey& window,
                                                     const std::vector<SeriesLook>& looks, const Report& report,
                                                     const std::vector<store::IncidentRecord>& current);

}  // namespace leeway
