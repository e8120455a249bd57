#include "summaries/joint_summary.h"

namespace leeway {
namespace {

/// Of the random features. Fixed, so that the same data give the same numbers.
constexpr uint64_t feature_seed = 20'071'203;

}  // namespace

JointSummary::JointSummary(std::shared_ptr<const JointLayout> layout, std::span<const Column> columns, int64_t of_rows,
                           bool spread)
    : moments(layout, spread), fourier(layout, feature_seed, spread), table_rows(of_rows) {
  moments.update(columns);
  fourier.update(columns);
}

Status JointSummary::merge(const JointSummary& other) {
  LEEWAY_CHECK(moments.merge(other.moments));
  LEEWAY_CHECK(fourier.merge(other.fourier));
  if (!fourier.has_spread()) moments.drop_variances();
  table_rows += other.table_rows;
  return {};
}

void JointSummary::write(ByteWriter& out) const {
  moments.layout().write(out);
  out.varint(static_cast<uint64_t>(table_rows));
  out.fixed(static_cast<uint8_t>(has_spread()));
  moments.write(out);
  fourier.write(out);
}

Result<JointSummary> JointSummary::read(ByteReader& in) {
  LEEWAY_TRY(auto entries, JointLayout::read(in));
  const auto layout = std::make_shared<const JointLayout>(std::move(entries));
  const int64_t table_rows = in.count();
  const bool spread = in.fixed<uint8_t>() != 0;
  LEEWAY_CHECK(in.check("joint sums"));
  auto moments = SecondMoments::read(in, layout, spread);
  auto fourier = RandomFourier::read(in, layout, moments.rows(), spread);
  if (moments.rows() > table_rows) in.fail();
  LEEWAY_CHECK(in.check_end("joint sums"));
  return JointSummary(std::move(moments), std::move(fourier), table_rows);
}

}  // namespace leeway
