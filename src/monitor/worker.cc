#include "monitor/worker.h"

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "base/hash.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "monitor/incidents.h"
#include "monitor/windows.h"
#include "reports/json.h"

namespace leeway {

struct Worker::Due {
  store::WindowKey key;
  int64_t change = 0;
};

namespace {

constexpr const char* lease_name = "monitor";
constexpr int64_t most_incidents = 100'000;
constexpr int64_t hour = 3'600'000'000'000;

std::string seconds(int64_t length) { return fmt::format("{}s", length / 1'000'000'000); }

std::string point_series(const Finding& finding) {
  const Subject& subject = finding.measurement.subject;
  std::string out = fmt::format("{}/{}", name(finding.method().family), finding.method().id);
  if (!subject.column.empty()) out += "/" + subject.column;
  if (!subject.slice.empty()) out += "/" + subject.slice;
  return out;
}

/// What charts show: everything judged, and every metric by its own level.
std::vector<store::PointRecord> points_of(const Report& report, const std::vector<SeriesLook>& looks) {
  std::vector<store::PointRecord> points;
  for (const Finding& finding : report.findings) {
    const Measurement& m = finding.measurement;
    const Family family = finding.method().family;
    if (!m.computed() || (!finding.leeway && family != Family::performance && family != Family::business)) continue;
    const Estimate& shown = m.current ? *m.current : m.value;
    points.push_back({point_series(finding), shown.value, shown.lower, shown.upper, m.current_rows.rows, static_cast<int32_t>(finding.verdict)});
  }
  for (const SeriesLook& look : looks)
    points.push_back({"evidence/" + look.series->key(), look.look.log_evidence, undefined, undefined, 0, look.look.alarm ? 1 : 0});
  return points;
}

/// The change that lies before everything not yet dealt with.
int64_t read_cursor(const std::vector<store::EvidenceRecord>& records, const std::string& name) {
  for (const auto& record : records)
    if (record.name == name) return parse_int(record.document).value_or(0);
  return 0;
}

}  // namespace

Status Worker::keep_lease(WorkDone& done) {
  LEEWAY_TRY(done.led, store_.take_lease(lease_name, options_.holder, options_.lease));
  return {};
}

Result<std::shared_ptr<const WatchedModel>> Worker::watched(const std::string& model) {
  LEEWAY_TRY(const auto models, store_.models());
  const auto at = std::find_if(models.begin(), models.end(), [&](const auto& m) { return m.name == model; });
  if (at == models.end()) return fail(Code::not_found, fmt::format("there is no model '{}'", printable(model)));
  LEEWAY_TRY(const auto references, store_.references(model));
  if (references.empty())
    return fail(Code::failed_precondition, fmt::format("the model '{}' has no reference yet", printable(model)),
                "Upload one: the profile of the data that define normal.");
  const std::string& id = references.front().id;
  const std::string key = fmt::format("{}\n{}\n{:016x}", model, id, hash64(at->document));
  const std::lock_guard lock(mutex_);
  if (const auto found = watched_.find(key); found != watched_.end()) return found->second;
  LEEWAY_TRY(const auto reference, store_.reference(model, id));
  LEEWAY_TRY(auto made, WatchedModel::make(model, at->document, reference, options_.folder + "/references"));
  std::erase_if(watched_, [&](const auto& entry) { return entry.second->model == model; });
  return watched_.emplace(key, std::make_shared<const WatchedModel>(std::move(made))).first->second;
}

Result<JudgedWindow> Worker::judge_rows(const WatchedModel& watched, const store::RowSet& rows, int64_t from, int64_t to) {
  return judge_window(watched, rows,
                      {.folder = options_.folder, .label = fmt::format("{}, {} to {}", watched.model, format_time(from), format_time(to)),
                       .tool_version = options_.tool_version, .threads = options_.threads});
}

Result<JudgedWindow> Worker::judge(const std::string& model, int64_t from, int64_t to) {
  LEEWAY_TRY(const auto watched_model, watched(model));
  LEEWAY_TRY(const auto rows, store_.rows({.model = model, .from = from, .to = to, .raw_only = true}));
  return judge_rows(*watched_model, rows, from, to);
}

Result<std::vector<Worker::Due>> Worker::due_windows(const std::string& model, int64_t length, int64_t now, int64_t& cursor) {
  LEEWAY_TRY(const auto records, store_.evidence(model));
  cursor = read_cursor(records, "cursor/" + seconds(length));
  LEEWAY_TRY(const auto touched, store_.touched(model, cursor));
  std::map<int64_t, int64_t> changes;   // of each closed window, by its start
  int64_t last = cursor, first_open = std::numeric_limits<int64_t>::max();
  for (const auto& stretch : touched) {
    last = std::max(last, stretch.change);
    for (int64_t from = window_start(stretch.from, length); from < stretch.to; from += length) {
      if (from + length + options_.grace <= now) changes[from] = std::max(changes[from], stretch.change);
      else first_open = std::min(first_open, stretch.change);
    }
  }
  cursor = std::min(last, first_open - 1);
  std::vector<Due> due;
  if (changes.empty()) return due;
  const store::WindowKey range{.model = model, .from = changes.begin()->first, .to = changes.rbegin()->first + length};
  LEEWAY_TRY(const auto stored, store_.windows(range, length, 0));
  for (const auto& window : stored)
    if (const auto at = changes.find(window.key.from); at != changes.end() && window.change >= at->second) changes.erase(at);
  for (const auto& [from, change] : changes) due.push_back({{.model = model, .from = from, .to = from + length}, change});
  return due;
}

Result<store::WindowResult> Worker::judge_lasting(const WatchedModel& watched, const Due& due, const store::RowSet& rows, int64_t length) {
  LEEWAY_TRY(auto judged, judge_rows(watched, rows, due.key.from, due.key.to));
  const auto gone = [&](const std::string& column) { return watched.reference.find(column) != nullptr && judged.profile.find(column)->absent; };
  std::erase_if(judged.report.findings, [&](const Finding& f) { return gone(f.measurement.subject.column); });
  judged.report.notes.push_back("The rows have expired; what lasts of them (scores, predictions, groups) met their outcomes.");
  store::WindowResult result{.key = due.key, .rows = judged.profile.rows(), .change = due.change, .document = report_json(judged.report, 0),
                             .points = points_of(judged.report, {})};
  LEEWAY_TRY(auto profiles, store_.profiles(due.key, length));
  if (!profiles.empty()) result.profile = std::move(profiles.front().profile);
  std::set<std::string> fresh;
  for (const auto& point : result.points) fresh.insert(point.series);
  LEEWAY_TRY(const auto before, store_.series(due.key, length, {}));
  for (const auto& old : before)
    if (!fresh.contains(old.point.series)) result.points.push_back(old.point);
  return result;
}

Status Worker::work_on_window(const WatchedModel& watched, const Due& due, int64_t length, bool evidence, int64_t now, WorkDone& done) {
  store::RowQuery query{.model = watched.model, .from = due.key.from, .to = due.key.to};
  LEEWAY_TRY(const auto columns, store_.columns(watched.model));
  LEEWAY_TRY(const auto all, store_.volume(watched.model, due.key.from, due.key.to));
  query.raw_only = true;
  LEEWAY_TRY(auto rows, store_.rows(query));
  int64_t stored = 0;
  for (const auto& version : all) stored += version.rows;
  const bool lasting = std::cmp_less(rows.rows(), stored);
  if (lasting) {
    query.raw_only = false;
    query.columns.emplace();
    for (const auto& column : columns)
      if (column.lasting) query.columns->push_back(column.name);
    LEEWAY_TRY(rows, store_.rows(query));
  }
  if (rows.rows() == 0) return {};

  store::MonitoringUpdate update{.lease_holder = options_.holder};
  std::vector<SeriesLook> looks;
  auto result = lasting ? judge_lasting(watched, due, rows, length) : judge_closed(watched, due, rows, length, evidence, update, looks);
  if (!result) {
    if (result.error().code == Code::unavailable) return std::unexpected(result.error());
    // Said where people look, and not tried again until more rows come.
    done.troubles.push_back(fmt::format("{}, {}: {}", watched.model, format_time(due.key.from), result.error().text()));
    JsonWriter json;
    json.begin_object();
    json.member("not_judged", result.error().text());
    json.end_object();
    result = store::WindowResult{.key = due.key, .rows = static_cast<int64_t>(rows.rows()), .change = due.change, .document = json.take()};
  }
  result->computed = now;
  update.windows.push_back(std::move(*result));
  LEEWAY_CHECK(store_.put(update));
  ++done.windows;
  done.alarms += std::count_if(looks.begin(), looks.end(), [](const SeriesLook& look) { return look.look.alarm; });
  return {};
}

Result<store::WindowResult> Worker::judge_closed(const WatchedModel& watched, const Due& due, const store::RowSet& rows, int64_t length,
                                                 bool evidence, store::MonitoringUpdate& update, std::vector<SeriesLook>& looks) {
  LEEWAY_TRY(auto judged, judge_rows(watched, rows, due.key.from, due.key.to));
  const std::string name = fmt::format("evidence/{}/{:016x}", seconds(length), watched.plan.id());
  LEEWAY_TRY(const auto records, store_.evidence(watched.model));
  const auto at = std::find_if(records.begin(), records.end(), [&](const auto& r) { return r.name == name; });
  // A window enters once, in order of time: rows that come later change the stored result, not the evidence.
  if (evidence && (at == records.end() || due.key.to > at->up_to)) {
    EvidenceStates states;
    if (at != records.end()) {
      LEEWAY_TRY(states, states_from_text(at->document));
    }
    looks = observe(watched.plan, watched.plan.count(judged.profile), length, states);
    update.evidence.push_back({watched.model, name, due.key.to, to_text(states)});
    LEEWAY_TRY(const auto open, store_.incidents(watched.model, true, most_incidents));
    update.incidents = advance_incidents(watched.model, due.key, looks, judged.report, open);
  }
  store::WindowResult result{.key = due.key, .rows = judged.profile.rows(), .change = due.change, .document = report_json(judged.report, 0),
                             .points = points_of(judged.report, looks)};
  LEEWAY_TRY(result.profile, judged.profile.bytes());
  return result;
}

Status Worker::work_on(const std::string& model, int64_t length, bool evidence, int64_t now, const std::atomic<bool>& stop, WorkDone& done) {
  const auto watched_model = watched(model);
  if (!watched_model) {
    if (watched_model.error().code == Code::unavailable) return std::unexpected(watched_model.error());
    if (watched_model.error().code != Code::failed_precondition) done.troubles.push_back(watched_model.error().text());
    return {};
  }
  int64_t cursor = 0;
  LEEWAY_TRY(const auto due, due_windows(model, length, now, cursor));
  for (const Due& window : due) {
    if (stop) return {};
    LEEWAY_CHECK(keep_lease(done));
    if (!done.led) return {};
    LEEWAY_CHECK(work_on_window(**watched_model, window, length, evidence, now, done));
  }
  return store_.put({.lease_holder = options_.holder,
                     .evidence = {{model, "cursor/" + seconds(length), 0, fmt::format("{}", cursor)}}});
}

Status Worker::expire(const std::string& model, int64_t now) {
  // Once an hour: the stretch that goes each time is worth a transaction.
  if (const auto at = expired_.find(model); at != expired_.end() && now - at->second < hour) return {};
  int64_t matures_after = 0;
  if (const auto known = watched(model)) matures_after = (*known)->config.columns.label.matures_after.value_or(0);
  const auto gone = store_.expire({.model = model, .raw_before = now - options_.retention,
                                   .all_before = now - options_.retention - matures_after, .answers_before = now - 24 * hour});
  if (!gone) return std::unexpected(gone.error());
  expired_[model] = now;
  return {};
}

Result<WorkDone> Worker::run_once(int64_t now, const std::atomic<bool>& stop) {
  WorkDone done;
  LEEWAY_CHECK(keep_lease(done));
  if (!done.led) return done;
  LEEWAY_TRY(const auto models, store_.models());
  for (const auto& model : models) {
    for (size_t i = 0; i < options_.lengths.size(); ++i) {
      LEEWAY_CHECK(work_on(model.name, options_.lengths[i], i == 0, now, stop, done));
      if (stop || !done.led) return done;
    }
    LEEWAY_CHECK(expire(model.name, now));
  }
  return done;
}

}  // namespace leeway
