#include "summaries/second_moments.h"

#include <algorithm>
#include <cmath>

namespace leeway {
namespace {

/// Steps of x and of x²: 5 · 256 and 25 · 64 stay below the 2048 that CrossProducts takes.
constexpr double value_steps = 256, square_steps = 64;

}  // namespace

SecondMoments::SecondMoments(std::shared_ptr<const JointLayout> layout, bool variances)
    : layout_(std::move(layout)), products_(columns()), squares_(variances ? columns() : 0), present_(columns()) {}

void SecondMoments::update(std::span<const Column> columns) {
  JointRows reader(*layout_, columns);
  std::vector<int16_t> values(columns.size() * JointRows::block), squares(values.size());
  while (const size_t rows = reader.next()) {
    for (size_t i = 0; i < values.size(); ++i) {
      const double x = reader.values()[i];
      values[i] = static_cast<int16_t>(std::lrint(x * value_steps));
      squares[i] = static_cast<int16_t>(std::lrint(x * x * square_steps));
    }
    products_.add_block(values);
    squares_.add_block(squares);
    present_.add_block(reader.present());
    rows_ += static_cast<int64_t>(rows);
  }
}

Status SecondMoments::merge(const SecondMoments& other) {
  if (!(layout() == other.layout()))
    return fail(Code::failed_precondition, "the second moments were not made with one layout");
  products_.merge(other.products_);
  if (has_variances() && other.has_variances()) squares_.merge(other.squares_);
  else drop_variances();
  present_.merge(other.present_);
  rows_ += other.rows_;
  return {};
}

void SecondMoments::write(ByteWriter& out) const {
  out.varint(static_cast<uint64_t>(rows_));
  products_.write(out);
  present_.write(out);
  squares_.write(out);
}

SecondMoments SecondMoments::read(ByteReader& in, std::shared_ptr<const JointLayout> layout, bool variances) {
  SecondMoments out(std::move(layout), variances);
  out.rows_ = in.count();
  out.products_ = CrossProducts::read(in, out.products_.size());
  out.present_ = CrossProducts::read(in, out.present_.size());
  out.squares_ = CrossProducts::read(in, out.squares_.size());
  return out;
}

SecondMoments::Moment SecondMoments::moment(size_t j, size_t k) const {
  const int64_t n = present_(j, k);
  if (n <= 0) return {};
  const auto size = static_cast<double>(n);
  const double mean = static_cast<double>(products_(j, k)) / (value_steps * value_steps) / size;
  if (!has_variances()) return {n, mean, 0};
  const double square = static_cast<double>(squares_(j, k)) / (square_steps * square_steps) / size;
  return {n, mean, std::max(0.0, square - mean * mean)};
}

}  // namespace leeway
