#include "checks/fairness/conjunctions.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "base/threads.h"
#include "stats/hypergeometric.h"

namespace leeway::fairness {
namespace {

/// Permutations that one task of the thread pool does.
constexpr size_t batch = 50;

int64_t total(std::span<const int64_t> counts) { return std::accumulate(counts.begin(), counts.end(), int64_t{0}); }

}  // namespace

std::vector<Conjunction> conjunctions(const GroupedData& cells, size_t depth) {
  std::vector<Conjunction> out;
  std::set<std::vector<size_t>> known;
  for (const auto& attributes : attribute_sets(cells.attributes.size(), depth)) {
    std::map<std::vector<uint32_t>, std::vector<size_t>> by_value;
    for (size_t cell = 0; cell < cells.groups.size(); ++cell) {
      std::vector<uint32_t> value;
      for (const size_t a : attributes) value.push_back(cells.members[cell][a]);
      by_value[value].push_back(cell);
    }
    for (auto& [value, members] : by_value)
      if (known.insert(members).second) out.push_back({attributes, std::move(members)});
  }
  return out;
}

std::string in_words(const Conjunction& conjunction, const GroupedData& cells) {
  std::string out;
  for (const size_t a : conjunction.attributes) {
    const Attribute& attribute = cells.attributes[a];
    out.append(out.empty() ? "" : " and ").append(attribute.name).append(" = ");
    out.append(attribute.groups[cells.members[conjunction.cells.front()][a]]);
  }
  return out;
}

ConjunctionSearch::ConjunctionSearch(CellValues values, const std::vector<Conjunction>& all, int64_t support)
    : values_(std::move(values)) {
  const int64_t cases = total(values_.cases);
  const auto n_all = static_cast<double>(cases);
  double sum = 0, squares = 0;
  for (const ValueLevel& level : values_.levels) {
    const auto count = static_cast<double>(total(level.counts));
    sum += level.value * count;
    squares += level.value * level.value * count;
  }
  const double variance = (squares - sum * sum / n_all) / (n_all - 1);
  if (!(variance > 1e-12 * squares / n_all)) return;
  for (const Conjunction& conjunction : all) {
    const int64_t inside = conjunction.sum<int64_t>(values_.cases);
    if (inside < support || cases - inside < support) continue;
    const auto n = static_cast<double>(inside), rest = n_all - n;
    const double spread = std::sqrt(1 / n + 1 / rest), deviation = std::sqrt(variance);
    candidates_.push_back({&conjunction, spread / deviation, sum / rest / (deviation * spread)});
  }
}

std::vector<double> ConjunctionSearch::sums(std::span<const ValueLevel> levels) const {
  std::vector<double> out(values_.cases.size());
  for (const ValueLevel& level : levels)
    for (size_t cell = 0; cell < out.size(); ++cell) out[cell] += level.value * static_cast<double>(level.counts[cell]);
  return out;
}

double ConjunctionSearch::statistic(const Candidate& candidate, std::span<const double> sums) const {
  return candidate.slope * candidate.conjunction->sum<double>(sums) - candidate.offset;
}

std::vector<double> ConjunctionSearch::statistics() const {
  const auto seen = sums(values_.levels);
  std::vector<double> out;
  for (const Candidate& candidate : candidates_) out.push_back(statistic(candidate, seen));
  return out;
}

double ConjunctionSearch::permuted_maximum(Random& random, std::vector<ValueLevel>& levels) const {
  std::vector<int64_t> left = values_.cases;
  for (size_t l = 0; l < levels.size(); ++l) {
    stats::draw_marks(random, left, total(values_.levels[l].counts), levels[l].counts);
    for (size_t cell = 0; cell < left.size(); ++cell) left[cell] -= levels[l].counts[cell];
  }
  const auto drawn = sums(levels);
  double largest = 0;
  for (const Candidate& candidate : candidates_) largest = std::max(largest, std::fabs(statistic(candidate, drawn)));
  return largest;
}

std::vector<double> ConjunctionSearch::maxima(const Random& random, int permutations, int threads) const {
  std::vector<double> out(static_cast<size_t>(permutations));
  parallel_for((out.size() + batch - 1) / batch, threads, [&](size_t task) {
    Random stream = random.split(task);
    std::vector<ValueLevel> levels = values_.levels;
    for (size_t r = task * batch; r < std::min(out.size(), (task + 1) * batch); ++r)
      out[r] = permuted_maximum(stream, levels);
  });
  return out;
}

}  // namespace leeway::fairness
