#pragma once
// Comparison with a file under tests/reports/golden. LEEWAY_UPDATE_GOLDEN=1 writes the files anew, for a person to read
// the difference in review.

#include <cstdlib>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <string>

namespace leeway::sample {

inline std::string file_text(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

inline void expect_golden(const std::string& actual, const std::string& file) {
  const std::string path = std::string(LEEWAY_SOURCE_DIR) + "/tests/reports/golden/" + file;
  if (std::getenv("LEEWAY_UPDATE_GOLDEN") != nullptr) std::ofstream(path, std::ios::binary) << actual;
  EXPECT_EQ(actual, file_text(path)) << "differs from " << path;
}

}  // namespace leeway::sample
