#include "store/row_catalog.h"

#include <algorithm>

#include <fmt/format.h>

namespace leeway::store {
namespace {

constexpr int64_t label_number = 0;   // the entry that holds the type of outcomes; columns count from 1

int64_t stored(Type type) { return static_cast<int64_t>(type); }

std::string_view id_columns(const Dialect& dialect) {
  return dialect.indexes ? "id TEXT NOT NULL" : "id TEXT NOT NULL, id_hash INT8 NOT NULL";
}

}  // namespace

std::string_view sql_type(Type type) {
  switch (type) {
    case Type::boolean: return "BOOLEAN";
    case Type::integer:
    case Type::time: return "INT8";
    case Type::real: return "FLOAT8";
    case Type::text: return "TEXT";
  }
  return "TEXT";
}

RowCatalog::Entry* RowCatalog::mutable_entry(std::string_view column) {
  for (Entry& entry : entries_)
    if (entry.column.name == column) return &entry;
  return nullptr;
}

const RowCatalog::Entry* RowCatalog::find(std::string_view column) const {
  for (const Entry& entry : entries_)
    if (entry.column.name == column) return &entry;
  return nullptr;
}

Result<std::optional<RowCatalog>> RowCatalog::find(Session& session, const std::string& model) {
  LEEWAY_TRY(const auto answer,
             session.query("SELECT m.number, c.number, c.name, c.type, c.lasting FROM models m LEFT JOIN row_columns c "
                           "ON c.model = m.number WHERE m.name = $1 ORDER BY c.number",
                           {clean(model)}));
  if (answer.rows() == 0) return std::optional<RowCatalog>();
  RowCatalog catalog;
  catalog.number_ = answer.integer(0, 0);
  for (size_t row = 0; row < answer.rows(); ++row) {
    if (answer.null(row, 1)) continue;
    const auto type = static_cast<Type>(answer.integer(row, 3));
    if (answer.integer(row, 1) == label_number) catalog.label_type_ = type;
    else catalog.entries_.push_back({answer.integer(row, 1), {answer.text(row, 2), type, answer.integer(row, 4) != 0}});
  }
  return std::optional(std::move(catalog));
}

Result<RowCatalog> RowCatalog::ensure_model(Session& session, const Dialect& dialect, const std::string& model,
                                            int64_t now) {
  LEEWAY_TRY(auto found, find(session, model));
  if (found) return *std::move(found);
  if (!dialect.schema_lock.empty()) {
    LEEWAY_CHECK(session.query(std::string(dialect.schema_lock)));
    LEEWAY_TRY(auto meanwhile, find(session, model));
    if (meanwhile) return *std::move(meanwhile);
  }
  RowCatalog catalog;
  LEEWAY_CHECK(catalog.make_tables(session, dialect, model, now));
  return catalog;
}

Status RowCatalog::make_tables(Session& session, const Dialect& dialect, const std::string& model, int64_t now) {
  LEEWAY_TRY(const auto last, session.query("SELECT coalesce(max(number), 0) FROM models"));
  number_ = last.integer(0, 0) + 1;
  LEEWAY_CHECK(session.run("INSERT INTO models VALUES ($1, $2, $3, '')", {number_, clean(model), now}));
  for (const std::string& table : {rows(), slim()}) {
    LEEWAY_CHECK(session.run(fmt::format("CREATE TABLE {}({}, time INT8 NOT NULL, version TEXT NOT NULL)", table,
                                         id_columns(dialect))));
    if (!dialect.indexes) continue;
    LEEWAY_CHECK(session.run(fmt::format("CREATE UNIQUE INDEX {0}_by_id ON {0}(id)", table)));
    LEEWAY_CHECK(session.run(fmt::format("CREATE INDEX {0}_by_time ON {0}(time)", table)));
  }
  return {};
}

Result<RowCatalog> RowCatalog::ensure(Session& session, const Dialect& dialect, const RowBlock& block, int64_t now) {
  LEEWAY_TRY(auto catalog, ensure_model(session, dialect, block.model, now));
  bool locked = dialect.schema_lock.empty();
  for (size_t i = 0; i < block.columns.size(); ++i) {
    const Column& column = block.columns[i];
    const bool lasting = std::find(block.lasting.begin(), block.lasting.end(), column.name()) != block.lasting.end();
    Entry* entry = catalog.mutable_entry(clean(column.name()));
    const bool wider = entry && entry->column.type == Type::integer && column.type() == Type::real;
    const bool change =
        entry ? wider || (lasting && !entry->column.lasting) : catalog.entries_.size() < dialect.max_columns;
    if (!change) continue;
    if (!locked) {   // what another process did meanwhile counts: look again
      LEEWAY_CHECK(session.query(std::string(dialect.schema_lock)));
      LEEWAY_TRY(auto again, find(session, block.model));
      catalog = *std::move(again);
      locked = true;
      --i;
      continue;
    }
    if (!entry) LEEWAY_CHECK(catalog.add_column(session, column, lasting));
    if (entry && wider) LEEWAY_CHECK(catalog.widen(session, *entry));
    if (entry && lasting && !entry->column.lasting) LEEWAY_CHECK(catalog.make_lasting(session, *entry));
  }
  return catalog;
}

Status RowCatalog::add_column(Session& session, const Column& column, bool lasting) {
  Entry entry{entries_.empty() ? 1 : entries_.back().number + 1, {clean(column.name()), column.type(), lasting}};
  LEEWAY_CHECK(session.run("INSERT INTO row_columns VALUES ($1, $2, $3, $4, $5)",
                           {number_, entry.number, entry.column.name, stored(column.type()), lasting}));
  const std::string add = fmt::format("ADD COLUMN c{} {}", entry.number, sql_type(column.type()));
  LEEWAY_CHECK(session.run(fmt::format("ALTER TABLE {} {}", rows(), add)));
  if (lasting) LEEWAY_CHECK(session.run(fmt::format("ALTER TABLE {} {}", slim(), add)));
  entries_.push_back(std::move(entry));
  return {};
}

Status RowCatalog::widen(Session& session, Entry& entry) {
  LEEWAY_CHECK(session.run("UPDATE row_columns SET type = $3 WHERE model = $1 AND number = $2",
                           {number_, entry.number, stored(Type::real)}));
  const std::string change = fmt::format("ALTER COLUMN c{} TYPE FLOAT8", entry.number);
  LEEWAY_CHECK(session.run(fmt::format("ALTER TABLE {} {}", rows(), change)));
  if (entry.column.lasting) LEEWAY_CHECK(session.run(fmt::format("ALTER TABLE {} {}", slim(), change)));
  entry.column.type = Type::real;
  return {};
}

Status RowCatalog::make_lasting(Session& session, Entry& entry) {
  LEEWAY_CHECK(session.run("UPDATE row_columns SET lasting = true WHERE model = $1 AND number = $2",
                           {number_, entry.number}));
  LEEWAY_CHECK(
      session.run(fmt::format("ALTER TABLE {} ADD COLUMN c{} {}", slim(), entry.number, sql_type(entry.column.type))));
  entry.column.lasting = true;
  return {};
}

Result<RowCatalog> RowCatalog::ensure(Session& session, const Dialect& dialect, const OutcomeBlock& block,
                                      int64_t now) {
  LEEWAY_TRY(auto catalog, ensure_model(session, dialect, block.model, now));
  const Type type = block.labels.type();
  const auto known = catalog.label_type_;
  if (known && !(*known == Type::integer && type == Type::real)) return catalog;
  if (!dialect.schema_lock.empty()) {
    LEEWAY_CHECK(session.query(std::string(dialect.schema_lock)));
    LEEWAY_TRY(auto again, find(session, block.model));
    if (again->label_type_ != known) return *std::move(again);
  }
  if (known) {
    LEEWAY_CHECK(session.run("UPDATE row_columns SET type = $3 WHERE model = $1 AND number = $2",
                             {catalog.number_, label_number, stored(Type::real)}));
    LEEWAY_CHECK(session.run(fmt::format("ALTER TABLE {} ALTER COLUMN label TYPE FLOAT8", catalog.outcomes())));
  } else {
    LEEWAY_CHECK(session.run("INSERT INTO row_columns VALUES ($1, $2, '', $3, true)",
                             {catalog.number_, label_number, stored(type)}));
    LEEWAY_CHECK(session.run(fmt::format("CREATE TABLE {}({}, time INT8 NOT NULL, label {})", catalog.outcomes(),
                                         id_columns(dialect), sql_type(type))));
    if (dialect.indexes)
      LEEWAY_CHECK(session.run(fmt::format("CREATE UNIQUE INDEX {0}_by_id ON {0}(id)", catalog.outcomes())));
  }
  catalog.label_type_ = type;
  return catalog;
}

}  // namespace leeway::store
