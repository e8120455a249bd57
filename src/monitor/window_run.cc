#include "monitor/window_run.h"

#include <algorithm>
#include <filesystem>
#include <random>

#include <fmt/format.h>

#include "base/hex.h"
#include "base/write_file.h"
#include "monitor/check_run.h"
#include "monitor/domain_learner.h"
#include "monitor/profile_run.h"
#include "monitor/side_roles.h"
#include "sources/parquet_writer.h"

namespace leeway {
namespace {

/// A folder of its own that goes with the run.
class ScratchFolder {
 public:
  explicit ScratchFolder(const std::string& parent)
      : path_(fmt::format("{}/window-{:08x}{:08x}", parent, std::random_device{}(), std::random_device{}())) {}
  ~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// A name that none of the columns has, `wanted` if possible.
std::string free_name(std::string wanted, const std::vector<Column>& columns) {
  const auto taken = [&] { return std::any_of(columns.begin(), columns.end(), [&](const Column& c) { return c.name() == wanted; }); };
  while (taken()) wanted += '_';
  return wanted;
}

std::string given_or(const std::string& name, const char* otherwise) { return name.empty() ? otherwise : name; }

/// The rows as one table, and the configuration with the names of id, time and outcome in it.
std::vector<Column> as_table(const store::RowSet& rows, MonitorConfig& config) {
  std::vector<Column> table = rows.columns;
  const auto add = [&](const Column& column, std::string& role, const char* otherwise) {
    role = free_name(given_or(role, otherwise), table);
    table.push_back(column.renamed(role));
  };
  add(rows.ids, config.columns.id, "id");
  add(rows.times, config.columns.time, "time");
  if (rows.labels.null_count() < rows.labels.size()) add(rows.labels, config.columns.label.column, "label");
  return table;
}

Schema schema_of(const std::vector<Column>& table) {
  std::vector<Field> fields;
  for (const Column& column : table) fields.push_back({column.name(), column.type(), "", false});
  return Schema(std::move(fields));
}

/// Outcomes are named in the configuration even before the first is known; until then the current side has none.
void forget_missing_label(const Schema& schema, const Profile& reference, MonitorConfig& config) {
  const std::string& label = config.columns.label.column;
  if (!label.empty() && !schema.find(label) && reference.find(label) == nullptr) config.columns.label = {};
}

void replace_all(std::string& text, const std::string& what, const std::string& with) {
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
}

}  // namespace

Result<WatchedModel> WatchedModel::make(const std::string& model, const std::string& document,
                                        const store::ReferenceRecord& reference, const std::string& folder) {
  LEEWAY_TRY(auto config, read_config({.file = model + "'s monitor file", .text = document}));
  config.model = model;
  LEEWAY_CHECK(make_folder(folder));
  const std::string path = fmt::format("{}/{}.lwp", folder, hex(model + "/" + reference.id));
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) LEEWAY_CHECK(write_file(path, reference.profile));
  LEEWAY_TRY(auto profile, Profile::open(path));
  auto plan = EvidencePlan::make(profile, config);
  return WatchedModel{model, std::move(config), reference.id, path, std::move(profile), std::move(plan)};
}

Result<JudgedWindow> judge_window(const WatchedModel& watched, const store::RowSet& rows, const WindowRunOptions& options) {
  if (rows.rows() == 0) return fail(Code::failed_precondition, "the window has no rows");
  const ScratchFolder scratch(options.folder);
  LEEWAY_CHECK(make_folder(scratch.path()));
  const std::string path = scratch.path() + "/rows.parquet";

  CheckRequest request;
  request.config = watched.config;
  const std::vector<Column> table = as_table(rows, request.config);
  const Schema schema = schema_of(table);
  forget_missing_label(schema, watched.reference, request.config);
  LEEWAY_CHECK(write_parquet(path, schema, table));
  request.reference.paths = {watched.reference_path};
  request.current.paths = {path};
  request.current.threads = options.threads;
  request.policy = watched.config.policy;
  request.threads = options.threads;
  request.seed = watched.config.seed;
  request.tool_version = options.tool_version;
  const auto learner = domain_learner();
  request.learner = learner.get();
  LEEWAY_TRY(auto report, run_check(request));
  report.reference.label = watched.reference_id;
  report.current.label = options.label;
  for (std::string& note : report.notes) {
    replace_all(note, path, options.label);
    replace_all(note, watched.reference_path, watched.reference_id);
  }

  LEEWAY_TRY(const Side reference, Side::open(request.reference));
  LEEWAY_TRY(const Side current, Side::open(request.current));
  LEEWAY_TRY(const Roles roles, settle_sides(reference, current, request.config));
  LEEWAY_TRY(auto profile, build_profile(current, roles, false, &watched.reference, options.threads));
  return JudgedWindow{std::move(report), std::move(profile)};
}

}  // namespace leeway
