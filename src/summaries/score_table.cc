#include "summaries/score_table.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "base/portable_math.h"
#include "summaries/bytes.h"

namespace leeway {
namespace {

constexpr double least_probability = 1e-15;
constexpr size_t outcomes = 3;

// The sums of a cell, in the order of the bytes.
constexpr FixedSum ScoreTable::Cell::* sums[] = {&ScoreTable::Cell::p, &ScoreTable::Cell::p2, &ScoreTable::Cell::log_loss,
                                                 &ScoreTable::Cell::log_loss2, &ScoreTable::Cell::squared_error2};

void add(FixedSum& sum, double value, double unit) { sum.quanta += static_cast<int64_t>(std::nearbyint(value / unit)); }

void add(ScoreTable::Cell& to, const ScoreTable::Cell& from) {
  to.n += from.n;
  for (const auto sum : sums) (to.*sum).merge(from.*sum);
}

double variance(int64_t n, double sum, double sum_of_squares) {
  if (n < 2) return std::numeric_limits<double>::quiet_NaN();
  const auto rows = static_cast<double>(n);
  return std::max(0.0, sum_of_squares - sum * sum / rows) / (rows - 1);
}

}  // namespace

bool ScoreLayout::operator==(const ScoreLayout& other) const {
  return (bins == other.bins || *bins == *other.bins) && groups == other.groups && probability == other.probability;
}

ScoreTable::ScoreTable(std::shared_ptr<const ScoreLayout> layout)
    : layout_(std::move(layout)), cells_(layout_->group_count() * outcomes * layout_->bins->bins()),
      clipped_(layout_->group_count(), 0) {}

void ScoreTable::update(std::span<const double> scores, std::span<const Outcome> labels, std::span<const uint32_t> groups) {
  const size_t bins = layout_->bins->bins();
  for (size_t r = 0; r < scores.size(); ++r) {
    const double p = scores[r];
    if (!std::isfinite(p) || (layout_->probability && !(p >= 0 && p <= 1))) {
      ++unusable_;
      continue;
    }
    const size_t group = groups.empty() ? 0 : groups[r];
    Cell& cell = cells_[(group * outcomes + static_cast<size_t>(labels[r])) * bins + layout_->bins->find(p)];
    ++cell.n;
    if (!layout_->probability) continue;
    add(cell.p, p, quantum);
    add(cell.p2, p * p, quantum);
    if (labels[r] == Outcome::unknown) continue;
    const bool positive = labels[r] == Outcome::positive;
    const double right = positive ? p : 1 - p, error2 = (1 - right) * (1 - right);
    const double loss = -portable::log(std::clamp(right, least_probability, 1 - least_probability));
    clipped_[group] += right < least_probability || right > 1 - least_probability;
    add(cell.log_loss, loss, log_quantum);
    add(cell.log_loss2, loss * loss, log_quantum);
    add(cell.squared_error2, error2 * error2, quantum);
  }
}

Status ScoreTable::merge(const ScoreTable& other) {
  if (layout_ != other.layout_ && *layout_ != *other.layout_)
    return fail(Code::failed_precondition, "score tables of different layouts cannot be merged",
                "Profile both data sets again with the same --reference.");
  for (size_t i = 0; i < cells_.size(); ++i) add(cells_[i], other.cells_[i]);
  for (size_t g = 0; g < clipped_.size(); ++g) clipped_[g] += other.clipped_[g];
  unusable_ += other.unusable_;
  return {};
}

const ScoreTable::Cell& ScoreTable::cell(size_t bin, Outcome outcome, uint32_t group) const {
  return cells_[(group * outcomes + static_cast<size_t>(outcome)) * layout_->bins->bins() + bin];
}

/// Calls each(bin, cell) for the cells of an outcome, in one group or in all.
template <class Each>
void ScoreTable::for_each_cell(Outcome outcome, uint32_t group, Each each) const {
  const auto first = group == all_groups ? 0 : group;
  const auto last = group == all_groups ? static_cast<uint32_t>(layout_->group_count()) : group + 1;
  for (uint32_t g = first; g < last; ++g)
    for (size_t b = 0; b < layout_->bins->bins(); ++b) each(b, cell(b, outcome, g));
}

ScoreTable::Cell ScoreTable::total(Outcome outcome, uint32_t group) const {
  Cell sum;
  for_each_cell(outcome, group, [&](size_t, const Cell& c) { add(sum, c); });
  return sum;
}

int64_t ScoreTable::rows(Outcome outcome, uint32_t group) const { return total(outcome, group).n; }

std::vector<int64_t> ScoreTable::counts(Outcome outcome, uint32_t group) const {
  std::vector<int64_t> out(layout_->bins->bins(), 0);
  for_each_cell(outcome, group, [&](size_t b, const Cell& c) { out[b] += c.n; });
  return out;
}

std::optional<ScoreTable::Auc> ScoreTable::auc(uint32_t group) const {
  const auto positives = counts(Outcome::positive, group), negatives = counts(Outcome::negative, group);
  Int128 below = 0, certain2 = 0, open = 0, p = 0;   // pairs in order, twice (ties of an atom count half); pairs inside a bin
  for (size_t b = 0; b < positives.size(); ++b) {
    certain2 += 2 * Int128{positives[b]} * below;
    const Int128 inside = Int128{positives[b]} * negatives[b];
    if (layout_->bins->atom(b)) certain2 += inside;
    else open += inside;
    below += negatives[b];
    p += positives[b];
  }
  if (p == 0 || below == 0) return std::nullopt;
  const double pairs = static_cast<double>(p) * static_cast<double>(below);
  return Auc{{static_cast<double>(certain2) / 2 / pairs, static_cast<double>(certain2 + 2 * open) / 2 / pairs},
             static_cast<double>(certain2 + open) / 2 / pairs};
}

std::optional<Bracket> ScoreTable::score_ks(uint32_t group) const {
  const auto positives = counts(Outcome::positive, group), negatives = counts(Outcome::negative, group);
  Int128 p = 0, q = 0;
  for (size_t b = 0; b < positives.size(); ++b) p += positives[b], q += negatives[b];
  if (p == 0 || q == 0) return std::nullopt;
  Int128 f = 0, g = 0, lower = 0, upper = 0;   // shares times p·q
  for (size_t b = 0; b < positives.size(); ++b) {
    const Int128 f1 = f + positives[b] * q, g1 = g + negatives[b] * p;
    lower = std::max({lower, f1 - g1, g1 - f1});
    if (f < f1 && g < g1 && !layout_->bins->atom(b)) upper = std::max({upper, f1 - g, g1 - f});
    f = f1;
    g = g1;
  }
  const double scale = static_cast<double>(p) * static_cast<double>(q);
  return Bracket{static_cast<double>(lower) / scale, static_cast<double>(std::max(lower, upper)) / scale};
}

ScoreTable::Loss ScoreTable::log_loss(uint32_t group) const {
  Cell sum = total(Outcome::positive, group);
  add(sum, total(Outcome::negative, group));
  Loss out{sum.n};
  const double losses = sum.log_loss.value(log_quantum);
  out.mean = losses / static_cast<double>(sum.n);
  out.variance = variance(sum.n, losses, sum.log_loss2.value(log_quantum));
  for (uint32_t g = 0; g < clipped_.size(); ++g)
    if (group == all_groups || group == g) out.clipped += clipped_[g];
  return out;
}

ScoreTable::Loss ScoreTable::brier(uint32_t group) const {
  const Cell positive = total(Outcome::positive, group), negative = total(Outcome::negative, group);
  Loss out{positive.n + negative.n};
  // Σ(1-p)² = n - 2Σp + Σp², in quanta and so without rounding.
  FixedSum errors;
  errors.quanta = (Int128{positive.n} << 53) - 2 * positive.p.quanta + positive.p2.quanta + negative.p2.quanta;
  const double sum = errors.value(quantum);
  out.mean = sum / static_cast<double>(out.n);
  out.variance = variance(out.n, sum, positive.squared_error2.value(quantum) + negative.squared_error2.value(quantum));
  return out;
}

double ScoreTable::mean_score(uint32_t group) const {
  Cell sum;
  for (const Outcome outcome : {Outcome::negative, Outcome::positive, Outcome::unknown}) add(sum, total(outcome, group));
  if (sum.n == 0 || !layout_->probability) return std::numeric_limits<double>::quiet_NaN();
  return sum.p.value(quantum) / static_cast<double>(sum.n);
}

Result<int64_t> ScoreTable::rows_from(double threshold, Outcome outcome, uint32_t group) const {
  const auto edge = layout_->bins->edge_index(threshold);
  if (!edge)
    return fail(Code::failed_precondition, fmt::format("the profile does not split its scores at {}", threshold),
                "Profile again with this threshold.");
  int64_t above = 0;
  for_each_cell(outcome, group, [&](size_t b, const Cell& c) { above += b > *edge ? c.n : 0; });
  return above;
}

Result<ScoreTable::Confusion> ScoreTable::confusion(double threshold, uint32_t group) const {
  Confusion out;
  LEEWAY_TRY(out.true_positive, rows_from(threshold, Outcome::positive, group));
  LEEWAY_TRY(out.false_positive, rows_from(threshold, Outcome::negative, group));
  out.false_negative = rows(Outcome::positive, group) - out.true_positive;
  out.true_negative = rows(Outcome::negative, group) - out.false_positive;
  return out;
}

Result<int64_t> ScoreTable::selected(double threshold, uint32_t group) const {
  int64_t sum = 0;
  for (const Outcome outcome : {Outcome::negative, Outcome::positive, Outcome::unknown}) {
    LEEWAY_TRY(const int64_t above, rows_from(threshold, outcome, group));
    sum += above;
  }
  return sum;
}

void ScoreTable::write(ByteWriter& out) const {
  out.varint(static_cast<uint64_t>(unusable_));
  for (const int64_t clipped : clipped_) out.varint(static_cast<uint64_t>(clipped));
  for (const Cell& cell : cells_) {
    out.varint(static_cast<uint64_t>(cell.n));
    if (cell.n > 0 && layout_->probability)
      for (const auto sum : sums) (cell.*sum).write(out);
  }
}

Result<ScoreTable> ScoreTable::read(ByteReader& in, std::shared_ptr<const ScoreLayout> layout) {
  ScoreTable out(std::move(layout));
  out.unusable_ = in.count();
  for (int64_t& clipped : out.clipped_) clipped = in.count();
  int64_t total = 0;
  for (Cell& cell : out.cells_) {
    cell.n = in.count();
    if (cell.n > (int64_t{1} << 62) - total) in.fail();
    else total += cell.n;
    if (!in.ok()) break;
    if (cell.n > 0 && out.layout_->probability)
      for (const auto sum : sums) {
        LEEWAY_TRY(cell.*sum, FixedSum::read(in));
      }
  }
  LEEWAY_CHECK(in.check("score table"));
  return out;
}

bool ScoreTable::operator==(const ScoreTable& other) const {
  return (layout_ == other.layout_ || *layout_ == *other.layout_) && cells_ == other.cells_ &&
         clipped_ == other.clipped_ && unusable_ == other.unusable_;
}

}  // namespace leeway
