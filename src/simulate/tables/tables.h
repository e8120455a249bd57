#pragma once
// The registry's entries: one record a file.

#include "simulate/table_spec.h"

namespace leeway::simulate {

extern const TableSpec fraud_table;   ///< fraud.cc
extern const TableSpec credit_table;  ///< credit.cc
extern const TableSpec churn_table;   ///< churn.cc
extern const TableSpec demand_table;  ///< demand.cc
extern const TableSpec creditcard_table;  ///< creditcard.cc

}  // namespace leeway::simulate
