// Customers of a telephone and broadband company, scored once each; whether one leaves within 30 days.

#include "simulate/tables/laws.h"
#include "simulate/tables/tables.h"

namespace leeway::simulate {
namespace {

enum : size_t {
  tenure, plan, contract, monthly_charge, usage_gb, usage_change, support_calls, outages, late_payments, autopay,
  devices, satisfaction, discount, sex, age_band, region,
};
enum : size_t { monthly, yearly_contract, two_years };

constexpr std::string_view plans[] = {"basic", "standard", "premium"};
constexpr std::string_view contracts[] = {"monthly", "one year", "two years"};
constexpr std::string_view sexes[] = {"female", "male"};
constexpr std::string_view age_bands[] = {"18-25", "26-40", "41-60", "61+"};
constexpr double age_shares[] = {0.14, 0.31, 0.35, 0.2};
constexpr std::string_view regions[] = {"city", "suburb", "town", "country"};
constexpr double region_shares[] = {0.34, 0.29, 0.22, 0.15};

constexpr Feature features[] = {
    {.name = "tenure_months", .kind = Kind::integer, .high = 360},
    {.name = "plan", .kind = Kind::category, .categories = plans},
    {.name = "contract", .kind = Kind::category, .categories = contracts},
    {.name = "monthly_charge", .decimals = 2, .low = 5, .high = 400},
    {.name = "usage_gb", .decimals = 1, .high = 5'000, .missing = 0.01},
    {.name = "usage_change", .decimals = 3, .low = -1, .high = 20},
    {.name = "support_calls_90d", .kind = Kind::integer, .high = 60},
    {.name = "outage_hours_90d", .decimals = 1, .high = 2'000},
    {.name = "late_payments_12m", .kind = Kind::integer, .high = 12},
    {.name = "autopay", .kind = Kind::flag, .high = 1},
    {.name = "devices", .kind = Kind::integer, .low = 1, .high = 30},
    {.name = "satisfaction", .kind = Kind::integer, .low = 1, .high = 10},
    {.name = "discount", .decimals = 2, .high = 0.6},
    {.name = "sex", .kind = Kind::category, .categories = sexes, .group = true},
    {.name = "age_band", .kind = Kind::category, .categories = age_bands, .group = true},
    {.name = "region", .kind = Kind::category, .categories = regions, .group = true},
};

void draw(const Moment&, Random& random, Row& row) {
  row[sex] = random.chance(0.49);
  row[age_band] = pick(random, age_shares);
  row[region] = pick(random, region_shares);
  const double years = row[age_band], content = random.normal(), country = row[region] == 3;
  row[tenure] = std::min(lognormal(random, 2.9 + 0.28 * years, 0.9), 60 + 80 * years);
  constexpr double plan_shares[] = {0.38, 0.42, 0.2}, fresh[] = {0.62, 0.27, 0.11}, loyal[] = {0.4, 0.32, 0.28};
  row[plan] = pick(random, plan_shares);
  row[contract] = pick(random, row[tenure] < 14 ? std::span<const double>(fresh) : std::span<const double>(loyal));
  row[discount] = random.chance(0.3) ? 0.05 * (1 + static_cast<double>(random.below(6))) : 0;
  row[devices] = 1 + static_cast<double>(random.poisson(1.1 + 0.9 * row[plan]));
  row[monthly_charge] = (14 + 13 * row[plan] + 3.2 * row[devices]) * (1 - row[discount]) * lognormal(random, 0, 0.12);
  row[usage_gb] = lognormal(random, 2.9 + 0.7 * row[plan] - 0.35 * years, 0.85);
  row[usage_change] = portable::exp(random.normal(0.06 * content, 0.33)) - 1;
  row[outages] = random.chance(country != 0 ? 0.6 : 0.35) ? lognormal(random, 0.4 + 0.8 * country, 1.1) : 0;
  row[support_calls] =
      static_cast<double>(random.poisson(portable::exp(-0.7 - 0.45 * content + 0.22 * log1(row[outages]))));
  row[late_payments] = static_cast<double>(random.poisson(portable::exp(-1.4 - 0.3 * years + 0.25 * random.normal())));
  row[autopay] = random.chance(logistic(0.5 - 0.5 * row[late_payments]));
  row[satisfaction] = 6.9 + 1.5 * content - 0.35 * row[support_calls] + random.normal(0, 1.1);
}

double response(const Row& row, const Moment&, double hidden) {
  constexpr double contract_effect[] = {0.0, -1.25, -1.9};
  const double price = portable::log(row[monthly_charge] / (20 + 12 * row[plan]));
  double z = -2.3 - 0.5 * (log1(row[tenure]) - 3.2) + effect(contract_effect, row[contract]) + 1.1 * price;
  z += -1.7 * row[usage_change] + 0.28 * std::min(row[support_calls], 8.0) + 0.22 * log1(row[outages]);
  z += 0.25 * std::min(row[late_payments], 5.0) - 0.35 * row[autopay] - 0.38 * (row[satisfaction] - 6.5);
  z += row[discount] > 0 && is(row[contract], monthly) ? 0.5 : 0;    // came for the offer
  z += row[support_calls] >= 3 && row[outages] > 4 ? 0.8 : 0;      // called, and nobody mended it
  return z + 0.6 * hidden;
}

void hide(const Row& truth, Random& random, Row& recorded) {
  // Few answer the survey, and rather the unhappy and the old.
  if (random.chance(logistic(0.75 + 0.12 * (truth[satisfaction] - 6.5) - 0.25 * truth[age_band])))
    recorded[satisfaction] = NAN;
  if (truth[tenure] < 2) recorded[usage_change] = NAN;  // nothing to compare with
}

double score_row(const Row& row) {
  constexpr double contract_points[] = {0.0, -1.3, -1.8};
  double z = -0.55 * log1(row[tenure]) + effect(contract_points, row[contract]) + 0.012 * row[monthly_charge];
  z += -1.4 * or_typical(row[usage_change], 0) + 0.33 * std::min(row[support_calls], 8.0) + 0.3 * log1(row[outages]);
  z += 0.3 * row[late_payments] - 0.3 * row[autopay] - 0.3 * (or_typical(row[satisfaction], 6.6) - 6.5);
  return logistic(-0.605 + 1.035 * z);
}

constexpr std::string_view default_drift = R"(# What `leeway simulate data churn --drift default` does.
drifts:
  - name: prices rise by 12 %
    kind: factor
    column: monthly_charge
    by: 1.12
  - name: usage swings over the week
    kind: factor
    column: usage_gb
    by: 1.4
    shape: seasonal
    period: 7d
  - name: usage arrives in another unit for a tenth of the customers
    kind: unit
    column: usage_gb
    by: 1000
    share: 0.1
    from: 50%
  - name: a competitor courts premium customers with monthly contracts
    kind: concept
    where: {plan: premium, contract: monthly}
    by: 1.5
)";

}  // namespace

const TableSpec churn_table = {
    .name = "churn",
    .summary = "customers of a telephone company with a probability to leave within 30 days",
    .task = Task::binary,
    .id = "customer_id",
    .id_prefix = "C",
    .time = "scored_at",
    .label = "churned",
    .score = "probability",
    .snapshot = "snapshot_month",
    .label_known_at = "",
    .threshold = 0.25,
    .horizon_days = 30,
    .default_days = 180,
    .base_rate = 0.0959,
    .features = features,
    .by_hour = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1},
    .by_weekday = {1, 1, 1, 1, 1, 1, 1},
    .by_season = 0,
    .draw = draw,
    .response = response,
    .hide = hide,
    .score_row = score_row,
    .default_drift = default_drift,
};

}  // namespace leeway::simulate
