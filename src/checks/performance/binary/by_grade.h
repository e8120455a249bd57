#pragma once
// Scores cut into grades: the reference's tenths of rows, so that both sides have the same grades.

#include <string>
#include <vector>

#include "checks/performance/binary_sample.h"
#include "stats/grades.h"

namespace leeway::performance::binary {

struct GradeTable {
  std::vector<stats::Grade> grades;   ///< Ascending scores; pd is the mean score of the grade's rows (0 without rows).
  std::vector<std::string> names;     ///< "score below 0.05", "score 0.05 to 0.1", …
};

/// `sample` on the grades of `reference` (of itself if null). Requires probabilities on both. A reference from a stored
/// table is cut between the means of its bins.
GradeTable grades_of(const BinarySample& sample, const BinarySample* reference);

}  // namespace leeway::performance::binary
