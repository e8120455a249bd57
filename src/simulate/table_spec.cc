#include "simulate/table_spec.h"

#include "simulate/tables/tables.h"

namespace leeway::simulate {
namespace {

constexpr const TableSpec* registry[] = {&fraud_table, &credit_table, &churn_table, &demand_table, &creditcard_table};

}  // namespace

std::span<const TableSpec* const> tables() { return registry; }

const TableSpec* find_table(std::string_view name) {
  for (const auto* table : registry)
    if (table->name == name) return table;
  return nullptr;
}

}  // namespace leeway::simulate
