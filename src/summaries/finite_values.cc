#include "summaries/finite_values.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "base/simd.h"

namespace leeway {
namespace {

constexpr size_t block = FiniteValues::block_size;
constexpr uint64_t infinity_bits = 0x7FF0000000000000ull;

}  // namespace

struct FiniteValues::Look {
  uint64_t largest = 0;   // |x| as bits: at or above infinity_bits there is an infinity or NaN
  int64_t zeros = 0, negatives = 0;
};

FiniteValues::Look FiniteValues::look_at(std::span<const double> rows) {
  Look look;
  if (rows.size() < block) {
    for (const double x : rows) {
      look.largest = std::max(look.largest, std::bit_cast<uint64_t>(x) << 1 >> 1);
      look.zeros += x == 0;
      look.negatives += x < 0;
    }
    return look;
  }
  const double* values = rows.data();
  simd::run([=, to = &look]() LEEWAY_SIMD_LOOP {
    int64_t largest = 0, zeros = 0, negatives = 0;
    for (size_t i = 0; i < block; ++i) {
      const double x = values[i];
      const auto size = static_cast<int64_t>(std::bit_cast<uint64_t>(x) << 1 >> 1);
      largest = size > largest ? size : largest;
      zeros += x == 0 ? 1 : 0;
      negatives += x < 0 ? 1 : 0;
    }
    *to = {static_cast<uint64_t>(largest), zeros, negatives};
  });
  return look;
}

FiniteValues::FiniteValues(const Column& column, std::vector<double>& buffer)
    : column_(column), buffer_(buffer), moved_(column.type() != Type::real || column.null_count() > 0) {
  rows_.rows = static_cast<int64_t>(column.size());
  rows_.missing = static_cast<int64_t>(column.null_count());
  if (column.type() == Type::text) {
    rows_.type_errors = rows_.rows - rows_.missing;
    row_ = column.size();
  } else if (moved_ && buffer_.size() < column.size()) {
    buffer_.resize(column.size());
  }
}

std::span<const double> FiniteValues::emit(std::span<const double> values, const Look& look) {
  rows_.zeros += look.zeros;
  rows_.negatives += look.negatives;
  emitted_ += values.size();
  return values;
}

/// Moves the finite values of the next rows to the end of the buffer.
void FiniteValues::move_up() {
  const size_t end = std::min(row_ + block, column_.size());
  double* to = buffer_.data() + filled_;
  if (column_.type() == Type::real) {
    const double* values = column_.reals().data();
    for (size_t r = row_; r < end; ++r) {
      *to = values[r];
      const bool valid = column_.is_valid(r);
      if (valid && !std::isfinite(*to)) ++(std::isnan(*to) ? rows_.nan : *to > 0 ? rows_.plus_infinity : rows_.minus_infinity);
      to += valid && std::isfinite(*to);
    }
  } else {
    const int64_t* values = column_.integers().data();
    for (size_t r = row_; r < end; ++r) {
      *to = static_cast<double>(values[r]);
      to += column_.is_valid(r);
    }
  }
  filled_ = static_cast<size_t>(to - buffer_.data());
  row_ = end;
}

std::span<const double> FiniteValues::next() {
  if (!moved_) {
    const auto rows = column_.reals().subspan(row_, std::min(block, column_.size() - row_));
    const Look look = look_at(rows);
    if (look.largest < infinity_bits) {
      row_ += rows.size();
      return emit(rows, look);
    }
    // From here on the values before and after lie in the buffer.
    moved_ = true;
    if (buffer_.size() < column_.size()) buffer_.resize(column_.size());
    std::copy_n(column_.reals().begin(), row_, buffer_.begin());
    filled_ = row_;
  }
  while (filled_ - emitted_ < block && row_ < column_.size()) move_up();
  const std::span<const double> values(buffer_.data() + emitted_, std::min(block, filled_ - emitted_));
  return emit(values, look_at(values));
}

}  // namespace leeway
