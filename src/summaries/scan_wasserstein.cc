// The Wasserstein distance of a batch to a prepared reference from sums per cell. Where F_n - F_m keeps its sign
// through a cell, counts and sums give the cell's part exactly; only the other cells' rows are put in order.

#include <cmath>
#include <limits>

#include "stats/compensated_sum.h"
#include "summaries/scan_state.h"

namespace leeway {
namespace {

constexpr int64_t longest_sum = 4096;   // rows of a cell that are summed one after the other, so that no digits are lost
constexpr int64_t few = 50;             // H changes by at most 1/few of itself in a cell that is not looked into

/// Along the line from left to right: stretches without values, and values. In `unit`, a power of two near the whole
/// length, so that no square overflows.
class Line {
 public:
  Line(int64_t n, int64_t m, double length)
      : n_(static_cast<double>(n)),
        m_(static_cast<double>(m)),
        unit_(std::ldexp(1, std::clamp(std::ilogb(length), -1000, 1000))),
        per_unit_(1 / unit_) {}

  double per_unit() const { return per_unit_; }

  /// A stretch where n·m·(F_n - F_m) is `lead` and `below` pooled rows lie below.
  void pass(double width, int64_t lead, int64_t below) {
    const double step = width * per_unit_;
    if (lead != 0) distance_.add(std::fabs(static_cast<double>(lead)) * step);   // the step may be infinite
    spread_.add(root(static_cast<double>(below)) * step);
    h_ += lead > 0 ? step : lead < 0 ? -step : 0;
  }

  /// Rows that lie here.
  void at(int64_t batch_rows, int64_t reference_rows) {
    batch_.add(static_cast<double>(batch_rows), h_, 0);
    reference_.add(static_cast<double>(reference_rows), h_, 0);
  }

  /// Rows of one side in a cell: their number, the sums of u and u², u the distance to the cell's lower end in units.
  struct Rows {
    int64_t count;
    double sum, square;
  };

  /// A cell of this width throughout which n·m·(F_n - F_m), `lead` at its lower end, has the sign `sign`.
  void pass_cell(double width, int64_t lead, int sign, int64_t below, const Rows& batch, const Rows& reference) {
    const double step = width * per_unit_, direction = sign;
    const double batch_area = static_cast<double>(batch.count) * step - batch.sum;
    const double reference_area = static_cast<double>(reference.count) * step - reference.sum;
    distance_.add(std::fabs(static_cast<double>(lead) * step + (m_ * batch_area - n_ * reference_area)));
    add_spread(step, static_cast<double>(below), static_cast<double>(batch.count + reference.count),
               batch_area + reference_area);
    const auto add = [&](Spread& to, const Rows& rows) {
      const double count = static_cast<double>(rows.count), mean = rows.count > 0 ? rows.sum / count : 0;
      to.add(count, h_ + direction * mean, rows.square - rows.sum * mean);
    };
    add(batch_, batch);
    add(reference_, reference);
    h_ += direction * step;
  }

  WassersteinResult result() const {
    const auto variance = [&](const Spread& h) {
      const double value = h.squares / h.rows * unit_ * unit_;
      return std::isfinite(value) ? value : std::numeric_limits<double>::infinity();
    };
    return {.distance = distance_.value() / (n_ * m_) * unit_,
            .variance_current = variance(batch_),
            .variance_reference = variance(reference_),
            .spread = spread_.value() / (n_ + m_) * unit_};
  }

 private:
  /// Of h over rows: their mean and the sum of squares about it (Chan, Golub & LeVeque 1983).
  struct Spread {
    double rows = 0, mean = 0, squares = 0;
    void add(double more, double own_mean, double own_squares) {
      if (more == 0) return;
      const double share = more / (rows + more), off = own_mean - mean;
      squares += std::max(0.0, own_squares) + off * off * rows * share;
      mean += off * share;
      rows += more;
    }
  };

  /// (n + m)·sqrt(H(1-H)), `below` of the pooled rows.
  double root(double below) const { return std::sqrt(below * (n_ + m_ - below)); }

  /// The integral of a concave function of H lies between the chord's value and the value at H's mean; a steady rise
  /// would divide the difference 1 : 2.
  void add_spread(double step, double below, double rows, double area) {
    const double mean = step > 0 ? area / step : 0, low = root(below);
    const double chord = rows > 0 ? low + (root(below + rows) - low) * (mean / rows) : low;
    spread_.add(step * (2 * root(below + mean) + chord) / 3);
  }

