// Traffic: what is sent, when, with which faults; and the pacing and the tally, on a clock of the test's own.
#include "simulate/traffic.h"

#include <cmath>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "simulate/traffic_run.h"

namespace leeway::simulate {
namespace {

constexpr int64_t second = 1'000'000'000, start = 1'735'689'600 * second;  // 2025-01-01

TrafficRows rows_of(size_t count, bool with_outcomes = true) {
  std::vector<int64_t> times, labels;
  std::vector<double> amounts, scores;
  std::vector<std::string> ids, regions;
  for (size_t i = 0; i < count; ++i) {
    times.push_back(start + static_cast<int64_t>(i) * 60 * second);
    labels.push_back(i % 3 == 0);
    amounts.push_back(static_cast<double>(i) / 2);
    scores.push_back(0.25);
    ids.push_back("t" + std::to_string(i));
    regions.push_back(i % 2 ? "no\"rth" : "south");
  }
  TrafficRows rows;
  rows.columns = {Column::of_text("id", ids), Column::of_integers("at", Type::time, times),
                  Column::of_reals("amount", amounts), Column::of_text("region", regions),
                  Column::of_integers("also_at", Type::time, times), Column::of_reals("score", scores)};
  if (with_outcomes) rows.columns.push_back(Column::of_integers("fraud", Type::integer, labels));
  rows.id = 0, rows.time = 1, rows.score = 5;
  if (with_outcomes) rows.label = 6;
  return rows;
}

std::vector<TrafficMessage> all(TrafficRows rows, TrafficOptions options, size_t* too_late = nullptr) {
  options.start = start;
  auto traffic = Traffic::make(std::move(rows), std::move(options)).value();
  std::vector<TrafficMessage> out;
  while (auto message = traffic.next()) out.push_back(std::move(*message));
  if (too_late != nullptr) *too_late = traffic.outcomes_too_late();
  return out;
}

size_t count(const std::vector<TrafficMessage>& messages, auto&& is) {
  return static_cast<size_t>(std::ranges::count_if(messages, is));
}

TEST(Traffic, bodies_are_as_the_server_takes_them) {
  TrafficOptions options;
  options.model = "fraud";
  options.spacing = Spacing::constant;
  const auto messages = all(rows_of(2), options);
  ASSERT_EQ(messages.size(), 4u);
  EXPECT_EQ(messages[0].due, start + second / 10);
  EXPECT_EQ(messages[0].path, "/api/v1/predictions");
  EXPECT_EQ(messages[1].body,
            R"({"model":"fraud","rows":[{"id":"t1-67748580","time":"2025-01-01T00:00:00.2Z",)"
            R"("amount":0.5,"region":"no\"rth","score":0.25}]})");
  EXPECT_TRUE(messages[2].outcomes);
  EXPECT_EQ(messages[2].path, "/api/v1/outcomes");
  EXPECT_TRUE(
      messages[3].body.starts_with(R"({"model":"fraud","outcomes":[{"id":"t0-67748580","label":1,"time":"2025-)"));
  options.predict = true;
  const auto asked = all(rows_of(1), options).front();
  EXPECT_EQ(asked.path, "/api/v1/predict");
  EXPECT_EQ(asked.body.find("score"), std::string::npos);
}

TEST(Traffic, missing_values_are_null_and_rows_without_ids_are_numbered) {
  TrafficRows rows;
  Validity valid(2);
  valid.set(1, false);
  rows.columns = {Column::of_reals("x", {1.5, 2}, valid), Column::of_integers("y", Type::boolean, {1, 0})};
  const auto messages = all(std::move(rows), {.history = false});
  ASSERT_EQ(messages.size(), 2u);
  EXPECT_NE(messages[1].body.find(R"("id":"row-2-67748580")"), std::string::npos);
  EXPECT_NE(messages[1].body.find(R"("x":null,"y":false})"), std::string::npos);
}

TEST(Traffic, messages_come_in_order_and_the_same_each_time) {
  TrafficOptions options;
  options.faults = {.malformed = 0.2, .duplicates = 0.2, .late = 0.2, .out_of_order = 0.3};
  options.outcomes_after = 3 * second;
  const auto messages = all(rows_of(500), options), again = all(rows_of(500), options);
  ASSERT_EQ(messages.size(), again.size());
  for (size_t i = 0; i < messages.size(); ++i) {
    EXPECT_EQ(messages[i].body, again[i].body);
    EXPECT_LE(messages[i == 0 ? 0 : i - 1].due, messages[i].due);
  }
  options.seed = 2;
  EXPECT_NE(all(rows_of(500), options).front().body, messages.front().body);
}

