#pragma once
// One side of a joint comparison: how the numeric columns of a table move with each other. Mergeable.

#include "summaries/random_fourier.h"
#include "summaries/second_moments.h"

namespace leeway {

struct JointSummary {
  SecondMoments moments;
  RandomFourier fourier;
  int64_t table_rows;   ///< of which moments.rows() were taken

  /// `columns` in the order of the layout, numeric, of the rows that joint_sample() names. `spread`: also what a
  /// reference needs, against whose spread a movement is measured.
  JointSummary(std::shared_ptr<const JointLayout> layout, std::span<const Column> columns, int64_t table_rows, bool spread);

  /// Adds the other's rows. Without spread, unless both were made from rows with it: the spread that is stored does not
  /// add up. Errors: failed_precondition (another layout).
  Status merge(const JointSummary& other);

  std::shared_ptr<const JointLayout> shared_layout() const { return moments.shared_layout(); }
  bool has_spread() const { return moments.has_variances() && fourier.has_spread(); }
  void write(ByteWriter& out) const;
  static Result<JointSummary> read(ByteReader& in);

 private:
  JointSummary(SecondMoments second, RandomFourier features, int64_t of_rows)
      : moments(std::move(second)), fourier(std::move(features)), table_rows(of_rows) {}
};

}  // namespace leeway
