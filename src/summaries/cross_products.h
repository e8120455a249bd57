#pragma once
// Sums of products of all pairs of many small integers, the inner loop of second moments.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace leeway {

class ByteReader;
class ByteWriter;

/// Σ a_j a_k for 0 <= j <= k < size, exactly. Blocks of 256 rows, column by column; |a| <= 2048, so that the products
/// of a block fit 32 bits.
class CrossProducts {
 public:
  static constexpr size_t block = 256;

  explicit CrossProducts(size_t size) : size_(size), sums_(size * (size + 1) / 2) {}

  /// `values` is size · block long: entry j of row i at j · block + i.
  void add_block(std::span<const int16_t> values);
  void merge(const CrossProducts& other);

  /// Of the first row of the triangle, then the second, …
  void write(ByteWriter& out) const;
  /// `size` columns' worth. Fails the reader for sums beyond 2^56.
  static CrossProducts read(ByteReader& in, size_t size);

  size_t size() const { return size_; }
  int64_t operator()(size_t j, size_t k) const { return sums_[j * size_ - j * (j + 1) / 2 + k]; }  ///< j <= k
  bool operator==(const CrossProducts&) const = default;

 private:
  size_t size_;
  std::vector<int64_t> sums_;
};

}  // namespace leeway
