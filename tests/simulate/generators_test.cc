#include "simulate/generators.h"

#include <map>
#include <set>

#include "base/hash.h"
#include "simulate/made.h"

namespace leeway::simulate {
namespace {

constexpr std::string_view names[] = {"fraud", "credit", "churn", "demand"};

uint64_t hash_of(const TableRequest& request) {
  const auto made = make(request);
  return hash64(to_csv(made.schema, made.columns) + causes_json(request, made));
}

/// 50,000 rows without drift, made once.
const SyntheticTable& plain(std::string_view name) {
  static std::map<std::string_view, SyntheticTable> made;
  const auto [at, fresh] = made.try_emplace(name);
  if (fresh) at->second = make(request_for(name, 50'000));
  return at->second;
}

TableRequest with_default_plan(std::string_view name, size_t rows, uint64_t seed) {
  return request_for(name, rows, seed, find_table(name)->default_drift);
}

/// The promise itself: these bytes from these seeds, wherever and with whatever compiler this runs. A change of any
/// law changes them, on purpose.
TEST(Generators, SameBytesEverywhere) {
  const struct {
    std::string_view table;
    uint64_t plain, drifted;
  } cases[] = {{"fraud", 1606660938733630284u, 14059397194711772251u},
               {"credit", 1836683178455879356u, 14340938285831852583u},
               {"churn", 8211289266626419366u, 3245281483473348531u},
               {"demand", 6708759255499226233u, 12149215681432700642u}};
  for (const auto& c : cases) {
    SCOPED_TRACE(c.table);
    EXPECT_EQ(hash_of(request_for(c.table, 3000, 1)), c.plain);
    EXPECT_EQ(hash_of(with_default_plan(c.table, 3000, 2)), c.drifted);
  }
}

TEST(Generators, ThreadsDoNotChangeTheBytes) {
  for (const auto name : names) {
    auto request = with_default_plan(name, 10'000, 5);
    request.threads = 1;
    const auto one = hash_of(request);
    request.threads = 7;
    EXPECT_EQ(hash_of(request), one) << name;
  }
}

TEST(Generators, SeedsGiveOtherRows) {
  for (const auto name : names) EXPECT_NE(hash_of(request_for(name, 200, 1)), hash_of(request_for(name, 200, 2)));
}

TEST(Generators, ShapeOfEveryTable) {
  for (const auto name : names) {
    SCOPED_TRACE(name);
    const auto request = request_for(name, 5000, 3);
    const TableSpec& spec = *request.table;
    ASSERT_LE(spec.features.size(), max_features);
    const auto made = make(request);
    ASSERT_EQ(made.columns.size(), made.schema.size());
    std::set<std::string> column_names;
    for (size_t c = 0; c < made.columns.size(); ++c) {
      EXPECT_EQ(made.columns[c].size(), 5000u);
      EXPECT_EQ(made.columns[c].name(), made.schema[c].name);
      EXPECT_EQ(made.columns[c].type(), made.schema[c].type);
      column_names.insert(made.columns[c].name());
    }
    EXPECT_EQ(column_names.size(), made.columns.size());
    const auto ids = column(made, spec.id).dictionary();
    EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), 5000u);
    const auto times = column(made, spec.time).integers();
    EXPECT_TRUE(std::ranges::is_sorted(times));
    EXPECT_GE(times.front(), request.start);
    EXPECT_LT(times.back(), request.start + request.span);
    for (const auto& feature : spec.features) {
      if (feature.kind == Kind::category) continue;
      for (const double v : numbers(made, feature.name))
        ASSERT_TRUE(std::isnan(v) || (v >= feature.low && v <= feature.high)) << feature.name << " " << v;
    }
  }
}

TEST(Generators, BadRequests) {
  auto request = request_for("fraud", 10);
  request.rows = 0;
  EXPECT_EQ(make_table(request).error().code, Code::invalid_argument);
  request.rows = 60'000'000;
  EXPECT_EQ(make_table(request).error().code, Code::invalid_argument);
  request.rows = 10;
  request.span = day - 1;
  EXPECT_EQ(make_table(request).error().code, Code::invalid_argument);
  request.span = day;
  request.rows = 1;
  EXPECT_EQ(make(request).columns.front().size(), 1u);
  EXPECT_EQ(find_table("frauds"), nullptr);
}

/// Means of 4,000,000 rows against those of 50,000; tolerances are 5 standard errors or more.
TEST(Generators, Marginals) {
  const auto& fraud = plain("fraud");
  EXPECT_NEAR(mean(numbers(fraud, "is_fraud")), 0.0199, 0.0032);
  EXPECT_NEAR(mean(numbers(fraud, "card_present")), 0.68, 0.02);
  EXPECT_NEAR(mean(numbers(fraud, "foreign")), 0.047, 0.006);
  EXPECT_NEAR(mean(numbers(fraud, "merchant_risk")), 0.155, 0.01);
  const auto& credit = plain("credit");
  EXPECT_NEAR(mean(numbers(credit, "default")), 0.1535, 0.009);
  EXPECT_NEAR(mean(numbers(credit, "sex")), 0.54, 0.012);  // code 1: male
  EXPECT_NEAR(mean(numbers(credit, "bureau_score")), 667, 3);
  EXPECT_NEAR(mean(numbers(plain("churn"), "churned")), 0.0959, 0.007);
  EXPECT_NEAR(mean(numbers(plain("demand"), "promotion")), 0.14, 0.008);
}

/// Heavy tails: the mean well above the median, and the largest of 50,000 far out.
TEST(Generators, HeavyTails) {
  const struct {
    std::string_view table, column;
  } cases[] = {{"fraud", "amount"},     {"fraud", "distance_from_home"},
               {"fraud", "amount_24h"}, {"credit", "income"},
               {"credit", "debt"},      {"churn", "usage_gb"}};
  for (const auto& c : cases) {
    auto values = numbers(plain(c.table), c.column);
    std::erase_if(values, [](double v) { return std::isnan(v); });
    std::ranges::sort(values);
    const double median = values[values.size() / 2];
    EXPECT_GT(mean(values), 1.1 * median) << c.column;
    EXPECT_GT(values.back(), 12 * median) << c.column;
  }
}

TEST(Generators, CorrelationsHaveTheRightSign) {
  const struct {
    std::string_view table, x, y;
    double at_least;  // with the sign of the correlation
  } cases[] = {
      {"fraud", "amount", "mean_amount_90d", 0.4},      {"fraud", "transactions_24h", "amount_24h", 0.5},
      {"fraud", "transactions_24h", "minutes_since_last", -0.4}, {"fraud", "foreign", "distance_from_home", 0.3},
      {"credit", "income", "loan_amount", 0.2},         {"credit", "bureau_score", "delinquencies_24m", -0.4},
      {"credit", "utilisation", "bureau_score", -0.3},  {"credit", "age", "months_employed", 0.25},
      {"churn", "plan", "monthly_charge", 0.5},         {"churn", "support_calls_90d", "satisfaction", -0.3},
      {"demand", "price", "competitor_price", 0.7},     {"demand", "sold_last_week", "units_sold", 0.5},
      {"demand", "price", "units_sold", -0.2},
  };
  for (const auto& c : cases) {
    const auto& made = plain(c.table);
    const double r = rank_correlation(numbers(made, c.x), numbers(made, c.y));
    EXPECT_GT(r * (c.at_least > 0 ? 1 : -1), std::fabs(c.at_least)) << c.x << " " << c.y << " " << r;
  }
}

/// Missing at random given other columns, as stated in each table's hide().
TEST(Generators, Missingness) {
  const auto& fraud = plain("fraud");
  const auto distance = numbers(fraud, "distance_from_home"), present = numbers(fraud, "card_present");
  std::vector<double> with_card, without;
  for (size_t i = 0; i < distance.size(); ++i) (present[i] == 1 ? with_card : without).push_back(distance[i]);
  EXPECT_NEAR(missing_share(with_card), 0.005, 0.002);
  EXPECT_NEAR(missing_share(without), 0.09, 0.012);
  EXPECT_NEAR(missing_share(numbers(fraud, "merchant_risk")), 0.015, 0.003);
  const auto& credit = plain("credit");
  const auto score = numbers(credit, "bureau_score"), history = numbers(credit, "history_months");
  std::vector<double> thin, thick;
  for (size_t i = 0; i < score.size(); ++i) (history[i] < 12 ? thin : thick).push_back(score[i]);
  ASSERT_GT(thin.size(), 200u);
  EXPECT_NEAR(missing_share(thin), 0.45, 5 * 0.5 / std::sqrt(thin.size()));
  EXPECT_NEAR(missing_share(thick), 0.03, 0.005);
  EXPECT_GT(missing_share(numbers(plain("churn"), "satisfaction")), 0.5);
}

TEST(Generators, DailyAndWeeklyRhythm) {
  const auto& fraud = plain("fraud");
  const auto hours = numbers(fraud, "hour"), days = numbers(fraud, "day_of_week");
  const auto share = [](const std::vector<double>& values, double low, double high) {
    return static_cast<double>(std::ranges::count_if(values, [&](double v) { return v >= low && v <= high; })) /
           static_cast<double>(values.size());
  };
  EXPECT_LT(share(hours, 1, 4), 0.04);
  EXPECT_GT(share(hours, 16, 19), 0.24);
  EXPECT_GT(share(days, 5, 5), 1.35 * share(days, 0, 0));  // Saturday, Monday
  // The derived columns agree with the time.
  const auto times = column(fraud, "time").integers();
  for (size_t i = 0; i < 500; ++i) {
    EXPECT_EQ(hours[i], static_cast<double>(times[i] / hour % 24));
    EXPECT_EQ(days[i], static_cast<double>((times[i] / day + 3) % 7));  // 1970-01-01 was a Thursday
  }
  const auto& demand = plain("demand");
  const auto temperature = numbers(demand, "temperature");
  std::vector<double> winter, summer;
  const auto when = column(demand, "time").integers();
  for (size_t i = 0; i < temperature.size(); ++i) {
    const double turn = moment_of(when[i]).year_turn;
    if (turn < 0.1) winter.push_back(temperature[i]);
    if (turn > 0.5 && turn < 0.6) summer.push_back(temperature[i]);
  }
  EXPECT_GT(mean(summer) - mean(winter), 14);
}

/// Expected and observed agree in every fifth of the score, within 5 standard errors and 8 % (the scorecards are fitted
/// by slope and intercept only).
TEST(Generators, ScoresAreCalibrated) {
  for (const std::string_view name : {"fraud", "credit", "churn"}) {
    SCOPED_TRACE(name);
    const auto made = make(request_for(name, 100'000, 17));
    const auto score = numbers(made, find_table(name)->score), label = numbers(made, find_table(name)->label);
    std::vector<size_t> order(score.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::ranges::sort(order, [&](size_t a, size_t b) { return score[a] < score[b]; });
    double total_expected = 0, total_observed = 0;
    for (size_t fifth = 0; fifth < 5; ++fifth) {
      double expected = 0, observed = 0, variance = 0;
      for (size_t i = fifth * order.size() / 5; i < (fifth + 1) * order.size() / 5; ++i) {
        expected += score[order[i]];
        observed += label[order[i]];
        variance += score[order[i]] * (1 - score[order[i]]);
      }
      EXPECT_NEAR(observed, expected, 5 * std::sqrt(variance) + 0.08 * expected) << "fifth " << fifth;
      total_expected += expected;
      total_observed += observed;
    }
    EXPECT_NEAR(total_observed / total_expected, 1, 0.06);
  }
}

TEST(Generators, LateLabels) {
  auto request = request_for("credit", 20'000, 9);
  request.as_of = request.start + request.span;
  const auto made = make(request);
  const auto& label = column(made, "default");
  const auto& known = column(made, "default_known_at");
  const auto times = column(made, "scored_at").integers();
  EXPECT_NEAR(static_cast<double>(label.null_count()) / 20'000, 92.0 / 365, 0.03);
  for (size_t i = 0; i < label.size(); ++i) {
    ASSERT_EQ(label.is_valid(i), known.is_valid(i));
    if (times[i] > *request.as_of - 90 * day) { ASSERT_FALSE(label.is_valid(i)); }
    if (!known.is_valid(i)) continue;
    ASSERT_GE(known.integers()[i], times[i] + 90 * day);
    ASSERT_LE(known.integers()[i], *request.as_of);
  }
  // Looked at later, the same table has all its outcomes, and those known before have not changed.
  request.as_of.reset();
  const auto later = make(request);
  EXPECT_EQ(column(later, "default").null_count(), 0u);
  for (size_t i = 0; i < label.size(); ++i)
    if (label.is_valid(i)) { ASSERT_EQ(label.integers()[i], column(later, "default").integers()[i]); }
  const auto months = column(made, "snapshot_month").integers();
  for (size_t i = 0; i < 100; ++i) EXPECT_EQ(months[i], month_of(times[i]));
}

TEST(Generators, WithoutScore) {
  auto request = request_for("credit", 100);
  request.with_score = false;
  const auto made = make(request);
  EXPECT_FALSE(made.schema.find("probability"));
  EXPECT_TRUE(made.schema.find("default"));
}

}  // namespace
}  // namespace leeway::simulate
