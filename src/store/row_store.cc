#include "store/row_store.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>

#include <fmt/format.h>

#include "base/hash.h"
#include "store/fit.h"

namespace leeway::store {
namespace {

int64_t stretch_of(int64_t time) {
  return (time / touched_stretch - (time % touched_stretch < 0)) * touched_stretch;
}

std::vector<std::string> cleaned_all(const std::vector<std::string>& texts, std::span<const uint32_t> places) {
  std::vector<std::string> out;
  out.reserve(places.size());
  for (const uint32_t place : places) out.push_back(clean(texts[place]));
  return out;
}

int64_t id_hash(std::string_view id) { return static_cast<int64_t>(hash64(id)); }

Column id_hashes(const std::vector<std::string>& ids) {
  std::vector<int64_t> hashes;
  hashes.reserve(ids.size());
  for (const auto& id : ids) hashes.push_back(id_hash(id));
  return Column::of_integers("id_hash", Type::integer, std::move(hashes));
}

/// The first columns of a table of rows or outcomes.
std::vector<Column> id_columns(const Dialect& dialect, const std::vector<std::string>& ids) {
  std::vector<Column> out = {text_column("id", ids)};
  if (!dialect.indexes) out.push_back(id_hashes(ids));
  return out;
}

/// Puts ids where a query can join them, numbered from 0. The table is the session's own.
Status stage_ids(Session& session, const std::vector<std::string>& ids) {
  LEEWAY_CHECK(session.run("CREATE TEMP TABLE IF NOT EXISTS batch_ids(id TEXT, id_hash INT8, place INT8)"));
  LEEWAY_CHECK(session.run("DELETE FROM batch_ids"));
  std::vector<int64_t> places(ids.size());
  for (size_t i = 0; i < places.size(); ++i) places[i] = static_cast<int64_t>(i);
  const Column columns[] = {text_column("id", ids), id_hashes(ids),
                            Column::of_integers("place", Type::integer, std::move(places))};
  return session.append("batch_ids", columns);
}

/// The number of each staged id that is in the table, and `column` there. Without an index the hashes are looked
/// through first, and the ids only where hashes agree: as a rule nowhere.
Result<Answer> known_ids(Session& session, const Dialect& dialect, const std::string& table, std::string_view column) {
  const std::string select =
      fmt::format("SELECT b.place, r.{} FROM batch_ids b JOIN {} r ON r.id = b.id", column, table);
  if (dialect.indexes) return session.query(select);
  LEEWAY_TRY(auto agree, session.query(fmt::format("SELECT b.id_hash, b.id_hash FROM batch_ids b JOIN {} r ON "
                                                   "r.id_hash = b.id_hash", table)));
  constexpr size_t few = 1000;
  if (agree.rows() == 0) return agree;
  if (agree.rows() > few) return session.query(select + " AND r.id_hash = b.id_hash");
  std::string hashes;
  for (size_t row = 0; row < agree.rows(); ++row)
    hashes += fmt::format("{}{}", row == 0 ? "" : ", ", agree.integer(row, 0));
  return session.query(fmt::format("{} WHERE r.id_hash IN ({})", select, hashes));
}

/// Places of the first (or last) occurrence of each id.
std::vector<uint32_t> distinct_places(const std::vector<std::string>& ids, bool last) {
  std::unordered_map<std::string_view, uint32_t> place_of;
  place_of.reserve(ids.size());
  for (uint32_t i = 0; i < ids.size(); ++i) {
    const auto [at, added] = place_of.try_emplace(ids[i], i);
    if (!added && last) at->second = i;
  }
  std::vector<uint32_t> places;
  places.reserve(place_of.size());
  for (uint32_t i = 0; i < ids.size(); ++i)
    if (place_of.at(ids[i]) == i) places.push_back(i);
  return places;
}

/// Removes from `places` those whose numbers are in the answer's first column.
void drop_known(const Answer& known, std::vector<uint32_t>& places) {
  std::vector<char> drop(places.size());
  for (size_t row = 0; row < known.rows(); ++row) drop[static_cast<size_t>(known.integer(row, 0))] = 1;
  size_t kept = 0;
  for (size_t i = 0; i < places.size(); ++i)
    if (!drop[i]) places[kept++] = places[i];
  places.resize(kept);
}

std::vector<Column> table_columns(const Dialect& dialect, const RowCatalog& catalog, const RowBlock& block,
                                  std::span<const uint32_t> places, int64_t& type_errors) {
  std::vector<int64_t> times;
  for (const uint32_t place : places) times.push_back(block.times[place]);
  std::vector<Column> out = id_columns(dialect, cleaned_all(block.ids, places));
  out.push_back(Column::of_integers("time", Type::time, std::move(times)));
  out.push_back(constant_text("version", clean(block.version), places.size()));
  std::unordered_map<std::string, const Column*> given;
  for (const Column& column : block.columns) given.emplace(clean(column.name()), &column);
  for (const auto& entry : catalog.entries()) {
    const auto found = given.find(entry.column.name);
    const std::string name = fmt::format("c{}", entry.number);
    if (found == given.end()) out.push_back(nulls(name, entry.column.type, places.size()));
    else out.push_back(cleaned(fit(found->second->gather(places), entry.column.type, type_errors)).renamed(name));
  }
  return out;
}

bool same_label(const Answer& stored, size_t row, const Column& labels, uint32_t place) {
  if (stored.null(row, 1) || !labels.is_valid(place)) return stored.null(row, 1) == !labels.is_valid(place);
  return stored.columns[1].text(row) == labels.text(place);
}

/// "SELECT id, time, version, columns FROM rows UNION ALL the same of the slim rows", with conditions on both.
std::string all_rows(const RowCatalog& catalog, std::span<const RowCatalog::Entry* const> entries,
                     const std::string& where, bool raw_only) {
  std::string raw = "SELECT id, time, version", slim = raw;
  for (const auto* entry : entries) {
    raw += fmt::format(", c{}", entry->number);
    slim += entry->column.lasting
                ? fmt::format(", c{}", entry->number)
                : fmt::format(", CAST(NULL AS {}) AS c{}", sql_type(entry->column.type), entry->number);
  }
  raw += fmt::format(" FROM {} WHERE {}", catalog.rows(), where);
  slim += fmt::format(" FROM {} WHERE {}", catalog.slim(), where);
  return raw_only ? raw : raw + " UNION ALL " + slim;
}

Column as_time(Column column) {
  return Column::of_integers(column.name(), Type::time, {column.integers().begin(), column.integers().end()},
                             column.validity());
}

Column as_stored(Column column, const ColumnRecord& record) {
  return (record.type == Type::time ? as_time(std::move(column)) : std::move(column)).renamed(record.name);
}

}  // namespace

Status add_rows(Session& session, const Dialect& dialect, const RowBlock& block, int64_t now, Applied& applied,
                TouchedStretches& touched) {
  LEEWAY_TRY(const auto catalog, RowCatalog::ensure(session, dialect, block, now));
  for (const Column& column : block.columns) applied.columns_left_out += catalog.find(clean(column.name())) == nullptr;
  std::vector<uint32_t> places = distinct_places(block.ids, false);
  LEEWAY_CHECK(stage_ids(session, cleaned_all(block.ids, places)));
  LEEWAY_TRY(const auto known, known_ids(session, dialect, catalog.rows(), "time"));
  drop_known(known, places);
  applied.rows += static_cast<int64_t>(places.size());
  applied.duplicates += static_cast<int64_t>(block.ids.size() - places.size());
  if (places.empty()) return {};
  for (const uint32_t place : places) touched[catalog.number()].insert(stretch_of(block.times[place]));
  return session.append(catalog.rows(), table_columns(dialect, catalog, block, places, applied.type_errors));
}

Status add_outcomes(Session& session, const Dialect& dialect, const OutcomeBlock& block, int64_t now, Applied& applied,
                    TouchedStretches& touched) {
  LEEWAY_TRY(const auto catalog, RowCatalog::ensure(session, dialect, block, now));
  const std::string table = catalog.outcomes();
  std::vector<uint32_t> places = distinct_places(block.ids, true);
  applied.repeated += static_cast<int64_t>(block.ids.size() - places.size());
  const Column labels = cleaned(fit(block.labels, *catalog.label_type(), applied.type_errors));
  LEEWAY_CHECK(stage_ids(session, cleaned_all(block.ids, places)));
  LEEWAY_TRY(const auto known, known_ids(session, dialect, table, "label"));
  std::vector<char> repeated(places.size());
  int64_t same = 0;
  for (size_t row = 0; row < known.rows(); ++row) {
    const auto number = static_cast<size_t>(known.integer(row, 0));
    repeated[number] = same_label(known, row, labels, places[number]);
    same += repeated[number];
  }
  applied.repeated += same;
  applied.corrected += static_cast<int64_t>(known.rows()) - same;
  applied.outcomes += static_cast<int64_t>(places.size() - known.rows());
  size_t kept = 0;
  for (size_t i = 0; i < places.size(); ++i)
    if (!repeated[i]) places[kept++] = places[i];
  places.resize(kept);
  if (places.empty()) return {};

  const std::vector<std::string> ids = cleaned_all(block.ids, places);
  LEEWAY_CHECK(stage_ids(session, ids));
  if (static_cast<int64_t>(known.rows()) > same)
    LEEWAY_CHECK(session.run(fmt::format("DELETE FROM {} WHERE id IN (SELECT id FROM batch_ids)", table)));
  std::vector<int64_t> times;
  for (const uint32_t place : places) times.push_back(block.times[place]);
  std::vector<Column> columns = id_columns(dialect, ids);
  columns.push_back(Column::of_integers("time", Type::time, std::move(times)));
  columns.push_back(labels.gather(places).renamed("label"));
  LEEWAY_CHECK(session.append(table, columns));
  for (const std::string& rows : {catalog.rows(), catalog.slim()}) {
    LEEWAY_TRY(const auto at, known_ids(session, dialect, rows, "time"));
    for (size_t row = 0; row < at.rows(); ++row) touched[catalog.number()].insert(stretch_of(at.integer(row, 1)));
  }
  return {};
}

Result<RowSet> read_rows(Session& session, const Dialect& dialect, const RowCatalog& catalog, const RowQuery& query) {
  std::vector<const RowCatalog::Entry*> entries;
  if (query.columns) {
    for (const std::string& name : *query.columns) {
      entries.push_back(catalog.find(name));
      if (!entries.back()) return fail(Code::not_found, fmt::format("the rows have no column '{}'", name));
    }
  } else {
    for (const auto& entry : catalog.entries()) entries.push_back(&entry);
  }
  std::vector<Value> values = {query.from, query.to};
  std::string where = "time >= $1 AND time < $2";
  const auto also = [&](std::string_view column, const std::optional<std::string>& text) {
    if (!text) return;
    values.push_back(clean(*text));
    where += fmt::format(" AND {} = ${}", column, values.size());
  };
  also("version", query.version);
  also("id", query.id);
  if (query.id && !dialect.indexes) where += fmt::format(" AND id_hash = {}", id_hash(clean(*query.id)));

  std::string select = "SELECT r.id, r.time, r.version";
  for (const auto* entry : entries) select += fmt::format(", r.c{}", entry->number);
  const std::string from = fmt::format(" FROM ({}) r", all_rows(catalog, entries, where, query.raw_only));
  const bool labels = catalog.label_type().has_value();
  select += labels ? fmt::format(", o.label, o.time{} LEFT JOIN {} o ON o.id = r.id", from, catalog.outcomes()) : from;
  if (query.order == RowOrder::oldest_first) select += " ORDER BY r.time, r.id";
  if (query.order == RowOrder::newest_first) select += " ORDER BY r.time DESC, r.id";
  select += fmt::format(" LIMIT {}", query.limit);
  LEEWAY_TRY(auto answer, session.query(select, values));

  RowSet out;
  auto& columns = answer.columns;
  out.ids = std::move(columns[0]).renamed("id");
  out.times = as_time(std::move(columns[1])).renamed("time");
  out.versions = std::move(columns[2]).renamed("version");
  for (size_t i = 0; i < entries.size(); ++i)
    out.columns.push_back(as_stored(std::move(columns[3 + i]), entries[i]->column));
  const size_t at = 3 + entries.size(), rows = out.ids.size();
  out.labels =
      labels ? as_stored(std::move(columns[at]), {"label", *catalog.label_type()}) : nulls("label", Type::real, rows);
  out.label_times = (labels ? as_time(std::move(columns[at + 1])) : nulls("", Type::time, rows)).renamed("label_time");
  return out;
}

Result<std::vector<VolumeRecord>> read_volume(Session& session, const RowCatalog& catalog, int64_t from, int64_t to) {
  const std::string rows = all_rows(catalog, {}, "time >= $1 AND time < $2", false);
  const bool labels = catalog.label_type().has_value();
  const std::string join = labels ? fmt::format("LEFT JOIN {} o ON o.id = r.id", catalog.outcomes()) : "";
  LEEWAY_TRY(const auto answer,
             session.query(fmt::format("SELECT r.version, count(*), {}, min(r.time), max(r.time) FROM ({}) r {} "
                                       "GROUP BY r.version ORDER BY min(r.time), r.version",
                                       labels ? "count(o.id)" : "CAST(0 AS INT8)", rows, join),
                           {from, to}));
  std::vector<VolumeRecord> out;
  for (size_t row = 0; row < answer.rows(); ++row)
    out.push_back({answer.text(row, 0), answer.integer(row, 1), answer.integer(row, 2), answer.integer(row, 3),
                   answer.integer(row, 4)});
  return out;
}

Result<Expired> expire_rows(Session& session, const Dialect& dialect, const RowCatalog& catalog,
                            const ExpireRequest& request) {
  std::string lasting = dialect.indexes ? "id, time, version" : "id, id_hash, time, version";
  for (const auto& entry : catalog.entries())
    if (entry.column.lasting) lasting += fmt::format(", c{}", entry.number);
  Expired out;
  LEEWAY_TRY(
      out.slimmed,
      session.run(fmt::format("INSERT INTO {1}({2}) SELECT {2} FROM {0} r WHERE r.time < $1 AND r.time >= $2 AND NOT "
                              "EXISTS (SELECT 1 FROM {1} s WHERE s.id = r.id)",
                              catalog.rows(), catalog.slim(), lasting),
                  {request.raw_before, request.all_before}));
  LEEWAY_TRY(const int64_t moved,
             session.run(fmt::format("DELETE FROM {} WHERE time < $1", catalog.rows()), {request.raw_before}));
  LEEWAY_TRY(const int64_t removed,
             session.run(fmt::format("DELETE FROM {} WHERE time < $1", catalog.slim()), {request.all_before}));
  out.removed = moved - out.slimmed + removed;
  if (catalog.label_type())
    LEEWAY_CHECK(session.run(fmt::format("DELETE FROM {} WHERE time < $1", catalog.outcomes()), {request.all_before}));
  LEEWAY_CHECK(
      session.run("DELETE FROM touched WHERE model = $1 AND stretch < $2", {catalog.number(), request.all_before}));
  return out;
}

}  // namespace leeway::store
