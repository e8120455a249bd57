// Drift plans: any text either is a plan that a table can be made by, or an error with a sentence.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "simulate/calendar.h"
#include "simulate/generators.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace leeway::simulate;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const auto* table : tables()) {
    TableRequest request;
    request.table = table;
    request.rows = 3;
    request.start = 20'000 * day;
    request.span = 10 * day;
    request.threads = 1;
    auto plan = read_drift_plan(text, "plan.yaml", *table, {request.start, request.start + request.span, {}});
    if (!plan) {
      if (plan.error().message.empty()) std::abort();
      continue;
    }
    request.plan = *std::move(plan);
    const auto made = make_table(request);
    if (!made || causes_json(request, *made).empty()) std::abort();
  }
  return 0;
}
