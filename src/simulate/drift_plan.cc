#include "simulate/drift_plan.h"

#include <algorithm>
#include <fmt/format.h>

#include "base/portable_math.h"
#include "base/text.h"

namespace leeway::simulate {
namespace {

constexpr DriftKindInfo kinds[] = {
    {DriftKind::factor, "factor", "by", 1e-6, 1e6, true, true, false,
     "the input is truly multiplied; the world answers as before"},
    {DriftKind::shift, "shift", "by", -1e9, 1e9, true, true, false,
     "the input truly moves by a constant; the world answers as before"},
    {DriftKind::category, "category", "share", 0, 1, true, true, false,
     "a share of the rows turns to the category `to`"},
    {DriftKind::unit, "unit", "by", 1e-6, 1e6, true, true, true,
     "the recorded value is multiplied; the outcome is not touched"},
    {DriftKind::missing, "missing", "by", 0, 1, true, true, false,
     "the value is not recorded in a further share of the rows"},
    {DriftKind::response, "concept", "by", -20, 20, false, false, true,
     "the outcome's log-odds (log mean) rise at the same inputs"},
    {DriftKind::label_noise, "label_noise", "by", 0, 1, false, false, true,
     "a share of the recorded outcomes is flipped"},
    {DriftKind::prior, "prior", "to", 0, 1, false, true, true,
     "the rate of positives changes, the inputs of each class stay"},
};

constexpr std::string_view shapes[] = {"abrupt", "gradual", "recurring", "seasonal"};

std::string predicate_text(const TableSpec& table, const Predicate& p) {
  const Feature& feature = table.features[p.feature];
  if (feature.kind == Kind::category)
    return fmt::format("{} = {}", feature.name, feature.categories[static_cast<size_t>(p.value)]);
  constexpr std::string_view signs[] = {"=", ">=", "<"};
  return fmt::format("{} {} {}", feature.name, signs[static_cast<size_t>(p.is)], exact_number(p.value));
}

bool holds(const Predicate& p, double value) {
  switch (p.is) {
    case Predicate::Is::equal: return value == p.value;
    case Predicate::Is::at_least: return value >= p.value;
    case Predicate::Is::below: return value < p.value;
  }
  return false;
}

}  // namespace

std::span<const DriftKindInfo> drift_kinds() { return kinds; }
const DriftKindInfo& info(DriftKind kind) { return kinds[static_cast<size_t>(kind)]; }
std::span<const std::string_view> shape_names() { return shapes; }
std::string_view name(Shape shape) { return shapes[static_cast<size_t>(shape)]; }

double Drift::strength(int64_t time) const {
  if (time < from || time >= until) return 0;
  const auto since = static_cast<double>(time - from);
  switch (shape) {
    case Shape::abrupt: return 1;
    case Shape::gradual: return std::min(1.0, since / static_cast<double>(over));
    case Shape::recurring: return static_cast<double>((time - from) % period) < duty * static_cast<double>(period);
    case Shape::seasonal: return (1 - portable::cos_turns(since / static_cast<double>(period))) / 2;
  }
  return 0;
}

std::string segment_text(const TableSpec& table, std::span<const Predicate> where) {
  std::string text;
  for (const auto& p : where) text += (text.empty() ? "" : " and ") + predicate_text(table, p);
  return text;
}

bool holds(std::span<const Predicate> where, const Row& truth) {
  return std::ranges::all_of(where, [&](const Predicate& p) { return holds(p, truth[p.feature]); });
}

}  // namespace leeway::simulate
