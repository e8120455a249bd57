#pragma once
// How help is laid out, and how a value on the command line is refused.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
class FormatterBase;
class Validator;
}  // namespace CLI

namespace leeway::cli {

/// `text` in lines of at most `width` columns, each after the first indented by `indent` blanks; its own line breaks
/// stay, and lines that are indented already are left alone.
std::string wrapped(std::string_view text, int width, int indent = 0);

/// "leeway profile merge"
std::string full_name(const CLI::App& command);

/// Pages of at most `width` columns: what the command is for, examples, usage, options by group with a line each.
std::shared_ptr<CLI::FormatterBase> help_pages(int width);

/// A value that must be one of some words; a slip is answered with the nearest.
CLI::Validator one_of(std::vector<std::string> words);
/// A whole number in [least, most].
CLI::Validator whole_number(long long least, long long most);

}  // namespace leeway::cli
