#pragma once
// Models, rows, margins and contributions made by XGBoost's Python package 3.2.0 (tests/reference/models). The rows are
// the first 25 of the training data, with 12 % of the values missing.

#include <fstream>
#include <iterator>
#include <limits>
#include <string>
#include <vector>

#include "reference_table.h"
#include "stats/learner.h"

namespace leeway::models::testing {

inline std::string file_bytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline std::string model_bytes(const std::string& name) {
  return file_bytes(std::string(LEEWAY_SOURCE_DIR) + "/tests/reference/models/" + name);
}

struct ReferenceRows {
  static constexpr size_t features = 5;
  leeway::testing::ReferenceTable table;
  std::vector<float> values;

  explicit ReferenceRows(const std::string& name) : table("models/" + name + ".csv") {
    for (size_t r = 0; r < table.rows(); ++r)
      for (size_t f = 0; f < features; ++f) {
        const std::string column = "x" + std::to_string(f);
        values.push_back(table.has(r, column) ? static_cast<float>(table.number(r, column))
                                              : std::numeric_limits<float>::quiet_NaN());
      }
  }
  stats::FeatureRows rows() const { return {values, table.rows(), features}; }
  double expected(size_t row, const std::string& column) const { return table.number(row, column); }
};

}  // namespace leeway::models::testing
