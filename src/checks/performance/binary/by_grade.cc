#include "checks/performance/binary/by_grade.h"

#include <algorithm>

#include "base/text.h"

namespace leeway::performance::binary {
namespace {

constexpr int grade_count = 10;

/// Ascending scores at which a new grade begins: where calibration_bins() would open a bin.
std::vector<double> cuts_of(const BinarySample& sample) {
  std::vector<double> cuts;
  int64_t seen = 0, part = -1;
  sample.ranked().visit([&](double score, int64_t n, int64_t p) {
    const int64_t here = seen * grade_count / sample.rows();
    if (here != part && part >= 0) cuts.push_back(score);
    part = here;
    seen += n + p;
  });
  return cuts;
}

std::string name_of(const std::vector<double>& cuts, size_t grade) {
  if (cuts.empty()) return "all scores";
  if (grade == 0) return "score below " + short_number(cuts.front());
  if (grade == cuts.size()) return "score " + short_number(cuts.back()) + " and above";
  return "score " + short_number(cuts[grade - 1]) + " to " + short_number(cuts[grade]);
}

}  // namespace

GradeTable grades_of(const BinarySample& sample, const BinarySample* reference) {
  const bool usable = reference && reference->rows() > 0 && reference->probabilities();
  const std::vector<double> cuts = cuts_of(usable ? *reference : sample);
  GradeTable table;
  table.grades.resize(cuts.size() + 1);
  for (size_t i = 0; i < table.grades.size(); ++i) table.names.push_back(name_of(cuts, i));
  sample.ranked().visit([&](double score, int64_t n, int64_t p) {
    stats::Grade& grade = table.grades[static_cast<size_t>(std::ranges::upper_bound(cuts, score) - cuts.begin())];
    grade.rows += n + p;
    grade.defaults += p;
    grade.pd += (score - grade.pd) * (static_cast<double>(n + p) / static_cast<double>(grade.rows));
  });
  return table;
}

}  // namespace leeway::performance::binary
