#pragma once
// Events of rows that were watched for different lengths of time: how many happen by a given age, and how well a score
// orders those to whom they happen. A row is seen until `time` (finite, >= 0, any unit); `event` (0 or 1) says whether it
// then had its event or was only no longer watched. At equal times events come before ends of watching. Pure functions
// and immutable values, safe from any thread. What ends the watching must have nothing to do with the event (a
// calendar date is fine; a customer lost because he is about to default is not).

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "stats/interval.h"

namespace leeway::stats {

/// The product-limit estimate S(t) of the share without an event up to and including t (Kaplan & Meier 1958,
/// doi:10.2307/2281868). O(n log n).
class KaplanMeier {
 public:
  KaplanMeier(std::span<const double> times, std::span<const uint8_t> events);
  /// Of the ends of watching instead of the events: the share G(t) still watched.
  static KaplanMeier of_censoring(std::span<const double> times, std::span<const uint8_t> events);

  int64_t rows() const { return rows_; }
  double longest() const { return longest_; }         ///< The greatest time; 0 without rows.
  double survival(double t) const;                    ///< S(t); 1 before the first event.
  double survival_before(double t) const;             ///< S just before t
  int64_t events_by(double t) const;
  int64_t watched_at(double t) const;                 ///< Rows with time >= t.
  /// Greenwood's variance of S(t).
  double variance(double t) const;
  /// Of S(t), on the scale of log(-log S) (Kalbfleisch & Prentice 1980; R's conf.type = "log-log"). Where S(t) is 0 or 1
  /// Jeffreys' or Wilson's interval for that share of the rows still watched. {NaN, NaN} without rows.
  Interval interval(double t, double confidence = bound_confidence) const;

 private:
  struct Step {
    double time;
    double survival;
    double greenwood;   // Σ d / (at risk · (at risk - d))
    int64_t events;     // up to here
  };
  KaplanMeier(std::span<const double> times, std::span<const uint8_t> events, bool censoring);
  const Step* last_at(double t, bool inclusive) const;

  int64_t rows_ = 0;
  double longest_ = 0;
  std::vector<double> ordered_;   // all times
  std::vector<Step> steps_;
};

/// The AUC of a score for having the event by `horizon`: P(score of a row with an event by then > score of a row without)
/// + P(equal)/2. Rows that were not watched long enough to tell are left out, and each event counts 1/G(time just
/// before), G the share still watched, for those like it that were not watched until their event (Uno, Cai, Tian & Wei
/// 2007, doi:10.1198/016214507000000149; Hung & Chiang 2010, doi:10.1002/cjs.10046). Consistent if the watching ends
/// independently of score and event.
struct CensoredAuc {
  int64_t cases = 0;      ///< rows with an event by the horizon
  int64_t controls = 0;   ///< rows watched until the horizon without one
  int64_t unclear = 0;    ///< rows watched for less, without one
  double effective_cases = 0;   ///< (Σw)²/Σw²
  double value = std::numeric_limits<double>::quiet_NaN();
  /// DeLong's with the weights taken as known, which is on the safe side; without censoring DeLong's itself. NaN with
  /// fewer than 2 rows of a class.
  double variance = std::numeric_limits<double>::quiet_NaN();

  bool defined() const { return cases > 0 && controls > 0; }
};
CensoredAuc censored_auc(std::span<const double> scores, std::span<const double> times, std::span<const uint8_t> events,
                         double horizon);

}  // namespace leeway::stats
