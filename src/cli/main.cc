#include <cstdlib>
#include <cstring>
#include <string>
#include <unistd.h>

#include "base/text.h"
#include "cli/command.h"

namespace {

const char* environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0' ? value : nullptr;
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
  leeway::cli::Terminal terminal;
  terminal.out_is_terminal = isatty(STDOUT_FILENO) != 0;
  terminal.err_is_terminal = isatty(STDERR_FILENO) != 0;
  const char* term = environment("TERM");
  const bool dumb = term != nullptr && std::strcmp(term, "dumb") == 0;
  terminal.colour = (terminal.out_is_terminal && !dumb && !environment("NO_COLOR")) || environment("FORCE_COLOR");
  if (const char* columns = environment("COLUMNS"))
    if (const auto width = leeway::parse_int(columns)) terminal.width = static_cast<int>(std::clamp<int64_t>(*width, 40, 240));
  terminal.command_line = "leeway";
  for (int i = 1; i < argc; ++i) terminal.command_line += ' ' + quoted(argv[i]);
  return leeway::cli::run(argc, argv, terminal);
}
