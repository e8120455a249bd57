#include "monitor/treatment.h"

#include <algorithm>
#include <string_view>

namespace leeway {
namespace {

/// Below this many distinct values text is a category however few rows there are.
constexpr size_t few_values = 50;
/// Above this share of distinct values a text column cannot be compared value by value.
constexpr double mostly_distinct = 0.5;
constexpr double words_of_free_text = 3;

bool named(const std::vector<std::string>& names, const std::string& column) {
  return std::find(names.begin(), names.end(), column) != names.end();
}

double mean_words(const Column& column) {
  const auto dictionary = column.dictionary();
  int64_t words = 0;
  for (const auto& value : dictionary) words += 1 + std::count(value.begin(), value.end(), ' ');
  return dictionary.empty() ? 0 : static_cast<double>(words) / static_cast<double>(dictionary.size());
}

/// "12.3 %", "$1,200.50", "1,5": digits with a sign, a separator or a unit that is no word, which no reader takes for a
/// number. Digits alone are codes.
bool is_written_number(std::string_view value) {
  bool digit = false, mark = false;
  for (size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    if (c >= '0' && c <= '9') digit = true;
    else if (c == '%' || c == '$' || c == ',' || c == '.' || static_cast<unsigned char>(c) >= 0x80) mark = true;
    else if (c != ' ' && c != '\'' && !((c == '-' || c == '+') && i == 0)) return false;
  }
  return digit && mark;
}

bool holds_written_numbers(const Column& column) {
  const auto dictionary = column.dictionary();
  return dictionary.size() > few_values && std::all_of(dictionary.begin(), dictionary.end(), is_written_number);
}

TreatmentChoice text_treatment(const Column& column) {
  const size_t distinct = column.dictionary().size();
  const auto rows = static_cast<double>(column.size() - column.null_count());
  const bool distinct_values = distinct > few_values && static_cast<double>(distinct) > mostly_distinct * rows;
  if (!distinct_values) return {Treatment::category, false, holds_written_numbers(column)};
  if (mean_words(column) >= words_of_free_text) return {Treatment::text, false};
  const bool numbers = holds_written_numbers(column);
  return {Treatment::counted, false, numbers, !numbers};
}

}  // namespace

TreatmentChoice choose_treatment(const Column& column, Role role, const Roles& roles) {
  const std::string& name = column.name();
  const ColumnRoles& told = roles.columns;
  if (role == Role::id || role == Role::ignored || role == Role::weight) return {};
  if (named(told.categorical, name)) return {Treatment::category, false};
  if (named(told.text, name)) return {column.type() == Type::text ? Treatment::text : Treatment::category, false};
  const bool cyclic = named(told.cyclic, name);
  if (cyclic || named(told.numeric, name)) return {Treatment::numeric, cyclic};
  if (column.type() == Type::time) return {Treatment::time, false};
  // Classes and groups are categories even where they are written as numbers.
  const bool outcome = role == Role::label || role == Role::prediction;
  if (role == Role::group || role == Role::segment || (outcome && roles.task != Task::regression))
    return {Treatment::category, false};
  if (is_numeric(column.type())) return {Treatment::numeric, false};
  if (column.type() == Type::boolean) return {Treatment::category, false};
  return text_treatment(column);
}

}  // namespace leeway
