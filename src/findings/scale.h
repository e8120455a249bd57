#pragma once
// The one PSI-equivalent scale: a leeway given as a PSI, in the unit of each method, and back (docs/verdicts.md).

#include <optional>

#include "findings/finding.h"

namespace leeway {

/// The largest movement allowed on the measurement's own scale when the leeway is `psi`; empty where the method has no
/// such scale. For a share the limit depends on the reference's level: the two-cell PSI of the share alone equals `psi`,
/// with the reference share smoothed to (k + 1/2)/(m + 1) so that a share of zero allows something.
std::optional<double> limit_from_psi(const Measurement& measurement, double psi);

/// The measured value and its bounds on the PSI-equivalent scale; empty where there is none or nothing was computed.
std::optional<Estimate> psi_equivalent(const Measurement& measurement);

/// The movement that these sample sizes would have shown to exceed the leeway with 80 % probability; empty where no
/// bound exists. Shown beside every `stable`.
std::optional<double> smallest_detectable(const Measurement& measurement, const Leeway& leeway);

}  // namespace leeway
