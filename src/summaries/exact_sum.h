#pragma once
// Sums that do not depend on the order or the grouping of their terms, to the last bit.

#include <array>
#include <cstdint>
#include <span>

#include "base/result.h"

namespace leeway {

class ByteReader;
class ByteWriter;

__extension__ typedef __int128 Int128;
__extension__ typedef unsigned __int128 Uint128;

/// The exact sum of any doubles (up to 2^63 terms): one wide integer in units of 2^-1074, so that adding is associative
/// and subtracting undoes it. Infinities and NaN are not accepted. 280 bytes; add() about 3 ns.
/// (Kulisch & Miranker 1986; Neal 2015, arXiv:1505.05571.)
class ExactSum {
 public:
  /// Adds a finite double.
  void add(double value);
  /// Adds a finite double so many times, in [0, 1024].
  void add_repeatedly(double value, int64_t times);
  /// Adds mantissa · 2^exponent, exponent in [-1074, 1023].
  void add(int64_t mantissa, int exponent);
  void merge(const ExactSum& other);
  /// The sum times 2^shift, rounded once to nearest (ties to even); ±infinity beyond the largest double.
  double value(int shift = 0) const;

  void write(ByteWriter& out) const;
  static Result<ExactSum> read(ByteReader& in);
  bool operator==(const ExactSum&) const = default;

 private:
  static constexpr size_t words = 35;  // 1074 + 1024 bits for the range, 63 for the count of terms, the sign
  std::array<uint64_t, words> words_{};  // two's complement, least significant first
};

/// A sum in fixed point: integers in units of a quantum that the owner knows. Adding is exact.
struct FixedSum {
  Int128 quanta = 0;

  void merge(const FixedSum& other) { quanta += other.quanta; }
  double value(double quantum) const { return static_cast<double>(quanta) * quantum; }
  void write(ByteWriter& out) const;
  static Result<FixedSum> read(ByteReader& in);
  bool operator==(const FixedSum&) const = default;
};

}  // namespace leeway
