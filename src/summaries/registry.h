#pragma once
// Every mergeable summary. tests/summaries/laws_test.cc holds each of them to the laws: merging is associative and
// commutative, an empty summary changes nothing, any split of the rows gives the bits of the whole, the order of rows
// does not matter, bytes come back, inputs stay as they were, hostile bytes are refused.

#include <tuple>

#include "summaries/binned_counts.h"
#include "summaries/category_summary.h"
#include "summaries/log_histogram.h"
#include "summaries/moments.h"
#include "summaries/row_counts.h"
#include "summaries/score_table.h"
#include "summaries/text_summary.h"
#include "summaries/time_summary.h"

namespace leeway {

using Summaries = std::tuple<RowCounts, Moments, BinnedCounts, LogHistogram, CategorySummary, TextSummary, TimeSummary,
                             ScoreTable>;

}  // namespace leeway