// Gaps of a Poisson process are exponential: mean and standard deviation 1/rate; 3 standard errors.
TEST(Traffic, arrivals_keep_the_rate) {
  constexpr size_t n = 5000;
  for (const auto spacing : {Spacing::poisson, Spacing::constant}) {
    const auto messages = all(rows_of(n, false), {.rate = 100, .spacing = spacing});
    ASSERT_EQ(messages.size(), n);
    double sum = 0, squares = 0;
    for (size_t i = 1; i < n; ++i) {
      const double gap = static_cast<double>(messages[i].due - messages[i - 1].due) / 1e9;
      sum += gap, squares += gap * gap;
    }
    const double mean = sum / (n - 1), sd = std::sqrt(std::max(0.0, squares / (n - 1) - mean * mean));
    EXPECT_NEAR(mean, 0.01, 3 * 0.01 / std::sqrt(n));
    EXPECT_NEAR(sd, spacing == Spacing::poisson ? 0.01 : 0, 0.0006);
  }
}

TEST(Traffic, every_fault_has_its_share_and_no_good_row_is_lost) {
  TrafficOptions options;
  options.faults = {.malformed = 0.1, .duplicates = 0.2, .late = 0.05, .out_of_order = 0.1};
  constexpr size_t n = 4000;
  const auto messages = all(rows_of(n, false), options);
  const auto near = [&](Fault fault, double share) {
    const auto found = static_cast<double>(count(messages, [&](const auto& m) { return m.fault == fault; }));
    EXPECT_NEAR(found, n * share, 3 * std::sqrt(n * share * (1 - share))) << name(fault);
  };
  near(Fault::malformed, 0.1);
  near(Fault::duplicate, 0.2);
  near(Fault::late, 0.05);
  near(Fault::out_of_order, 0.095);
  std::map<std::string, int> bodies;
  for (const auto& m : messages)
    if (m.fault != Fault::malformed) ++bodies[m.body];
  EXPECT_EQ(bodies.size(), n);
  EXPECT_EQ(count(messages, [](const auto& m) { return m.fault == Fault::malformed; }) + n +
                count(messages, [](const auto& m) { return m.fault == Fault::duplicate; }),
            messages.size());
  // A fault that is not asked for moves no other.
  options.faults.late = 0;
  const auto without = all(rows_of(n, false), options);
  EXPECT_EQ(count(without, [](const auto& m) { return m.fault == Fault::duplicate; }),
            count(messages, [](const auto& m) { return m.fault == Fault::duplicate; }));
}

TEST(Traffic, outcomes_follow_their_rows_and_those_too_late_are_counted) {
  TrafficOptions options;
  options.rate = 10;
  options.end = start + 100 * second;
  options.outcomes_after = 20 * second;
  size_t too_late = 0;
  const auto messages = all(rows_of(5000), options, &too_late);
  std::map<std::string, int64_t> sent;
  size_t outcomes = 0;
  for (const auto& m : messages) {
    EXPECT_LT(m.due, *options.end);
    const std::string id = m.body.substr(m.body.find("\"id\":") + 6, m.body.find('-') - m.body.find("\"id\":") - 6);
    if (!m.outcomes) {
      sent[id] = m.due;
      continue;
    }
    ++outcomes;
    ASSERT_TRUE(sent.contains(id));
    EXPECT_GE(m.due - sent[id], 10 * second);
    EXPECT_LE(m.due - sent[id], 30 * second);
  }
  EXPECT_EQ(outcomes + too_late, sent.size());
  EXPECT_NEAR(static_cast<double>(sent.size()), 1000, 100);
  EXPECT_NEAR(static_cast<double>(too_late), 200, 60);
}

TEST(Traffic, history_keeps_its_times_and_is_sent_in_large_requests) {
  TrafficOptions options;
  options.history = true;
  options.rows_per_request = 100;
  options.outcomes_after = 60 * second;
  const auto messages = all(rows_of(1000), options);
  EXPECT_EQ(messages.size(), 20u);
  EXPECT_EQ(messages.front().due, start + 99 * 60 * second);
  EXPECT_NE(messages.front().body.find(R"({"id":"t7","time":"2025-01-01T00:07:00Z")"), std::string::npos);
  size_t outcomes = 0;
  for (const auto& m : messages) outcomes += m.outcomes ? m.rows : 0;
  EXPECT_EQ(outcomes, 1000u);
}

TEST(Traffic, what_cannot_be_sent_is_refused) {
  EXPECT_EQ(Traffic::make({}, {}).error().message, "there are no rows to send");
  EXPECT_FALSE(Traffic::make(rows_of(1), {.rate = 0}));
  EXPECT_FALSE(Traffic::make(rows_of(1), {.faults = {.late = 1.5}}));
  TrafficRows timeless = rows_of(1);
  timeless.time.reset();
  EXPECT_FALSE(Traffic::make(std::move(timeless), {.history = true}));
  TrafficRows bare;
  bare.columns = {Column::of_text("id", {"a"})};
  bare.id = 0;
  EXPECT_EQ(Traffic::make(std::move(bare), {}).error().message, "the rows have no features");
  TrafficRows named;
  named.columns = {Column::of_text("id", {"a"}), Column::of_text("x", {"a"})};
  EXPECT_EQ(Traffic::make(std::move(named), {}).error().message, "a feature is called 'id', as a row's own id is");
}

