#include "monitor/column_facts.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "summaries/category_summary.h"

namespace leeway {
namespace {

constexpr size_t most_listed = 20;

}  // namespace

ColumnFacts facts_of(const Column& column) {
  ColumnFacts facts;
  facts.rows = static_cast<int64_t>(column.size());
  facts.missing = static_cast<int64_t>(column.null_count());
  Categories categories = categorise(column);
  facts.distinct = static_cast<int64_t>(categories.values.size());
  if (categories.values.size() <= most_listed) {
    std::sort(categories.values.begin(), categories.values.end());
    facts.values = std::move(categories.values);
  }
  if (!is_numeric(column.type()) && column.type() != Type::boolean) return facts;
  double least = std::numeric_limits<double>::infinity(), most = -least;
  for (size_t row = 0; row < column.size(); ++row) {
    const double x = column.number(row);
    if (std::isnan(x)) continue;
    least = std::min(least, x);
    most = std::max(most, x);
  }
  if (least <= most) {
    facts.minimum = least;
    facts.maximum = most;
  }
  return facts;
}

}  // namespace leeway
