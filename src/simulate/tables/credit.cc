// Loan applications at a consumer bank, scored when they arrive; whether the loan defaults within 90 days is known
// only when those days are over.

#include "simulate/tables/laws.h"
#include "simulate/tables/tables.h"

namespace leeway::simulate {
namespace {

enum : size_t {
  age, income, employment, months_employed, housing, purpose, loan_amount, term_months, debt, utilisation, bureau_score,
  delinquencies, inquiries, history_months, sex, age_band, region,
};
enum : size_t { permanent, public_service, temporary, self_employed, retired, unemployed };
enum : size_t { rent, mortgage, own, with_family };
enum : size_t { car, consolidation };

constexpr std::string_view employments[] = {"permanent",     "public",  "temporary",
                                            "self-employed", "retired", "unemployed"};
constexpr std::string_view housings[] = {"rent", "mortgage", "own", "family"};
constexpr std::string_view purposes[] = {"car", "consolidation", "household", "renovation", "education", "business"};
constexpr std::string_view sexes[] = {"female", "male"};
constexpr std::string_view age_bands[] = {"18-25", "26-40", "41-60", "61+"};
constexpr std::string_view regions[] = {"north", "east", "south", "west"};
constexpr double region_shares[] = {0.24, 0.2, 0.3, 0.26};
constexpr size_t south = 2;

constexpr Feature features[] = {
    {.name = "age", .kind = Kind::integer, .low = 18, .high = 80, .fixed = true},
    {.name = "income", .kind = Kind::integer, .low = 2'000, .high = 2'000'000, .missing = 0.02},
    {.name = "employment", .kind = Kind::category, .categories = employments},
    {.name = "months_employed", .kind = Kind::integer, .high = 560},
    {.name = "housing", .kind = Kind::category, .missing = 0.01, .categories = housings},
    {.name = "purpose", .kind = Kind::category, .categories = purposes},
    {.name = "loan_amount", .kind = Kind::integer, .low = 500, .high = 150'000},
    {.name = "term_months", .kind = Kind::integer, .low = 6, .high = 120},
    {.name = "debt", .kind = Kind::integer, .high = 3'000'000},
    {.name = "utilisation", .decimals = 3, .high = 1.5},
    {.name = "bureau_score", .kind = Kind::integer, .low = 300, .high = 850},
    {.name = "delinquencies_24m", .kind = Kind::integer, .high = 40},
    {.name = "inquiries_6m", .kind = Kind::integer, .high = 60},
    {.name = "history_months", .kind = Kind::integer, .high = 600},
    {.name = "sex", .kind = Kind::category, .categories = sexes, .group = true},
    {.name = "age_band", .kind = Kind::category, .categories = age_bands, .fixed = true, .group = true},
    {.name = "region", .kind = Kind::category, .categories = regions, .group = true},
};

double band_of(double years) { return years < 26 ? 0 : years < 41 ? 1 : years < 61 ? 2 : 3; }

void draw_person(Random& random, Row& row) {
  row[sex] = random.chance(0.54);
  row[region] = pick(random, region_shares);
  row[age] = std::floor(18 + 57 * portable::pow(random.uniform() * random.uniform(), 0.55));
  row[age_band] = band_of(row[age]);
  if (row[age] >= 64) {
    constexpr double shares[] = {0.06, 0.03, 0.02, 0.06, 0.82, 0.01};
    row[employment] = pick(random, shares);
  } else {
    constexpr double young[] = {0.47, 0.1, 0.29, 0.07, 0.0, 0.07}, others[] = {0.58, 0.15, 0.09, 0.14, 0.01, 0.03};
    row[employment] = pick(random, row[age] < 28 ? std::span<const double>(young) : std::span<const double>(others));
  }
}

void draw(const Moment&, Random& random, Row& row) {
  draw_person(random, row);
  const auto job = static_cast<size_t>(row[employment]);
  const double worked = std::max(0.5, row[age] - 19), care = random.normal();  // care: how a person handles money
  constexpr double stay[] = {0.0, 0.35, -1.1, -0.1, 0.8, 0};
  row[months_employed] =
      job == unemployed ? 0 : std::min(12 * worked, lognormal(random, 3.7 + 0.25 * log1(worked) + stay[job], 0.95));
  constexpr double pay[] = {0.0, 0.06, -0.28, 0.05, -0.42, -0.95}, spread[] = {0.42, 0.34, 0.42, 0.75, 0.42, 0.45};
  const double career = 0.32 * log1(worked) - 0.00011 * worked * worked;
  const double place = is(row[region], south) ? 0.07 : 0;
  row[income] = lognormal(random, 9.62 + career + pay[job] + 0.13 * row[sex] + 0.08 * care + place, spread[job]);
  const double rich = portable::log(row[income] / 33'000);

  const double settled = logistic(-3.6 + 0.075 * row[age] + 0.5 * rich), u = random.uniform();
  if (u < settled) row[housing] = random.chance(row[age] > 58 ? 0.7 : 0.22) ? own : mortgage;
  else row[housing] = random.chance(row[age] < 27 ? 0.4 : 0.06) ? with_family : rent;
  constexpr double shares[] = {0.3, 0.22, 0.2, 0.13, 0.07, 0.08}, founders[] = {0.24, 0.18, 0.12, 0.1, 0.02, 0.34};
  row[purpose] =
      pick(random, job == self_employed ? std::span<const double>(founders) : std::span<const double>(shares));
  constexpr double size[] = {0.15, 0.2, -0.75, 0.3, -0.2, 0.5};
  row[loan_amount] =
      100 * std::round(lognormal(random, 8.95 + 0.5 * rich + size[static_cast<size_t>(row[purpose])], 0.6) / 100);
  row[term_months] =
      12 * std::clamp(std::round(random.normal(3.1 + 0.75 * portable::log(row[loan_amount] / 8'000), 1.1)), 1.0, 8.0);
  const bool owes_a_house = is(row[housing], mortgage);
  row[debt] = 0;
  if (!random.chance(0.22 + 0.06 * care))
    row[debt] = lognormal(random, (owes_a_house ? 11.3 : 8.7) + 0.45 * rich - 0.3 * care, owes_a_house ? 0.6 : 1.05);

  row[utilisation] = 1.15 * logistic(random.normal(-0.75 - 0.95 * care - 0.15 * rich, 0.95));
  row[delinquencies] = static_cast<double>(random.poisson(portable::exp(-1.75 - 0.95 * care)));
  const double shopping = is(row[purpose], consolidation) ? 0.3 : 0;
  row[inquiries] = static_cast<double>(random.poisson(portable::exp(0.1 - 0.35 * care + shopping)));
  row[history_months] = std::min(12 * std::max(0.2, row[age] - 18), lognormal(random, 4.3 + 0.2 * log1(worked), 0.7));
  row[bureau_score] = 668 + 52 * care - 17 * std::min(row[delinquencies], 4.0) +
                      14 * (log1(row[history_months]) - 4.4) + random.normal(0, 30);
}

double response(const Row& row, const Moment&, double hidden) {
  constexpr double job_effect[] = {0.0, -0.35, 0.45, 0.2, -0.1, 1.0};
  constexpr double purpose_effect[] = {0.0, 0.25, 0.1, -0.1, 0.15, 0.4};
  constexpr double housing_effect[] = {0.15, -0.2, -0.35, 0.1};
  const double burden = portable::log((row[debt] * 0.2 + row[loan_amount] * 12 / row[term_months] + 300) / row[income]);
  double z = -3.2 + 0.75 * (burden + 2.2) - 0.35 * portable::log(row[income] / 33'000);
  z += 1.25 * (row[utilisation] - 0.4) - 0.0085 * (row[bureau_score] - 668);
  z += 0.33 * std::min(row[delinquencies], 4.0) + 0.12 * std::min(row[inquiries], 8.0);
  z -= 0.22 * (log1(row[months_employed]) - 3.7) + 0.15 * (log1(row[history_months]) - 4.4);
  z +=
      effect(job_effect, row[employment]) + effect(purpose_effect, row[purpose]) + effect(housing_effect, row[housing]);
  z += is(row[employment], self_employed) && row[months_employed] < 24 ? 0.6 : 0;  // young businesses
  z += row[utilisation] > 0.8 && row[inquiries] >= 3 ? 0.7 : 0;                  // looking for credit with none left
  z += row[age] < 24 ? 0.25 : 0;
  return z + 0.7 * hidden;
}

void hide(const Row& truth, Random& random, Row& recorded) {
  // A file too thin for a score: the young, and those without a history.
  if (random.chance(truth[history_months] < 12 ? 0.45 : 0.03)) recorded[bureau_score] = NAN;
  if (random.chance(truth[history_months] < 12 ? 0.3 : 0.03)) recorded[utilisation] = NAN;
  if (is(truth[employment], unemployed) && random.chance(0.35)) recorded[income] = NAN;
  if (random.chance(is(truth[employment], temporary) ? 0.08 : 0.01)) recorded[months_employed] = NAN;
}

double score_row(const Row& row) {
  constexpr double job_points[] = {0.0, -0.3, 0.5, 0.4, -0.1, 1.1}, purpose_points[] = {0.0, 0.3, 0.1, -0.1, 0.1, 0.4};
  const double earned = or_typical(row[income], 30'000);
  const double burden = (row[loan_amount] * 12 / row[term_months] + 0.2 * row[debt]) / earned;
  double z = 0.8 * portable::log(burden + 0.02) - 0.009 * (or_typical(row[bureau_score], 650) - 668);
  z += 0.3 * std::min(row[delinquencies], 4.0) + 0.15 * std::min(row[inquiries], 6.0);
  z -= 0.25 * log1(or_typical(row[months_employed], 30)) + 0.15 * log1(row[history_months]);
  z += effect(job_points, row[employment]) + effect(purpose_points, row[purpose]) +
       (is(row[housing], mortgage) || is(row[housing], own) ? -0.35 : 0);
  return logistic(0.668 + 1.101 * z);
}

constexpr std::string_view default_drift = R"(# What `leeway simulate data credit --drift default` does.
drifts:
  - name: incomes fall by 15 %
    kind: factor
    column: income
    by: 0.85
  - name: a new kind of employment
    kind: category
    column: employment
    to: gig worker
    share: 0.08
    shape: gradual
    over: 50%
  - name: the bureau's scores stop arriving for a quarter of the applications
    kind: missing
    column: bureau_score
    by: 0.25
    from: 33%
  - name: young businesses default more often than their profile says
    kind: concept
    where: {employment: self-employed, months_employed: {below: 96}}
    by: 2
)";

}  // namespace

const TableSpec credit_table = {
    .name = "credit",
    .summary = "loan applications with a scorecard's probability; defaults are known 90 days later",
    .task = Task::binary,
    .id = "application_id",
    .id_prefix = "A",
    .time = "scored_at",
    .label = "default",
    .score = "probability",
    .snapshot = "snapshot_month",
    .label_known_at = "default_known_at",
    .threshold = 0.3,
    .horizon_days = 90,
    .default_days = 365,
    .base_rate = 0.1535,
    .features = features,
    .by_hour = {0.2, 0.1, 0.1, 0.1, 0.1, 0.2, 0.4, 0.8, 1.5, 2.0, 2.1, 2.0,
                1.7, 1.7, 1.8, 1.8, 1.7, 1.6, 1.5, 1.5, 1.4, 1.1, 0.7, 0.4},
    .by_weekday = {1.25, 1.2, 1.15, 1.1, 1.0, 0.6, 0.5},
    .by_season = 0.08,
    .draw = draw,
    .response = response,
    .hide = hide,
    .score_row = score_row,
    .default_drift = default_drift,
};

}  // namespace leeway::simulate
