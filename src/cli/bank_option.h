#pragma once
// The option --bank, which several commands share.

#include <string>

namespace CLI {
class App;
}

namespace leeway::cli {

/// Adds --bank (or LEEWAY_BANK; "models" if neither is given), to be kept in `folder`.
void add_bank_option(CLI::App& command, std::string& folder);

/// Nanoseconds since 1970, for the bank's log.
int64_t time_now();

}  // namespace leeway::cli
