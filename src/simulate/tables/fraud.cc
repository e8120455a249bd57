// Card transactions. Many weak signs, of which none is enough by itself: a foreign purchase is usually a holiday, a
// large one a new bicycle, a new device a new telephone; it is their coincidence that is suspicious.

#include "simulate/tables/laws.h"
#include "simulate/tables/tables.h"

namespace leeway::simulate {
namespace {

enum : size_t {
  amount, hour, day_of_week, distance, merchant_risk, count_24h, sum_24h, account_age, card_present, foreign,
  mean_amount, since_last, device_change, age_band, region,
};

constexpr std::string_view age_bands[] = {"18-25", "26-40", "41-60", "61+"};
constexpr double age_shares[] = {0.17, 0.33, 0.32, 0.18};
constexpr std::string_view regions[] = {"north", "east", "south", "west"};
constexpr double region_shares[] = {0.22, 0.18, 0.27, 0.33};

constexpr Feature features[] = {
    {.name = "amount", .decimals = 2, .low = 0.01, .high = 50'000},
    {.name = "hour", .kind = Kind::integer, .high = 23, .fixed = true, .cyclic = true},
    {.name = "day_of_week", .kind = Kind::integer, .high = 6, .fixed = true, .cyclic = true},
    {.name = "distance_from_home", .decimals = 1, .high = 20'000},
    {.name = "merchant_risk", .decimals = 3, .high = 1, .missing = 0.015},
    {.name = "transactions_24h", .kind = Kind::integer, .high = 500},
    {.name = "amount_24h", .decimals = 2, .high = 1e6},
    {.name = "account_age_days", .kind = Kind::integer, .low = 1, .high = 9'000},
    {.name = "card_present", .kind = Kind::flag, .high = 1},
    {.name = "foreign", .kind = Kind::flag, .high = 1},
    {.name = "mean_amount_90d", .decimals = 2, .low = 0.01, .high = 20'000},
    {.name = "minutes_since_last", .decimals = 1, .high = 260'000},
    {.name = "device_change", .kind = Kind::flag, .high = 1},
    {.name = "age_band", .kind = Kind::category, .categories = age_bands, .group = true},
    {.name = "region", .kind = Kind::category, .categories = regions, .group = true},
};

bool at_night(const Row& row) { return row[hour] < 6; }

void draw(const Moment& when, Random& random, Row& row) {
  constexpr double thrift[] = {-0.35, 0.05, 0.2, -0.05};      // log of spending by age
  constexpr double tenure[] = {6.0, 6.9, 7.3, 7.6};           // log of account age by age
  constexpr double online[] = {0.45, 0.15, -0.2, -0.7};       // log-odds of buying without the card by age
  row[hour] = when.hour;
  row[day_of_week] = when.weekday;
  row[age_band] = pick(random, age_shares);
  row[region] = pick(random, region_shares);
  const auto age = static_cast<size_t>(row[age_band]);
  const bool weekend = when.weekday >= 5;

  row[mean_amount] = lognormal(random, 3.5 + thrift[age], 0.55);
  row[account_age] = lognormal(random, tenure[age], 0.85);
  row[foreign] = random.chance(logistic(-3.05 + (weekend ? 0.2 : 0)));
  row[card_present] = random.chance(logistic(0.75 - online[age] - (at_night(row) ? 1.1 : 0)));
  row[device_change] = random.chance(logistic(-2.9 + 0.8 * row[foreign] + 0.3 * online[age]));
  row[merchant_risk] = logistic(
      random.normal(-2.2 + 0.45 * row[foreign] + 0.5 * (1 - row[card_present]) + (at_night(row) ? 0.4 : 0), 0.95));

  const double haste = random.normal();  // shared by the velocity features: a shopping day or a quiet one
  row[count_24h] = static_cast<double>(random.poisson(portable::exp(0.55 + 0.65 * haste + (weekend ? 0.2 : 0))));
  row[since_last] = lognormal(random, 6.6 - 0.75 * log1(row[count_24h]) - 0.35 * haste, 1.0);
  row[sum_24h] = row[count_24h] == 0 ? 0 : row[count_24h] * row[mean_amount] * lognormal(random, -0.1, 0.6);

  const double spree = random.chance(0.03) ? std::fabs(random.normal(0, 1.3)) : 0;
  row[amount] = row[mean_amount] * portable::exp(random.normal(-0.2 + 0.12 * weekend, 0.8) + spree);
  row[distance] = row[foreign] != 0 ? lognormal(random, 6.6, 0.9)
                                    : lognormal(random, row[card_present] != 0 ? 1.3 : 1.9, 1.25);
}

double response(const Row& row, const Moment&, double hidden) {
  const double relative = portable::log(row[amount] / row[mean_amount]);
  const double absent = 1 - row[card_present], novice = 7 - portable::log(row[account_age]);
  const double far = portable::log(1 + row[distance]) - 1.7;
  const double busy = log1(row[count_24h]) - 0.9, hurry = 5.6 - log1(row[since_last]);
  const double risky = portable::log((row[merchant_risk] + 0.02) / 0.13);
  double z =
      -7.68 + 1.45 * relative + 0.5 * far + 1.4 * risky + 0.65 * busy + 0.35 * hurry + 0.8 * novice + 0.95 * absent;
  z += 0.5 * row[foreign] + 1.1 * row[device_change] + (at_night(row) ? 1.0 : 0);
  z += 0.25 * portable::log((1 + row[sum_24h]) / (1 + row[mean_amount]));
  z += row[amount] < 2 ? 2.5 : 0;                                   // small payments that try a stolen number
  z += 1.8 * row[device_change] * absent;                           // a new device, and nobody saw the card
  z += relative > 0.7 && row[foreign] != 0 ? 1.2 : 0;
  z += busy > 0.4 && hurry > 0 ? 0.9 : 0;                           // bursts
  return z + 0.5 * hidden;
}

void hide(const Row& truth, Random& random, Row& recorded) {
  // Without the card the place is guessed from the network address, and often is not.
  if (random.chance(truth[card_present] != 0 ? 0.005 : 0.09)) recorded[distance] = NAN;
  // Nothing to compare with in the first month.
  if (truth[account_age] < 30) recorded[mean_amount] = NAN;
  if (random.chance(truth[count_24h] == 0 ? 0.06 : 0.0)) recorded[since_last] = NAN;
}

double score_row(const Row& row) {
  const double mean = or_typical(row[mean_amount], 33);
  double z = 1.1 * portable::log(row[amount] / mean) + 0.45 * log1(or_typical(row[distance], 6)) +
             9 * or_typical(row[merchant_risk], 0.13);
  z += 0.7 * log1(row[count_24h]) - 0.45 * log1(or_typical(row[since_last], 300)) -
       0.5 * portable::log(row[account_age]);
  z += 1.0 * (1 - row[card_present]) + 0.6 * row[foreign] + 1.2 * row[device_change] + (at_night(row) ? 0.8 : 0);
  return logistic(-3.28 + 0.876 * z);
}

constexpr std::string_view default_drift = R"(# What `leeway simulate data fraud --drift default` does.
drifts:
  - name: amounts rise by 30 %
    kind: factor
    column: amount
    by: 1.3
  - name: purchases happen 50 % further from home
    kind: factor
    column: distance_from_home
    by: 1.5
    shape: gradual
    over: 30d
  - name: fraud rises from 2 to 5 %
    kind: prior
    to: 0.05
)";

}  // namespace

const TableSpec fraud_table = {
    .name = "fraud",
    .summary = "card transactions, about 2 % fraud",
    .task = Task::binary,
    .id = "transaction_id",
    .id_prefix = "T",
    .time = "time",
    .label = "is_fraud",
    .score = "probability",
    .snapshot = "",
    .label_known_at = "",
    .threshold = 0.2,
    .default_days = 90,
    .base_rate = 0.0199,
    .features = features,
    .by_hour = {0.35, 0.22, 0.16, 0.13, 0.14, 0.25, 0.5, 0.9, 1.2, 1.3, 1.4, 1.6,
                1.8, 1.6, 1.4, 1.4, 1.6, 1.9, 2.0, 1.8, 1.5, 1.2, 0.9, 0.6},
    .by_weekday = {0.9, 0.9, 0.95, 1.0, 1.2, 1.3, 0.85},
    .by_season = 0.12,
    .draw = draw,
    .response = response,
    .hide = hide,
    .score_row = score_row,
    .default_drift = default_drift,
};

}  // namespace leeway::simulate
