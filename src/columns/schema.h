#pragma once
// The names and types of a data set's columns, before any row is read.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "columns/column.h"

namespace leeway {

struct Field {
  std::string name;
  Type type = Type::text;
  std::string source_type;   ///< As the source declares it, for messages: "DECIMAL(18,2)", "TIMESTAMP", "VARCHAR".
  bool date_only = false;    ///< A time without a time of day.

  bool operator==(const Field&) const = default;
};

class Schema {
 public:
  Schema() = default;
  explicit Schema(std::vector<Field> fields) : fields_(std::move(fields)) {}

  size_t size() const { return fields_.size(); }
  const Field& operator[](size_t index) const { return fields_[index]; }
  auto begin() const { return fields_.begin(); }
  auto end() const { return fields_.end(); }
  /// Exact name. Names are unique: sources rename duplicates ("x", "x_1") and say so.
  std::optional<size_t> find(std::string_view name) const {
    for (size_t i = 0; i < fields_.size(); ++i)
      if (fields_[i].name == name) return i;
    return std::nullopt;
  }
  std::vector<std::string> names() const {
    std::vector<std::string> out;
    for (const auto& field : fields_) out.push_back(field.name);
    return out;
  }

 private:
  std::vector<Field> fields_;
};

}  // namespace leeway
