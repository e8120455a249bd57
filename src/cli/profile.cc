#include <CLI/CLI.hpp>

#include "base/text.h"
#include "base/threads.h"
#include "cli/command.h"
#include "cli/help.h"
#include "cli/options.h"
#include "monitor/profile_run.h"
#include "monitor/side_roles.h"

namespace leeway::cli {
namespace {

constexpr const char* description = R"(Prepare a reference once, summarise a batch, or look into a profile.

Examples:
  leeway profile reference.parquet -o reference.lwp
  leeway profile today.csv --reference reference.lwp -o today.lwp
  leeway profile merge monday.lwp tuesday.lwp -o week.lwp
  leeway profile show reference.lwp)";

struct Options {
  ConfigOptions config;
  SourceOptions source;
  std::string data, output, reference;
  bool summary = false, quiet = false;
  int threads = 0;
  std::vector<std::string> parts;
  std::string merged, shown;
};

/// A slip must not write a profile over the data.
Status check_name(const std::string& path) {
  if (path.ends_with(".lwp")) return {};
  return fail(Code::invalid_argument, fmt::format("'{}' is no name for a profile", printable(path)), "Let it end in .lwp.");
}

Result<int> make(const Options& options, const Terminal& terminal) {
  LEEWAY_CHECK(check_name(options.output));
  LEEWAY_TRY(const auto config, options.config.read());
  LEEWAY_TRY(const Side side, Side::open(options.source.spec(options.data, config, options.threads)));
  std::optional<Profile> reference;
  if (!options.reference.empty()) {
    LEEWAY_TRY(reference, Profile::open(options.reference));
  }
  const Side known = reference ? Side::of(*reference, options.reference) : side;
  LEEWAY_TRY(const Roles roles, settle_sides(known, side, config));
  const int threads = options.threads > 0 ? options.threads : default_threads();
  LEEWAY_TRY(const Profile profile, build_profile(side, roles, !reference && !options.summary, reference ? &*reference : nullptr,
                                                threads, options.output));
  if (!options.quiet)
    for (const auto& remark : roles.remarks) fmt::print(terminal.err, "leeway: {}\n", remark);
  fmt::print(terminal.out, "{}: {} rows, {} columns{}\n", printable(options.output), grouped(profile.rows()), profile.columns().size(),
             profile.exact() ? ", exact" : "");
  return 0;
}

Result<int> merge(const Options& options, const Terminal& terminal) {
  LEEWAY_CHECK(check_name(options.merged));
  LEEWAY_TRY(Profile total, Profile::open(options.parts.front()));
  for (size_t i = 1; i < options.parts.size(); ++i) {
    LEEWAY_TRY(const Profile part, Profile::open(options.parts[i]));
    auto sum = Profile::merge(total, part);
    if (!sum) {
      Error error = sum.error();
      error.file = options.parts[i];
      return fail(std::move(error));
    }
    total = std::move(*sum);
  }
  LEEWAY_CHECK(total.write(options.merged));
  fmt::print(terminal.out, "{}: {} rows from {} profile{}\n", printable(options.merged), grouped(total.rows()), options.parts.size(),
             options.parts.size() == 1 ? "" : "s");
  return 0;
}

std::string facts(const ColumnProfile& c) {
  if (c.treatment == Treatment::numeric && c.bins && c.bins->size() > 0)
    return fmt::format("{} to {}, mean {}, sd {}", short_number(c.moments->min(), 4), short_number(c.moments->max(), 4),
                       short_number(c.moments->mean(), 4), short_number(c.moments->sd(), 4));
  if (c.treatment == Treatment::category && c.categories) {
    std::string text = fmt::format("about {} values", grouped(static_cast<int64_t>(c.categories->distinct_estimate() + 0.5)));
    const auto names = c.categories->dictionary().values();
    for (size_t i = 0; i < std::min<size_t>(names.size(), 3); ++i)
      text += fmt::format("{} {} {}", i == 0 ? ":" : ",", ellipsize(printable(names[i]), 16),
                          percent(static_cast<double>(c.categories->counts()[i]) / static_cast<double>(std::max<int64_t>(1, c.rows.rows))));
    return text;
  }
  if (c.treatment == Treatment::time && c.time && c.time->size() > 0)
    return fmt::format("{} to {}", format_time(c.time->first()), format_time(c.time->last()));
  if (c.treatment == Treatment::text && c.text) return fmt::format("{} words, {} empty", grouped(c.text->words()), grouped(c.text->empty()));
  return "";
}

Result<int> show(const Options& options, const Terminal& terminal) {
  LEEWAY_TRY(const Profile profile, Profile::open(options.shown));
  std::string out = fmt::format("{}\n  made from   {}\n  rows        {}\n  columns     {}\n  exact       {}\n  bins        {:016x}\n",
                                printable(options.shown), printable(profile.source()), grouped(profile.rows()), profile.columns().size(),
                                profile.exact() ? "yes: comparisons with data are exact" : "no: comparisons have a proven bracket", profile.bins_id());
  if (const auto span = profile.time_span()) out += fmt::format("  time        {} to {}\n", format_time(span->first), format_time(span->second));
  out += '\n';
  int widest = 6;
  for (const auto& c : profile.columns()) widest = std::max(widest, std::min(30, display_width(printable(c.field.name))));
  for (const auto& c : profile.columns()) {
    const std::string name = ellipsize(printable(c.field.name), widest);
    const std::string pad(static_cast<size_t>(widest - display_width(name)), ' ');
    const std::string missing = c.rows.missing == 0 ? "" : percent(static_cast<double>(c.rows.missing) / static_cast<double>(c.rows.rows)) + " missing  ";
    out += ellipsize(fmt::format("  {}{}  {:<10} {:<9} {}{}", name, pad, c.role, leeway::name(c.treatment), missing, facts(c)), terminal.width) + "\n";
  }
  LEEWAY_CHECK(write_output("", out, terminal));
  return 0;
}

}  // namespace

