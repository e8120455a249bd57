// Hourly sales of one product in one shop of a chain, with a forecast: a regression with counts.

#include "simulate/tables/laws.h"
#include "simulate/tables/tables.h"

namespace leeway::simulate {
namespace {

enum : size_t {
  hour, day_of_week, family, shop_type, price, competitor_price, promotion, temperature, rain, holiday, footfall,
  sold_last_week, stock, region,
};
enum : size_t { bakery, drinks, dairy, produce, household };
enum : size_t { city, suburb, mall, station };
enum : size_t { north, east, south, west };
constexpr size_t saturday = 5, sunday = 6;

constexpr std::string_view families[] = {"bakery", "drinks", "dairy", "produce", "household"};
constexpr double family_shares[] = {0.2, 0.25, 0.2, 0.2, 0.15};
constexpr std::string_view shop_types[] = {"city", "suburb", "mall", "station"};
constexpr double shop_shares[] = {0.3, 0.35, 0.2, 0.15};
constexpr std::string_view regions[] = {"north", "east", "south", "west"};
constexpr double region_shares[] = {0.25, 0.25, 0.25, 0.25};

constexpr Feature features[] = {
    {.name = "hour", .kind = Kind::integer, .high = 23, .fixed = true, .cyclic = true},
    {.name = "day_of_week", .kind = Kind::integer, .high = 6, .fixed = true, .cyclic = true},
    {.name = "family", .kind = Kind::category, .categories = families},
    {.name = "shop_type", .kind = Kind::category, .categories = shop_types},
    {.name = "price", .decimals = 2, .low = 0.1, .high = 200},
    {.name = "competitor_price", .decimals = 2, .low = 0.1, .high = 200, .missing = 0.12},
    {.name = "promotion", .kind = Kind::flag, .high = 1},
    {.name = "temperature", .decimals = 1, .low = -40, .high = 50, .missing = 0.02},
    {.name = "rain_mm", .decimals = 1, .high = 100, .missing = 0.02},
    {.name = "holiday", .kind = Kind::flag, .high = 1},
    {.name = "footfall", .kind = Kind::integer, .high = 20'000},
    {.name = "sold_last_week", .kind = Kind::integer, .high = 20'000},
    {.name = "stock", .kind = Kind::integer, .high = 50'000},
    {.name = "region", .kind = Kind::category, .categories = regions, .group = true},
};

/// Logarithm of the usual price by family.
constexpr double list_price[] = {0.8, 0.6, 0.9, 1.1, 1.8};

double warmth(const Moment& when) {
  return 11 + 10 * yearly(when.year_turn, 0.54) + 4 * portable::cos_turns((when.hour - 15) / 24.0);
}

/// What the shop is used to sell at such an hour, on the log scale.
double habit(const Row& row) {
  constexpr double family_level[] = {2.6, 2.9, 2.7, 2.8, 1.9}, shop_level[] = {0.1, 0.25, 0.4, -0.1};
  const double morning = portable::cos_turns((row[hour] - 9) / 24);
  const double evening = portable::cos_turns((row[hour] - 18) / 24);
  const double day = is(row[family], bakery) ? 0.6 * morning : 0.35 * evening + 0.2 * morning;
  const double weekend = is(row[day_of_week], saturday) ? 0.25 : is(row[day_of_week], sunday) ? -0.3 : 0;
  return effect(family_level, row[family]) + effect(shop_level, row[shop_type]) + day + weekend;
}

void draw(const Moment& when, Random& random, Row& row) {
  row[hour] = when.hour;
  row[day_of_week] = when.weekday;
  row[region] = pick(random, region_shares);
  row[family] = pick(random, family_shares);
  row[shop_type] = pick(random, shop_shares);
  row[promotion] = random.chance(0.14);
  row[holiday] = random.chance(0.03);
  row[price] = lognormal(random, effect(list_price, row[family]), 0.3) * (row[promotion] != 0 ? 0.8 : 1);
  row[competitor_price] = row[price] * lognormal(random, 0.02, 0.15);
  const double climate = is(row[region], south) ? 3 : is(row[region], north) ? -3 : 0;
  row[temperature] = warmth(when) + climate + random.normal(0, 4);
  row[rain] = random.chance(0.3) ? 2.2 * random.exponential() : 0;
  const double draw_in = random.normal();
  row[footfall] = portable::exp(4.6 + 0.45 * draw_in + 0.35 * is(row[shop_type], mall) +
                                0.3 * portable::cos_turns((when.hour - 17) / 24.0) - 0.05 * row[rain]);
  row[sold_last_week] = static_cast<double>(random.poisson(lognormal(random, habit(row) + 0.3 * draw_in, 0.25)));
  row[stock] = row[sold_last_week] * lognormal(random, 1.3, 0.5);
  row[stock] += static_cast<double>(random.poisson(12));
}

double response(const Row& row, const Moment& when, double hidden) {
  double z =
      0.55 * habit(row) + 0.4 * log1(row[sold_last_week]) + 0.45 * (portable::log(1 + row[footfall]) - 4.6) - 0.05;
  z -= 1.1 * (portable::log(row[price]) - effect(list_price, row[family]));
  z += 0.6 * portable::log(row[competitor_price] / row[price]) + 0.35 * row[promotion] + 0.25 * row[holiday];
  z += is(row[family], drinks) ? 0.03 * (row[temperature] - 11) : 0;                    // heat sells drinks
  z -= row[rain] > 2 && !is(row[shop_type], mall) ? 0.25 : 0;  // rain fills the mall, not the street
  z += row[promotion] != 0 && row[day_of_week] >= 4 ? 0.2 : 0;
  z += 0.1 * yearly(when.year_turn, 0.96);
  return z + 0.2 * hidden;
}

double score_row(const Row& row) {
  const double rival = or_typical(row[competitor_price], row[price]);
  double z = 0.6 * habit(row) + 0.42 * log1(row[sold_last_week]) + 0.4 * (log1(row[footfall]) - 4.6);
  z -= 0.9 * (portable::log(row[price]) - effect(list_price, row[family]));
  z +=
      0.5 * portable::log(rival / row[price]) + 0.55 * row[promotion] + 0.006 * (or_typical(row[temperature], 11) - 11);
  return portable::exp(-0.323 + 1.0276 * z);
}

constexpr std::string_view default_drift = R"(# What `leeway simulate data demand --drift default` does.
drifts:
  - name: prices rise by 20 %
    kind: factor
    column: price
    by: 1.2
  - name: a heat wave every other fortnight
    kind: shift
    column: temperature
    by: 6
    shape: recurring
    period: 28d
    duty: 0.5
  - name: drinks sell worse in stations
    kind: concept
    where: {family: drinks, shop_type: station}
    by: -0.7
)";

}  // namespace

const TableSpec demand_table = {
    .name = "demand",
    .summary = "hourly sales with a forecast (regression)",
    .task = Task::regression,
    .id = "row_id",
    .id_prefix = "D",
    .time = "time",
    .label = "units_sold",
    .score = "forecast",
    .snapshot = "",
    .label_known_at = "",
    .default_days = 365,
    .features = features,
    .by_hour = {0, 0, 0, 0, 0, 0, 0.6, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0.8, 0.5, 0, 0},
    .by_weekday = {1, 1, 1, 1, 1, 1, 0.6},
    .by_season = 0,
    .draw = draw,
    .response = response,
    .hide = nullptr,
    .score_row = score_row,
    .default_drift = default_drift,
};

}  // namespace leeway::simulate
