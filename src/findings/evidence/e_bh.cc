#include "findings/evidence/e_bh.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace leeway::evidence {

std::vector<size_t> e_bh(std::span<const double> log_e, double level) {
  std::vector<size_t> order(log_e.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return log_e[a] > log_e[b]; });
  const double needed = std::log(static_cast<double>(log_e.size()) / level);
  size_t named = 0;
  for (size_t k = 1; k <= order.size(); ++k)
    if (std::log(static_cast<double>(k)) + log_e[order[k - 1]] >= needed) named = k;
  order.resize(named);
  return order;
}

}  // namespace leeway::evidence
