#include "stats/multiclass_auc.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "stats/means.h"

namespace leeway::stats {
namespace {

std::vector<int64_t> class_sizes(std::span<const uint32_t> labels, size_t classes) {
  std::vector<int64_t> sizes(classes, 0);
  for (const uint32_t label : labels) ++sizes[label];
  return sizes;
}

int present(const std::vector<int64_t>& sizes) {
  return static_cast<int>(std::ranges::count_if(sizes, [](int64_t n) { return n > 0; }));
}

/// Calls visit(begin, end) for each run of equal scores of one class's column, `order` being sorted by it first.
template <class Visit>
void visit_ties(std::span<const double> scores, size_t classes, size_t column, std::vector<uint32_t>& order,
                Visit visit) {
  const auto score = [&](uint32_t row) { return scores[row * classes + column]; };
  std::ranges::sort(order, {}, score);
  for (size_t begin = 0, end; begin < order.size(); begin = end) {
    for (end = begin + 1; end < order.size() && score(order[end]) == score(order[begin]);) ++end;
    visit(begin, end);
  }
}

/// Each row's share in the average is in `shares`. As the average is one half of the sum, over classes, of the mean
/// share of the class, and shares of different classes are independent, variances add up class by class.
AverageAuc from_shares(const std::vector<double>& shares, std::span<const uint32_t> labels,
                       const std::vector<int64_t>& sizes) {
  std::vector<MeanVariance> by_class(sizes.size());
  for (size_t i = 0; i < labels.size(); ++i) by_class[labels[i]].add(shares[i]);
  AverageAuc result{0, 0, present(sizes)};
  for (size_t c = 0; c < sizes.size(); ++c) {
    if (sizes[c] == 0) continue;
    result.value += by_class[c].mean() / 2;
    result.se += by_class[c].variance() / static_cast<double>(sizes[c]);
  }
  result.se = std::sqrt(result.se);
  return result;
}

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

}  // namespace

AverageAuc hand_till_auc(std::span<const double> scores, std::span<const uint32_t> labels, size_t classes) {
  const std::vector<int64_t> sizes = class_sizes(labels, classes);
  const int k = present(sizes);
  if (k < 2) return {nan, nan, k};
  const double pairs = static_cast<double>(k) * (k - 1);
  std::vector<double> shares(labels.size(), 0);
  std::vector<uint32_t> order(labels.size());
  std::iota(order.begin(), order.end(), 0u);
  for (size_t c = 0; c < classes; ++c) {
    if (sizes[c] == 0) continue;
    const auto size = static_cast<double>(sizes[c]);
    double others_below = 0;   // Σ over the other classes of the share of the class that is below
    int64_t own_below = 0;
    visit_ties(scores, classes, c, order, [&](size_t begin, size_t end) {
      double others_equal = 0;
      int64_t own_equal = 0;
      for (size_t i = begin; i < end; ++i) {
        const uint32_t label = labels[order[i]];
        if (label == c) ++own_equal;
        else others_equal += 1 / static_cast<double>(sizes[label]);
      }
      const double of_own = others_below + others_equal / 2;
      const double of_other = 1 - (static_cast<double>(own_below) + static_cast<double>(own_equal) / 2) / size;
      for (size_t i = begin; i < end; ++i) shares[order[i]] += (labels[order[i]] == c ? of_own : of_other) / pairs;
      others_below += others_equal;
      own_below += own_equal;
    });
  }
  return from_shares(shares, labels, sizes);
}

AverageAuc one_vs_rest_auc(std::span<const double> scores, std::span<const uint32_t> labels, size_t classes) {
  const std::vector<int64_t> sizes = class_sizes(labels, classes);
  const int k = present(sizes);
  if (k < 2) return {nan, nan, k};
  std::vector<double> shares(labels.size(), 0);
  std::vector<uint32_t> order(labels.size());
  std::iota(order.begin(), order.end(), 0u);
  for (size_t c = 0; c < classes; ++c) {
    if (sizes[c] == 0) continue;
    const auto size = static_cast<double>(sizes[c]), rest = static_cast<double>(labels.size()) - size;
    int64_t own_below = 0, rest_below = 0;
    visit_ties(scores, classes, c, order, [&](size_t begin, size_t end) {
      int64_t own_equal = 0;
      for (size_t i = begin; i < end; ++i) own_equal += labels[order[i]] == c;
      const int64_t rest_equal = static_cast<int64_t>(end - begin) - own_equal;
      const double of_own = (static_cast<double>(rest_below) + static_cast<double>(rest_equal) / 2) / rest;
      const double of_rest = 1 - (static_cast<double>(own_below) + static_cast<double>(own_equal) / 2) / size;
      for (size_t i = begin; i < end; ++i) {
        const uint32_t label = labels[order[i]];
        // A row of another class has its class's weight among the rest, so that mean shares add up to the AUC.
        shares[order[i]] += label == c ? of_own / k : of_rest * (static_cast<double>(sizes[label]) / rest) / k;
      }
      own_below += own_equal;
      rest_below += rest_equal;
    });
  }
  return from_shares(shares, labels, sizes);
}

}  // namespace leeway::stats
