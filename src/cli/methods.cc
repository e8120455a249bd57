#include <CLI/CLI.hpp>

#include <array>
#include <utility>

#include "base/json_writer.h"
#include "base/text.h"
#include "checks/catalogue.h"
#include "cli/command.h"
#include "cli/help.h"
#include "findings/policies/policy.h"

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

/// The families in the order of a report, with what a reader would call them.
constexpr std::array<std::pair<Family, std::string_view>, 7> families = {{
    {Family::drift, "Drift of a column"},
    {Family::multivariate, "Drift of the columns together"},
    {Family::performance, "Performance, where outcomes are known"},
    {Family::estimate, "Performance estimated without outcomes"},
    {Family::fairness, "Fairness over groups"},
    {Family::business, "Business"},
    {Family::quality, "Data quality"},
}};

std::string explain(const MethodInfo& m, int width) {
  std::string out = fmt::format("{} ({}), version {}\n\n", m.title, m.id, m.version);
  constexpr int indent = 17;
  for (const auto& [label, text] : lines_of(m)) out += fmt::format("{:<{}}{}\n", label, indent, wrapped(text, width, indent));
  out += fmt::format("{:<{}}{}\n", "Worse", indent, m.orientation == Orientation::higher_is_worse  ? "when it rises"
                                                   : m.orientation == Orientation::lower_is_worse ? "when it falls"
                                                                                                  : "in either direction");
  return out;
}

std::string explain(const Policy& policy, int width) {
  return fmt::format("{} ({}), a policy: leeway check --policy {}\n\n{:<17}{}\n{:<17}{}\n", policy.title, policy.id, policy.id, "Rule",
                     wrapped(policy.help, width, 17), "False alarms", wrapped(policy.false_alarms, width, 17));
}

std::string listed(const std::vector<const MethodInfo*>& methods, int width) {
  std::string out;
  size_t longest = 0;
  for (const auto* m : catalogue()) longest = std::max(longest, m->id.size());
  const auto line = [&](std::string_view id, std::string_view title) {
    out += fmt::format("  {:<{}}{}\n", id, longest + 2, wrapped(title, width, static_cast<int>(longest) + 4));
  };
  for (const auto& [family, heading] : families) {
    bool first = true;
    for (const auto* m : methods) {
      if (m->family != family) continue;
      if (std::exchange(first, false)) out += fmt::format("{}{}\n", out.empty() ? "" : "\n", heading);
      line(m->id, m->title);
    }
  }
  if (methods.size() == catalogue().size()) {
    out += "\nPolicies: classic rules in place of the leeway (--policy)\n";
    for (const Policy* policy : policies()) line(policy->id, policy->title);
  }
  return out + "\n'leeway methods NAME' explains one: what it measures, what it guarantees, when it misleads.\n";
}

/// Methods with the words in their id, title or family: people ask for "auc" or "drift" before they know an id.
std::vector<const MethodInfo*> with_words(std::string_view words) {
  const std::string wanted = lower_ascii(words);
  std::vector<const MethodInfo*> found;
  for (const auto* m : catalogue()) {
    const bool hit = lower_ascii(m->id).find(wanted) != std::string::npos || lower_ascii(m->title).find(wanted) != std::string::npos;
    if (hit || name(m->family) == wanted) found.push_back(m);
  }
  return found;
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
  for (const auto& [family, heading] : families) {
    bool first = true;
    for (const auto* m : methods) {
      if (m->family != family) continue;
      if (std::exchange(first, false)) out += fmt::format("\n## {}\n", heading);
      out += fmt::format("\n### `{}`: {}\n\n", m->id, m->title);
      for (const auto& [label, text] : lines_of(*m)) out += fmt::format("- **{}:** {}\n", label, text);
    }
  }
  if (methods.size() < catalogue().size()) return out;
  out += "\n## Policies\n\nClassic rules in place of the leeway, by `--policy NAME`, for comparison and for teams that must keep them.\n";
  for (const Policy* policy : policies())
    out += fmt::format("\n### `{}`: {}\n\n- **Rule:** {}\n- **False alarms:** {}\n", policy->id, policy->title, policy->help, policy->false_alarms);
  return out;
}

Result<std::vector<const MethodInfo*>> chosen_methods(const std::string& id) {
  if (id.empty()) return catalogue();
  if (const MethodInfo* one = find_method(id)) return std::vector{one};
  auto found = with_words(id);
  if (!found.empty()) return found;
  std::vector<std::string> names;
  for (const auto* m : catalogue()) names.emplace_back(m->id);
  for (const Policy* policy : policies()) names.emplace_back(policy->id);
  const std::string hint = did_you_mean(id, names);
  return fail(Code::not_found, fmt::format("there is no method '{}'", printable(id)), hint.empty() ? "'leeway methods' lists them." : hint);
}

Result<int> methods(const Options& options, const Terminal& terminal) {
  if (const Policy* policy = find_policy(options.id); policy != nullptr && options.format == "text") {
    LEEWAY_CHECK(write_output("", explain(*policy, terminal.width), terminal));
    return 0;
  }
  LEEWAY_TRY(const auto chosen, chosen_methods(options.id));
  const std::string text = options.format == "json"       ? as_json(chosen)
                           : options.format == "markdown" ? as_markdown(chosen)
                           : chosen.size() != 1           ? listed(chosen, terminal.width)
                                                          : explain(*chosen.front(), terminal.width);
  LEEWAY_CHECK(write_output("", text, terminal));
  return 0;
}

}  // namespace

void add_methods(CLI::App& app, const Terminal& terminal, Run& run) {
  auto options = std::make_shared<Options>();
  auto* command = app.add_subcommand("methods", description);
  command->add_option("name", options->id, "Explain this method or policy, or list those with this word in their name")->type_name("NAME");
  command->add_option("--format", options->format, "text, json or markdown")->check(one_of({"text", "json", "markdown"}))->type_name("FORMAT");
  command->callback([options, &terminal, &run] { run = [options, &terminal] { return methods(*options, terminal); }; });
}

}  // namespace leeway::cli
