#include "summaries/cross_products.h"

#include "base/simd.h"
#include "summaries/bytes.h"

namespace leeway {

void CrossProducts::add_block(std::span<const int16_t> values) {
  int64_t* sum = sums_.data();
  for (size_t j = 0; j < size_; ++j) {
    simd::run([left = values.data() + j * block, sum, count = size_ - j]() LEEWAY_SIMD_LOOP {
      for (size_t k = 0; k < count; ++k) {
        const int16_t* right = left + k * block;
        int32_t products = 0;
        for (size_t i = 0; i < block; ++i) products += static_cast<int32_t>(left[i]) * right[i];
        sum[k] += products;
      }
    });
    sum += size_ - j;
  }
}

void CrossProducts::merge(const CrossProducts& other) {
  for (size_t i = 0; i < sums_.size(); ++i) sums_[i] += other.sums_[i];
}

void CrossProducts::write(ByteWriter& out) const {
  for (const int64_t sum : sums_) out.signed_varint(sum);
}

CrossProducts CrossProducts::read(ByteReader& in, size_t size) {
  if (size * (size + 1) / 2 > in.remaining()) in.fail();   // every sum takes at least a byte
  CrossProducts out(in.ok() ? size : 0);
  for (int64_t& sum : out.sums_) sum = in.small_signed();
  return out;
}

}  // namespace leeway
