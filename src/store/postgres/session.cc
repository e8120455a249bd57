#include "store/postgres/session.h"

#include <bit>
#include <cstring>
#include <unordered_map>

#include <fmt/format.h>

#include "base/text.h"

namespace leeway::store {
namespace {

// Type numbers of PostgreSQL's catalog, which never change.
constexpr Oid oid_boolean = 16, oid_bytea = 17, oid_int8 = 20, oid_text = 25, oid_float8 = 701;

uint64_t load_big(const char* at) {
  uint64_t word;
  std::memcpy(&word, at, 8);
  return std::byteswap(word);
}
template <class T>
void put_big(std::string& out, T value) {
  value = std::byteswap(value);
  char bytes[sizeof value];
  std::memcpy(bytes, &value, sizeof value);
  out.append(bytes, sizeof value);
}

/// A value as a binary parameter.
struct Parameter {
  Oid type = 0;
  bool null = false;
  std::string bytes;

  void operator()(std::monostate) { null = true; }
  void operator()(bool value) {
    type = oid_boolean;
    bytes.assign(1, value ? '\1' : '\0');
  }
  void operator()(int64_t value) {
    type = oid_int8;
    put_big(bytes, static_cast<uint64_t>(value));
  }
  void operator()(double value) {
    type = oid_float8;
    put_big(bytes, std::bit_cast<uint64_t>(value));
  }
  void operator()(const std::string& text) {
    type = oid_text;
    bytes = text;
  }
  void operator()(const Bytes& value) {
    type = oid_bytea;
    bytes = value.bytes;
  }
};

struct Rule {
  std::string_view sqlstate;   // a beginning
  Code code;
  std::string_view message;
};

// The first that matches counts. https://www.postgresql.org/docs/15/errcodes-appendix.html
constexpr Rule rules[] = {
    {"53100", Code::resource_exhausted, "the store's disk is full"},
    {"53200", Code::resource_exhausted, "the store is out of memory"},
    {"53300", Code::unavailable, "the store has no connection left"},
    {"57014", Code::resource_exhausted, "the query took longer than it may"},
    {"57P", Code::unavailable, "the store is shutting down or starting"},
    {"08", Code::unavailable, "the connection to the store broke"},
    {"25006", Code::unavailable, "the store is read-only"},
    {"28", Code::failed_precondition, "the store refuses this user or password"},
    {"3D000", Code::failed_precondition, "the store's database does not exist"},
    {"42501", Code::failed_precondition, "the store's user may not do this"},
    {"23505", Code::unavailable, "the store is busy with the same rows"},
    {"40", Code::unavailable, "the store is busy with the same rows"},
    {"55P03", Code::unavailable, "the store is busy with the same rows"},
};

/// Takes one column's fields, row after row.
class FieldReader {
 public:
  FieldReader(Oid type, size_t rows) : type_(type), valid_(rows) {
    if (type == oid_float8) reals_.resize(rows);
    else if (type == oid_int8 || type == oid_boolean) integers_.resize(rows);
    else codes_.resize(rows);
  }

  void null(size_t row) { valid_.set(row, false); }
  void take(size_t row, std::string_view bytes) {
    switch (type_) {
      case oid_float8: reals_[row] = std::bit_cast<double>(load_big(bytes.data())); break;
      case oid_int8: integers_[row] = static_cast<int64_t>(load_big(bytes.data())); break;
      case oid_boolean: integers_[row] = bytes[0]; break;
      default: {
        const auto [at, added] = seen_.try_emplace(bytes, static_cast<uint32_t>(words_.size()));
        if (added) words_.emplace_back(bytes);
        codes_[row] = at->second;
      }
    }
  }
  Column finish() {
    switch (type_) {
      case oid_float8: return Column::of_reals("", std::move(reals_), std::move(valid_));
      case oid_int8: return Column::of_integers("", Type::integer, std::move(integers_), std::move(valid_));
      case oid_boolean: return Column::of_integers("", Type::boolean, std::move(integers_), std::move(valid_));
      default: return Column::of_codes("", std::move(codes_), std::move(words_), std::move(valid_));
    }
  }

