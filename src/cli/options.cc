#include "cli/options.h"

#include <CLI/CLI.hpp>

namespace leeway::cli {

void ConfigOptions::add(CLI::App& command) {
  command.add_option("-c,--config", file, "The monitor file; 'leeway config keys' lists its keys")
      ->type_name("FILE")->group("Settings");
  command.add_option("--set", set, "One setting of the monitor file: --set columns.label=default; repeatable")
      ->type_name("KEY=VALUE")->allow_extra_args(false)->group("Settings");
}

Result<MonitorConfig> ConfigOptions::read() const { return read_config({.file = file, .environment = process_environment(), .set = set}); }

void SourceOptions::add(CLI::App& command) {
  command.add_option("--delimiter", delimiter, "CSV: the field separator, sniffed if not given")->type_name("CHAR")->group("Reading");
  command.add_option("--missing", missing, "CSV: a text that means missing besides the empty field, e.g. '?'; repeatable")
      ->type_name("TEXT")->allow_extra_args(false)->group("Reading");
  command.add_option("--table", table, "DuckDB file: the table or view to read")->type_name("NAME")->group("Reading");
  command.add_option("--sql", sql, "A SELECT over the table 'data', in place of its rows")->type_name("QUERY")->group("Reading");
}

SourceSpec SourceOptions::spec(std::vector<std::string> paths, const MonitorConfig& config, int threads) const {
  SourceSpec spec;
  spec.paths = std::move(paths);
  spec.delimiter = delimiter;
  spec.table = table;
  spec.sql = sql;
  spec.missing_values = config.missing_values;
  spec.missing_values.insert(spec.missing_values.end(), missing.begin(), missing.end());
  spec.threads = threads;
  return spec;
}

}  // namespace leeway::cli
