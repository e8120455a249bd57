#include "checks/drift/registry.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace leeway::drift {

// One line for each method, in the order of the documentation. The method itself is in the file of its name.
#define LEEWAY_DRIFT_METHODS(method)                                                                                   \
  method(ks) method(kuiper) method(cramer_von_mises) method(anderson_darling) method(mann_whitney) method(wasserstein) \
      method(energy) method(psi) method(kl) method(kl_reverse) method(jensen_shannon) method(hellinger)                \
          method(total_variation) method(l_infinity) method(chi_square) method(g_test) method(true_share)              \
              method(missing_share) method(unseen_share) method(mean_shift) method(relative_mean_shift)                \
                  method(text_vocabulary) method(text_length) method(text_characters)

#define LEEWAY_DECLARE(name) extern const DriftMethod name;
#define LEEWAY_POINTER(name) &name,
LEEWAY_DRIFT_METHODS(LEEWAY_DECLARE)

namespace {

constexpr const DriftMethod* all[] = {LEEWAY_DRIFT_METHODS(LEEWAY_POINTER)};

constexpr const DriftMethod* numeric_default[] = {&ks, &missing_share};
constexpr const DriftMethod* cyclic_default[] = {&kuiper, &missing_share};
constexpr const DriftMethod* category_default[] = {&psi, &missing_share, &unseen_share};
constexpr const DriftMethod* text_default[] = {&text_vocabulary, &text_length, &text_characters, &missing_share};

std::string_view name(Kind kind) {
  switch (kind) {
    case Kind::numeric:
      return "numbers";
    case Kind::category:
      return "categories";
    case Kind::text:
      return "free text";
  }
  return "";
}

}  // namespace

std::span<const DriftMethod* const> methods() { return all; }

const DriftMethod* find(std::string_view id) {
  const auto at = std::find_if(std::begin(all), std::end(all), [&](const DriftMethod* m) { return m->info.id == id; });
  return at == std::end(all) ? nullptr : *at;
}

std::span<const DriftMethod* const> default_methods(Kind kind, bool cyclic) {
  switch (kind) {
    case Kind::numeric:
      if (cyclic) return cyclic_default;
      return numeric_default;
    case Kind::category:
      return category_default;
    case Kind::text:
      return text_default;
  }
  return {};
}

const DriftMethod& headline_method(Kind kind, bool cyclic) { return *default_methods(kind, cyclic).front(); }

Measurement measure(const DriftMethod& method, DriftInput& input, const DriftOptions& options) {
  return compare(method.info, input.subject(), input.reference_rows(), input.current_rows(), method.needs,
                 [&](Measurement& out) {
                   out.confidence = bound_confidence;
                   if (method.takes(input.kind())) method.measure(input, options, out);
                   else
                     out.not_computable = fmt::format("{} is not defined for {}", method.info.id, name(input.kind()));
                 });
}

}  // namespace leeway::drift
