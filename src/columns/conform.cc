#include "columns/conform.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "columns/parse_time.h"

namespace leeway {
namespace {

/// A value of the expected type, if there is one; one function reads a row of any type.
using Numbers = std::vector<std::optional<double>>;
using Integers = std::vector<std::optional<int64_t>>;

std::optional<int64_t> parse_boolean(std::string_view text) {
  const std::string word = lower_ascii(trim(text));
  if (word == "true" || word == "1") return 1;
  if (word == "false" || word == "0") return 0;
  return std::nullopt;
}

template <class Parsed, class Parse>
std::vector<std::optional<Parsed>> parse_dictionary(const Column& column, Parse parse) {
  std::vector<std::optional<Parsed>> out;
  out.reserve(column.dictionary().size());
  for (const auto& word : column.dictionary()) out.push_back(parse(word));
  return out;
}

/// Builds values and validity from value_of(row), which is asked for valid rows only; what it cannot give is an error.
template <class Value, class ValueOf>
struct Builder {
  std::vector<Value> values;
  Validity valid;
  int64_t type_errors = 0;

  Builder(const Column& column, ValueOf value_of) : values(column.size()), valid(column.size()) {
    for (size_t row = 0; row < column.size(); ++row) {
      const bool null = !column.is_valid(row);
      const std::optional<Value> value = null ? std::nullopt : value_of(row);
      if (value) values[row] = *value;
      else valid.set(row, false);
      type_errors += !null && !value;
    }
  }
};

template <class ValueOf>
Conformed integers(const Column& column, Type type, ValueOf value_of) {
  Builder<int64_t, ValueOf> built(column, value_of);
  return {Column::of_integers(column.name(), type, std::move(built.values), std::move(built.valid)), built.type_errors};
}

/// No value is of the expected type.
Conformed all_errors(const Column& column, Type type) {
  const auto none = [](size_t) { return std::optional<int64_t>(); };
  if (type != Type::real) return integers(column, type, none);
  Conformed as_integers = integers(column, Type::integer, none);
  return {Column::of_reals(column.name(), std::vector<double>(column.size()), Validity(column.size(), false)),
          as_integers.type_errors};
}

Conformed numbers_from_text(const Column& column) {
  const Integers whole = parse_dictionary<int64_t>(column, parse_int);
  const Numbers any = parse_dictionary<double>(column, parse_double);
  // Integers stay exact beyond 2^53, unless some text is a number that is no integer.
  const auto fractional = [&](size_t i) { return any[i] && !whole[i]; };
  bool all_whole = true;
  for (size_t i = 0; i < any.size(); ++i) all_whole = all_whole && !fractional(i);
  const auto codes = column.codes();
  if (all_whole) return integers(column, Type::integer, [&](size_t row) { return whole[codes[row]]; });
  const auto value_of = [&](size_t row) { return any[codes[row]]; };
  Builder<double, decltype(value_of)> built(column, value_of);
  return {Column::of_reals(column.name(), std::move(built.values), std::move(built.valid)), built.type_errors};
}

Conformed booleans(const Column& column) {
  if (column.type() == Type::text) {
    const Integers parsed = parse_dictionary<int64_t>(column, parse_boolean);
    return integers(column, Type::boolean, [&](size_t row) { return parsed[column.codes()[row]]; });
  }
  return integers(column, Type::boolean, [&](size_t row) {
    const double value = column.number(row);
    return value == 0 || value == 1 ? std::optional<int64_t>(value == 1) : std::nullopt;
  });
}

Conformed times_from_text(const Column& column) {
  const Integers parsed = parse_dictionary<int64_t>(column, parse_time);
  return integers(column, Type::time, [&](size_t row) { return parsed[column.codes()[row]]; });
}

}  // namespace

std::optional<Conformed> conform(const Column& column, Type expected) {
  const Type type = column.type();
  const bool numeric = is_numeric(type) || type == Type::boolean;
  if (type == expected || expected == Type::text || (is_numeric(expected) && numeric)) return std::nullopt;
  if (is_numeric(expected) && type == Type::text) return numbers_from_text(column);
  if (expected == Type::boolean && type != Type::time) return booleans(column);
  if (expected == Type::time && type == Type::text) return times_from_text(column);
  return all_errors(column, expected);
}

}  // namespace leeway
