#include "models/xgboost_handles.h"

#include <fmt/format.h>
#include <vector>

#include "base/text.h"

namespace leeway::models::xgb {

Status checked(int returned) {
  if (returned == 0) return {};
  // "[19:48:00] ./src/x.cc:12: Check failed: a == b : reason\nStack trace: …": only the reason is for people.
  std::string_view text = XGBGetLastError();
  text = text.substr(0, text.find('\n'));
  if (const auto at = text.rfind(": "); at != std::string_view::npos) text.remove_prefix(at + 2);
  return fail(Code::internal, fmt::format("XGBoost refused: {}", printable(trim(text).substr(0, 200))));
}

std::string array_interface(std::span<const float> values, size_t rows, size_t columns) {
  return fmt::format(R"({{"data":[{},true],"shape":[{},{}],"typestr":"<f4","version":3}})",
                     reinterpret_cast<uintptr_t>(values.data()), rows, columns);
}

Result<Matrix> matrix(const stats::FeatureRows& rows, std::span<const double> target, std::span<const double> weights,
                      int threads) {
  DMatrixHandle handle = nullptr;
  const std::string values = array_interface(rows.values, rows.rows, rows.features);
  const std::string config = fmt::format(R"({{"missing":NaN,"nthread":{}}})", threads);
  LEEWAY_CHECK(checked(XGDMatrixCreateFromDense(values.c_str(), config.c_str(), &handle)));
  Matrix made(handle);
  const auto attach = [&](const char* field, std::span<const double> numbers) {
    const std::vector<float> floats(numbers.begin(), numbers.end());
    return checked(XGDMatrixSetFloatInfo(handle, field, floats.data(), floats.size()));
  };
  LEEWAY_CHECK(attach("label", target));
  if (!weights.empty()) LEEWAY_CHECK(attach("weight", weights));
  return made;
}

Result<Handle> booster(std::span<const DMatrixHandle> matrices) {
  BoosterHandle handle = nullptr;
  LEEWAY_CHECK(checked(XGBoosterCreate(matrices.data(), matrices.size(), &handle)));
  return Handle(handle);
}

Status set(const Handle& booster, const std::string& name, const std::string& value) {
  return checked(XGBoosterSetParam(booster.get(), name.c_str(), value.c_str()));
}

}  // namespace leeway::models::xgb
