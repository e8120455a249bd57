#pragma once
// Open Inference Protocol v2: tensors in JSON → columns.

#include <expected>
#include <span>
#include <string>
#include <vector>

#include "columns/column.h"
#include "server/json.h"
#include "server/problem.h"

namespace leeway::server {

/// Reads "inputs": either one tensor a column, of shape [n] or [n,1], or one number tensor of shape [n,d] that has the
/// columns of `declared` in their order. Data may be nested or flat, row-major. Problems, all 400, name the input: a
/// datatype that is not known or has no JSON form (FP16, BF16), data that do not match the shape or the datatype,
/// tensors of different lengths, names given twice.
std::expected<std::vector<Column>, Problem> columns_of_tensors(JsonArray inputs, std::span<const std::string> declared);

/// Type → "FP64", "INT64", "BOOL", "BYTES".
std::string_view datatype_of(Type type);

}  // namespace leeway::server