void add_profile(CLI::App& app, const Terminal& terminal, Run& run) {
  auto options = std::make_shared<Options>();
  auto* command = app.add_subcommand("profile", description);
  command->require_subcommand(0, 1);
  auto* data = command->add_option("data", options->data, "The data to profile: a file, a glob in quotes, or '-'")->type_name("DATA");
  command->add_option("-o,--output", options->output, "Where to write the profile")->type_name("NAME.lwp");
  command->add_option("-r,--reference", options->reference, "Use this profile's bins, so that the two compare and merge")->type_name("NAME.lwp");
  command->add_flag("--summary", options->summary, "Leave out the exact part: a small file, comparisons with a proven bracket");
  command->add_flag("-q,--quiet", options->quiet, "No remarks on standard error");
  options->config.add(*command);
  options->source.add(*command);
  command->add_option("--threads", options->threads, "Threads to use; all processors if not given")
      ->check(whole_number(1, 1024))->type_name("N")->group("Reading");
  command->callback([options, data, command, &terminal, &run] {
    if (!command->get_subcommands().empty() || data->empty()) return;
    if (options->output.empty()) throw CLI::RequiredError("--output");
    run = [options, &terminal] { return make(*options, terminal); };
  });

  auto* sum = command->add_subcommand("merge", "Add up profiles that were made with the same reference");
  sum->add_option("profiles", options->parts, "The profiles to add")->required()->type_name("NAME.lwp")->expected(1, -1);
  sum->add_option("-o,--output", options->merged, "Where to write the sum")->required()->type_name("NAME.lwp");
  sum->callback([options, &terminal, &run] { run = [options, &terminal] { return merge(*options, terminal); }; });

  auto* print = command->add_subcommand("show", "Print a profile readably");
  print->add_option("profile", options->shown, "The profile")->required()->type_name("NAME.lwp");
  print->callback([options, &terminal, &run] { run = [options, &terminal] { return show(*options, terminal); }; });
}

}  // namespace leeway::cli
