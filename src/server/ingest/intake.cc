#include "server/ingest/intake.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "columns/parse_time.h"
#include "server/target.h"

namespace leeway::server {
namespace {

constexpr size_t id_limit = 256;
constexpr int64_t day = int64_t{86'400} * 1'000'000'000;

const Column* find(const std::vector<Column>& columns, const std::string& name) {
  const auto found = std::ranges::find(columns, name, &Column::name);
  return found == columns.end() ? nullptr : &*found;
}

/// An event time, or the rejection's code and sentence.
struct TimeReading {
  int64_t time = 0;
  std::string_view code, detail;
};

TimeReading read_time(const Column* column, size_t row, int64_t standard) {
  if (!column || !column->is_valid(row)) return {standard, {}, {}};
  if (column->type() == Type::time) return {column->integers()[row], {}, {}};
  if (column->type() != Type::text)
    return {0, "time", "times are RFC 3339 texts with a zone, as in 2026-11-20T16:30:00Z"};
  const std::string& text = column->dictionary()[column->codes()[row]];
  if (const auto time = parse_zoned_time(text, "time")) return {*time, {}, {}};
  if (parse_time(text)) return {0, "naive_time", "the time has no zone; send Z or an offset"};
  return {0, "time", "this is not a time"};
}

TimeReading event_time(const Column* column, size_t row, const IntakeContext& context) {
  TimeReading reading = read_time(column, row, context.now);
  if (!reading.code.empty()) return reading;
  if (reading.time < context.oldest)
    return {0, "too_old", "the row is older than rows are kept, so that a repeat could not be recognised"};
  if (reading.time > context.now + day)
    return {0, "in_future", "the row's time is more than a day ahead of the server's clock"};
  return reading;
}

bool lasts(const std::string& name, const IntakeRoles& roles) {
  return name.starts_with("score_") || std::ranges::find(roles.lasting, name) != roles.lasting.end();
}

std::vector<uint32_t> as_indices(const std::vector<size_t>& rows) { return {rows.begin(), rows.end()}; }

void add_labels(Intake& intake, const Column& labels, const IntakeContext& context) {
  std::vector<uint32_t> rows;
  for (size_t i = 0; i < intake.kept.size(); ++i) {
    if (!labels.is_valid(intake.kept[i])) continue;
    intake.outcomes.ids.push_back(intake.rows.ids[i]);
    intake.outcomes.times.push_back(context.now);
    rows.push_back(static_cast<uint32_t>(intake.kept[i]));
  }
  intake.outcomes.model = context.model;
  intake.outcomes.labels = labels.gather(rows).renamed("label");
}

}  // namespace

Intake take_in(TableBody table, const IntakeRoles& roles, const IntakeContext& context) {
  Intake intake;
  intake.rejections = std::move(table.rejections);
  const Column* ids = find(table.columns, roles.id);
  const Column* times = find(table.columns, roles.time);
  std::unordered_set<std::string> seen;
  for (size_t row = 0; row < table.rows(); ++row) {
    const auto reject = [&](std::string_view code, std::string_view detail) {
      intake.rejections.push_back({table.place(row), std::string(code), std::string(detail)});
    };
    const TimeReading time = event_time(times, row, context);
    if (!time.code.empty()) {
      reject(time.code, time.detail);
      continue;
    }
    const bool own = ids && ids->is_valid(row);
    std::string id = own ? ids->text(row) : fmt::format("{}/{}", context.id_prefix, table.place(row));
    if (id.size() > id_limit || id.empty()) {
      reject("id", fmt::format("an id has 1 to {} bytes", id_limit));
      continue;
    }
    if (!seen.insert(id).second) {
      ++intake.duplicates;
      continue;
    }
    intake.without_id += own ? 0 : 1;
    intake.rows.ids.push_back(std::move(id));
    intake.rows.times.push_back(time.time);
    intake.kept.push_back(row);
  }
  std::ranges::stable_sort(intake.rejections, {}, &Rejection::row);
  intake.rows.model = context.model;
  intake.rows.version = context.version;
  if (const Column* labels = roles.label.empty() ? nullptr : find(table.columns, roles.label))
    add_labels(intake, *labels, context);
  const bool all = intake.kept.size() == table.rows();
  const auto rows = as_indices(intake.kept);
  for (auto& column : table.columns) {
    if (column.name() == roles.id || column.name() == roles.time || column.name() == roles.label) continue;
    intake.rows.columns.push_back(all ? std::move(column) : column.gather(rows));
  }
  intake.rows.lasting = lasting_of(intake.rows.columns, roles);
  return intake;
}

std::vector<std::string> lasting_of(const std::vector<Column>& columns, const IntakeRoles& roles) {
  std::vector<std::string> names;
  for (const auto& column : columns)
    if (lasts(column.name(), roles)) names.push_back(column.name());
  return names;
}

OutcomeIntake take_in_outcomes(TableBody table, const IntakeRoles& roles, const IntakeContext& context) {
  OutcomeIntake intake;
  intake.rejections = std::move(table.rejections);
  const Column* ids = find(table.columns, roles.id);
  const Column* times = find(table.columns, roles.time);
  const Column* labels = find(table.columns, roles.label);
  std::unordered_map<std::string, size_t> last;  // the later of two outcomes of one id counts
  for (size_t row = 0; row < table.rows(); ++row)
    if (ids && ids->is_valid(row)) last[ids->text(row)] = row;
  std::vector<uint32_t> kept;
  for (size_t row = 0; row < table.rows(); ++row) {
    const auto reject = [&](std::string_view code, std::string_view detail) {
      intake.rejections.push_back({table.place(row), std::string(code), std::string(detail)});
    };
    const std::string id = ids && ids->is_valid(row) ? ids->text(row) : std::string();
    const TimeReading time = read_time(times, row, context.now);
    if (id.empty() || id.size() > id_limit)
      reject("id", fmt::format("an outcome needs the id of its prediction, 1 to {} bytes", id_limit));
    else if (!labels || !labels->is_valid(row)) reject("label", "an outcome needs a label");
    else if (!time.code.empty()) reject(time.code, time.detail);
    else if (last[id] != row) ++intake.duplicates;
    else {
      intake.outcomes.ids.push_back(id);
      intake.outcomes.times.push_back(time.time);
      kept.push_back(static_cast<uint32_t>(row));
    }
  }
  std::ranges::stable_sort(intake.rejections, {}, &Rejection::row);
  intake.outcomes.model = context.model;
  if (labels) intake.outcomes.labels = labels->gather(kept).renamed("label");
  return intake;
}

}  // namespace leeway::server
