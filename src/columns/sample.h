#pragma once
// A part of a table's rows.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace leeway {

/// All rows, or `most` of them at equal distances, ascending.
inline std::vector<uint32_t> evenly_spaced(size_t rows, size_t most) {
  const size_t size = std::min(rows, most);
  std::vector<uint32_t> out(size);
  for (size_t i = 0; i < size; ++i) out[i] = static_cast<uint32_t>(i * rows / size);
  return out;
}

}  // namespace leeway
