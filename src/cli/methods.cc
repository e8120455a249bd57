#include <CLI/CLI.hpp>

#include "base/json_writer.h"
#include "base/text.h"
#include "checks/catalogue.h"
#include "cli/command.h"

namespace leeway::cli {
namespace {

constexpr const char* description = R"(List everything that can be computed, or explain one method.

Examples:
  leeway methods
  leeway methods ks
  leeway methods --format json)";

struct Options {
  std::string id, format = "text";
};

/// The fields of a record in the order of the documentation; empty ones are passed over.
struct Line {
  std::string_view label, text;
};
std::vector<Line> lines_of(const MethodInfo& m) {
  std::vector<Line> out;
  for (const Line& line : {Line{"Measures", m.measures}, Line{"Unit", m.unit}, Line{"Null hypothesis", m.hypothesis},
                           Line{"Guarantee", m.guarantee}, Line{"Misleads when", m.misleads}, Line{"Cost", m.cost}, Line{"Source", m.source}})
    if (!line.text.empty()) out.push_back(line);
  return out;
}

/// `text` in lines of at most `width` columns, each after the first indented by `indent` blanks.
std::string wrapped(std::string_view text, int width, int indent) {
  std::string out;
  int at = indent;
  for (const auto word : split(text, ' ')) {
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

std::string explain(const MethodInfo& m, int width) {
  std::string out = fmt::format("{} ({}), version {}\n\n", m.title, m.id, m.version);
  constexpr int indent = 17;
  for (const auto& [label, text] : lines_of(m)) out += fmt::format("{:<{}}{}\n", label, indent, wrapped(text, width, indent));
  out += fmt::format("{:<{}}{}\n", "Worse", indent, m.orientation == Orientation::higher_is_worse  ? "when it rises"
                                                   : m.orientation == Orientation::lower_is_worse ? "when it falls"
                                                                                                  : "in either direction");
  return out;
}

std::string listed(int width) {
  std::string out;
  size_t longest = 0;
  for (const auto* m : catalogue()) longest = std::max(longest, m->id.size());
  const int indent = static_cast<int>(longest) + 4;
  std::optional<Family> family;
  for (const auto* m : catalogue()) {
    if (family != m->family) out += fmt::format("{}{}\n", family ? "\n" : "", name(m->family));
    family = m->family;
    out += fmt::format("  {:<{}}{}\n", m->id, indent - 2, wrapped(m->title, width, indent));
  }
  return out + "\n'leeway methods NAME' explains one: what it measures, what it guarantees, when it misleads.\n";
}

std::string as_json(const std::vector<const MethodInfo*>& methods) {
  JsonWriter w(2);
  w.begin_object();
  w.member("schema", "leeway.methods/1");
  w.key("methods");
  w.begin_array();
  for (const auto* m : methods) {
    w.begin_object();
    w.member("id", m->id);
    w.member("title", m->title);
    w.member("family", name(m->family));
    w.member("version", m->version);
    w.member("orientation", name(m->orientation));
    w.member("scale", name(m->scale));
    w.member("unit", m->unit);
    w.member("measures", m->measures);
    w.member("hypothesis", m->hypothesis);
    w.member("guarantee", m->guarantee);
    w.member("misleads", m->misleads);
    w.member("cost", m->cost);
    w.member("source", m->source);
    w.end_object();
  }
  w.end_array();
  w.end_object();
  return w.take() + "\n";
}

std::string as_markdown(const std::vector<const MethodInfo*>& methods) {
  std::string out = "# Methods\n\nEverything that `leeway check` can compute, as `leeway methods --format markdown` prints it.\n";
  std::optional<Family> family;
  for (const auto* m : methods) {
    if (family != m->family) out += fmt::format("\n## {}\n", name(m->family));
    family = m->family;
    out += fmt::format("\n### `{}`: {}\n\n", m->id, m->title);
    for (const auto& [label, text] : lines_of(*m)) out += fmt::format("- **{}:** {}\n", label, text);
  }
  return out;
}

Result<int> methods(const Options& options, const Terminal& terminal) {
  std::vector<const MethodInfo*> chosen = catalogue();
  if (!options.id.empty()) {
    const MethodInfo* one = find_method(options.id);
    std::vector<std::string> names;
    for (const auto* m : catalogue()) names.emplace_back(m->id);
    if (one == nullptr) {
      const std::string hint = did_you_mean(options.id, names);
      return fail(Code::not_found, fmt::format("there is no method '{}'", options.id), hint.empty() ? "'leeway methods' lists them." : hint);
    }
    chosen = {one};
  }
  const std::string text = options.format == "json"       ? as_json(chosen)
                           : options.format == "markdown" ? as_markdown(chosen)
                           : options.id.empty()           ? listed(terminal.width)
                                                          : explain(*chosen.front(), terminal.width);
  LEEWAY_CHECK(write_output("", text, terminal));
  return 0;
}

}  // namespace

void add_methods(CLI::App& app, const Terminal& terminal, Run& run) {
  auto options = std::make_shared<Options>();
  auto* command = app.add_subcommand("methods", description);
  command->add_option("name", options->id, "Explain this method")->type_name("NAME");
  command->add_option("--format", options->format, "text, json or markdown")->check(CLI::IsMember({"text", "json", "markdown"}))->type_name("FORMAT");
  command->callback([options, &terminal, &run] { run = [options, &terminal] { return methods(*options, terminal); }; });
}

}  // namespace leeway::cli
