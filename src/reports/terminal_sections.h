#pragma once
// The sections of the terminal report, in the order in which report_text() calls them. Each prints nothing when it
// has nothing to say.

#include "reports/outline.h"
#include "reports/terminal_page.h"

namespace leeway::reports {

struct TerminalReport {
  const Report& report;
  const Outline& outline;
  TerminalPage& page;
};

void print_header(const TerminalReport& r);
void print_summary(const TerminalReport& r);
void print_drift(const TerminalReport& r);
void print_targets(const TerminalReport& r);
void print_performance(const TerminalReport& r);
void print_fairness(const TerminalReport& r);
void print_business(const TerminalReport& r);
void print_quality(const TerminalReport& r);
void print_explanation(const TerminalReport& r);
void print_windows(const TerminalReport& r);
void print_verdict(const TerminalReport& r);

}  // namespace leeway::reports
