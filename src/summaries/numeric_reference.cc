#include "summaries/numeric_reference.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "stats/order_key.h"
#include "stats/sort.h"
#include "summaries/bytes.h"
#include "summaries/finite_values.h"

namespace leeway {
namespace {

constexpr int64_t exact_integer = int64_t{1} << 53;  // below it every integer is a double

/// 16 rows of the reference a cell on average, within what stays in a processor's second-level cache.
uint32_t bucket_goal(int64_t size) {
  return static_cast<uint32_t>(std::clamp<uint64_t>(std::bit_ceil(static_cast<uint64_t>(size) / 16), 64, 1u << 15));
}

double power_of_two_near(double scale) {
  return scale > 0 ? std::ldexp(1, std::clamp(std::ilogb(scale), -1022, 1022)) : 1;
}

/// The least double that `map` sends to cell `c` or beyond, +infinity if none: from a guess outwards, then bisection,
/// on order keys. The map is monotone, so this needs no knowledge of how it works.
double least_in_cell(const CellMap& map, uint32_t c, double guess) {
  const uint64_t lowest = stats::order_key(-std::numeric_limits<double>::max());
  const uint64_t highest = stats::order_key(std::numeric_limits<double>::max());
  const auto reaches = [&](uint64_t key) { return map.cell(stats::from_order_key(key)) >= c; };
  uint64_t low = std::clamp(stats::order_key(guess), lowest, highest), high = low;
  uint64_t step = 1;
  if (reaches(low)) {
    while (low > lowest && reaches(low)) high = low, low -= std::min(step, low - lowest), step *= 2;
    if (reaches(low)) return stats::from_order_key(low);
  } else {
    while (high < highest && !reaches(high)) low = high, high += std::min(step, highest - high), step *= 2;
    if (!reaches(high)) return std::numeric_limits<double>::infinity();
  }
  while (high - low > 1) {
    const uint64_t middle = low + (high - low) / 2;
    (reaches(middle) ? high : low) = middle;
  }
  return stats::from_order_key(high);
}

}  // namespace

/// Builds the arrays of a NumericReference, then lets it view them.
class ReferencePreparer {
 public:
  explicit ReferencePreparer(RowCounts rows) { reference_.rows_ = rows; }

  NumericReference prepare(std::vector<double>& values) {
    stats::sort(values, scratch_);
    collect(values, arrays_->distinct);
    reference_.distinct_ = arrays_->distinct;
    if (!values.empty()) {
      describe(values);
      make_cells();
    }
    return std::move(reference_);
  }

  NumericReference prepare_wide(std::vector<int64_t>& values) {
    stats::sort(values, scratch_);
    collect(values, arrays_->wide_distinct);
    reference_.wide_distinct_ = arrays_->wide_distinct;
    describe(std::vector<double>(values.begin(), values.end()));
    return std::move(reference_);
  }

 private:
  struct Arrays {
    std::vector<double> distinct, cell_lower;
    std::vector<int64_t> wide_distinct;
    std::vector<uint32_t> cumulative, cell_rows, cell_first;
    CellMapTables map;
  };

  template <class T>
  void collect(const std::vector<T>& sorted, std::vector<T>& distinct) {
    const size_t size = sorted.size();
    auto& cumulative = arrays_->cumulative;
    distinct.resize(size);
    cumulative.resize(size);
    size_t count = 0;
    for (size_t i = 0; i < size; ++i) {
      distinct[count] = sorted[i];
      cumulative[count] = static_cast<uint32_t>(i + 1);
      count += i + 1 == size || sorted[i + 1] != sorted[i];
    }
    distinct.resize(count);
    cumulative.resize(count);
    if (count == size) cumulative.clear();
    distinct.shrink_to_fit();
    cumulative.shrink_to_fit();
    reference_.cumulative_ = cumulative;
    reference_.owner_ = arrays_;
  }

  void describe(const std::vector<double>& sorted) {
    const size_t m = sorted.size();
    const auto order = [&](double q) { return sorted[static_cast<size_t>(std::ceil(q * static_cast<double>(m))) - 1]; };
    const double median = order(0.5), width = order(0.75) - order(0.25);
    // A first pass in a unit that needs no sum, for rules that need one.
    Moments moments(median, power_of_two_near(width));
    moments.update(sorted);
    reference_.scale_ = choose_scale(sorted, median, width, moments);
    if (const double unit = power_of_two_near(reference_.scale_.value); unit != moments.unit()) {
      moments = Moments(median, unit);
      moments.update(sorted);
    }
    reference_.moments_ = moments;
  }

