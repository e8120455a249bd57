// Numeric methods on rows, from the column to the measurement.
#include <fstream>
#include <map>
#include <sstream>

#include "base/random.h"
#include "checks/drift/drift_fixture.h"

namespace leeway::drift {
namespace {

// ---- values from outside ----

struct Reference {
  std::map<std::string, std::map<std::string, Values>> values;  // data set, side
  struct Expectation {
    std::string data, quantity;
    double value, tolerance;
  };
  std::vector<Expectation> expectations;
};

Reference read_reference() {
  Reference out;
  std::ifstream file(std::string(LEEWAY_SOURCE_DIR) + "/tests/reference/two_sample.tsv");
  for (std::string line; std::getline(file, line);) {
    std::istringstream fields(line);
    std::string kind, data, name;
    if (!(fields >> kind >> data >> name)) continue;
    if (kind == "values") {
      for (double v; fields >> v;) out.values[data][name].push_back(v);
    } else if (kind == "expect") {
      double value, tolerance;
      fields >> value >> tolerance;
      out.expectations.push_back({data, name, value, tolerance});
    }
  }
  return out;
}

/// A quantity of the reference table as our measurements give it.
double quantity(RowsFixture& fixture, const std::string& name) {
  const auto value = [&](std::string_view method) { return fixture.measure(method).value.value; };
  const auto p = [&](std::string_view method) { return fixture.measure(method).p_value.value(); };
  const auto detail = [&](std::string_view method, std::string_view key) {
    return fixture.measure(method).detail(key).value();
  };
  if (name == "ks") return value("ks");
  if (name == "ks_p") return p("ks");
  if (name == "d_plus" || name == "d_minus") return detail("kuiper", name);
  if (name == "wasserstein" || name == "energy") return detail(name, "distance");
  if (name == "auc") return value("mann_whitney");
  if (name == "mann_whitney_p") return p("mann_whitney");
  if (name == "anderson_darling_standardised") return detail("anderson_darling", "standardised");
  if (name == "cramer_von_mises") return value("cramer_von_mises");
  if (name == "cramer_von_mises_p") return p("cramer_von_mises");
  ADD_FAILURE() << "unknown quantity " << name;
  return NAN;
}

TEST(NumericDrift, equals_scipy) {
  Reference reference = read_reference();
  ASSERT_GT(reference.expectations.size(), 100u);
  for (const auto& e : reference.expectations) {
    auto& sides = reference.values.at(e.data);
    RowsFixture fixture(sides.at("reference"), sides.at("window"));
    EXPECT_RELATIVE(quantity(fixture, e.quantity), e.value, e.tolerance) << e.data << ' ' << e.quantity;
  }
}

const Values a = {.61, .29, .06, .59, -1.73, -.74, .51, -.56, .39, 1.64, .05, -.06};
const Values b = {1.77, 1.09, -1.28, 2.36, 1.31, 1.05, -.32, -.40, 1.06, -2.47, .64, -.82, .37, 1.90, 2.20};

// R 4.2.2 ks.test, exactRankTests, kSamples, goftest; the window is a.
TEST(NumericDrift, the_first_example) {
  RowsFixture fixture(b, a);
  const auto ks = fixture.measure("ks");
  EXPECT_EQ(ks.value.value, 93.0 / 180);
  EXPECT_RELATIVE(*ks.p_value, 0.0398049685167736, 1e-12);
  EXPECT_RELATIVE(*ks.log_p, std::log(0.0398049685167736), 1e-12);
  EXPECT_EQ(*ks.detail("direction"), 1);
  EXPECT_EQ(*ks.detail("location"), .64);  // just below it
  const auto kuiper = fixture.measure("kuiper");
  EXPECT_RELATIVE(kuiper.value.value, .633333333333333, 1e-13);
  EXPECT_RELATIVE(*kuiper.p_value, .038417898, 1e-7);
  EXPECT_RELATIVE(*fixture.measure("wasserstein").detail("distance"), 0.697833333333333, 1e-13);
  EXPECT_RELATIVE(*fixture.measure("energy").detail("distance"), 0.605213460965082, 1e-13);
  const auto cvm = fixture.measure("cramer_von_mises");
  EXPECT_RELATIVE(cvm.value.value, .367901234567902, 1e-13);
  EXPECT_RELATIVE(*cvm.p_value, .0923091304233, 1e-11);
  EXPECT_RELATIVE(fixture.measure("anderson_darling").value.value, 1.888680738483, 1e-12);
  const auto separation = fixture.measure("mann_whitney");
  EXPECT_RELATIVE(separation.value.value, 62.0 / 180, 1e-14);
  EXPECT_RELATIVE(*separation.p_value, .182761366003, 1e-11);
  EXPECT_EQ(ks.reference_rows, (InputCounts{.rows = 15, .used = 15}));
  EXPECT_EQ(ks.current_rows, (InputCounts{.rows = 12, .used = 12}));
  EXPECT_EQ(ks.subject.column, "x");
}

TEST(NumericDrift, the_second_example_with_ties) {
  RowsFixture fixture({1, 2, 2, 3, 3, 4, 4, 4, 5, 5, 5, 6, 6, 6}, {1, 1, 1, 2, 2, 3, 3, 3, 3, 4, 5, 5});
  EXPECT_RELATIVE(*fixture.measure("ks").p_value, 0.106952587054889, 1e-12);
  EXPECT_RELATIVE(*fixture.measure("wasserstein").detail("distance"), 1.25, 1e-14);
  EXPECT_RELATIVE(*fixture.measure("mann_whitney").p_value, .0570238255485, 1e-11);
}

TEST(NumericDrift, p_values_only_on_request) {
  RowsFixture fixture(b, a);
  for (const DriftMethod* method : methods())
    EXPECT_FALSE(fixture.measure(method->info.id, {}).p_value) << method->info.id;
}

// n = 1000, m = 100,000, D = .15: the reference value of the decision rule.
TEST(NumericDrift, ks_bounds) {
  Values reference(100'000), window(1000);
  for (int i = 0; i < 100'000; ++i) reference[i] = i;
  for (int i = 0; i < 1000; ++i) window[i] = i < 150 ? -1 : (i + 0.5) * 100 - 50;
  RowsFixture fixture(reference, window);
  const auto ks = fixture.measure("ks", {});
  EXPECT_RELATIVE(ks.value.value, .15, 1e-12);
  EXPECT_RELATIVE(ks.value.lower, .106838950044, 1e-10);
  EXPECT_RELATIVE(ks.value.upper, .176137133013, 1e-10);
  EXPECT_RELATIVE(*ks.by_chance, .868731160636159 * .0317804971641, 1e-10);
  EXPECT_EQ(ks.confidence, .95);
  const auto finite = fixture.measure("ks", {.finite_sample_bounds = true});
  EXPECT_LT(finite.value.lower, ks.value.lower);
  EXPECT_GT(finite.value.upper, ks.value.upper);
}

// Window (200, 274, …, 1043) in ten bins of 10,000 reference rows.
TEST(NumericDrift, psi_over_quantile_bins) {
  const int counts[] = {200, 274, 326, 374, 422, 475, 537, 616, 733, 1043};
  Values reference(100'000), window;
  for (int i = 0; i < 100'000; ++i) reference[i] = i + 1;
  for (int bin = 0; bin < 10; ++bin) window.insert(window.end(), counts[bin], bin * 10'000 + 5000.5);
  RowsFixture fixture(reference, window);
  const Bins& bins = fixture.input().bins();
  EXPECT_EQ(bins.reference, std::vector<int64_t>(10, 10'000));
  EXPECT_EQ(bins.current, std::vector<int64_t>(std::begin(counts), std::end(counts)));
  EXPECT_EQ(bins.labels[0], "up to 10,000");
  EXPECT_EQ(bins.labels[9], "above 90,000");
  const auto psi = fixture.measure("psi");
  EXPECT_RELATIVE(psi.value.value, .209867467159, 1e-11);
  EXPECT_RELATIVE(psi.value.lower, .186650621135, 1e-10);
  EXPECT_RELATIVE(psi.value.upper, .230891774776, 1e-10);
  EXPECT_RELATIVE(*psi.detail("bias_corrected"), .207744354735, 1e-11);
  EXPECT_RELATIVE(*psi.detail("kappa"), 1.01491137003, 1e-10);
  EXPECT_EQ(*psi.detail("df"), 9);
  EXPECT_RELATIVE(*psi.by_chance, 9 * (1 / 5000.0 + 1e-5), 1e-12);
  EXPECT_LT(*psi.log_p, -400);
}

TEST(NumericDrift, atoms_missing_and_infinite_values_have_bins_of_their_own) {
  Values reference(1000), window(300);
  for (int i = 0; i < 1000; ++i) reference[i] = i < 700 ? 0 : i;
  for (int i = 0; i < 300; ++i) window[i] = i < 150 ? -0.0 : i < 200 ? NAN : i < 220 ? INFINITY : 800;
  Validity valid(300);
  for (int i = 290; i < 300; ++i) valid.set(i, false);
  RowsFixture fixture(numbers(reference), Column::of_reals("x", window, valid));
  const Bins& bins = fixture.input().bins();
  ASSERT_EQ(bins.labels.size(), bins.current.size());
  const auto at = [&](std::string_view label) {
    const auto i = std::find(bins.labels.begin(), bins.labels.end(), label) - bins.labels.begin();
    return std::pair(bins.reference.at(i), bins.current.at(i));
  };
  EXPECT_EQ(at("0"), std::pair(int64_t{700}, int64_t{150}));
  EXPECT_EQ(at("missing"), std::pair(int64_t{0}, int64_t{60}));
  EXPECT_EQ(at("+infinity"), std::pair(int64_t{0}, int64_t{20}));
  EXPECT_EQ(std::count(bins.labels.begin(), bins.labels.end(), "-infinity"), 0);
  EXPECT_EQ(std::accumulate(bins.current.begin(), bins.current.end(), int64_t{0}), 300);
  const auto counts = fixture.measure("ks").current_rows;
  EXPECT_EQ(counts, (InputCounts{.rows = 300, .used = 220, .missing = 10, .nan = 50, .plus_infinity = 20}));
  const auto missing = fixture.measure("missing_share");
  EXPECT_RELATIVE(missing.value.value, .2, 1e-14);
  EXPECT_EQ(missing.reference->value, 0);
}

TEST(NumericDrift, zeros_of_either_sign_are_one_value) {
  RowsFixture fixture(Values{-0.0, 0.0, -0.0, 1, 2}, Values{0.0, -0.0, 0.0, 1, 2});
  EXPECT_EQ(fixture.measure("ks").value.value, 0);
  EXPECT_EQ(fixture.measure("mann_whitney").value.value, .5);
  EXPECT_EQ(fixture.measure("wasserstein").value.value, 0);
}

TEST(NumericDrift, integers_beyond_2_to_the_53_are_told_apart) {
  const int64_t big = int64_t{1} << 60;
  std::vector<int64_t> reference, window;
  for (int64_t i = 0; i < 100; ++i) reference.push_back(big + 2 * i), window.push_back(big + 2 * i + 1);
  RowsFixture fixture(Column::of_integers("x", Type::integer, reference),
                      Column::of_integers("x", Type::integer, window));
  EXPECT_RELATIVE(fixture.measure("ks").value.value, .01, 1e-13);
  EXPECT_RELATIVE(fixture.measure("mann_whitney").value.value, .505, 1e-13);
  EXPECT_EQ(fixture.input().from<NumericRows>()->ranked().distinct, 200);
  EXPECT_RELATIVE(*fixture.measure("wasserstein").detail("distance"), 1, 1e-12);
  // A batch of reals is compared after rounding, and does not fail.
  RowsFixture rounded(Column::of_integers("x", Type::integer, reference), numbers({static_cast<double>(big), 3.5}));
  EXPECT_TRUE(rounded.measure("cramer_von_mises").computed());
}

TEST(NumericDrift, text_that_is_a_number_counts_what_is_not_is_a_type_error) {
  RowsFixture fixture(numbers({1, 2, 3, 4, 5, 6}), words({"1", "2", "3", "4", "5", "six", "n/a"}));
  const auto ks = fixture.measure("ks");
  EXPECT_EQ(ks.current_rows, (InputCounts{.rows = 7, .used = 5, .type_errors = 2}));
  EXPECT_RELATIVE(ks.value.value, 1.0 / 6, 1e-13);
  const Bins& bins = fixture.input().bins();
  EXPECT_EQ(bins.labels.back(), "other types");
  EXPECT_EQ(bins.current.back(), 2);
}

TEST(NumericDrift, means) {
  RowsFixture fixture(Values{1, 2, 3, 4, 5}, Values{3, 4, 5, 6, 7, 8});
  // R: t.test(3:8, 1:5, conf.level = .9): difference 2.5, 90 % interval .4806…
  const auto shift = fixture.measure("mean_shift");
  EXPECT_RELATIVE(shift.value.value, 2.5, 1e-13);
  EXPECT_RELATIVE(shift.value.se, std::sqrt(2.5 / 5 + 3.5 / 6), 1e-12);
  EXPECT_RELATIVE(shift.reference->value, 3, 1e-13);
  EXPECT_RELATIVE(shift.current->value, 5.5, 1e-13);
  EXPECT_LT(shift.value.lower, 2.5);
  const auto relative = fixture.measure("relative_mean_shift");
  EXPECT_RELATIVE(relative.value.value, 2.5 / 3, 1e-13);
  // Fieller, by hand.
  const double z = 1.6448536269514722, vb = z * z * .5, va = z * z * 3.5 / 6, square = 9 - vb;
  const double root = std::sqrt(16.5 * 16.5 - square * (5.5 * 5.5 - va));
  EXPECT_RELATIVE(relative.value.lower, (16.5 - root) / square - 1, 1e-12);
  EXPECT_RELATIVE(relative.value.upper, (16.5 + root) / square - 1, 1e-12);
}

TEST(NumericDrift, a_negative_mean_that_falls_falls) {
  RowsFixture fixture(Values{-10, -11, -9, -10, -10}, Values{-20, -21, -19, -20, -20});
  const auto relative = fixture.measure("relative_mean_shift");
  EXPECT_RELATIVE(relative.value.value, -1, 1e-13);
  EXPECT_LT(relative.value.lower, -1);
  EXPECT_GT(relative.value.upper, -1);
  EXPECT_LT(relative.value.upper, 0);
}

TEST(NumericDrift, a_relative_change_needs_a_reference_mean_that_is_not_zero) {
  RowsFixture zero(Values{-1, 1, -2, 2}, Values{1, 2, 3, 4});
  EXPECT_EQ(zero.measure("relative_mean_shift").not_computable, "the reference mean is 0");
  RowsFixture near(Values{-1, 1, -2, 2.5}, Values{1, 2, 3, 4});
  EXPECT_TRUE(near.measure("relative_mean_shift").computed());
  EXPECT_TRUE(std::isnan(near.measure("relative_mean_shift").value.lower));
}

TEST(NumericDrift, a_constant_reference) {
  RowsFixture moved(Values(50, 2.0), Values(30, 3.0));
  EXPECT_EQ(moved.measure("ks").value.value, 1);
  EXPECT_RELATIVE(moved.measure("wasserstein").value.value, .5, 1e-14);  // its level is the scale
  EXPECT_GT(moved.measure("psi").value.lower, 1);
  RowsFixture same(Values(50, 2.0), Values(30, 2.0));
  EXPECT_EQ(same.measure("ks").value.value, 0);
  const auto w = same.measure("wasserstein");
  EXPECT_EQ(w.value.value, 0);
  EXPECT_TRUE(std::isnan(w.value.upper));  // nothing to estimate a bound from
  EXPECT_GT(same.measure("psi").value.upper, 0.01);
  EXPECT_EQ(*same.measure("ks").p_value, 1);
  RowsFixture zero(Values(50, 0.0), Values(30, 3.0));
  const auto raw = zero.measure("wasserstein");
  EXPECT_FALSE(raw.computed());
  EXPECT_NE(raw.not_computable.find("in the column's unit the distance is 3"), std::string::npos);
  EXPECT_EQ(*raw.detail("distance"), 3);
}

TEST(NumericDrift, distances_beyond_the_doubles_are_said_not_reported) {
  RowsFixture fixture(Values{-1.7e308, -1.6e308, -1.5e308, 0, 1}, Values{1.7e308, 1.6e308, 1.5e308});
  EXPECT_TRUE(fixture.measure("ks").computed());
  for (const auto* id : {"wasserstein", "energy", "mean_shift"}) {
    const auto m = fixture.measure(id);
    EXPECT_EQ(m.computed(), std::isfinite(m.value.value)) << id;
  }
}

// ---- properties ----

Values random_values(Random& random, int law, int size) {
  Values out(size);
  for (double& v : out) {
    switch (law) {
      case 0:
        v = random.normal();
        break;
      case 1:
        v = std::exp(2 * random.normal());
        break;
      case 2:
        v = random.chance(.7) ? 0 : random.exponential();
        break;
      case 3:
        v = static_cast<double>(random.below(5));
        break;
      default:
        v = 1e6 + std::round(random.normal() * 100) / 100;
        break;
    }
  }
  return out;
}

TEST(NumericDrift, order_of_rows_does_not_matter_and_units_do_not_either) {
  Random random(1);
  for (int law = 0; law < 5; ++law) {
    const Values reference = random_values(random, law, 800);
    Values window = random_values(random, law, 300);
    for (double& v : window) v += 0.25;
    Values turned(window.rbegin(), window.rend()), scaled_reference = reference, scaled_window = window;
    for (auto* side : {&scaled_reference, &scaled_window})
      for (double& v : *side) v *= 1024;  // a power of two: no rounding
    RowsFixture plain(reference, window), reversed(reference, turned), scaled(scaled_reference, scaled_window);
    for (const DriftMethod* method : methods()) {
      if (!method->takes(Kind::numeric)) continue;
      const auto m = plain.measure(method->info.id);
      const auto r = reversed.measure(method->info.id);
      EXPECT_EQ(r.value.value, m.value.value) << method->info.id;
      EXPECT_RELATIVE(r.value.lower, m.value.lower, 0) << method->info.id;
      EXPECT_RELATIVE(r.value.upper, m.value.upper, 0) << method->info.id;
      if (method->info.id == "mean_shift") continue;
      const auto s = scaled.measure(method->info.id);
      EXPECT_RELATIVE(s.value.value, m.value.value, 1e-12) << method->info.id << law;
      EXPECT_EQ(std::isnan(s.value.lower), std::isnan(m.value.lower)) << method->info.id << law;
      EXPECT_FALSE(std::fabs(s.value.lower - m.value.lower) > 1e-10) << method->info.id << law;
      EXPECT_FALSE(std::fabs(s.value.upper - m.value.upper) > 1e-10) << method->info.id << law;
    }
  }
}

// What Kuiper's distance is for: hours have no first one.
TEST(NumericDrift, kuiper_does_not_depend_on_where_the_circle_is_cut) {
  Random random(8);
  Values reference(500), window(200);
  for (double& v : reference) v = static_cast<double>(random.below(24));
  for (double& v : window) v = static_cast<double>((random.below(12) + random.below(12)) % 24);
  const double uncut = RowsFixture(reference, window).measure("kuiper", {}).value.value;
  for (int hours = 1; hours < 24; ++hours) {
    Values turned_reference = reference, turned_window = window;
    for (auto* side : {&turned_reference, &turned_window})
      for (double& v : *side) v = std::fmod(v + hours, 24);
    EXPECT_RELATIVE(RowsFixture(turned_reference, turned_window).measure("kuiper", {}).value.value, uncut, 1e-12) << hours;
  }
}

TEST(NumericDrift, fast_paths_equal_the_merge_of_sorted_rows) {
  Random random(2);
  for (int law = 0; law < 5; ++law) {
    for (const int n : {1, 7, 500, 6000}) {
      RowsFixture fixture(random_values(random, law, 3000), random_values(random, law, n));
      const auto& pair = fixture.input().from<NumericRows>()->ranked();
      const double pairs = static_cast<double>(pair.n) * static_cast<double>(pair.m);
      EXPECT_EQ(fixture.measure("ks").value.value, static_cast<double>(std::max(pair.plus, pair.minus)) / pairs);
      EXPECT_EQ(fixture.measure("kuiper").value.value, static_cast<double>(pair.plus + pair.minus) / pairs);
      EXPECT_RELATIVE(*fixture.measure("wasserstein").detail("distance"), pair.wasserstein, 1e-11) << law << ' ' << n;
      const Bins& bins = fixture.input().bins();
      EXPECT_EQ(std::accumulate(bins.current.begin(), bins.current.end(), int64_t{0}), n);
      EXPECT_EQ(std::accumulate(bins.reference.begin(), bins.reference.end(), int64_t{0}), 3000);
    }
  }
}

}  // namespace
}  // namespace leeway::drift
