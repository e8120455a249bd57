#include <cstdlib>
#include <cstring>
#include <unistd.h>

#include "base/text.h"
#include "cli/command.h"

namespace {

const char* environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0' ? value : nullptr;
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
  return leeway::cli::run(argc, argv, terminal);
}
