#include "reports/report.h"

#include <gtest/gtest.h>

#include "sample_report.h"

namespace leeway {
namespace {

Finding with(Verdict verdict, bool leeway, bool by_user) {
  Finding finding;
  finding.measurement = sample::measured(sample::psi, {"x", ""}, {});
  finding.verdict = verdict;
  if (leeway) finding.leeway = Leeway{0.1, 0.25, Leeway::On::value, 0.1, by_user, "default"};
  return finding;
}

int exit_code(const Finding& finding, bool strict) {
  Report report;
  report.findings = {with(Verdict::stable, true, true), finding};
  return report.exit_code(strict);
}

TEST(Report, TallyCountsWhatWasJudged) {
  Report report;
  report.findings = {with(Verdict::drifted, true, false),        with(Verdict::degraded, true, true),
                     with(Verdict::unfair, true, true),          with(Verdict::stable, true, false),
                     with(Verdict::undecided, true, false),      with(Verdict::undecided, true, false),
                     with(Verdict::not_computable, true, false), with(Verdict::not_computable, false, false),
                     with(Verdict::measured, false, false)};
  report.findings[4].rows_needed = 500;
  report.findings[5].rows_needed = 1'240;
  const auto tally = report.tally();
  EXPECT_EQ(tally.failed, 3);
  EXPECT_EQ(tally.stable, 1);
  EXPECT_EQ(tally.undecided, 2);
  EXPECT_EQ(tally.not_computable, 1);   // one without a leeway was never going to be judged
  EXPECT_EQ(tally.most_rows_needed, 1'240);
}

TEST(Report, ExitCodeIsOneAsSoonAsOneGateFailed) {
  for (const Verdict verdict : {Verdict::drifted, Verdict::degraded, Verdict::unfair})
    EXPECT_EQ(exit_code(with(verdict, true, false), false), 1);
  Report report;
  report.findings = {with(Verdict::undecided, true, true), with(Verdict::drifted, true, false)};
  EXPECT_EQ(report.exit_code(true), 1);
}

TEST(Report, ExitCodeIsThreeWhenTheUsersOwnLeewayIsOpenOrAnyIfStrict) {
  for (const Verdict verdict : {Verdict::undecided, Verdict::not_computable}) {
    EXPECT_EQ(exit_code(with(verdict, true, true), false), 3);
    EXPECT_EQ(exit_code(with(verdict, true, false), false), 0);
    EXPECT_EQ(exit_code(with(verdict, true, false), true), 3);
    EXPECT_EQ(exit_code(with(verdict, false, false), true), 0);
  }
}

TEST(Report, ExitCodeIsZeroWithinTheLeewayAndWithNothingToJudge) {
  EXPECT_EQ(exit_code(with(Verdict::stable, true, true), true), 0);
  EXPECT_EQ(exit_code(with(Verdict::measured, false, false), true), 0);
  EXPECT_EQ(Report().exit_code(true), 0);
}

}  // namespace
}  // namespace leeway
