#include "checks/input_policy.h"

#include <cmath>

#include <fmt/format.h>

#include "base/text.h"

namespace leeway {
namespace {

/// "of 200 rows 180 are missing and 20 not a number"
std::string where_rows_went(const InputCounts& counts) {
  struct Part {
    int64_t rows;
    std::string_view what;
  };
  const Part parts[] = {{counts.missing, "missing"},
                        {counts.nan, "not a number"},
                        {counts.plus_infinity + counts.minus_infinity, "infinite"},
                        {counts.type_errors, "of another type"}};
  std::vector<std::string> words;
  for (const auto& [rows, what] : parts)
    if (rows > 0)
      words.push_back(fmt::format("{}{} {}", grouped(rows), words.empty() ? (rows == 1 ? " is" : " are") : "", what));
  return fmt::format("of {} row{} {}", grouped(counts.rows), counts.rows == 1 ? "" : "s", join_words(words));
}

std::string why_not_usable(std::string_view side, const InputCounts& counts, Needs needs) {
  if (counts.rows == 0) return fmt::format("{} no rows", side);
  if (needs == Needs::values && counts.used == 0)
    return fmt::format("{} no usable value: {}", side, where_rows_went(counts));
  return {};
}

/// Leaves out what overflowed on the way.
void keep_finite(std::optional<double>& number) {
  if (number && !std::isfinite(*number)) number.reset();
}
void keep_finite(Estimate& e) {
  for (double* number : {&e.lower, &e.upper, &e.se})
    if (!std::isfinite(*number)) *number = undefined;
}
void keep_finite(Measurement& m) {
  if (!std::isfinite(m.value.value)) m.not_computable = "the result is beyond the range of double-precision numbers";
  keep_finite(m.value);
  if (m.reference) keep_finite(*m.reference);
  if (m.current) keep_finite(*m.current);
  keep_finite(m.by_chance);
  if (m.p_value && std::isnan(*m.p_value)) m.p_value.reset();
  if (!m.p_value) m.log_p.reset();
}

}  // namespace

InputCounts input_counts(const RowCounts& rows, int64_t type_errors) {
  return {.rows = rows.rows,
          .used = rows.used(),
          .missing = rows.missing - type_errors,
          .nan = rows.nan,
          .plus_infinity = rows.plus_infinity,
          .minus_infinity = rows.minus_infinity,
          .type_errors = rows.type_errors + type_errors};
}

std::string why_not_comparable(const InputCounts& reference, const InputCounts& current, Needs needs) {
  std::string reason = why_not_usable("the reference has", reference, needs);
  return reason.empty() ? why_not_usable("the current data have", current, needs) : reason;
}

Measurement compare(const MethodInfo& method, const Subject& subject, const InputCounts& reference,
                    const InputCounts& current, Needs needs, const std::function<void(Measurement&)>& compute) {
  Measurement out;
  out.method = &method;
  out.subject = subject;
  out.reference_rows = reference;
  out.current_rows = current;
  out.not_computable = why_not_comparable(reference, current, needs);
  if (!out.computed()) return out;
  compute(out);
  if (out.computed()) keep_finite(out);
  if (!out.computed()) out.value = {};
  return out;
}

}  // namespace leeway
