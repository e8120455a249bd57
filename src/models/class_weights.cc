#include "models/class_weights.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/text.h"

namespace leeway::models {
namespace {

constexpr std::pair<std::string_view, ClassWeighting::Kind> kinds[] = {
    {"none", ClassWeighting::Kind::none},
    {"balanced", ClassWeighting::Kind::balanced},
    {"balanced-subsample", ClassWeighting::Kind::balanced_subsample}};

std::vector<double> balanced(std::span<const uint32_t> classes_of_rows, size_t classes) {
  std::vector<double> counts(classes, 0);
  for (const uint32_t c : classes_of_rows) ++counts[c];
  const auto present = static_cast<double>(std::count_if(counts.begin(), counts.end(), [](double n) { return n > 0; }));
  std::vector<double> out(classes, 0);
  for (size_t c = 0; c < classes; ++c)
    if (counts[c] > 0) out[c] = static_cast<double>(classes_of_rows.size()) / (present * counts[c]);
  return out;
}

}   // namespace

Result<ClassWeighting> parse_class_weighting(std::string_view text) {
  for (const auto& [name, kind] : kinds)
    if (text == name) return ClassWeighting{kind, {}};
  ClassWeighting out{ClassWeighting::Kind::given, {}};
  for (const auto part : split(text, ',')) {
    const size_t equals = part.rfind('=');
    const auto weight = equals == std::string_view::npos ? std::nullopt : parse_double(part.substr(equals + 1));
    if (!weight || !std::isfinite(*weight) || *weight <= 0)
      return fail(Code::invalid_argument, fmt::format("'{}' is not a class with its weight", printable(part)),
                  "Write none, balanced, balanced-subsample, or weights such as 1=10,0=1.");
    out.given.emplace_back(trim(part.substr(0, equals)), *weight);
  }
  return out;
}

std::string text_of(const ClassWeighting& weighting) {
  for (const auto& [name, kind] : kinds)
    if (weighting.kind == kind) return std::string(name);
  std::string out;
  for (const auto& [name, weight] : weighting.given)
    out += fmt::format("{}{}={}", out.empty() ? "" : ",", name, exact_number(weight));
  return out;
}

Result<std::vector<double>> class_weights(const ClassWeighting& weighting, std::span<const uint32_t> classes_of_rows,
                                          std::span<const std::string> class_names) {
  if (weighting.kind == ClassWeighting::Kind::balanced) return balanced(classes_of_rows, class_names.size());
  std::vector<double> out(class_names.size(), 1);
  for (const auto& [name, weight] : weighting.given) {
    const auto at = std::find(class_names.begin(), class_names.end(), name);
    if (at == class_names.end())
      return fail(Code::invalid_argument,
                  fmt::format("a class weight is given for '{}', which is no class", printable(name)),
                  fmt::format("Classes are {}.", printable(join_words(class_names))));
    out[static_cast<size_t>(at - class_names.begin())] = weight;
  }
  return out;
}

}   // namespace leeway::models