 private:
  Oid type_;
  Validity valid_;
  std::vector<double> reals_;
  std::vector<int64_t> integers_;
  std::vector<uint32_t> codes_;
  std::vector<std::string> words_;
  std::unordered_map<std::string_view, uint32_t> seen_;   // views of the result
};

/// One field of COPY's binary format: length, then the value.
void put_field(std::string& out, const Column& column, size_t row) {
  if (!column.is_valid(row)) return put_big(out, ~uint32_t{0});
  switch (column.type()) {
    case Type::real:
      put_big(out, uint32_t{8});
      return put_big(out, std::bit_cast<uint64_t>(column.reals()[row]));
    case Type::boolean:
      put_big(out, uint32_t{1});
      out += column.integers()[row] != 0 ? '\1' : '\0';
      return;
    case Type::integer:
    case Type::time:
      put_big(out, uint32_t{8});
      return put_big(out, static_cast<uint64_t>(column.integers()[row]));
    case Type::text: {
      const std::string& text = column.dictionary()[column.codes()[row]];
      put_big(out, static_cast<uint32_t>(text.size()));
      out += text;
    }
  }
}

}  // namespace

Error pg_error(const char* sqlstate, const char* primary_message) {
  const std::string_view state = sqlstate ? sqlstate : "08";   // none: the connection itself
  for (const Rule& rule : rules)
    if (state.starts_with(rule.sqlstate)) return {rule.code, std::string(rule.message)};
  return {Code::internal,
          fmt::format("the store did not expect: {} ({})", printable(primary_message ? primary_message : ""), state)};
}

PgSession::PgSession(PgConnection connection) : connection_(std::move(connection)) {
  // libpq would print what the server remarks.
  PQsetNoticeReceiver(connection_.get(), [](void*, const PGresult*) {}, nullptr);
}

std::unexpected<Error> PgSession::failed(const PGresult* result) {
  const char* state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : nullptr;
  // A server that shuts down says so before the connection shows it.
  const bool cut = !state || std::string_view(state).starts_with("57P") || std::string_view(state).starts_with("08");
  ended_ = ended_ || cut || PQstatus(connection_.get()) != CONNECTION_OK;
  return fail(pg_error(state, result ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : nullptr));
}

Result<PgResult> PgSession::execute(const std::string& sql, std::span<const Value> values) {
  std::vector<Parameter> parameters(values.size());
  std::vector<Oid> types;
  std::vector<const char*> bytes;
  std::vector<int> lengths;
  for (size_t i = 0; i < values.size(); ++i) {
    std::visit(parameters[i], values[i]);
    types.push_back(parameters[i].type);
    bytes.push_back(parameters[i].null ? nullptr : parameters[i].bytes.data());
    lengths.push_back(static_cast<int>(parameters[i].bytes.size()));
  }
  const std::vector<int> formats(values.size(), 1);
  PgResult result(PQexecParams(connection_.get(), sql.c_str(), static_cast<int>(values.size()), types.data(),
                               bytes.data(), lengths.data(), formats.data(), 1));
  const auto status = PQresultStatus(result.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_COPY_IN) return failed(result.get());
  return result;
}

Result<int64_t> PgSession::run(const std::string& sql, std::span<const Value> values) {
  LEEWAY_TRY(const auto result, execute(sql, values));
  // A COMMIT of a transaction that failed before answers ROLLBACK, without an error.
  if (sql == "COMMIT" && std::string_view(PQcmdStatus(result.get())) != "COMMIT")
    return fail(Code::internal, "the store rolled the transaction back");
  return parse_int(PQcmdTuples(result.get())).value_or(0);
}

Result<Answer> PgSession::query(const std::string& sql, std::span<const Value> values) {
  LEEWAY_TRY(const auto result, execute(sql, values));
  const int rows = PQntuples(result.get()), columns = PQnfields(result.get());
  std::vector<FieldReader> readers;
  for (int column = 0; column < columns; ++column)
    readers.emplace_back(PQftype(result.get(), column), static_cast<size_t>(rows));
  for (int row = 0; row < rows; ++row)
    for (int column = 0; column < columns; ++column) {
      FieldReader& reader = readers[static_cast<size_t>(column)];
      if (PQgetisnull(result.get(), row, column)) reader.null(static_cast<size_t>(row));
      else reader.take(static_cast<size_t>(row), {PQgetvalue(result.get(), row, column),
                                                  static_cast<size_t>(PQgetlength(result.get(), row, column))});
    }
  Answer answer;
  for (FieldReader& reader : readers) answer.columns.push_back(reader.finish());
  return answer;
}

Status PgSession::send_copy(const std::string& bytes) {
  if (PQputCopyData(connection_.get(), bytes.data(), static_cast<int>(bytes.size())) != 1) return failed(nullptr);
  return {};
}

Status PgSession::append(const std::string& table, std::span<const Column> columns) {
  std::string names;
  for (const Column& column : columns) names += (names.empty() ? "" : ", ") + column.name();
  LEEWAY_CHECK(execute(fmt::format("COPY {}({}) FROM STDIN (FORMAT binary)", table, names), {}));
  constexpr size_t piece = 1u << 18;
  std::string bytes("PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19);
  for (size_t row = 0; row < columns.front().size(); ++row) {
    put_big(bytes, static_cast<uint16_t>(columns.size()));
    for (const Column& column : columns) put_field(bytes, column, row);
    if (bytes.size() < piece) continue;
    LEEWAY_CHECK(send_copy(bytes));
    bytes.clear();
  }
  put_big(bytes, uint16_t{0xFFFF});
  LEEWAY_CHECK(send_copy(bytes));
  if (PQputCopyEnd(connection_.get(), nullptr) != 1) return failed(nullptr);
  const PgResult result(PQgetResult(connection_.get()));
  while (const PgResult more{PQgetResult(connection_.get())}) {}
  if (PQresultStatus(result.get()) != PGRES_COMMAND_OK) return failed(result.get());
  return {};
}

}  // namespace leeway::store
