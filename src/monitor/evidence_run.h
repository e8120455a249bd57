#pragma once
// What is watched over time of one model against one reference, and what a window's profile says about each of it: the
// bridge from profiles to the evidence processes (findings/evidence/).

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "config/monitor_config.h"
#include "findings/evidence/process.h"
#include "findings/evidence/share_watch.h"
#include "profiles/profile.h"

namespace leeway {

/// One watched series.
struct WatchedSeries {
  std::string monitor;   ///< "drift", "missing", "errors"
  std::string feature;   ///< The column; empty for the model as a whole.
  evidence::ShareWatch watch;

  std::string key() const { return feature.empty() ? monitor : monitor + "/" + feature; }
};

/// A window's counts for one series: rows with each of its properties. `rows` = 0 where the window has none that count.
struct SeriesCounts {
  std::vector<int64_t> hits;
  int64_t rows = 0;
};

/// Made once per reference. `const` use is thread safe.
class EvidencePlan {
 public:
  EvidencePlan(EvidencePlan&&) noexcept;
  EvidencePlan& operator=(EvidencePlan&&) noexcept;
  ~EvidencePlan();
  /// Features, groups, segments, scores and predictions that are numbers or categories are watched for drift (32
  /// quantiles, or the 31 most frequent categories with the rest and the unseen) and for missing values; the error rate
  /// too where the reference has scores, outcomes and the threshold. `config` gives the leeways and the budget.
  static EvidencePlan make(const Profile& reference, const MonitorConfig& config);

  std::span<const WatchedSeries> series() const { return series_; }
  /// The alarm threshold for windows of `length` nanoseconds: all series of this model share its yearly budget.
  double threshold(int64_t length) const;

  /// Names what is watched and what is allowed of it: states of plans with different ids do not go together.
  uint64_t id() const;

  /// One entry a series. `window` must be on the reference's bins.
  std::vector<SeriesCounts> count(const Profile& window) const;

 private:
  EvidencePlan();
  struct Source;   ///< Where a series' counts come from.
  std::vector<WatchedSeries> series_;
  std::vector<Source> sources_;
  double false_alarms_per_year_ = 1;
};

/// The states of all series by WatchedSeries::key(), as they are stored.
using EvidenceStates = std::map<std::string, evidence::Process>;

/// The states as text for the store, and back. Errors: invalid_data.
std::string to_text(const EvidenceStates& states);
Result<EvidenceStates> states_from_text(std::string_view text);

/// What one series said of one window.
struct SeriesLook {
  const WatchedSeries* series = nullptr;
  evidence::Look look;
};

/// Takes one closed window into the states, in time order and once each: series without a state start one, a window in
/// which a series has no rows is not a look. Returns the looks, strongest evidence first.
std::vector<SeriesLook> observe(const EvidencePlan& plan, std::span<const SeriesCounts> window, int64_t length,
                                EvidenceStates& states);

}  // namespace leeway