  ReferenceScale choose_scale(const std::vector<double>& sorted, double median, double width, const Moments& moments) {
    using Rule = ReferenceScale::Rule;
    const auto usable = [](double scale) { return scale > 0 && std::isfinite(scale); };
    if (usable(width / 1.349)) return {width / 1.349, Rule::iqr};
    if (sorted.size() > 1 && usable(moments.sd())) return {moments.sd(), Rule::sd};
    std::vector<double> nonzero;
    std::copy_if(sorted.begin(), sorted.end(), std::back_inserter(nonzero), [](double x) { return x != 0; });
    if (!nonzero.empty()) {
      const auto middle = nonzero.begin() + static_cast<ptrdiff_t>((nonzero.size() - 1) / 2);
      const double centre = *middle;  // still sorted
      for (double& x : nonzero) x = std::fabs(x - centre);
      std::nth_element(nonzero.begin(), middle, nonzero.end());
      if (usable(*middle)) return {*middle, Rule::mad_nonzero};
    }
    if (usable(std::fabs(median))) return {std::fabs(median), Rule::abs_median};
    return {};
  }

  void make_cells() {
    auto& a = *arrays_;
    CellMap& map = reference_.map_;
    map = choose_cell_map(a.distinct, a.cumulative, bucket_goal(reference_.size()), true, a.map);
    const size_t cells = map.cells();
    a.cell_rows.assign(cells + 1, 0);
    a.cell_first.assign(cells + 1, 0);
    std::vector<double> values(CellMap::block_size);
    std::vector<uint32_t> ids(CellMap::block_size);
    for (size_t from = 0; from < a.distinct.size(); from += CellMap::block_size) {
      const size_t count = std::min(CellMap::block_size, a.distinct.size() - from);
      std::copy_n(a.distinct.begin() + static_cast<ptrdiff_t>(from), count, values.begin());
      map.cells_of_block(values.data(), ids.data());
      for (size_t i = 0; i < count; ++i) {
        a.cell_first[ids[i] + 1] = static_cast<uint32_t>(from + i + 1);
        a.cell_rows[ids[i] + 1] = static_cast<uint32_t>(reference_.cumulative(from + i));
      }
    }
    for (size_t c = 1; c <= cells; ++c) {  // cells without a value repeat the one before
      a.cell_first[c] = std::max(a.cell_first[c], a.cell_first[c - 1]);
      a.cell_rows[c] = std::max(a.cell_rows[c], a.cell_rows[c - 1]);
    }
    find_lower_ends();
    reference_.cell_rows_ = a.cell_rows;
    reference_.cell_first_ = a.cell_first;
    reference_.cell_lower_ = a.cell_lower;
  }

  void find_lower_ends() {
    auto& lower = arrays_->cell_lower;
    const CellMap& map = reference_.map_;
    lower.resize(map.cells());
    CellMap bare = map;
    bare.pivots = {};
    double previous = arrays_->distinct.front();
    for (uint32_t bucket = 0; bucket < map.buckets; ++bucket) {
      if (bucket > 0) previous = least_in_cell(bare, bucket, guess(bucket, previous));
      if (map.pivots.empty()) {
        lower[bucket] = previous;
        continue;
      }
      const double pivot = map.pivots[bucket];
      lower[3 * bucket] = previous < pivot || bucket == 0 ? previous : pivot;
      lower[3 * bucket + 1] = pivot;
      lower[3 * bucket + 2] = next_double(pivot);
    }
  }

  /// About where bucket `bucket` begins.
  double guess(uint32_t bucket, double previous) const {
    const CellMap& map = reference_.map_;
    if (map.kind == CellMap::Kind::linear) return map.origin + bucket / map.scale;
    if (map.kind == CellMap::Kind::key_shift) return stats::from_order_key(map.first_key + (uint64_t{bucket} << map.shift));
    return previous;
  }

