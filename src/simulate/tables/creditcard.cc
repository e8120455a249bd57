// Card transactions in the form of Kaggle's creditcard.csv (mlg-ulb/creditcardfraud: Time, V1 … V28, Amount, Class): the
// components are anonymous, uncorrelated and of falling spread; a fraud in about 600 rows moves a dozen of them at once.
// Where each lies and how far frauds lie from there follows the published subset of all 492 frauds.

#include "simulate/tables/laws.h"
#include "simulate/tables/tables.h"

namespace leeway::simulate {
namespace {

constexpr size_t components = 28;
constexpr size_t amount = components;

/// Spread among normal transactions, and how far a typical fraud lies off.
struct Component {
  std::string_view name;
  double spread, moved;
};
constexpr Component laws[components] = {
    {"V1", 1.93, -2.4}, {"V2", 1.63, 2.4},    {"V3", 1.46, -4.4},   {"V4", 1.40, 3.9},    {"V5", 1.35, -1.6},
    {"V6", 1.33, -1.2}, {"V7", 1.19, -3.2},   {"V8", 1.16, 0.5},    {"V9", 1.09, -2.2},   {"V10", 1.05, -4.4},
    {"V11", 1.00, 3.4}, {"V12", 0.96, -5.0},  {"V13", 0.99, -0.1},  {"V14", 0.91, -6.2},  {"V15", 0.91, 0},
    {"V16", 0.85, -3.4}, {"V17", 0.76, -5.2}, {"V18", 0.82, -1.8},  {"V19", 0.81, 0.6},   {"V20", 0.76, 0.3},
    {"V21", 0.72, 0.6}, {"V22", 0.72, 0},     {"V23", 0.61, 0},     {"V24", 0.60, -0.1},  {"V25", 0.52, 0.1},
    {"V26", 0.48, 0},   {"V27", 0.39, 0.3},   {"V28", 0.32, 0.1}};

constexpr std::array<Feature, components + 1> features = [] {
  std::array<Feature, components + 1> out{};
  for (size_t k = 0; k < components; ++k) out[k] = {.name = laws[k].name, .decimals = 6, .low = -120, .high = 120};
  out[amount] = {.name = "Amount", .decimals = 2, .high = 25'691.16};
  return out;
}();

void draw(const Moment& when, Random& random, Row& row) {
  const bool night = when.hour < 6;
  const bool scheme = random.chance(night ? 0.006 : 0.0016);
  const double force = scheme ? lognormal(random, -0.1, 0.45) : 0;
  for (size_t k = 0; k < components; ++k) {
    const double tail = random.chance(0.04) ? 2.6 : 0.9;   // heavier than a normal distribution's
    row[k] = random.normal(0, laws[k].spread * tail) + force * laws[k].moved * lognormal(random, -0.06, 0.35);
  }
  row[amount] = scheme ? lognormal(random, 2.6, 2.1) : lognormal(random, 3.1, 1.6);
}

/// One component far off proves little: only where several are is it fraud.
double response(const Row& row, const Moment& when, double hidden) {
  constexpr size_t signs[] = {13, 16, 11, 9, 3, 10, 15, 2};   // V14, V17, V12, V10, V4, V11, V16, V3
  double z = -9.6 + (when.hour < 6 ? 0.5 : 0);
  for (const size_t k : signs) {
    const double towards = row[k] / laws[k].moved;
    z += 1.9 * std::clamp(towards, -0.4, 1.0);
  }
  return z + 0.8 * hidden;
}

constexpr std::string_view default_drift = R"(# What `leeway simulate data creditcard --drift default` does.
drifts:
  - name: amounts rise by 30 %
    kind: factor
    column: Amount
    by: 1.3
  - name: V14, the strongest sign, moves
    kind: shift
    column: V14
    by: 1
    from: 50%
  - name: frauds turn more frequent
    kind: prior
    to: 0.004
)";

}  // namespace

const TableSpec creditcard_table = {
    .name = "creditcard",
    .summary = "the form of Kaggle's creditcard.csv: Time, V1 to V28, Amount, Class; about 0.17 % fraud",
    .task = Task::binary,
    .label = "Class",
    .elapsed = "Time",
    .default_days = 2,
    .base_rate = 0.0017,
    .features = features,
    .by_hour = {0.5, 0.3, 0.2, 0.2, 0.15, 0.2, 0.35, 0.6, 0.9, 1.3, 1.5, 1.5,
                1.45, 1.45, 1.5, 1.5, 1.5, 1.5, 1.55, 1.5, 1.4, 1.25, 1.1, 0.8},
    .by_weekday = {1, 1, 1, 1, 1, 1, 1},
    .draw = draw,
    .response = response,
    .default_drift = default_drift,
};

}  // namespace leeway::simulate
