#pragma once
// Rows as requests to a server: when each is due, outcomes that become known later, and faults by the share. Pure: the
// same arguments give the same messages on every machine; traffic_run.h sends them.

#include <cstdint>
#include <optional>
#include <queue>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "columns/column.h"

namespace leeway::simulate {

/// Rows to replay. Columns that have no place of their own are features, but for times.
struct TrafficRows {
  std::vector<Column> columns;
  std::optional<size_t> id, time, score, label, label_known_at;   ///< Places in `columns`.

  size_t size() const { return columns.empty() ? 0 : columns.front().size(); }
};

enum class Spacing : uint8_t {
  poisson,   ///< Independent arrivals: exponential gaps.
  constant,
};

/// Shares of the requests, each drawn by itself.
struct TrafficFaults {
  double malformed = 0;      ///< A broken body is sent besides: nothing that is well formed is lost.
  double duplicates = 0;     ///< The request is sent again, within 30 s.
  double late = 0;           ///< The rows are handed in up to late_by after their time.
  double out_of_order = 0;   ///< The request waits for up to 20 later ones.
  int64_t late_by = 2 * int64_t{3'600'000'000'000};
};

struct TrafficOptions {
  std::string model;
  bool predict = false;            ///< Ask for predictions; else hand in what was scored elsewhere.
  double rate = 10;                ///< Requests a second.
  Spacing spacing = Spacing::poisson;
  size_t rows_per_request = 1;
  int64_t start = 0;               ///< Nanoseconds since 1970: before the first request.
  /// Rows keep their own times, and a request is due at that of its last row: history, which is sent without waiting.
  /// Else a row's time is that of its request.
  bool history = false;
  std::optional<int64_t> end;      ///< Nothing is due at or after it; empty: when the rows are used up.
  bool outcomes = true;
  /// From a row to its outcome, on average (uniform within half of it either way), where no column says when; not
  /// before the row is handed in.
  int64_t outcomes_after = int64_t{60'000'000'000};
  TrafficFaults faults;
  uint64_t seed = 1;
};

enum class Fault : uint8_t { none, malformed, duplicate, late, out_of_order };
std::string_view name(Fault fault);

struct TrafficMessage {
  int64_t due = 0;                 ///< Nanoseconds since 1970.
  bool outcomes = false;           ///< Else predictions.
  Fault fault = Fault::none;
  size_t rows = 0;                 ///< Of a malformed one 0.
  std::string path;                ///< "/api/v1/predictions"
  std::string body;                ///< JSON, unless malformed.
};

/// The messages in order of `due`. Not thread safe. Memory: the rows, and what is waiting.
///
///   POST /api/v1/predictions  {"model": "fraud", "rows": [{"id": "…", "time": "…Z", "amount": 50.16, …, "score": 0.07}]}
///   POST /api/v1/predict      the same without scores
///   POST /api/v1/outcomes     {"model": "fraud", "outcomes": [{"id": "…", "label": 1, "time": "…Z"}]}
///
/// Rows without an id are numbered; unless it is history, ids carry the start, so that another run is other rows. Rows
/// without an outcome have none to send. Outcomes wait until there are rows_per_request of them. About 2 µs a row.
class Traffic {
 public:
  /// Errors: invalid_argument (no rows, no features or one that is called as a row's own members are, shares outside [0, 1], a rate that is not above 0, history without
  /// times).
  static Result<Traffic> make(TrafficRows rows, TrafficOptions options);

  /// The next message; nothing at the end.
  std::optional<TrafficMessage> next();
  /// Outcomes that become known after the end only; counted as they are met, so in full at the end.
  size_t outcomes_too_late() const { return too_late_; }

 private:
  struct Waiting {
    int64_t due;
    uint64_t number;
    TrafficMessage message;
    bool operator>(const Waiting& other) const {
      return due != other.due ? due > other.due : number > other.number;
    }
  };

  Traffic(TrafficRows rows, TrafficOptions options);
  bool ended(int64_t due) const { return options_.end && due >= *options_.end; }
  void begin_request();
  void add(TrafficMessage message);
  TrafficMessage take_outcomes();
  void add_outcomes(size_t first, size_t last, const std::vector<int64_t>& times, int64_t sent);
  int64_t arrival(size_t last_row);
  std::vector<int64_t> row_times(size_t first, size_t last, int64_t sent) const;
  std::string row_id(size_t row) const;
  std::string prediction_body(size_t first, size_t last, const std::vector<int64_t>& times) const;

  TrafficRows rows_;
  TrafficOptions options_;
  Random gaps_;
  Random faults_;
  Random delays_;
  std::vector<size_t> features_;       ///< Their places.
  std::string run_;                    ///< Goes behind ids.
  int64_t clock_ = 0;                  ///< Of the last request begun.
  size_t next_row_ = 0;
  uint64_t numbered_ = 0;
  size_t too_late_ = 0;
  std::string outcomes_;               ///< Rows of the next request of outcomes, behind commas.
  TrafficMessage outcomes_message_;
  std::priority_queue<Waiting, std::vector<Waiting>, std::greater<>> waiting_;
};

}  // namespace leeway::simulate
