#include "summaries/row_counts.h"

#include "summaries/bytes.h"
#include "summaries/finite_values.h"

namespace leeway {

RowCounts::RowCounts(const Column& column) {
  if (column.type() == Type::text) {
    rows = static_cast<int64_t>(column.size());
    missing = static_cast<int64_t>(column.null_count());
    return;
  }
  std::vector<double> buffer;
  FiniteValues values(column, buffer);
  values.read_all();
  *this = values.rows();
}

void RowCounts::merge(const RowCounts& other) {
  for (const auto field : {&RowCounts::rows, &RowCounts::missing, &RowCounts::nan, &RowCounts::plus_infinity,
                           &RowCounts::minus_infinity, &RowCounts::type_errors, &RowCounts::zeros, &RowCounts::negatives})
    this->*field += other.*field;
}

void RowCounts::write(ByteWriter& out) const {
  for (const int64_t count : {rows, missing, nan, plus_infinity, minus_infinity, type_errors, zeros, negatives})
    out.varint(static_cast<uint64_t>(count));
}

Result<RowCounts> RowCounts::read(ByteReader& in) {
  RowCounts counts;
  for (int64_t* field : {&counts.rows, &counts.missing, &counts.nan, &counts.plus_infinity, &counts.minus_infinity,
                         &counts.type_errors, &counts.zeros, &counts.negatives})
    *field = in.count();
  if (counts.used() < 0 || counts.zeros + counts.negatives > counts.used()) in.fail();
  LEEWAY_CHECK(in.check("row counts"));
  return counts;
}

}  // namespace leeway
