// Free text: words that the reference does not know.

#include "checks/drift/binned.h"

namespace leeway::drift {
namespace {

/// The mean share of unknown words, over rows with words.
stats::MeanVariance unknown_words(const TextSummary& text) {
  const TextSummary::Share known = text.known_share();
  return {known.n, 1 - known.mean, known.variance};
}

Estimate level(const stats::MeanVariance& side) {
  Estimate out = estimate(side.mean(), stats::mean_interval(side, bound_confidence));
  out.se = side.se();
  return out;
}

/// The largest share of texts that differ at which none of `n` does with the bound's error.
double most_that_differ(double n) { return 1 - std::pow(1 - bound_confidence, 1 / n); }

void measure_text_vocabulary(DriftInput& input, const DriftOptions& options, Measurement& out) {
  const auto& pair = *input.from<TextPair>();
  const stats::MeanVariance reference = unknown_words(*pair.reference), current = unknown_words(*pair.current);
  if (reference.n() == 0 || current.n() == 0) {
    out.not_computable = fmt::format("no {} text has a word", reference.n() == 0 ? "reference" : "current");
    return;
  }
  out.reference = level(reference);
  out.current = level(current);
  const auto test = stats::welch(current, reference, bound_confidence);
  out.value = {.value = current.mean() - reference.mean()};
  if (!(test.se > 0)) {
    if (reference.mean() != current.mean()) {
      out.note = "no text differs from another in this, so no bounds can be estimated";
      return;
    }
    // All texts alike: each side's mean is known as the share of texts that could still differ (exact binomial bound).
    out.value.lower = -most_that_differ(reference.n());
    out.value.upper = most_that_differ(current.n());
    return;
  }
  out.value = estimate(out.value.value, test.interval);
  out.value.se = test.se;
  if (!options.p_value) return;
  out.p_value = test.p;
  out.log_p = test.log_p;
}

}  // namespace

extern const DriftMethod text_vocabulary;
constexpr DriftMethod text_vocabulary{
    .info = {.id = "text_vocabulary",
             .title = "Unknown words",
             .family = Family::drift,
             .version = 1,
             .orientation = Orientation::higher_is_worse,
             .scale = Scale::share,
             .unit = "share",
             .measures = "The change of the share of a text's words that are not in the reference's vocabulary (its "
                         "65,536 most frequent words), averaged over texts.",
             .hypothesis = "both sides have the same mean share of unknown words",
             .guarantee = "Welch's interval over texts: each bound is wrong with about 5 % probability in large "
                          "samples. Texts independent.",
             .misleads = "The reference knows its own words, rare ones too, so fresh texts of the same kind have "
                         "somewhat more unknown words; other topics in known words are not seen.",
             .cost = "O(bytes)",
             .source = "Welch 1947, doi:10.1093/biomet/34.1-2.28"},
    .accepts = text_only,
    .needs = Needs::values,
    .measure = measure_text_vocabulary,
};

}  // namespace leeway::drift
