#pragma once
// XGBoost's C interface with its handles owned and its errors as values. Included by booster.cc alone.

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <xgboost/c_api.h>

#include "base/result.h"
#include "stats/learner.h"

namespace leeway::models::xgb {

/// The Error of a call that returned other than 0: what failed in a few words, without the library's stack trace.
Status checked(int returned);

struct MatrixFree {
  void operator()(void* handle) const { XGDMatrixFree(handle); }
};
struct BoosterFree {
  void operator()(void* handle) const { XGBoosterFree(handle); }
};
using Matrix = std::unique_ptr<void, MatrixFree>;
using Handle = std::unique_ptr<void, BoosterFree>;

/// The library's array interface (numpy's) for floats of the caller.
std::string array_interface(std::span<const float> values, size_t rows, size_t columns);

Result<Matrix> matrix(const stats::FeatureRows& rows, std::span<const double> target, std::span<const double> weights,
                      int threads);
Result<Handle> booster(std::span<const DMatrixHandle> matrices);
Status set(const Handle& booster, const std::string& name, const std::string& value);

}  // namespace leeway::models::xgb
