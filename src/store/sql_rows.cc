#include "store/sql_store.h"

#include <fmt/format.h>

namespace leeway::store {

Result<uint64_t> SqlStore::position(const std::string& journal) {
  LEEWAY_TRY(const auto a, ask("SELECT position FROM positions WHERE journal = $1", {journal}));
  return a.rows() == 0 ? 0 : static_cast<uint64_t>(a.integer(0, 0));
}

Result<Applied> SqlStore::apply(const ApplyBatch& batch) {
  Applied applied;
  LEEWAY_CHECK(change([&](Session& session) { return apply_in(session, batch, applied); }));
  return applied;
}

Status SqlStore::apply_in(Session& session, const ApplyBatch& batch, Applied& applied) {
  LEEWAY_CHECK(session.run("INSERT INTO positions VALUES ($1, 0) ON CONFLICT (journal) DO NOTHING", {batch.journal}));
  LEEWAY_TRY(const auto found, session.query(fmt::format("SELECT position FROM positions WHERE journal = $1 {}",
                                                         driver_->dialect().lock_row), {batch.journal}));
  const auto position = static_cast<uint64_t>(found.integer(0, 0));
  applied.before = batch.position <= position;
  if (applied.before) return {};
  if (batch.after != position)
    return fail(Code::failed_precondition,
                fmt::format("the batch begins after record {}, but {} is applied", batch.after, position));
  TouchedStretches touched;
  for (const RowBlock& block : batch.rows)
    LEEWAY_CHECK(add_rows(session, driver_->dialect(), block, batch.now, applied, touched));
  for (const OutcomeBlock& block : batch.outcomes)
    LEEWAY_CHECK(add_outcomes(session, driver_->dialect(), block, batch.now, applied, touched));
  for (const AnswerRecord& a : batch.answers)
    LEEWAY_CHECK(session.run("INSERT INTO answers VALUES ($1, $2, $3, $4) ON CONFLICT (request) DO NOTHING",
                             {clean(a.key), clean(a.fingerprint), a.time, clean(a.answer)}));
  LEEWAY_CHECK(record_touched(session, touched));
  return done(session.run("UPDATE positions SET position = $2 WHERE journal = $1",
                          {batch.journal, static_cast<int64_t>(batch.position)}));
}

/// The counter's row stays locked until the commit, so that changes become visible in the order of their numbers and
/// whoever reads them misses none.
Status SqlStore::record_touched(Session& session, const TouchedStretches& touched) {
  if (touched.empty()) return {};
  LEEWAY_CHECK(session.run("UPDATE meta SET number = number + 1 WHERE name = 'change'"));
  LEEWAY_TRY(const auto change, session.query("SELECT number FROM meta WHERE name = 'change'"));
  constexpr size_t at_once = 500;
  for (const auto& [model, stretches] : touched) {
    std::string list;
    size_t count = 0;
    for (auto at = stretches.begin(); at != stretches.end();) {
      list += fmt::format("{}({}, {}, {})", list.empty() ? "" : ", ", model, *at, change.integer(0, 0));
      if (++at != stretches.end() && ++count % at_once != 0) continue;
      LEEWAY_CHECK(session.run("INSERT INTO touched VALUES " + list +
                               " ON CONFLICT (model, stretch) DO UPDATE SET change = EXCLUDED.change"));
      list.clear();
    }
  }
  return {};
}

Result<std::optional<AnswerRecord>> SqlStore::answer(const std::string& key) {
  LEEWAY_TRY(const auto a, ask("SELECT fingerprint, time, answer FROM answers WHERE request = $1", {clean(key)}));
  if (a.rows() == 0) return std::optional<AnswerRecord>();
  return std::optional(AnswerRecord{key, a.text(0, 0), a.integer(0, 1), a.text(0, 2)});
}

Result<RowCatalog> SqlStore::catalog(Session& session, const std::string& model) {
  LEEWAY_TRY(auto found, RowCatalog::find(session, model));
  if (!found) return fail(Code::not_found, fmt::format("there is no model '{}'", model));
  return *std::move(found);
}

Result<std::vector<ColumnRecord>> SqlStore::columns(const std::string& model) {
  LEEWAY_TRY(const auto session, driver_->reader());
  LEEWAY_TRY(const auto known, catalog(*session, model));
  std::vector<ColumnRecord> out;
  for (const auto& entry : known.entries()) out.push_back(entry.column);
  return out;
}

Result<RowSet> SqlStore::rows(const RowQuery& query) {
  LEEWAY_TRY(const auto session, driver_->reader());
  LEEWAY_TRY(const auto known, catalog(*session, query.model));
  return read_rows(*session, driver_->dialect(), known, query);
}

Result<std::vector<VolumeRecord>> SqlStore::volume(const std::string& model, int64_t from, int64_t to) {
  LEEWAY_TRY(const auto session, driver_->reader());
  LEEWAY_TRY(const auto known, catalog(*session, model));
  return read_volume(*session, known, from, to);
}

Result<std::vector<TouchedRecord>> SqlStore::touched(const std::string& model, int64_t after_change) {
  LEEWAY_TRY(const auto a, ask("SELECT t.stretch, t.change FROM touched t JOIN models m ON m.number = t.model "
                               "WHERE m.name = $1 AND t.change > $2 ORDER BY t.stretch", {clean(model), after_change}));
  return records<TouchedRecord>(a, [&](size_t r) {
    return TouchedRecord{a.integer(r, 0), a.integer(r, 0) + touched_stretch, a.integer(r, 1)};
  });
}

Result<Expired> SqlStore::expire(const ExpireRequest& request) {
  if (request.all_before > request.raw_before)
    return fail(Code::invalid_argument, "rows cannot go before their raw values do");
  Expired out;
  const auto expire_in = [&](Session& session) -> Status {
    LEEWAY_TRY(const auto known, catalog(session, request.model));
    LEEWAY_TRY(out, expire_rows(session, driver_->dialect(), known, request));
    return done(session.run("DELETE FROM answers WHERE time < $1", {request.answers_before}));
  };
  LEEWAY_CHECK(change(expire_in));
  return out;
}

}  // namespace leeway::store
