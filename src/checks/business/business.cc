#include "checks/business/business.h"

#include <cmath>

namespace leeway::business {
namespace {

template <class Rows>
const InputCounts& counts_of(const Quantity<Rows>& quantity, const Rows& rows) {
  return quantity.of_labelled ? rows.labelled : rows.usable;
}

void scale(Estimate& estimate, double by) {
  estimate = {estimate.value * by, estimate.lower * by, estimate.upper * by, estimate.se * by};
}

}  // namespace

template <class Rows>
std::vector<Measurement> measure(const Quantity<Rows>& quantity, const Subject& subject,
                                 const std::type_identity_t<Rows>* reference, const Rows& current,
                                 const Options& options) {
  const bool compared = reference && counts_of(quantity, *reference).used > 0;
  const Levels from = compared ? quantity.levels(*reference, options) : Levels{};
  std::vector<Measurement> out =
      compare(quantity.info, subject, from, reference ? counts_of(quantity, *reference) : InputCounts{},
              quantity.levels(current, options), counts_of(quantity, current));
  for (Measurement& m : out)
    if (m.reference && m.current && m.reference->value != 0)
      m.details.push_back({"relative_change", m.value.value / std::fabs(m.reference->value)});
  return out;
}

template std::vector<Measurement> measure(const BinaryQuantity&, const Subject&, const performance::BinaryRows*,
                                          const performance::BinaryRows&, const Options&);
template std::vector<Measurement> measure(const MulticlassQuantity&, const Subject&,
                                          const performance::MulticlassRows*, const performance::MulticlassRows&,
                                          const Options&);
template std::vector<Measurement> measure(const RegressionQuantity&, const Subject&,
                                          const performance::RegressionRows*, const performance::RegressionRows&,
                                          const Options&);

Measurement total_cost(const Measurement& per_row) {
  Measurement total = per_row;
  total.method = &cost_total;
  const auto rows = static_cast<double>(per_row.current_rows.used);
  scale(total.value, rows);
  if (total.reference) scale(*total.reference, rows);
  if (total.current) scale(*total.current, rows);
  total.details = {{"rows", rows}};
  return total;
}

std::vector<Measurement> measure_binary(const Subject& subject, const performance::BinaryRows* reference,
                                        const performance::BinaryRows& current, const Options& options) {
  std::vector<Measurement> out;
  for (const BinaryQuantity* quantity : binary_quantities()) {
    if (quantity == &cost_per_row && options.cost.empty()) continue;
    for (Measurement& m : measure(*quantity, subject, reference, current, options)) out.push_back(std::move(m));
  }
  if (!options.cost.empty()) out.push_back(total_cost(out.back()));
  return out;
}

}  // namespace leeway::business
