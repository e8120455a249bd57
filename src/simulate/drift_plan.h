#pragma once
// What moves, from when, how and by how much: the injected causes, before any row is drawn.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "simulate/table_spec.h"

namespace leeway::simulate {

/// What a drift does. Inputs that truly move change what the world answers, by the table's unchanged laws; what only
/// moves in the record does not.
enum class DriftKind : uint8_t {
  factor,       ///< An input is truly multiplied (covariate only).
  shift,        ///< An input is truly moved by a constant (covariate only).
  category,     ///< A share of the rows turns to one category: truly if the table knows it, else in the record only.
  unit,         ///< The recorded value is multiplied; the world and the outcome stay.
  missing,      ///< The recorded value is lost in a share of the rows, at random.
  response,     ///< "concept": the log-odds of the outcome (regression: the log of its mean) rise, inputs stay.
  label_noise,  ///< A share of the recorded outcomes is flipped.
  prior,        ///< The odds of the outcome change, the inputs of each class stay.
};

/// How a kind appears in a plan, and what it moves.
struct DriftKindInfo {
  DriftKind kind;
  std::string_view name;    ///< "concept"
  std::string_view size;    ///< The key that states its size: "by", "to" (a rate) or "share".
  double least, most;       ///< Bounds of the size.
  bool needs_column;
  bool moves_inputs;        ///< The law of the recorded inputs.
  bool moves_response;      ///< The law of the outcome given the recorded inputs.
  std::string_view meaning;
};
std::span<const DriftKindInfo> drift_kinds();
const DriftKindInfo& info(DriftKind kind);

enum class Shape : uint8_t {
  abrupt,     ///< Whole from `from` on.
  gradual,    ///< Grows in proportion to time over `over`, then stays.
  recurring,  ///< Whole in the first `duty` of each `period`, absent in the rest.
  seasonal,   ///< A wave (1 - cos) / 2 of `period`, absent at `from`.
};
std::span<const std::string_view> shape_names();  ///< In the order of Shape.
std::string_view name(Shape shape);

/// A condition on one feature, as its true value.
struct Predicate {
  size_t feature = 0;
  enum class Is : uint8_t { equal, at_least, below } is = Is::equal;
  double value = 0;   ///< For a category its index.
};

struct Drift {
  std::string name;
  DriftKind kind = DriftKind::factor;
  size_t feature = 0;           ///< Where the kind needs a column.
  double size = 0;              ///< factor, unit: the multiplier; shift, concept: what is added; the rest: a share.
  std::string category;         ///< category: the one the rows turn to.
  double share = 1;             ///< Of the rows that the drift may touch.
  std::vector<Predicate> where; ///< All must hold; empty for all rows.
  Shape shape = Shape::abrupt;
  int64_t from = 0, until = 0;  ///< Nanoseconds since 1970; `until` is where it ends (the table's end if not said).
  int64_t over = 0, period = 0; ///< Nanoseconds.
  double duty = 0.5;

  /// Strength at a time: 0 outside [from, until), else in [0, 1] by the shape.
  double strength(int64_t time) const;
};

/// Prior shifts change the odds by at most this factor either way, all together.
inline constexpr double most_odds_change = 1000;

using DriftPlan = std::vector<Drift>;

/// "employment = self-employed and months_employed < 24"; empty without conditions.
std::string segment_text(const TableSpec& table, std::span<const Predicate> where);
bool holds(std::span<const Predicate> where, const Row& truth);

/// What the times of a plan are relative to.
struct PlanFrame {
  int64_t start = 0, end = 0;            ///< Of the table.
  std::optional<int64_t> default_from;   ///< Start of drifts that do not say; the table's start if empty.
};

/// Reads a plan for one table. `file` names it in messages. A plan is strict: unknown and duplicate keys, keys that do
/// not go with the kind or shape, unknown columns and categories, and numbers outside their range are invalid_argument
/// with line, column and what to do. Percentages are allowed for shares and for times (of the table's span).
///
///     drifts:
///       - kind: factor            # factor, shift, category, unit, missing, concept, label_noise, prior
///         column: amount
///         by: 1.3                 # factor, shift, unit, missing, concept, label_noise; `to` for prior and category
///         name: amounts rise      # optional, as all below
///         share: 40%              # of the rows touched
///         where: {foreign: 1, amount: {at_least: 100}}
///         from: 2026-02-01        # or 14d or 50 % after the table's start
///         until: 2026-03-01
///         shape: gradual          # abrupt, gradual (over), recurring (period, duty), seasonal (period)
///         over: 30d
Result<DriftPlan> read_drift_plan(std::string_view yaml, std::string_view file, const TableSpec& table,
                                  const PlanFrame& frame);

}  // namespace leeway::simulate
