#pragma once
// Which tables and columns hold a model's rows. Tables are "rows_7", columns "c3": a user's names are data, in the
// catalog, and reach no SQL.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "columns/column.h"
#include "store/records.h"
#include "store/session.h"

namespace leeway::store {

std::string_view sql_type(Type type);

/// One model's tables: rows_N (all columns), slim_N (the lasting ones, of rows beyond their raw retention), outcomes_N.
class RowCatalog {
 public:
  struct Entry {
    int64_t number = 0;   ///< Its SQL name is "c<number>".
    ColumnRecord column;
  };

  /// Nothing if there is no such model.
  static Result<std::optional<RowCatalog>> find(Session& session, const std::string& model);
  /// With the model, its tables, the block's columns (up to the limit) and the label's type, making what is missing.
  /// A column of integers becomes one of reals when reals arrive.
  static Result<RowCatalog> ensure(Session& session, const Dialect& dialect, const RowBlock& block, int64_t now);
  static Result<RowCatalog> ensure(Session& session, const Dialect& dialect, const OutcomeBlock& block, int64_t now);

  int64_t number() const { return number_; }
  std::string rows() const { return "rows_" + std::to_string(number_); }
  std::string slim() const { return "slim_" + std::to_string(number_); }
  std::string outcomes() const { return "outcomes_" + std::to_string(number_); }
  /// In order of first appearance, which is the order in the table.
  std::span<const Entry> entries() const { return entries_; }
  const Entry* find(std::string_view column) const;
  /// Of the outcomes; none if none came yet, and then there is no such table.
  std::optional<Type> label_type() const { return label_type_; }

 private:
  static Result<RowCatalog> ensure_model(Session& session, const Dialect& dialect, const std::string& model,
                                         int64_t now);
  Status make_tables(Session& session, const Dialect& dialect, const std::string& model, int64_t now);
  Entry* mutable_entry(std::string_view column);
  Status add_column(Session& session, const Column& column, bool lasting);
  Status widen(Session& session, Entry& entry);
  Status make_lasting(Session& session, Entry& entry);

  int64_t number_ = 0;
  std::vector<Entry> entries_;
  std::optional<Type> label_type_;
};

}  // namespace leeway::store
