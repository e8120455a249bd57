#pragma once
// Comparison with a file under tests/reports/golden. LEEWAY_UPDATE_GOLDEN=1 writes the files anew, for a person to read
// the difference in review.

#include <cstdlib>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <string>

namespace leeway::sample {

inline void expect_golden(const std::string& actual, const std::string& file) {
  const std::string path = std::string(LEEWAY_SOURCE_DIR) + "/tests/reports/golden/" + file;
  if (std::getenv("LEEWAY_UPDATE_GOLDEN") != nullptr) std::ofstream(path, std::ios::binary) << actual;
  std::ifstream in(path, std::ios::binary);
  const std::string expected{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  EXPECT_EQ(actual, expected) << "differs from " << path;
}

}  // namespace leeway::sample
