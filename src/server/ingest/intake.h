#pragma once
// From a table of columns as they came to rows that can be kept: ids, event times, what is refused and why. Pure.

#include <cstdint>
#include <string>
#include <vector>

#include "columns/column.h"
#include "server/problem.h"
#include "store/records.h"

namespace leeway::server {

/// Which columns play a part when rows come in; names that a table does not have are passed over.
struct IntakeRoles {
  std::string id = "id", time = "time", label = "label";
  std::vector<std::string> lasting = {"score", "prediction"};   ///< Also every column whose name begins with "score_".
};

/// A row that is not kept. `row` counts from 0 in the request.
struct Rejection {
  size_t row = 0;
  std::string code;     ///< "too_old", "naive_time", …: one of docs/server.md
  std::string detail;
};

/// Columns as read from a body, with the rows that could not even be read.
struct TableBody {
  std::vector<Column> columns;            ///< Of equal sizes.
  std::vector<size_t> places;             ///< Of each row in the request; empty: as they are.
  std::vector<Rejection> rejections;
  size_t rows() const { return columns.empty() ? 0 : columns.front().size(); }
  size_t place(size_t row) const { return places.empty() ? row : places[row]; }
};

struct IntakeContext {
  std::string model, version;
  int64_t now = 0;
  int64_t oldest = 0;                     ///< Rows before this are refused: their ids may be forgotten.
  std::string id_prefix;                  ///< For rows without an id: prefix + "/" + place.
};

struct Intake {
  store::RowBlock rows;                   ///< May be empty.
  std::vector<size_t> kept;               ///< Row of the table that each is.
  store::OutcomeBlock outcomes;           ///< Of rows that came with their label.
  std::vector<Rejection> rejections;      ///< Ascending by row.
  size_t duplicates = 0;                  ///< Rows whose id stands earlier in the same request.
  size_t without_id = 0;                  ///< Kept rows that came without one.
};

/// Splits a table. Codes: "naive_time" (without a zone), "time" (not a time), "too_old", "in_future" (more than a day
/// ahead), "id" (longer than 256 bytes).
Intake take_in(TableBody table, const IntakeRoles& roles, const IntakeContext& context);

/// Those of the columns that outlive the raw row.
std::vector<std::string> lasting_of(const std::vector<Column>& columns, const IntakeRoles& roles);

/// The same for outcomes: rows with an id, a label and perhaps the time when it became known. Codes also: "id" (none),
/// "label" (none).
struct OutcomeIntake {
  store::OutcomeBlock outcomes;
  std::vector<Rejection> rejections;
  size_t duplicates = 0;                  ///< Replaced by a later one of the same request.
};
OutcomeIntake take_in_outcomes(TableBody table, const IntakeRoles& roles, const IntakeContext& context);

}  // namespace leeway::server
