#include "store/fit.h"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <unordered_map>

#include "columns/conform.h"
#include "store/session.h"

namespace leeway::store {
namespace {

Column as_text(const Column& column) {
  std::vector<std::string> values(column.size());
  Validity valid(column.size());
  for (size_t row = 0; row < column.size(); ++row) {
    valid.set(row, column.is_valid(row));
    if (column.is_valid(row)) values[row] = column.text(row);
  }
  return Column::of_text(column.name(), values, column.null_count() > 0 ? std::move(valid) : Validity());
}

Column as_real(const Column& column) {
  std::vector<double> values(column.size());
  for (size_t row = 0; row < values.size(); ++row) values[row] = column.number(row);
  return Column::of_reals(column.name(), std::move(values), column.validity());
}

Column as_integer(const Column& column, int64_t& type_errors) {
  constexpr double beyond = 9223372036854775808.0;   // 2^63
  std::vector<int64_t> values(column.size());
  Validity valid(column.size());
  for (size_t row = 0; row < values.size(); ++row) {
    const double x = column.number(row);
    const bool whole = x >= -beyond && x < beyond && std::trunc(x) == x;
    type_errors += column.is_valid(row) && !whole;
    valid.set(row, column.is_valid(row) && whole);
    if (whole) values[row] = static_cast<int64_t>(x);
  }
  return Column::of_integers(column.name(), Type::integer, std::move(values), std::move(valid));
}

}  // namespace

Column fit(const Column& column, Type type, int64_t& type_errors) {
  if (column.type() == type) return column;
  if (type == Type::text) return as_text(column);
  auto conformed = conform(column, type);
  if (conformed) type_errors += conformed->type_errors;
  Column out = conformed ? std::move(conformed->column) : column;
  if (out.type() == type) return out;
  return type == Type::real ? as_real(out) : as_integer(out, type_errors);
}

Column cleaned(Column column) {
  if (column.type() != Type::text) return column;
  const auto words = column.dictionary();
  if (std::all_of(words.begin(), words.end(), [](const std::string& word) { return clean(word) == word; }))
    return column;
  std::vector<std::string> values(column.size());
  for (size_t row = 0; row < values.size(); ++row)
    if (column.is_valid(row)) values[row] = clean(column.text(row));
  return Column::of_text(column.name(), values, column.validity());
}

Column nulls(std::string name, Type type, size_t rows) {
  Validity none(rows, false);
  switch (type) {
    case Type::real: return Column::of_reals(std::move(name), std::vector<double>(rows), std::move(none));
    case Type::text:
      return Column::of_codes(std::move(name), std::vector<uint32_t>(rows), {}, std::move(none));
    default: return Column::of_integers(std::move(name), type, std::vector<int64_t>(rows), std::move(none));
  }
}

Column text_column(std::string name, const std::vector<std::string>& values) {
  std::unordered_map<std::string_view, uint32_t> seen;
  seen.reserve(values.size());
  std::vector<uint32_t> codes;
  codes.reserve(values.size());
  std::vector<std::string> words;
  for (const auto& value : values) {
    const auto [at, added] = seen.try_emplace(value, static_cast<uint32_t>(words.size()));
    if (added) words.push_back(value);
    codes.push_back(at->second);
  }
  return Column::of_codes(std::move(name), std::move(codes), std::move(words));
}

Column constant_text(std::string name, const std::string& value, size_t rows) {
  return Column::of_codes(std::move(name), std::vector<uint32_t>(rows), {value});
}

}  // namespace leeway::store
