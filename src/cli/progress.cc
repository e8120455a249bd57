#include "cli/progress.h"

#include <algorithm>

#include "base/text.h"

namespace leeway::cli {
namespace {

constexpr int bar_width = 30;
constexpr auto patience = std::chrono::seconds(1);
constexpr auto interval = std::chrono::milliseconds(100);

}  // namespace

Progress::Progress(const Terminal& terminal, bool quiet)
    : terminal_(terminal), enabled_(terminal.err_is_terminal && terminal.motion && !quiet), start_(std::chrono::steady_clock::now()), last_(start_) {}

Progress::~Progress() {
  if (drawn_) fmt::print(terminal_.err, "\r\x1b[K");
}

void Progress::update(double done, const std::string& what) {
  if (!enabled_) return;
  const std::lock_guard lock(mutex_);
  const auto now = std::chrono::steady_clock::now();
  if (now - start_ < patience || now - last_ < interval) return;
  last_ = now;
  drawn_ = true;
  const int filled = std::clamp(static_cast<int>(done * bar_width), 0, bar_width);
  std::string bar;
  for (int i = 0; i < bar_width; ++i) bar += terminal_.unicode ? (i < filled ? "━" : "─") : (i < filled ? "=" : "-");
  const int room = std::max(8, terminal_.width - bar_width - 8);
  fmt::print(terminal_.err, "\r\x1b[K{} {:3.0f} % {}", bar, 100 * std::clamp(done, 0.0, 1.0), ellipsize(printable(what), room));
  std::fflush(terminal_.err);
}

}  // namespace leeway::cli
