#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <string>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"
#include "cli/command.h"

namespace {

const char* environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0' ? value : nullptr;
}

/// The character set that the locale's variables name, in their order of precedence; none is ASCII.
bool is_utf8_locale() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"})
    if (const char* value = environment(name)) {
      const std::string low = leeway::lower_ascii(value);
      return low.find("utf-8") != std::string::npos || low.find("utf8") != std::string::npos;
    }
  return false;
}

/// What the terminal says of its own width; no more than reads well.
int terminal_width(bool is_terminal) {
  constexpr int least = 40, most = 120;
  if (const char* columns = environment("COLUMNS"))
    if (const auto width = leeway::parse_int(columns)) return static_cast<int>(std::clamp<int64_t>(*width, least, 240));
  winsize size{};
  if (!is_terminal || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return std::clamp<int>(size.ws_col, least, most);
}

/// `word` as a POSIX shell takes it unchanged.
std::string quoted(std::string_view word) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=:,%+@";
  if (!word.empty() && word.find_first_not_of(plain) == std::string_view::npos) return std::string(word);
  std::string out = "'";
  for (const char c : word) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

}  // namespace

int main(int argc, char** argv) {
  leeway::keep_freed_memory();
  leeway::cli::Terminal terminal;
  terminal.out_is_terminal = isatty(STDOUT_FILENO) != 0;
  terminal.err_is_terminal = isatty(STDERR_FILENO) != 0;
  const char* term = environment("TERM");
  const bool dumb = term != nullptr && std::strcmp(term, "dumb") == 0;
  terminal.colour = (terminal.out_is_terminal && !dumb && !environment("NO_COLOR")) || environment("FORCE_COLOR");
  terminal.unicode = is_utf8_locale();
  terminal.motion = !dumb;
  terminal.width = terminal_width(terminal.out_is_terminal);
  terminal.command_line = "leeway";
  for (int i = 1; i < argc; ++i) terminal.command_line += ' ' + quoted(argv[i]);
  return leeway::cli::run(argc, argv, terminal);
}
