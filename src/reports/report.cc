#include "reports/report.h"

#include <algorithm>

namespace leeway {

Report::Tally Report::tally() const {
  Tally tally;
  for (const auto& finding : findings) {
    if (leeway::failed(finding.verdict)) ++tally.failed;
    if (finding.verdict == Verdict::stable) ++tally.stable;
    if (finding.verdict == Verdict::not_computable && finding.leeway) ++tally.not_computable;
    if (finding.verdict != Verdict::undecided) continue;
    ++tally.undecided;
    tally.most_rows_needed = std::max(tally.most_rows_needed, finding.rows_needed.value_or(0));
  }
  return tally;
}

int Report::exit_code(bool strict) const {
  const auto open = [strict](const Finding& finding) {
    const bool unanswered = finding.verdict == Verdict::undecided || finding.verdict == Verdict::not_computable;
    return finding.leeway && unanswered && (strict || finding.leeway->set_by_user);
  };
  if (tally().failed > 0) return 1;
  return std::any_of(findings.begin(), findings.end(), open) ? 3 : 0;
}

}  // namespace leeway
