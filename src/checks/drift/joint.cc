#include "checks/drift/joint.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"

namespace leeway::drift {

// One line for each method, in the order of the documentation.
extern const JointMethod second_moments;
extern const JointMethod random_fourier_mmd;

namespace {

constexpr const JointMethod* all[] = {&second_moments, &random_fourier_mmd};

InputCounts counts(const JointSummary& side) {
  const int64_t rows = side.moments.columns() > 0 ? side.moments.rows() : side.table_rows;
  return {.rows = rows, .used = rows};
}

void note_sample(const JointSummary& side, std::string_view name, std::string& note) {
  if (side.table_rows > side.moments.rows())
    note += fmt::format("{}from {} of {} {} rows", note.empty() ? "" : "; ", grouped(side.moments.rows()),
                        grouped(side.table_rows), name);
}

}  // namespace

std::span<const JointMethod* const> joint_methods() { return all; }

const JointMethod* find_joint(std::string_view id) {
  const auto at = std::find_if(std::begin(all), std::end(all), [&](const JointMethod* m) { return m->info.id == id; });
  return at == std::end(all) ? nullptr : *at;
}

Measurement measure(const JointMethod& method, const JointSummary& reference, const JointSummary& current,
                    bool p_value) {
  return compare(method.info, {}, counts(reference), counts(current), Needs::rows, [&](Measurement& out) {
    out.confidence = bound_confidence;
    if (reference.moments.columns() < 2) {
      out.not_computable = "fewer than two numeric columns vary in the reference";
      return;
    }
    if (!reference.has_spread()) {
      out.not_computable = "the reference is a profile of windows, which hold no spread to measure a movement by";
      return;
    }
    method.measure(reference, current, p_value, out);
    note_sample(reference, "reference", out.note);
    note_sample(current, "current", out.note);
  });
}

}  // namespace leeway::drift
