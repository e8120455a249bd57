#pragma once
// Evidence over time that one watched series has moved beyond its leeway, with a stated number of false alarms.
//
// A mixture Shiryaev-Roberts e-detector (Shin, Ramdas & Rinaldo 2024, doi:10.51387/23-NEJSDS51): each state follows one
// alternative and takes one e-value a window, R <- (1 + R) e; the statistic M is the mean of R over the states; an alarm
// is raised when M reaches the threshold, and all R return to 0.
//
// Guarantee: if each e-value's conditional mean given the past is at most 1 while the series is within its leeway, then
// threshold · (alarms so far) + M - looks is a supermartingale, so the expected false alarms in T looks are at most
// T / threshold, for every T and whatever the dependence between rows, windows or series. With K series and the
// threshold K T / B the false alarms over all series in T looks are at most B in expectation.
// What it is not: a p-value, or valid at a time picked by looking; only the alarm threshold is.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace leeway::evidence {

/// The alarm threshold for `series` watched series, `looks` windows of each in the budget's period and a budget of
/// `false_alarms` in that period, expected over all series. All positive.
double threshold(double series, double looks, double false_alarms);

/// What one window did.
struct Look {
  double log_statistic = 0;  ///< ln M before a reset; -infinity when every state is 0.
  double log_evidence = 0;   ///< ln(M / looks since the last reset): an e-value at each fixed look.
  int64_t looks = 0;         ///< Since the last reset, this one included.
  bool alarm = false;
};

/// The detector's state: a value, to be copied and stored. Not thread safe.
class Process {
 public:
  /// `states` alternatives, all with R = 0. Requires states > 0 and threshold > 0.
  Process(size_t states, double threshold);

  /// Takes one window's log e-values, one a state. -infinity is a valid log e-value (e = 0); NaN is not. O(states).
  Look observe(std::span<const double> log_e);

  size_t states() const { return log_r_.size(); }
  double log_threshold() const { return log_threshold_; }
  int64_t looks() const { return looks_; }    ///< Since the last reset.
  int64_t alarms() const { return alarms_; }  ///< Since the start.

  /// The state as bytes (little-endian, version, CRC-32C), for the store. from_bytes gives the same state bit for bit;
  /// invalid_data where the bytes are not such a state.
  std::string to_bytes() const;
  static Result<Process> from_bytes(std::string_view bytes);

 private:
  std::vector<double> log_r_;
  double log_threshold_;
  int64_t looks_ = 0;
  int64_t alarms_ = 0;
};

/// ln of the mean of exp(values); -infinity for none.
double log_mean_exp(std::span<const double> values);

}  // namespace leeway::evidence