  std::shared_ptr<Arrays> arrays_ = std::make_shared<Arrays>();
  std::vector<uint64_t> scratch_;
  NumericReference reference_;
};

Result<NumericReference> NumericReference::prepare(const Column& column) {
  if (column.type() == Type::text)
    return fail(Code::invalid_argument, fmt::format("column '{}' holds text, not numbers", column.name()));
  if (column.size() > static_cast<size_t>(max_size))
    return fail(Code::resource_exhausted,
                fmt::format("column '{}' has more rows than an exact comparison takes ({})", column.name(), max_size),
                "Profile it without --exact, or take a sample.");
  std::vector<double> values;
  FiniteValues finite(column, values);
  finite.read_all();
  if (column.type() != Type::real) {
    std::vector<int64_t> integers;
    bool wide = false;
    for (size_t r = 0; r < column.size() && !wide; ++r)
      wide = column.is_valid(r) && (column.integers()[r] >= exact_integer || column.integers()[r] <= -exact_integer);
    if (wide) {
      for (size_t r = 0; r < column.size(); ++r)
        if (column.is_valid(r)) integers.push_back(column.integers()[r]);
      return ReferencePreparer(finite.rows()).prepare_wide(integers);
    }
  }
  const auto all = finite.all();
  if (values.data() == all.data()) values.resize(all.size());
  else values.assign(all.begin(), all.end());
  return ReferencePreparer(finite.rows()).prepare(values);
}

Result<NumericReference> NumericReference::prepare(std::span<const double> values) {
  return prepare(Column::of_reals("values", {values.begin(), values.end()}));
}

int64_t NumericReference::at_most(double x) const {
  // A wide reference compares as doubles here, like everything that takes a double.
  const auto count = [&](auto distinct) {
    const auto after = std::upper_bound(distinct.begin(), distinct.end(), x,
                                        [](double value, auto element) { return value < static_cast<double>(element); });
    return after == distinct.begin() ? 0 : cumulative(static_cast<size_t>(after - distinct.begin()) - 1);
  };
  return wide() ? count(wide_distinct_) : count(distinct_);
}

int64_t NumericReference::below(double x) const {
  return at_most(std::nextafter(x, -std::numeric_limits<double>::infinity()));
}

size_t NumericReference::distinct_of_rank(int64_t rank) const {
  if (cumulative_.empty()) return static_cast<size_t>(rank) - 1;
  const auto at = std::lower_bound(cumulative_.begin(), cumulative_.end(), static_cast<uint32_t>(rank));
  return static_cast<size_t>(at - cumulative_.begin());
}

double NumericReference::order_statistic(int64_t rank) const { return value(distinct_of_rank(rank)); }

double NumericReference::quantile(double q) const {
  const auto rank = static_cast<int64_t>(std::ceil(q * static_cast<double>(size())));
  return order_statistic(std::clamp<int64_t>(rank, 1, size()));
}

std::vector<double> NumericReference::atoms(double share) const {
  std::vector<double> out;
  const double least = share * static_cast<double>(size());
  // A run of more than `least` equal rows covers a multiple of it.
  const int64_t stride = std::max<int64_t>(1, static_cast<int64_t>(least));
  size_t next = 0;
  for (int64_t rank = stride; rank <= size(); rank += stride) {
    const size_t i = distinct_of_rank(rank);
    if (i < next) continue;
    next = i + 1;
    if (static_cast<double>(cumulative(i) - (i == 0 ? 0 : cumulative(i - 1))) > least) out.push_back(value(i));
  }
  return out;
}

std::vector<double> NumericReference::psi_edges(int bins) const {
  const int64_t m = size(), b = std::max<int64_t>(2, std::min<int64_t>(bins, m / 50));
  std::vector<double> edges;
  for (int64_t i = 1; i < b; ++i)
    if (const double cut = order_statistic(std::max<int64_t>(1, (m * i + b - 1) / b)); cut < max()) edges.push_back(next_double(cut));
  for (const double atom : atoms(1.0 / static_cast<double>(b))) {
    edges.push_back(atom);
    edges.push_back(next_double(atom));
  }
  std::sort(edges.begin(), edges.end());
  edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
  while (!edges.empty() && std::isinf(edges.back())) edges.pop_back();
  return edges;
}

std::vector<double> NumericReference::histogram_edges(int bins) const {
  std::vector<double> edges;
  const size_t goal = static_cast<size_t>(std::max(bins, 2));
  if (distinct_count() <= goal) {
    for (size_t i = 1; i < distinct_count(); ++i) edges.push_back(value(i - 1) / 2 + value(i) / 2);
    return edges;
  }
  const double low = quantile(0.005), high = quantile(0.995);
  double step = high / bins - low / bins;
  bool integers = true;
  for (size_t i = 0; i < distinct_count() && integers; ++i) integers = std::trunc(value(i)) == value(i);
  if (integers) step = std::ceil(step);
  const double start = integers ? low - 0.5 : low;
  for (int i = 0; i <= bins && step > 0 && start + i * step <= high + step; ++i) {
    double edge = start + i * step;
    // Moved to where a cell begins, a bin costs no second look at its rows.
    if (!integers && !cell_lower_.empty()) edge = std::max(cell_lower_[map_.cell(edge)], low);
    if (std::isfinite(edge) && (edges.empty() || edge > edges.back())) edges.push_back(edge);
  }
  return edges;
}

}  // namespace leeway
