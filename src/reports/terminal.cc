#include "reports/terminal.h"

#include "reports/terminal_sections.h"

namespace leeway {

std::string report_text(const Report& report, const TerminalStyle& style) {
  using namespace reports;
  const Outline sections = outline(report);
  TerminalPage page(style);
  const TerminalReport r{report, sections, page};
  for (const auto print : {print_header, print_summary, print_drift, print_targets, print_performance, print_fairness,
                           print_business, print_quality, print_explanation, print_windows, print_verdict})
    print(r);
  return page.take();
}

}  // namespace leeway
