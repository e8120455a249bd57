#include "checks/drift/drift_input.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/text.h"

namespace leeway::drift {
namespace {

/// A category with a smaller share of the reference shares a bin with others like it.
constexpr double own_bin_share = 0.01;

// ---- sorted values ----

/// A reference of integers beyond 2^53 for comparison with reals: distinct doubles with cumulative counts.
struct RoundedReference {
  std::vector<double> distinct;
  std::vector<uint32_t> cumulative;

  explicit RoundedReference(const NumericReference& reference) {
    for (size_t i = 0; i < reference.distinct_count(); ++i) {
      if (distinct.empty() || distinct.back() != reference.value(i)) {
        distinct.push_back(reference.value(i));
        cumulative.emplace_back();
      }
      cumulative.back() = static_cast<uint32_t>(reference.cumulative(i));
    }
  }
};

std::vector<int64_t> sorted_integers(const Column& column) {
  std::vector<int64_t> out;
  out.reserve(column.size() - column.null_count());
  for (size_t row = 0; row < column.size(); ++row)
    if (column.is_valid(row)) out.push_back(column.integers()[row]);
  std::sort(out.begin(), out.end());
  return out;
}

Column as_text(const Column& column) {
  Validity valid(column.size());
  std::vector<std::string> words(column.size());
  for (size_t row = 0; row < column.size(); ++row) {
    if (column.is_valid(row)) words[row] = column.text(row);
    else valid.set(row, false);
  }
  const Column words_only = Column::of_text(column.name(), words);
  return Column::of_codes(column.name(), {words_only.codes().begin(), words_only.codes().end()},
                          {words_only.dictionary().begin(), words_only.dictionary().end()}, std::move(valid));
}

// ---- bins ----

void add_bin(Bins& bins, std::string label, int64_t reference, int64_t current) {
  if (reference + current == 0) return;
  bins.labels.push_back(std::move(label));
  bins.reference.push_back(reference);
  bins.current.push_back(current);
}

std::string bin_label(std::span<const double> edges, size_t bin) {
  // An edge is the double after the last value below it, and that value is the one to show.
  const auto last_below = [&](size_t edge) { return short_number(std::nextafter(edges[edge], -INFINITY), 4); };
  if (edges.empty()) return "all values";
  if (bin == 0) return "up to " + last_below(0);
  if (bin == edges.size()) return "above " + last_below(bin - 1);
  if (edges[bin] == next_double(edges[bin - 1])) return short_number(edges[bin - 1], 4);
  return last_below(bin - 1) + " to " + last_below(bin);
}

void add_number_bins(Bins& bins, std::span<const double> edges, std::span<const int64_t> reference,
                     std::span<const int64_t> current) {
  for (size_t i = 0; i < reference.size(); ++i) add_bin(bins, bin_label(edges, i), reference[i], current[i]);
}

/// Rows of the reference on the bins of `edges`.
std::vector<int64_t> reference_counts(const NumericReference& reference, std::span<const double> edges) {
  std::vector<int64_t> out;
  int64_t before = 0;
  for (const double edge : edges) {
    const int64_t below = reference.below(edge);
    out.push_back(below - before);
    before = below;
  }
  out.push_back(reference.size() - before);
  return out;
}

void add_bins_of(Bins& bins, NumericRows& rows, double) {
  if (rows.reference().size() == 0) return add_bin(bins, "all values", 0, rows.scan().size());
  std::vector<int64_t> current(rows.edges().size() + 1);
  if (rows.scan().size() > 0) current.assign(rows.scan().counts().begin(), rows.scan().counts().end());
  add_number_bins(bins, rows.edges(), reference_counts(rows.reference(), rows.edges()), current);
}

void add_bins_of(Bins& bins, NumericProfiles& profiles, double) {
  const auto edges = profiles.reference->map().psi_edges();
  add_number_bins(bins, edges, profiles.reference->counts_on(edges), profiles.current->counts_on(edges));
}

/// Reference rows that stand for the unseen categories of fresh rows of the same kind: those of values that occur just
/// once (Good's estimate), but no more than the current rows have, so that only what is beyond chance is a movement.
int64_t expected_unseen(const CategoryPair& pair, int64_t singletons) {
  if (!pair.reference->dictionary().complete() || pair.current->size() == 0) return 0;
  const double share = static_cast<double>(pair.current->unseen()) / static_cast<double>(pair.current->size());
  return std::min<int64_t>(singletons, std::llround(share * static_cast<double>(pair.reference->size())));
}

void add_bins_of(Bins& bins, CategoryPair& pair, double least_share) {
  const auto reference = pair.reference->counts(), current = pair.current->counts();
  const double least = least_share * static_cast<double>(pair.reference->size());
  int64_t rare_reference = pair.reference->other(), rare_current = pair.current->other(), singletons = 0;
  for (size_t i = 0; i < reference.size(); ++i) {
    if (static_cast<double>(reference[i]) >= least) {
      add_bin(bins, pair.reference->dictionary().values()[i], reference[i], current[i]);
    } else {
      rare_reference += reference[i];
      rare_current += current[i];
      singletons += reference[i] == 1;
    }
  }
  const int64_t expected = expected_unseen(pair, singletons);
  add_bin(bins, "other categories", rare_reference - expected, rare_current);
  add_bin(bins, "unseen categories", pair.reference->unseen() + expected, pair.current->unseen());
}

void add_bins_of(Bins&, TextPair&, double) {}

// ---- the scale, from bins ----

/// The order statistic of rank ceil(q n), interpolated inside its bin.
double binned_quantile(const BinnedCounts& counts, double q) {
  const size_t bin = counts.quantile_bin(q);
  if (counts.map().atom(bin)) return counts.map().lower(bin);
  int64_t before = 0;
  for (size_t b = 0; b < bin; ++b) before += counts.counts()[b];
  const double low = std::max(counts.map().lower(bin), counts.min());
  const double high = std::min(counts.map().upper(bin), counts.max());
  const double rank = std::ceil(q * static_cast<double>(counts.size())) - static_cast<double>(before);
  return low + (high - low) * rank / static_cast<double>(counts.counts()[bin]);
}

ReferenceScale scale_from_bins(const BinnedCounts& counts, const Moments& moments) {
  if (counts.size() == 0) return {};
  const double range = (binned_quantile(counts, 0.75) - binned_quantile(counts, 0.25)) / 1.349;
  if (range > 0) return {range, ReferenceScale::Rule::iqr};
  if (const double sd = moments.sd(); sd > 0 && std::isfinite(sd)) return {sd, ReferenceScale::Rule::sd};
  if (const double level = std::fabs(moments.mean()); level > 0) return {level, ReferenceScale::Rule::abs_median};
  return {};
}

stats::MeanVariance mean_of(const Moments& moments) { return {moments.size(), moments.mean(), moments.variance()}; }

}  // namespace

// ---- rows ----

NumericRows::NumericRows(const NumericReference& reference, Type reference_type, const Column& current,
                         ScanScratch& scratch)
    : reference_(&reference), column_(&current) {
  if (auto conformed = conform(current, reference_type)) {
    conformed_ = std::make_unique<Conformed>(*std::move(conformed));
    column_ = &conformed_->column;
  }
  if (reference.size() > 0) edges_ = reference.psi_edges();
  scan_ = std::make_unique<NumericScan>(reference, *column_, scratch, edges_);
}

/// Calls use(x, distinct, cumulative) with the sorted batch and the reference's runs: as doubles, or as integers where
/// doubles would not tell the values apart.
template <class Use>
auto NumericRows::with_sorted(Use use) {
  const auto cumulative = reference_->cumulative();
  if (!reference_->wide()) return use(scan_->sorted(), reference_->distinct(), cumulative);
  if (column_->type() == Type::real) {
    const RoundedReference rounded(*reference_);
    return use(scan_->sorted(), std::span<const double>(rounded.distinct),
               std::span<const uint32_t>(rounded.cumulative));
  }
  const auto x = sorted_integers(*column_);
  return use(std::span<const int64_t>(x), reference_->wide_distinct(), cumulative);
}

const stats::RankedPair& NumericRows::ranked() {
  if (!ranked_)
    ranked_ =
        with_sorted([](auto x, auto distinct, auto cumulative) { return stats::rank_pair(x, distinct, cumulative); });
  return *ranked_;
}

std::vector<int64_t> NumericRows::pooled_cumulative() {
  auto out = with_sorted([]<class T>(std::span<const T> x, std::span<const T> distinct, auto cumulative) {
    return stats::pooled_cumulative(stats::SortedRuns<T>(x), stats::DistinctRuns<T>(distinct, cumulative));
  });
  if (std::ssize(out) == scan_->size() + reference_->size()) out.clear();
  return out;
}

// ---- factories ----

DriftInput::DriftInput(Data data, const InputCounts& reference_rows, const InputCounts& current_rows)
    : data_(std::move(data)), reference_rows_(reference_rows), current_rows_(current_rows) {}

DriftInput DriftInput::rows(const NumericReference& reference, Type reference_type, const Column& current,
                            ScanScratch& scratch) {
  NumericRows rows(reference, reference_type, current, scratch);
  const InputCounts counts = input_counts(rows.scan().rows(), rows.type_errors());
  DriftInput input(std::move(rows), input_counts(reference.rows()), counts);
  input.subject_.column = current.name();
  return input;
}

DriftInput DriftInput::profiles(const NumericProfiles& profiles, const RowCounts& reference_rows,
                                const RowCounts& current_rows, const ReferenceScale* scale) {
  DriftInput input(profiles, input_counts(reference_rows), input_counts(current_rows));
  if (scale) input.scale_ = *scale;
  return input;
}

DriftInput DriftInput::categories(const CategoryPair& pair, const RowCounts& reference_rows,
                                  const RowCounts& current_rows) {
  DriftInput input(pair, input_counts(reference_rows), input_counts(current_rows));
  input.current_rows_.unseen = pair.current->unseen();
  return input;
}

DriftInput DriftInput::category_rows(const CategorySummary& reference, const RowCounts& reference_rows,
                                     Type reference_type, const Column& current) {
  const auto conformed = conform(current, reference_type);
  const Column& column = conformed ? conformed->column : current;
  auto counted = std::make_unique<CategorySummary>(reference.shared_dictionary());
  counted->update(column);
  const CategoryPair pair{&reference, counted.get(), reference_type == Type::boolean};
  DriftInput input(pair, input_counts(reference_rows),
                   input_counts(RowCounts(column), conformed ? conformed->type_errors : 0));
  input.current_rows_.unseen = counted->unseen();
  input.counted_categories_ = std::move(counted);
  input.subject_.column = current.name();
  return input;
}

DriftInput DriftInput::texts(const TextPair& pair, const RowCounts& reference_rows, const RowCounts& current_rows) {
  return {pair, input_counts(reference_rows), input_counts(current_rows)};
}

DriftInput DriftInput::text_rows(const TextSummary& reference, const RowCounts& reference_rows, const Column& current) {
  auto counted = std::make_unique<TextSummary>(reference.shared_vocabulary());
  counted->update(current.type() == Type::text ? current : as_text(current));
  DriftInput input(TextPair{&reference, counted.get()}, input_counts(reference_rows), input_counts(RowCounts(current)));
  input.counted_text_ = std::move(counted);
  input.subject_.column = current.name();
  return input;
}

// ---- access ----

Kind DriftInput::kind() const {
  constexpr Kind kinds[] = {Kind::numeric, Kind::numeric, Kind::category, Kind::text};
  return kinds[data_.index()];
}

DriftInput& DriftInput::about(Subject subject) {
  subject_ = std::move(subject);
  return *this;
}

Bins DriftInput::make_bins(double least_share) {
  Bins bins;
  std::visit([&](auto& data) { add_bins_of(bins, data, least_share); }, data_);
  const InputCounts &reference = reference_rows_, &current = current_rows_;
  if (kind() == Kind::category) {  // where NaN and infinities are categories
    add_bin(bins, "missing", reference.missing, current.missing);
  } else {
    add_bin(bins, "missing", reference.missing + reference.nan, current.missing + current.nan);
    add_bin(bins, "-infinity", reference.minus_infinity, current.minus_infinity);
    add_bin(bins, "+infinity", reference.plus_infinity, current.plus_infinity);
  }
  add_bin(bins, "other types", reference.type_errors, current.type_errors);
  return bins;
}

const Bins& DriftInput::bins() {
  if (!bins_) bins_ = make_bins(own_bin_share);
  return *bins_;
}

const Bins& DriftInput::table() {
  if (!table_) table_ = make_bins(0);
  return *table_;
}

const ReferenceScale& DriftInput::scale() {
  if (!scale_) {
    const auto* profiles = from<NumericProfiles>();
    scale_ = profiles ? scale_from_bins(*profiles->reference, *profiles->reference_moments)
                      : from<NumericRows>()->reference().scale();
  }
  return *scale_;
}

stats::MeanVariance DriftInput::reference_mean() {
  const auto* profiles = from<NumericProfiles>();
  return mean_of(profiles ? *profiles->reference_moments : from<NumericRows>()->reference().moments());
}

stats::MeanVariance DriftInput::current_mean() {
  const auto* profiles = from<NumericProfiles>();
  return mean_of(profiles ? *profiles->current_moments : from<NumericRows>()->scan().moments());
}

}  // namespace leeway::drift