/// Time that only sleeping and the server's work move.
class Fake : public TrafficClock, public TrafficTarget {
 public:
  int64_t now() override { return time; }
  void sleep_until(int64_t to) override { time = std::max(time, to), ++sleeps; }
  Answer send(const TrafficMessage& message) override {
    sent.push_back(time);
    time += work;
    if (answer == 0) return {0, 0, "nobody there"};
    return {message.fault == Fault::malformed ? 400 : answer, rejected, {}};
  }

  int64_t time = start, work = second / 1000;
  int answer = 200, sleeps = 0;
  size_t rejected = 0;
  std::vector<int64_t> sent;
};

TrafficTally run(Fake& fake, TrafficOptions options, size_t rows, bool paced = true) {
  options.start = start;
  auto traffic = Traffic::make(rows_of(rows), std::move(options)).value();
  TrafficTarget* const targets[] = {&fake};
  return run_traffic(traffic, fake, targets, {.paced = paced, .stop = nullptr, .progress = {}});
}

TEST(TrafficRun, waits_until_messages_are_due) {
  Fake fake;
  const auto tally = run(fake, {.rate = 10, .spacing = Spacing::constant, .outcomes = false}, 100);
  EXPECT_EQ(tally.sent, 100);
  EXPECT_EQ(tally.rows, 100);
  for (size_t i = 0; i < 100; ++i) EXPECT_EQ(fake.sent[i], start + static_cast<int64_t>(i + 1) * second / 10);
  EXPECT_NEAR(tally.rate(), 10, 0.1);
  EXPECT_NEAR(tally.latency.percentile(0.5), 1e6, 1e5);
}

/// A server slower than the rate falls behind, and the latency says so: counted from when a request was due, the last
/// of 100 requests that come every 10 ms and take 50 ms waits for 4 s.
TEST(TrafficRun, a_slow_server_cannot_hide_its_queue) {
  Fake fake;
  fake.work = second / 20;
  const auto tally = run(fake, {.rate = 100, .spacing = Spacing::constant, .outcomes = false}, 100);
  EXPECT_NEAR(tally.latency.percentile(1), 4.01e9, 4.01e8);
  EXPECT_NEAR(tally.latency.percentile(0.5), 2e9, 2e8);
}

TEST(TrafficRun, history_is_sent_without_waiting) {
  Fake fake;
  fake.time = start + 400 * 86'400 * second;
  const auto tally = run(fake, {.rows_per_request = 50, .history = true, .outcomes = false}, 500, false);
  EXPECT_EQ(fake.sleeps, 0);
  EXPECT_EQ(tally.rows, 500);
  EXPECT_NEAR(tally.latency.percentile(0.99), 1e6, 1e5);
}

TEST(TrafficRun, answers_are_counted_by_what_they_mean) {
  Fake fake;
  TrafficOptions options{.rate = 100, .outcomes = false};
  options.faults.malformed = 0.5;
  auto tally = run(fake, options, 200);
  EXPECT_TRUE(tally.clean());
  EXPECT_GT(tally.malformed, 60);
  EXPECT_EQ(tally.malformed_refused, tally.malformed);
  EXPECT_EQ(tally.accepted, 200);
  Fake failing;
  failing.answer = 503;
  tally = run(failing, {.outcomes = false}, 5);
  EXPECT_EQ(tally.failed, 5);
  EXPECT_EQ(tally.rows, 0);
  EXPECT_EQ(tally.last_problem, "503 to /api/v1/predictions");
  Fake picky;
  picky.rejected = 1;
  tally = run(picky, {.rows_per_request = 5, .outcomes = false}, 20);
  EXPECT_EQ(tally.rows, 16);
  EXPECT_EQ(tally.rejected, 4);
  EXPECT_FALSE(tally.clean());
  Fake absent;
  absent.answer = 0;
  tally = run(absent, {.outcomes = false}, 50);
  EXPECT_EQ(tally.lost, 1);  // nobody ever answered: the rest is not tried
  EXPECT_EQ(tally.last_problem, "nobody there");
}

TEST(TrafficRun, stops_when_told) {
  Fake fake;
  std::atomic<bool> stop{false};
  auto traffic = Traffic::make(rows_of(1000), {.start = start, .outcomes = false}).value();
  TrafficTarget* const targets[] = {&fake};
  const auto tally =
      run_traffic(traffic, fake, targets, {.paced = true, .stop = &stop, .progress = [&](const TrafficTally& t) {
                                             if (t.sent == 7) stop = true;
                                           }});
  EXPECT_EQ(tally.sent, 7);
}

}  // namespace
}  // namespace leeway::simulate
