#pragma once
// Conjunctions of protected attributes, and the permutation law of the largest standardised difference among them.

#include <cstdint>
#include <span>
#include <vector>

#include "base/random.h"
#include "checks/fairness/grouped.h"

namespace leeway::fairness {

/// A conjunction ("sex = female and race = Black") as the finest cells that it is made of.
struct Conjunction {
  std::vector<size_t> attributes;
  std::vector<size_t> cells;  ///< ascending

  template <class Number>
  Number sum(std::span<const Number> of_cells) const {
    Number total{};
    for (const size_t cell : cells) total += of_cells[cell];
    return total;
  }
};

/// All conjunctions of up to `depth` attributes that occur, fewer attributes first. Of two with the same rows only the
/// one with fewer attributes: they are one hypothesis.
std::vector<Conjunction> conjunctions(const GroupedData& cells, size_t depth);

/// "sex = female and race = Black"
std::string in_words(const Conjunction& conjunction, const GroupedData& cells);

/// What is compared: each case has one of few values. Cases whose value is in no level have the value 0.
struct ValueLevel {
  double value;
  std::vector<int64_t> counts;  ///< cases of this value in each cell
};
struct CellValues {
  std::vector<int64_t> cases;  ///< in each cell
  std::vector<ValueLevel> levels;
};

/// The same statistic for every conjunction with enough cases, as seen and under random permutations of the cases:
/// T = (mean inside - mean of the rest) / sqrt(S² (1/n + 1/(N-n))), n of N cases inside, S² the variance of all values
/// with divisor N-1, which no permutation changes. Under permutation T has mean 0 and variance 1 exactly. Immutable,
/// thread safe.
class ConjunctionSearch {
 public:
  /// Conjunctions with `support` cases inside and outside; none if all values are equal. `all` must outlive this.
  ConjunctionSearch(CellValues values, const std::vector<Conjunction>& all, int64_t support);

  size_t size() const { return candidates_.size(); }
  const Conjunction& conjunction(size_t i) const { return *candidates_[i].conjunction; }
  std::vector<double> statistics() const;
  /// The largest |T| of each permutation. Counts with fixed margins are drawn instead of shuffling rows, which has the
  /// same law: O(permutations · (cells · levels · 0.2 µs + cells · attribute sets)), whatever the number of rows.
  std::vector<double> maxima(const Random& random, int permutations, int threads) const;

 private:
  struct Candidate {
    const Conjunction* conjunction;
    double slope, offset;  // T = slope · (sum inside) - offset
  };
  std::vector<double> sums(std::span<const ValueLevel> levels) const;
  double statistic(const Candidate& candidate, std::span<const double> sums) const;
  double permuted_maximum(Random& random, std::vector<ValueLevel>& levels) const;

  CellValues values_;
  std::vector<Candidate> candidates_;
};

}  // namespace leeway::fairness
