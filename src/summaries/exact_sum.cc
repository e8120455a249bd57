#include "summaries/exact_sum.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "summaries/bytes.h"

namespace leeway {
namespace {

constexpr int least_exponent = -1074;

}  // namespace

void ExactSum::add(double value) { add_repeatedly(value, 1); }

void ExactSum::add_repeatedly(double value, int64_t times) {
  const auto bits = std::bit_cast<uint64_t>(value);
  const int biased = static_cast<int>(bits >> 52 & 0x7FF);
  auto mantissa = static_cast<int64_t>(bits & ((uint64_t{1} << 52) - 1));
  if (biased > 0) mantissa |= int64_t{1} << 52;
  add((bits >> 63 != 0 ? -mantissa : mantissa) * times, biased > 0 ? biased - 1075 : least_exponent);
}

void ExactSum::add(int64_t mantissa, int exponent) {
  const auto at = static_cast<size_t>(exponent - least_exponent);
  size_t word = at / 64;
  const Int128 shifted = static_cast<Int128>(static_cast<Uint128>(static_cast<Int128>(mantissa)) << at % 64);
  const auto low = static_cast<uint64_t>(shifted), high = static_cast<uint64_t>(shifted >> 64);
  const uint64_t extension = mantissa < 0 ? ~uint64_t{0} : 0;
  // Two words change, then a carry or borrow runs on until it is absorbed.
  Uint128 sum = static_cast<Uint128>(words_[word]) + low;
  words_[word] = static_cast<uint64_t>(sum);
  sum = static_cast<Uint128>(words_[word + 1]) + high + static_cast<uint64_t>(sum >> 64);
  words_[word + 1] = static_cast<uint64_t>(sum);
  uint64_t carry = static_cast<uint64_t>(sum >> 64);
  for (word += 2; word < words && (extension != 0) != (carry != 0); ++word) {
    sum = static_cast<Uint128>(words_[word]) + extension + carry;
    words_[word] = static_cast<uint64_t>(sum);
    carry = static_cast<uint64_t>(sum >> 64);
  }
}

void ExactSum::merge(const ExactSum& other) {
  uint64_t carry = 0;
  for (size_t i = 0; i < words; ++i) {
    const Uint128 sum = static_cast<Uint128>(words_[i]) + other.words_[i] + carry;
    words_[i] = static_cast<uint64_t>(sum);
    carry = static_cast<uint64_t>(sum >> 64);
  }
}

double ExactSum::value(int shift) const {
  const bool negative = words_.back() >> 63 != 0;
  std::array<uint64_t, words> magnitude = words_;
  if (negative) {
    uint64_t carry = 1;
    for (uint64_t& word : magnitude) {
      word = ~word + carry;
      carry = carry != 0 && word == 0 ? 1 : 0;
    }
  }
  size_t top = words;
  while (top > 0 && magnitude[top - 1] == 0) --top;
  if (top == 0) return 0;
  // The highest 64 bits, with the rest folded into the lowest bit: one rounding, ties to even.
  const int zeros = std::countl_zero(magnitude[top - 1]);
  const int lowest = static_cast<int>(top) * 64 - zeros - 64;  // position of the last of the 64 bits
  uint64_t head = magnitude[top - 1] << zeros;
  bool rest = false;
  if (zeros > 0 && top > 1) {
    head |= magnitude[top - 2] >> (64 - zeros);
    rest = magnitude[top - 2] << zeros != 0;
  }
  for (size_t i = 0; i + (zeros > 0 ? 2 : 1) < top; ++i) rest = rest || magnitude[i] != 0;
  if (rest) head |= 1;
  if (lowest < 0) head >>= -lowest;  // fewer than 64 bits in all
  const double result = std::ldexp(static_cast<double>(head), std::max(lowest, 0) + least_exponent + shift);
  return negative ? -result : result;
}

// Words that only repeat the sign are left out at the top, zero words at the bottom.
void ExactSum::write(ByteWriter& out) const {
  const uint64_t extension = words_.back() >> 63 != 0 ? ~uint64_t{0} : 0;
  size_t top = words, bottom = 0;
  while (top > 0 && words_[top - 1] == extension) --top;
  while (bottom < top && words_[bottom] == 0) ++bottom;
  out.fixed(static_cast<uint8_t>(bottom));
  out.fixed(static_cast<uint8_t>((top - bottom) << 1 | (extension & 1)));
  out.array(std::span<const uint64_t>(words_).subspan(bottom, top - bottom));
}

Result<ExactSum> ExactSum::read(ByteReader& in) {
  ExactSum sum;
  const size_t bottom = in.fixed<uint8_t>(), shape = in.fixed<uint8_t>(), count = shape >> 1;
  if (bottom + count > words) in.fail();
  else
    for (size_t i = 0; i < words; ++i)
      sum.words_[i] = i < bottom ? 0 : i < bottom + count ? in.fixed<uint64_t>() : (shape & 1) != 0 ? ~uint64_t{0} : 0;
  LEEWAY_CHECK(in.check("exact sum"));
  return sum;
}

void FixedSum::write(ByteWriter& out) const {
  // Zigzag, then LEB128, as for 64-bit numbers.
  for (Uint128 rest = static_cast<Uint128>(quanta) << 1 ^ static_cast<Uint128>(quanta >> 127);;) {
    const auto byte = static_cast<uint8_t>(rest & 0x7F);
    rest >>= 7;
    out.fixed(static_cast<uint8_t>(rest != 0 ? byte | 0x80 : byte));
    if (rest == 0) return;
  }
}

Result<FixedSum> FixedSum::read(ByteReader& in) {
  Uint128 raw = 0;
  for (int shift = 0; shift < 126; shift += 7) {
    const auto byte = in.fixed<uint8_t>();
    raw |= static_cast<Uint128>(byte & 0x7F) << shift;
    if (byte >= 0x80) continue;
    if (byte == 0 && shift > 0) break;
    LEEWAY_CHECK(in.check("sum"));
    return FixedSum{static_cast<Int128>(raw >> 1) ^ -static_cast<Int128>(raw & 1)};
  }
  in.fail();
  return fail(in.check("sum").error());
}

}  // namespace leeway
