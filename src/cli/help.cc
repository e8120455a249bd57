#include "cli/help.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <fmt/format.h>

#include "base/text.h"

namespace leeway::cli {
namespace {

constexpr int name_width = 26;   // of the column of names, with the gap after it

std::string wrapped_line(std::string_view line, int width, int indent) {
  std::string out;
  int at = indent;
  for (const auto word : split(line, ' ')) {
    const int w = display_width(word);
    if (at > indent && at + 1 + w > width) {
      out += '\n' + std::string(static_cast<size_t>(indent), ' ');
      at = indent;
    } else if (at > indent) {
      out += ' ';
      ++at;
    }
    out += word;
    at += w;
  }
  return out;
}

/// The name of a value without what CLI11 adds about its type and checks.
std::string value_name(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  return type.substr(0, type.find(':'));
}

bool takes_value(const CLI::Option& option) { return option.get_expected_max() > 0; }

std::string names_of(const CLI::Option& option) {
  if (option.get_positional()) return value_name(option);
  std::string text;
  for (const auto& name : option.get_snames()) text += (text.empty() ? "-" : ", -") + name;
  for (const auto& name : option.get_lnames()) text += (text.empty() ? "--" : ", --") + name;
  return takes_value(option) ? text + " " + value_name(option) : text;
}

std::string row(const std::string& name, const std::string& text, int width) {
  const int room = name_width - 2;
  const std::string gap = display_width(name) >= room
                              ? "\n" + std::string(name_width, ' ')
                              : std::string(static_cast<size_t>(room - display_width(name)), ' ');
  return "  " + name + gap + wrapped(text, width, name_width) + "\n";
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

class HelpPages : public CLI::FormatterBase {
 public:
  explicit HelpPages(int width) : width_(width) {}

  std::string make_help(const CLI::App* app, std::string, CLI::AppFormatMode) const override {
    std::string out = wrapped(app->get_description(), width_) + "\n\n" + usage(*app);
    std::vector<std::string> groups;
    std::string positionals;
    for (const auto* option : app->get_options()) {
      if (option->get_positional()) positionals += row(names_of(*option), option->get_description(), width_);
      else if (std::find(groups.begin(), groups.end(), option->get_group()) == groups.end())
        groups.push_back(option->get_group());
    }
    if (!positionals.empty()) out += "\n" + positionals;
    // What every command has comes last.
    std::stable_partition(groups.begin(), groups.end(), [](const std::string& g) { return g != "Options"; });
    for (const auto& group : groups) out += option_group(*app, group);
    const auto commands = app->get_subcommands({});
    if (!commands.empty()) out += "\nCommands:\n";
    for (const auto* command : commands) out += row(command->get_name(), first_line(command->get_description()), width_);
    if (!app->get_footer().empty()) out += "\n" + wrapped(app->get_footer(), width_) + "\n";
    return out;
  }

 private:
  static std::string usage(const CLI::App& app) {
    std::string text = "Usage: " + full_name(app);
    if (!app.get_subcommands({}).empty()) text += " COMMAND";
    for (const auto* option : app.get_options())
      if (option->get_positional())
        text += (option->get_required() ? " " : " [") + value_name(*option) + (option->get_expected_max() > 1 ? "..." : "") +
                (option->get_required() ? "" : "]");
    return text + " [OPTIONS]\n";
  }

  std::string option_group(const CLI::App& app, const std::string& group) const {
    std::string out = "\n" + group + ":\n";
    for (const auto* option : app.get_options())
      if (!option->get_positional() && option->get_group() == group)
        out += row(names_of(*option), option->get_description(), width_);
    return out;
  }

  int width_;
};

}  // namespace

std::string wrapped(std::string_view text, int width, int indent) {
  std::string out;
  for (const auto line : split(text, '\n')) {
    if (!out.empty()) out += '\n' + std::string(static_cast<size_t>(line.empty() ? 0 : indent), ' ');
    out += line.starts_with(' ') ? std::string(line) : wrapped_line(line, width, indent);
  }
  return out;
}

std::string full_name(const CLI::App& command) {
  const CLI::App* parent = command.get_parent();
  return parent == nullptr ? command.get_name() : full_name(*parent) + " " + command.get_name();
}

std::shared_ptr<CLI::FormatterBase> help_pages(int width) { return std::make_shared<HelpPages>(width); }

CLI::Validator one_of(std::vector<std::string> words) {
  return CLI::Validator(
      [words = std::move(words)](std::string& given) -> std::string {
        if (std::find(words.begin(), words.end(), given) != words.end()) return "";
        const std::string hint = did_you_mean(given, words);
        return fmt::format("'{}' is none of {}.{}", printable(given), join_words(words), hint.empty() ? "" : " " + hint);
      },
      "");
}

CLI::Validator whole_number(long long least, long long most) {
  return CLI::Validator(
      [=](std::string& given) -> std::string {
        const auto number = parse_int(given);
        if (number && *number >= least && *number <= most) return "";
        const std::string range = most == std::numeric_limits<long long>::max()
                                      ? fmt::format("from {} on", grouped(least))
                                      : fmt::format("from {} to {}", grouped(least), grouped(most));
        return fmt::format("'{}' is no whole number {}.", printable(given), range);
      },
      "");
}

}  // namespace leeway::cli
