#pragma once
// The page's style sheet and its one script. The page is complete without the script.

#include <string>
#include <string_view>

namespace leeway::reports {

std::string style_sheet();

/// Search and sorting of the column list; shows its controls by itself, so that they do not appear where it cannot run.
std::string_view script();
/// "sha256-…": allows script() and nothing else in the page's Content-Security-Policy.
std::string_view script_hash();

}  // namespace leeway::reports
