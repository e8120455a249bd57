#pragma once
// The units in which effect sizes are expressed.

namespace leeway {

/// The unit in which a value is compared with the one PSI-equivalent leeway (docs/verdicts.md). `none`: the method has
/// no effect size (a bare test), or its leeway is set by name.
enum class Scale {
  none,
  psi,             ///< Σ(p-q) ln(p/q), nats
  ks,              ///< difference of distribution functions (also Kuiper, total variation)
  standard_units,  ///< W1 over the reference's robust standard deviation
  kl,              ///< nats
  js_distance,     ///< sqrt of the divergence in nats
  hellinger,
  separation_auc,  ///< P(current > reference), 1/2 for no change
  energy,          ///< sqrt(E² / scale)
  share,           ///< a difference of two shares of rows
  metric,          ///< a performance, fairness or business quantity: the leeway is set for it by name
};

}  // namespace leeway
