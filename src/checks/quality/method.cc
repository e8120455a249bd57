#include "checks/quality/method.h"

#include "checks/input_policy.h"

namespace leeway::quality {

Measurement share_change(const MethodInfo& method, const Subject& subject, const InputCounts& reference,
                         const InputCounts& current, const ShareCount& reference_share, const ShareCount& current_share,
                         const QualityOptions& options) {
  return compare(method, subject, reference, current, Needs::rows, [&](Measurement& out) {
    if (reference_share.rows == 0 || current_share.rows == 0)
      out.not_computable = "one side has nothing to take a share of";
    else measure_share_difference(reference_share, current_share, options.p_values, out);
  });
}

Measurement exact_change(const MethodInfo& method, const Subject& subject, const InputCounts& reference,
                         const InputCounts& current, double reference_level, double current_level) {
  const auto exactly = [](double value) { return Estimate{.value = value, .lower = value, .upper = value, .se = 0}; };
  Measurement out;
  out.method = &method;
  out.subject = subject;
  out.reference_rows = reference;
  out.current_rows = current;
  out.reference = exactly(reference_level);
  out.current = exactly(current_level);
  out.value = exactly(current_level - reference_level);
  return out;
}

InputCounts all_rows(int64_t rows) { return {.rows = rows, .used = rows}; }

}  // namespace leeway::quality
