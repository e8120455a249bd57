#include "explain/segments.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "explain/sentence.h"
#include "explain/segment_search.h"
#include "stats/distributions.h"

namespace leeway::explain {
namespace {

/// What is searched by: each row's loss above what was expected. Rows where that is not finite are left out.
std::vector<double> excess_of(const SegmentLosses& side) {
  std::vector<double> excess(side.loss.begin(), side.loss.end());
  for (size_t row = 0; row < side.expected.size(); ++row) excess[row] -= side.expected[row];
  return excess;
}

/// What z must exceed, so that the error of all segments with as many predicates is their part of the whole.
double limit(const Pass& pass, bool two_predicates, double error) {
  const double kinds = (pass.tested[0] > 0) + (pass.tested[1] > 0);
  return -stats::normal_quantile(error / kinds / static_cast<double>(pass.tested[two_predicates]));
}

Segment describe(const SegmentSearcher& search, const Candidate& winner, const LossSummary& summary) {
  Segment segment;
  segment.text = search.text(winner.found);
  segment.columns.push_back(search.column(winner.found.left_feature));
  if (winner.found.right_feature != Found::none) segment.columns.push_back(search.column(winner.found.right_feature));
  const auto& [before, now] = winner.sums;
  segment.reference_rows = static_cast<int64_t>(before.rows);
  segment.current_rows = static_cast<int64_t>(now.rows);
  segment.reference_share = before.rows / static_cast<double>(summary.rows[reference_side]);
  segment.current_share = now.rows / static_cast<double>(summary.rows[current_side]);
  segment.reference_loss = winner.loss[reference_side];
  segment.current_loss = winner.loss[current_side];
  segment.contribution = segment.current_share * (segment.current_loss - segment.reference_loss);
  segment.z = winner.z;
  return segment;
}

std::string notes(std::span<const BinnedFeature> features, const std::vector<double> (&excess)[2],
                  const LossSummary& summary, const SegmentOptions& options) {
  std::vector<std::string> parts;
  const int64_t lost[2] = {static_cast<int64_t>(excess[0].size()) - summary.rows[0],
                           static_cast<int64_t>(excess[1].size()) - summary.rows[1]};
  if (lost[0] + lost[1] > 0)
    parts.push_back(rows_left_out(lost[0], lost[1]));
  if (features.size() > options.max_paired_features)
    parts.push_back(fmt::format("pairs were searched among the first {} of {} features only",
                                options.max_paired_features, features.size()));
  return fmt::format("{}", fmt::join(parts, "; "));
}

/// Why there is nothing to search; empty if there is.
std::string obstacle(std::span<const BinnedFeature> features, const LossSummary& summary,
                     const SegmentOptions& options) {
  if (features.empty()) return "there are no features to describe segments by";
  const int64_t fewest = std::min(summary.rows[0], summary.rows[1]);
  if (fewest < 2 * options.min_rows)
    return fmt::format("a side has only {} rows with a loss; a segment and its complement need {} each",
                       grouped(fewest), grouped(options.min_rows));
  if (!std::isfinite(summary.variance)) return "the losses are too large to be squared";
  if (summary.least == summary.most) return "every row has the same loss";
  return {};
}

Status check_lengths(std::span<const BinnedFeature> features, const SegmentLosses& reference,
                     const SegmentLosses& current) {
  for (const auto* side : {&reference, &current})
    if (!side->expected.empty() && side->expected.size() != side->loss.size())
      return fail(Code::invalid_argument, "there are not as many expected losses as losses");
  for (const auto& feature : features)
    if (feature.reference.size() != reference.loss.size() || feature.current.size() != current.loss.size())
      return fail(Code::invalid_argument,
                  fmt::format("feature '{}' has not as many rows as there are losses", printable(feature.column)));
  return {};
}

}  // namespace

Result<SegmentSearch> search_segments(const LossMetric& metric, std::span<const BinnedFeature> features,
                                      const SegmentLosses& reference, const SegmentLosses& current,
                                      const SegmentOptions& options) {
  LEEWAY_CHECK(check_lengths(features, reference, current));
  const std::vector<double> excess[2] = {excess_of(reference), excess_of(current)};
  SegmentSearch result;
  result.metric = metric.name;
  result.in_shares = metric.in_shares;
  const LossSummary summary = summarise(excess);
  result.note = obstacle(features, summary, options);
  if (!result.note.empty()) return result;
  result.note = notes(features, excess, summary, options);

  SegmentSearcher search(features, reference, current, excess, summary, options);
  for (int i = 0; i < options.max_segments; ++i) {
    const Pass pass = search.pass();
    if (i == 0) {
      result.searched = pass.tested[0] + pass.tested[1];
      if (result.searched > 0) result.z_limit = limit(pass, pass.tested[1] > 0, options.error);
    }
    const auto winner = search.winner(pass);
    if (!winner) break;
    auto& segment = result.segments.emplace_back(describe(search, *winner, summary));
    segment.z_limit = limit(pass, winner->found.right_feature != Found::none, options.error);
    segment.significant = segment.z > segment.z_limit;
    if (!segment.significant) break;
    search.remove(winner->found);
  }
  return result;
}

}  // namespace leeway::explain
