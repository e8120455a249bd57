// Profile against profile: the exact value of the rows lies in the bracket, and what is binned is exact.
#include "base/random.h"
#include "checks/drift/drift_fixture.h"

namespace leeway::drift {
namespace {

struct Scenario {
  std::string_view name;
  double (*reference)(Random&);
  double (*current)(Random&);
};
constexpr Scenario scenarios[] = {
    {"same", [](Random& r) { return r.normal(); }, [](Random& r) { return r.normal(); }},
    {"shift", [](Random& r) { return r.normal(); }, [](Random& r) { return r.normal() + 0.3; }},
    {"lognormal", [](Random& r) { return std::exp(r.normal()); }, [](Random& r) { return std::exp(r.normal() + 0.1); }},
    {"zeros", [](Random& r) { return r.chance(.8) ? 0 : r.exponential(); },
     [](Random& r) { return r.chance(.7) ? 0 : r.exponential(); }},
    {"integers", [](Random& r) { return static_cast<double>(r.poisson(4)); },
     [](Random& r) { return static_cast<double>(r.poisson(5)); }},
    {"outside", [](Random& r) { return r.uniform(); }, [](Random& r) { return r.uniform() * 3 - 1; }},
    {"constant", [](Random&) { return 7.0; }, [](Random& r) { return r.chance(.5) ? 7.0 : 8.0; }},
};

TEST(ProfileDrift, brackets_hold_the_exact_value_and_bins_are_exact) {
  Random random(3);
  for (const auto& scenario : scenarios) {
    for (int round = 0; round < 20; ++round) {
      Values reference(500 + random.below(2000)), current(20 + random.below(1000));
      for (double& v : reference) v = scenario.reference(random);
      for (double& v : current) v = scenario.current(random);
      RowsFixture rows(reference, current);
      ProfilesFixture profiles(numbers(reference), numbers(current), round % 2 ? 32 : 256);
      for (const auto* id : {"ks", "kuiper", "mann_whitney", "wasserstein"}) {
        const auto exact = rows.measure(id, {}), bracketed = profiles.measure(id);
        ASSERT_TRUE(bracketed.bracket) << id;
        // W1's scale is estimated from the bins, so it is compared in the column's unit.
        const bool line = std::string_view(id) == "wasserstein";
        const double unit = line ? *bracketed.detail("scale") : 1;
        const double value = line ? *exact.detail("distance") : exact.value.value;
        EXPECT_GE(value, bracketed.bracket->lower * unit * (1 - 1e-9) - 1e-12) << id << ' ' << scenario.name;
        EXPECT_LE(value, bracketed.bracket->upper * unit * (1 + 1e-9) + 1e-12) << id << ' ' << scenario.name;
        EXPECT_LE(bracketed.value.lower, bracketed.value.value);
      }
      for (const auto* id : {"psi", "jensen_shannon", "hellinger", "kl", "total_variation", "l_infinity", "chi_square",
                             "g_test", "missing_share", "mean_shift", "relative_mean_shift"}) {
        const auto exact = rows.measure(id, {}), binned = profiles.measure(id);
        EXPECT_RELATIVE(binned.value.value, exact.value.value, 1e-9) << id << ' ' << scenario.name;
        EXPECT_EQ(std::isnan(binned.value.lower), std::isnan(exact.value.lower)) << id << ' ' << scenario.name;
      }
    }
  }
}

TEST(ProfileDrift, widths_are_as_promised) {
  Random random(4);
  Values reference(20'000), current(20'000);
  for (double& v : reference) v = random.normal();
  for (double& v : current) v = random.normal() + 0.2;
  ProfilesFixture profiles(numbers(reference), numbers(current));
  const auto ks = profiles.measure("ks");
  EXPECT_LE(ks.bracket->upper - ks.bracket->lower, 1.05 / 256);
  EXPECT_EQ(ks.value.value, ks.bracket->lower);
  const auto separation = profiles.measure("mann_whitney");
  EXPECT_LE(separation.bracket->upper - separation.bracket->lower, 1.0 / 256);
  RowsFixture rows(reference, current);
  EXPECT_RELATIVE(profiles.measure("wasserstein").value.value, rows.measure("wasserstein", {}).value.value, 0.02);
  // The profile's variance bound is that of the values themselves, so its bounds are no narrower.
  EXPECT_GE(profiles.measure("wasserstein").value.se, rows.measure("wasserstein", {}).value.se * (1 - 1e-9));
}

TEST(ProfileDrift, what_needs_rows_says_so) {
  ProfilesFixture profiles(numbers({1, 2, 3, 4, 5}), numbers({2, 3, 4}));
  for (const auto* id : {"cramer_von_mises", "anderson_darling", "energy"})
    EXPECT_EQ(profiles.measure(id).not_computable, "it needs the rows of both sides, and a profile keeps bins only")
        << id;
}

}  // namespace
}  // namespace leeway::drift
