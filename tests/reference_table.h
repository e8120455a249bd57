#pragma once
// Reads the tables of tests/reference: lines that start with # are comments, then a header, then rows; no quoting.

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace leeway::testing {

class ReferenceTable {
 public:
  /// `name` inside tests/reference.
  explicit ReferenceTable(const std::string& name) {
    std::ifstream file(std::string(LEEWAY_SOURCE_DIR) + "/tests/reference/" + name);
    if (!file) throw std::runtime_error("cannot read " + name);
    for (std::string line; std::getline(file, line);) {
      if (line.empty() || line[0] == '#') continue;
      std::vector<std::string> cells;
      std::istringstream stream(line);
      for (std::string cell; std::getline(stream, cell, ',');) cells.push_back(cell);
      if (line.back() == ',') cells.emplace_back();
      if (header_.empty()) header_ = std::move(cells);
      else rows_.push_back(std::move(cells));
    }
  }

  size_t rows() const { return rows_.size(); }
  const std::string& text(size_t row, const std::string& column) const { return rows_.at(row).at(index(column)); }
  double number(size_t row, const std::string& column) const { return std::stod(text(row, column)); }
  bool has(size_t row, const std::string& column) const { return !text(row, column).empty(); }

 private:
  size_t index(const std::string& column) const {
    for (size_t i = 0; i < header_.size(); ++i)
      if (header_[i] == column) return i;
    throw std::runtime_error("no column " + column);
  }

  std::vector<std::string> header_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace leeway::testing
