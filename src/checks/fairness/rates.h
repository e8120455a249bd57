#pragma once
// The rates that fairness compares, each a proportion of one group's rows.

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace leeway::fairness {

/// `events` of `cases`. The denominators of all rates but the selection rate are random; intervals condition on them.
struct Fraction {
  int64_t events = 0;
  int64_t cases = 0;

  double rate() const { return static_cast<double>(events) / static_cast<double>(cases); }
  bool operator==(const Fraction&) const = default;
};

/// Rows of one group by decision and outcome, each 0, 1 or unknown.
struct GroupCounts {
  std::array<int64_t, 9> cells{};  ///< [3·decision + outcome]

  int64_t rows() const { return sum(0x1ff); }
  int64_t true_positives() const { return cells[4]; }
  int64_t false_positives() const { return cells[3]; }
  int64_t false_negatives() const { return cells[1]; }
  int64_t true_negatives() const { return cells[0]; }
  /// Rows in the cells whose bits are set in `mask`.
  int64_t sum(uint16_t mask) const {
    int64_t total = 0;
    for (size_t i = 0; i < cells.size(); ++i) total += mask >> i & 1 ? cells[i] : 0;
    return total;
  }
  bool operator==(const GroupCounts&) const = default;
};

enum class Rate : uint8_t {
  selection,
  true_positive,
  false_positive,
  false_negative,
  positive_predictive,
  false_discovery,
  false_omission,
  accuracy,
};

/// A rate as two sets of cells of GroupCounts.
struct RateCells {
  Rate rate;
  uint16_t events;
  uint16_t cases;
  bool needs_labels;
};
inline constexpr std::array<RateCells, 8> rate_cells{{
    // Bits from the left: selected with unknown, positive, negative outcome, then not selected likewise.
    {Rate::selection,           0b111000, 0b111111, false},
    {Rate::true_positive,       0b010000, 0b010010, true},
    {Rate::false_positive,      0b001000, 0b001001, true},
    {Rate::false_negative,      0b000010, 0b010010, true},
    {Rate::positive_predictive, 0b010000, 0b011000, true},
    {Rate::false_discovery,     0b001000, 0b011000, true},
    {Rate::false_omission,      0b000010, 0b000011, true},
    {Rate::accuracy,            0b010001, 0b011011, true},
}};
constexpr const RateCells& cells_of(Rate rate) { return rate_cells[static_cast<size_t>(rate)]; }

inline Fraction fraction(const GroupCounts& counts, Rate rate) {
  const RateCells& cells = cells_of(rate);
  return {counts.sum(cells.events), counts.sum(cells.cases)};
}

}  // namespace leeway::fairness
