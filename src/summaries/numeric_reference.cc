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
  return static_cast<uint32_t>(std::clamp<uint64_t>(std::bit_ceil(static_cast<uint64_t>(size) / 16), 64, 1u << 16));
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
  // Up to the last but one: whatever the array holds, the result is an index.
  const auto at = std::lower_bound(cumulative_.begin(), cumulative_.end() - 1, static_cast<uint32_t>(rank));
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
  if (m == 0) return edges;
  for (int64_t i = 1; i < b; ++i)
    if (const double cut = order_statistic(std::max<int64_t>(1, (m * i + b - 1) / b)); cut < max()) edges.push_back(next_double(cut));
  for (const double atom : atoms(1.0 / static_cast<double>(b))) {
    edges.push_back(atom);
    edges.push_back(next_double(atom));
  }
  tidy_edges(edges);
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

void NumericReference::write(ByteWriter& out) const {
  rows_.write(out);
  moments_.write(out);
  out.fixed(scale_.value);
  out.fixed(static_cast<uint8_t>(scale_.rule));
  out.fixed(static_cast<uint8_t>(wide()));
  out.fixed(static_cast<uint8_t>(!cumulative_.empty()));
  out.fixed(static_cast<uint8_t>(map_.kind));
  out.fixed(static_cast<uint8_t>(!map_.pivots.empty()));
  out.varint(distinct_count());
  out.varint(cells() == 0 ? 0 : map_.buckets);
  out.varint(map_.segments.size());
  out.pad_to(8);
  out.fixed(map_.origin);
  out.fixed(map_.scale);
  out.fixed(map_.first_key);
  out.fixed(map_.last_key);
  out.fixed(map_.shift);
  out.array(map_.segments);
  out.array(map_.pivots);
  out.array(cell_lower_);
  out.array(cell_rows_);
  out.pad_to(8);
  out.array(cell_first_);
  out.pad_to(8);
  out.array(distinct_);
  out.array(wide_distinct_);
  out.array(cumulative_);
  out.pad_to(8);
}

namespace {

/// The map's arithmetic stays inside its tables.
bool sound(const CellMap& map) {
  if (map.buckets == 0 || map.buckets > (1u << 20) || map.shift > 63 || map.last_key < map.first_key) return false;
  if (map.kind == CellMap::Kind::two_level) {
    if ((map.last_key - map.first_key) >> map.shift >= map.segments.size()) return false;
    for (const auto& s : map.segments)
      if (s.shift > 63 || s.base >= map.buckets || s.last >= map.buckets - s.base) return false;
  }
  return map.kind <= CellMap::Kind::two_level;
}

/// From 0 to `total`, never falling.
bool cumulates(std::span<const uint32_t> counts, uint64_t total) {
  return counts.front() == 0 && counts.back() == total && std::is_sorted(counts.begin(), counts.end());
}

}  // namespace

Result<NumericReference> NumericReference::view(std::span<const std::byte> bytes, std::shared_ptr<const void> owner) {
  NumericReference out;
  ByteReader in(bytes);
  LEEWAY_TRY(out.rows_, RowCounts::read(in));
  LEEWAY_TRY(out.moments_, Moments::read(in));
  out.scale_.value = in.fixed<double>();
  const auto rule = in.fixed<uint8_t>();
  const bool wide = in.fixed<uint8_t>() != 0, repeats = in.fixed<uint8_t>() != 0;
  out.map_.kind = in.fixed<CellMap::Kind>();
  const bool pivoted = in.fixed<uint8_t>() != 0;
  const uint64_t distinct = in.varint(), buckets = in.varint(), segments = in.varint();
  in.skip_padding(8);
  out.map_.origin = in.fixed<double>();
  out.map_.scale = in.fixed<double>();
  out.map_.first_key = in.fixed<uint64_t>();
  out.map_.last_key = in.fixed<uint64_t>();
  out.map_.shift = in.fixed<uint64_t>();
  out.map_.buckets = static_cast<uint32_t>(std::min<uint64_t>(buckets, UINT32_MAX));
  out.map_.segments = in.view<CellMap::Segment>(segments);
  const auto m = static_cast<uint64_t>(out.size());
  if (buckets > 0) {
    if (pivoted) out.map_.pivots = in.view<double>(buckets);
    const size_t cells = out.map_.cells();
    out.cell_lower_ = in.view<double>(cells);
    out.cell_rows_ = in.view<uint32_t>(cells + 1);
    in.skip_padding(8);
    out.cell_first_ = in.view<uint32_t>(cells + 1);
    in.skip_padding(8);
    if (in.ok() && !(sound(out.map_) && cumulates(out.cell_rows_, m) && cumulates(out.cell_first_, distinct))) in.fail();
  }
  if (wide) out.wide_distinct_ = in.view<int64_t>(distinct);
  else out.distinct_ = in.view<double>(distinct);
  if (repeats) out.cumulative_ = in.view<uint32_t>(distinct);
  in.skip_padding(8);
  // Every count must fit together, or a look-up could leave its array.
  const bool counts_fit = repeats ? distinct > 0 && distinct < m : distinct == m;
  if (m > static_cast<uint64_t>(max_size) || !counts_fit || (m > 0 && !wide && buckets == 0) || (wide && buckets > 0) ||
      rule > static_cast<uint8_t>(ReferenceScale::Rule::abs_median) || out.rows_.used() != out.size())
    in.fail();
  out.scale_.rule = static_cast<ReferenceScale::Rule>(rule);
  out.owner_ = std::move(owner);
  LEEWAY_CHECK(in.check_end("prepared reference"));
  return out;
}

}  // namespace leeway
