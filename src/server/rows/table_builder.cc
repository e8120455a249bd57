#include "server/rows/table_builder.h"

#include "base/text.h"

namespace leeway::server {
namespace {

using simdjson::dom::element_type;

}  // namespace

/// The column's place; rows mostly have their members in the same order, so the expected one is tried first.
Result<size_t> TableBuilder::place_of(std::string_view name, size_t expected) {
  if (expected < columns_.size() && columns_[expected].name == name) return expected;
  const auto found = places_.find(std::string(name));
  if (found != places_.end()) return found->second;
  if (columns_.size() == column_limit_)
    return fail(Code::invalid_argument, fmt::format("there are more than {} columns", column_limit_));
  if (name.empty()) return fail(Code::invalid_argument, "a column has no name");
  places_.emplace(name, columns_.size());
  columns_.push_back({.name = std::string(name)});
  return columns_.size() - 1;
}

Status TableBuilder::add(JsonObject row) {
  size_t expected = 0;
  for (const auto field : row) {
    const auto type = field.value.type();
    if (type == element_type::ARRAY || type == element_type::OBJECT)
      return fail(Code::invalid_argument, fmt::format("'{}' is {}, where a value is needed",
                                                      printable(field.key.substr(0, 100)), kind_of(field.value)));
    LEEWAY_TRY(expected, place_of(field.key, expected));
    ++expected;
  }
  expected = 0;
  for (const auto field : row) {
    const size_t place = *place_of(field.key, expected);
    expected = place + 1;
    if (field.value.is_null()) continue;
    pad(columns_[place], rows_);
    append(columns_[place], field.value);
  }
  ++rows_;
  return {};
}

/// Missing values up to `rows`.
void TableBuilder::pad(Building& column, size_t rows) {
  if (column.rows == rows) return;
  column.nulls = true;
  column.valid.resize((rows + 63) / 64);
  if (column.kind == Kind::boolean || column.kind == Kind::integer) column.integers.resize(rows);
  if (column.kind == Kind::real) column.reals.resize(rows);
  if (column.kind == Kind::text) column.codes.resize(rows);
  column.rows = rows;
}

std::string TableBuilder::text_at(const Building& column, size_t row) {
  if (column.kind == Kind::boolean) return column.integers[row] ? "true" : "false";
  if (column.kind == Kind::integer) return std::to_string(column.integers[row]);
  return exact_number(column.reals[row]);
}

void TableBuilder::widen(Building& column, Kind kind) {
  if (kind == Kind::text) {
    Building text{.name = column.name, .kind = Kind::text};
    for (size_t row = 0; row < column.rows; ++row) {
      if (column.kind != Kind::none && is_valid(column, row)) append_text(text, text_at(column, row));
      else pad(text, row + 1);
    }
    column = std::move(text);
    return;
  }
  if (kind == Kind::real) {
    column.reals.assign(column.integers.begin(), column.integers.end());
    column.reals.resize(column.rows);
    column.integers.clear();
  } else {
    column.integers.resize(column.rows);
  }
  column.kind = kind;
}

void TableBuilder::append_text(Building& column, std::string text) {
  const auto [entry, fresh] = column.known.emplace(std::move(text), static_cast<uint32_t>(column.dictionary.size()));
  if (fresh) column.dictionary.push_back(entry->first);
  column.codes.push_back(entry->second);
  column.valid.resize(column.rows / 64 + 1);
  column.valid[column.rows >> 6] |= uint64_t{1} << (column.rows & 63);
  ++column.rows;
}

void TableBuilder::append(Building& column, JsonElement value) {
  Kind kind = Kind::text;
  switch (value.type()) {
    case element_type::BOOL: kind = Kind::boolean; break;
    case element_type::INT64: kind = Kind::integer; break;
    case element_type::UINT64: kind = Kind::real; break;  // beyond 2^63
    case element_type::DOUBLE: kind = Kind::real; break;
    default: break;
  }
  if (kind > column.kind) widen(column, kind);
  if (column.kind == Kind::text) {
    if (kind == Kind::text) return append_text(column, std::string(std::string_view(value)));
    const std::string text = kind == Kind::boolean   ? (bool(value) ? "true" : "false")
                             : kind == Kind::integer ? std::to_string(int64_t(value))
                                                     : exact_number(double(value));
    return append_text(column, text);
  }
  if (column.kind == Kind::real) column.reals.push_back(kind == Kind::boolean ? double(bool(value)) : double(value));
  else column.integers.push_back(kind == Kind::boolean ? int64_t(bool(value)) : int64_t(value));
  column.valid.resize(column.rows / 64 + 1);
  column.valid[column.rows >> 6] |= uint64_t{1} << (column.rows & 63);
  ++column.rows;
}

std::vector<Column> TableBuilder::finish() {
  std::vector<Column> out;
  for (auto& column : columns_) {
    pad(column, rows_);
    column.valid.resize((rows_ + 63) / 64);
    Validity valid = column.nulls ? Validity(std::move(column.valid)) : Validity();
    switch (column.kind) {
      case Kind::boolean:
        out.push_back(Column::of_integers(column.name, Type::boolean, std::move(column.integers), std::move(valid)));
        break;
      case Kind::integer:
        out.push_back(Column::of_integers(column.name, Type::integer, std::move(column.integers), std::move(valid)));
        break;
      case Kind::text:
        out.push_back(
            Column::of_codes(column.name, std::move(column.codes), std::move(column.dictionary), std::move(valid)));
        break;
      default:  // a column without any value is one of numbers: nothing is lost by it
        column.reals.resize(rows_);
        out.push_back(Column::of_reals(column.name, std::move(column.reals), std::move(valid)));
    }
  }
  *this = TableBuilder(column_limit_);
  return out;
}

}  // namespace leeway::server