  double n_, m_;
  double unit_, per_unit_;
  double h_ = 0;   // ∫ sign(F_n - F_m) so far
  stats::CompensatedSum distance_, spread_;
  Spread batch_, reference_;
};

}  // namespace

/// One cell: what lies below it and in it, and where it ends.
struct NumericScan::CellView {
  uint32_t cell;
  int64_t n_before, n_rows, m_before, m_rows;
  double lower, upper;
};

/// Calls use(view) for the cells that doubles fall into, in ascending order; the outer ones end with the rows.
template <class Use>
void NumericScan::for_each_cell(Use use) const {
  const auto lower = reference_.cell_lower();
  const auto rows = reference_.cell_rows();
  const double first = std::min(moments_.min(), reference_.min()), last = std::max(moments_.max(), reference_.max());
  const auto cells = static_cast<uint32_t>(lower.size());
  for (uint32_t c = 0, next = 1; c < cells; c = next++) {
    while (next < cells && !std::isfinite(lower[next])) ++next;
    const double from = c == 0 ? first : std::clamp(lower[c], first, last);
    const double to = next < cells ? std::clamp(lower[next], first, last) : last;
    use(CellView{c, scratch_.before[c], cell_rows(c), rows[c], static_cast<int64_t>(rows[c + 1]) - rows[c], from, to});
  }
}

/// The sign of F_n - F_m throughout the cell, if that and the sums are all one needs to know.
std::optional<int> NumericScan::steady_sign(const CellView& v) const {
  const int64_t n = size(), m = reference_.size();
  const int64_t lead = v.n_before * m - v.m_before * n, rows = v.n_rows + v.m_rows;
  if (rows == 0) return lead > 0 ? 1 : lead < 0 ? -1 : 0;
  const int64_t below = v.n_before + v.m_before, above = n + m - below - rows;
  if (v.n_rows > longest_sum || v.m_rows > longest_sum || rows * few > std::min(below, above)) return std::nullopt;
  if (lead - v.m_rows * n > 0) return 1;
  if (lead + v.n_rows * m < 0) return -1;
  return std::nullopt;
}

/// Sums of the batch's rows in each cell.
void NumericScan::sum_cells(double per_unit) {
  auto& sums = scratch_.cell_sums;
  sums.assign(reference_.cells(), {});
  for_each_cell([&](const CellView& v) { sums[v.cell].lower = v.lower; });
  uint32_t cells[scan::block];
  scan::for_each_block(values_, [&](const double* values, size_t rows) {
    reference_.cell_map().cells_of_block(values, cells);
    for (size_t i = 0; i < rows; ++i) {
      auto& cell = sums[cells[i]];
      const double u = (values[i] - cell.lower) * per_unit;
      cell.sum += u;
      cell.square += u * u;
    }
  });
}

WassersteinResult NumericScan::wasserstein() {
  const double length = std::max(moments_.max(), reference_.max()) - std::min(moments_.min(), reference_.min());
  if (!celled_ || reference_.wide() || !std::isfinite(length)) return wasserstein_of_sorted();
  std::vector<Candidate> crossed;
  for_each_cell([&](const CellView& v) {
    if (!reference_.single(v.cell) && !steady_sign(v)) crossed.push_back({0, 0, v.cell});
  });
  if (!gather(crossed, {})) return wasserstein_of_sorted();

  const int64_t n = size(), m = reference_.size();
  Line line(n, m, length);
  sum_cells(line.per_unit());
  const auto first = reference_.cell_first();
  const auto distinct = reference_.distinct();
  const auto repeats = [&](size_t i) { return reference_.cumulative(i) - (i == 0 ? 0 : reference_.cumulative(i - 1)); };
  const auto lead_at = [&](int64_t n_rows, int64_t m_rows) { return n_rows * m - m_rows * n; };

  const auto pass_crossed = [&](const CellView& v) {
    double* rows = scratch_.gathered.data() + (v.n_rows > 0 ? scratch_.place[v.cell] : 0) - v.n_rows;
    std::sort(rows, rows + v.n_rows);
    double at = v.lower;
    int64_t n_below = v.n_before, m_below = v.m_before;
    const auto advance = [&](double to) { line.pass(to - at, lead_at(n_below, m_below), n_below + m_below), at = to; };
    size_t j = first[v.cell];
    for (int64_t i = 0; i < v.n_rows || j < first[v.cell + 1];) {
      const bool from_batch = j == first[v.cell + 1] || (i < v.n_rows && rows[i] < distinct[j]);
      advance(from_batch ? rows[i] : distinct[j]);
      int64_t batch_rows = 0;
      for (; i < v.n_rows && rows[i] == at; ++i) ++batch_rows;
      const int64_t reference_rows = from_batch ? 0 : repeats(j++);
      line.at(batch_rows, reference_rows);
      n_below += batch_rows;
      m_below += reference_rows;
    }
    advance(v.upper);
  };

  const auto pass_steady = [&](const CellView& v, int sign) {
    Line::Rows reference{v.m_rows, 0, 0};
    for (size_t j = first[v.cell]; j < first[v.cell + 1]; ++j) {
      const double u = (distinct[j] - v.lower) * line.per_unit();
      const double times = reference_.cumulative().empty() ? 1 : static_cast<double>(repeats(j));
      reference.sum += times * u;
      reference.square += times * u * u;
    }
    const auto& sums = scratch_.cell_sums[v.cell];
    line.pass_cell(v.upper - v.lower, lead_at(v.n_before, v.m_before), sign, v.n_before + v.m_before,
                   {v.n_rows, sums.sum, sums.square}, reference);
  };

  for_each_cell([&](const CellView& v) {
    if (reference_.single(v.cell)) {
      line.at(v.n_rows, v.m_rows);
      const int64_t n_upto = v.n_before + v.n_rows, m_upto = v.m_before + v.m_rows;
      line.pass(v.upper - v.lower, lead_at(n_upto, m_upto), n_upto + m_upto);
    } else if (const auto sign = steady_sign(v)) {
      pass_steady(v, *sign);
    } else {
      pass_crossed(v);
    }
  });
  return line.result();
}

WassersteinResult NumericScan::wasserstein_of_sorted() {
  const int64_t n = size(), m = reference_.size();
  return with_pooled([&](const auto& pooled) {
    auto last = std::min(pooled.batch[0], pooled.distinct[0]);
    Line line(n, m, width(last, std::max(pooled.batch.back(), pooled.distinct.back())));
    pooled.walk([&](auto value, int64_t n_before, int64_t n_rows, int64_t m_before, int64_t m_rows, size_t) {
      line.pass(width(last, value), n_before * m - m_before * n, n_before + m_before);
      line.at(n_rows - n_before, m_rows - m_before);
      last = value;
    });
    return line.result();
  });
}

}  // namespace leeway
