// Free text: the kinds of characters it is made of.

#include <algorithm>
#include <cmath>

#include "checks/drift/binned.h"

namespace leeway::drift {
namespace {

void measure_text_characters(DriftInput& input, const DriftOptions&, Measurement& out) {
  const auto& pair = *input.from<TextPair>();
  double distance = 0, noise = 0, largest = -1;
  int64_t n = 0, m = 0;
  for (size_t i = 0; i < TextSummary::classes; ++i) {
    const auto c = static_cast<TextSummary::Class>(i);
    const TextSummary::Share reference = pair.reference->class_share(c), current = pair.current->class_share(c);
    n = current.n;
    m = reference.n;
    if (n == 0 || m == 0) {
      out.not_computable = fmt::format("all {} texts are empty", m == 0 ? "reference" : "current");
      return;
    }
    const double change = std::fabs(current.mean - reference.mean);
    distance += change / 2;
    const auto variance = [](const TextSummary::Share& s) {
      return s.n > 1 ? s.variance / static_cast<double>(s.n) : 0;
    };
    noise += std::sqrt(variance(current) + variance(reference)) / 2;
    if (change > largest) out.note = fmt::format("most changed: {}", TextSummary::name(c));
    largest = std::max(largest, change);
  }
  const double reach = stats::bounded_difference_reach(n, m, bound_confidence);
  out.value = estimate(distance, {std::max(0.0, distance - noise - reach), std::min(1.0, distance + reach)});
}

}  // namespace

extern const DriftMethod text_characters;
constexpr DriftMethod text_characters{
    .info = {.id = "text_characters",
             .title = "Characters of a text",
             .family = Family::drift,
             .version = 1,
             .orientation = Orientation::higher_is_worse,
             .scale = Scale::ks,
             .unit = "",
             .measures =
                 "Total variation distance of the mean make-up of a text: the shares of its characters that are "
                 "lower case, upper case, digits, space, punctuation, control, and beyond ASCII.",
             .hypothesis = "",
             .guarantee =
                 "The upper bound holds with 95 % probability in every sample size, the lower with the noise's "
                 "estimated size; both are wide. Texts independent.",
             .misleads = "Every text counts the same, however short.",
             .cost = "O(bytes)",
             .source = "McDiarmid 1989, doi:10.1017/CBO9781107359949.008"},
    .accepts = text_only,
    .needs = Needs::values,
    .measure = measure_text_characters,
};

}  // namespace leeway::drift
