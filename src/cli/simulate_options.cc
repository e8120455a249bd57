#include "cli/simulate_options.h"

#include <fstream>
#include <sstream>

#include <fmt/format.h>

#include "base/text.h"
#include "simulate/calendar.h"

namespace leeway::cli {

Result<int64_t> time_option(const std::string& name, const std::string& text) {
  if (const auto time = simulate::parse_time(text)) return *time;
  return fail(Code::invalid_argument, fmt::format("--{} is no time: '{}'", name, printable(text)),
              "Write 2026-02-01 or 2026-02-01T13:30.");
}

Result<const simulate::TableSpec*> table_named(const std::string& name) {
  if (const auto* table = simulate::find_table(name)) return table;
  std::vector<std::string> names;
  for (const auto* table : simulate::tables()) names.emplace_back(table->name);
  const std::string near(trim(did_you_mean(name, names)));
  return fail(Code::invalid_argument, fmt::format("no table '{}'", printable(name)),
              near.empty() ? fmt::format("Tables are {}.", join_words(names)) : near);
}

namespace {

Result<std::string> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (file) text << file.rdbuf();
  if (!file)
    return fail(Code::not_found, fmt::format("cannot read the drift plan '{}'", printable(path)),
                "Give a file, 'default' or 'none'.");
  return text.str();
}

}  // namespace

Result<simulate::DriftPlan> drift_option(const std::string& drift, const std::string& drift_from,
                                         const simulate::TableRequest& request) {
  if (drift == "none") return simulate::DriftPlan();
  simulate::PlanFrame frame{.start = request.start, .end = request.start + request.span, .default_from = {}};
  if (!drift_from.empty()) {
    LEEWAY_TRY(frame.default_from, time_option("drift-from", drift_from));
  }
  if (drift == "default")
    return read_drift_plan(request.table->default_drift, "default plan", *request.table, frame);
  LEEWAY_TRY(const std::string text, read_file(drift));
  return read_drift_plan(text, drift, *request.table, frame);
}

std::string table_list() {
  std::string text = "Tables:";
  for (const auto* table : simulate::tables()) text += fmt::format("\n  {:<12} {}", table->name, table->summary);
  return text;
}

}  // namespace leeway::cli
