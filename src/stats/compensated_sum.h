#pragma once
// A sum of doubles that loses about one rounding in all.

#include <cmath>

namespace leeway::stats {

/// Adds with Knuth's branch-free two-sum and keeps the roundings (Ogita, Rump & Oishi 2005, doi:10.1137/030601818).
class CompensatedSum {
 public:
  void add(double x) {
    const double t = sum_ + x, back = t - sum_;
    rest_ += (sum_ - (t - back)) + (x - back);
    sum_ = t;
  }
  double value() const { return std::isfinite(sum_) ? sum_ + rest_ : sum_; }

 private:
  double sum_ = 0;
  double rest_ = 0;
};

}  // namespace leeway::stats
