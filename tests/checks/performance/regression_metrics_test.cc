#include <cmath>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "base/random.h"
#include "checks/performance/metrics.h"
#include "checks/performance/registry.h"
#include "reference_table.h"

namespace leeway::performance {
namespace {

RegressionSample sample_of(std::vector<double> predictions, std::vector<double> labels) {
  RegressionRows rows;
  const auto n = static_cast<int64_t>(labels.size());
  rows.predictions = std::move(predictions);
  rows.labels = std::move(labels);
  rows.labelled = {n, n, 0, 0, 0, 0, 0, 0};
  return RegressionSample::of_rows(rows);
}

Level level_of(std::string_view id, const RegressionSample& sample, const RegressionSample* reference = nullptr,
               const RegressionOptions& options = {}) {
  for (const RegressionMetric* m : regression_metrics())
    if (m->info.id == id) return levels(*m, sample, options, reference).front();
  throw std::out_of_range("no such metric");
}

TEST(RegressionMetrics, equal_scikit_learn) {
  const testing::ReferenceTable data("regression_rows.csv"), expected("regression_metrics.csv");
  std::vector<double> predictions, labels, reference_labels;
  for (size_t i = 0; i < data.rows(); ++i) {
    predictions.push_back(data.number(i, "prediction"));
    labels.push_back(data.number(i, "label"));
    reference_labels.push_back(data.number(i, "reference_label"));
  }
  const RegressionSample sample = sample_of(predictions, labels), reference = sample_of(predictions, reference_labels);
  for (size_t i = 0; i < expected.rows(); ++i) {
    const std::string id = expected.text(i, "metric");
    const Level level = level_of(id, sample, &reference, {.quantile = .8});
    EXPECT_NEAR(level.estimate.value, expected.number(i, "value"), 1e-9 * std::fabs(expected.number(i, "value"))) << id;
    if (expected.has(i, "se")) {
      EXPECT_NEAR(level.estimate.se, expected.number(i, "se"), 1e-9 * expected.number(i, "se")) << id;
    }
  }
}

TEST(RegressionMetrics, r2_falls_by_range_restriction_alone_but_not_against_the_reference) {
  Random random(2);
  const auto draw = [&](double spread) {
    std::vector<double> predictions, labels;
    for (int i = 0; i < 5000; ++i) {
      labels.push_back(random.normal(0, spread));
      predictions.push_back(labels.back() + random.normal());
    }
    return sample_of(predictions, labels);
  };
  const RegressionSample reference = draw(3), narrow = draw(1.5);
  const Measurement own = measure(regression::r2, {}, &reference, narrow, {}).front();
  const Measurement fixed = measure(regression::r2_reference, {}, &reference, narrow, {}).front();
  EXPECT_LT(own.value.upper, -.2);
  EXPECT_LE(fixed.value.lower, 0);
  EXPECT_GE(fixed.value.upper, 0);
  EXPECT_EQ(fixed.reference->value, own.reference->value);
}

TEST(RegressionMetrics, degenerate_samples_are_defined) {
  std::map<std::string, RegressionSample> samples;
  samples.emplace("no rows", sample_of({}, {}));
  samples.emplace("one row", sample_of({1}, {2}));
  samples.emplace("perfect", sample_of({1, 2, 3}, {1, 2, 3}));
  samples.emplace("constant labels", sample_of({1, 2, 3}, {2, 2, 2}));
  samples.emplace("zero labels", sample_of({1, 2, 3}, {0, 0, 0}));
  samples.emplace("a zero label", sample_of({1, 2, 3, 4, 5, 6}, {0, 2, 3, 4, 5, 7}));
  samples.emplace("denormal", sample_of({5e-324, 0}, {0, 5e-324}));
  for (const auto& [name, sample] : samples)
    for (const RegressionMetric* m : regression_metrics())
      for (const Level& level : levels(*m, sample, {}, &sample)) {
        if (!level.computed()) continue;
        EXPECT_TRUE(std::isfinite(level.estimate.value)) << m->info.id << " on " << name;
        EXPECT_FALSE(level.estimate.lower > level.estimate.value + 1e-12) << m->info.id << " on " << name;
        EXPECT_FALSE(level.estimate.upper < level.estimate.value - 1e-12) << m->info.id << " on " << name;
      }
  EXPECT_EQ(level_of("mae", samples.at("no rows")).not_computable,
            "no row has both a usable prediction and a known label");
  EXPECT_EQ(level_of("r2", samples.at("constant labels")).not_computable, "undefined (the labels are constant)");
  EXPECT_EQ(level_of("wape", samples.at("zero labels")).not_computable, "undefined (all labels are 0)");
  EXPECT_EQ(level_of("mape", samples.at("a zero label")).not_computable,
            "undefined (labels at or next to 0); see wape");
  EXPECT_EQ(level_of("r2", samples.at("perfect")).estimate.value, 1);
}

TEST(RegressionMetrics, what_leaves_the_range_of_doubles_is_not_computable) {
  const RegressionSample sample = sample_of({1e308, 2}, {-1e308, 3});
  const Measurement m = measure(regression::rmse, {}, nullptr, sample, {}).front();
  EXPECT_EQ(m.not_computable, "the result is beyond the range of double-precision numbers");
  EXPECT_FALSE(m.current);
}

TEST(RegressionMetrics, without_a_reference_its_variance_is_missing) {
  const RegressionSample sample = sample_of({1, 2, 4}, {1, 3, 3});
  const Measurement m = measure(regression::r2_reference, {}, nullptr, sample, {}).front();
  EXPECT_EQ(m.not_computable, "there is no labelled reference whose variance to compare with");
}

TEST(RegressionMetrics, ids_are_unique_over_all_kinds) {
  std::set<std::string_view> ids;
  for (const MethodInfo* info : methods()) {
    EXPECT_TRUE(ids.insert(info->id).second) << info->id;
    EXPECT_FALSE(info->measures.empty() || info->guarantee.empty() || info->source.empty()) << info->id;
  }
  EXPECT_GT(ids.size(), binary_metrics().size() + multiclass_metrics().size() + regression_metrics().size());
}

// 600 windows of 200 rows with errors that grow with the prediction; the truth from 1e6 rows.
TEST(RegressionMetrics, intervals_cover_as_stated) {
  const auto draw = [](Random& random, size_t n) {
    std::vector<double> predictions, labels;
    for (size_t i = 0; i < n; ++i) {
      const double x = random.uniform();
      predictions.push_back(10 + 5 * x);
      labels.push_back(10 + 5 * x + .3 + random.normal(0, 1 + x));
    }
    return sample_of(std::move(predictions), std::move(labels));
  };
  Random random(40);
  const RegressionSample reference = draw(random, 5000), population = draw(random, 1000000);
  const int runs = 600;
  std::map<std::string_view, double> truth, covered;
  for (const RegressionMetric* m : regression_metrics())
    truth[m->info.id] = levels(*m, population, {}, m == &regression::r2_reference ? &population : &reference)
                            .front().estimate.value;
  for (int run = 0; run < runs; ++run) {
    const RegressionSample window = draw(random, 200), old = draw(random, 400);
    for (const RegressionMetric* m : regression_metrics()) {
      const Estimate e = levels(*m, window, {}, &old).front().estimate;
      covered[m->info.id] += e.lower <= truth[m->info.id] && truth[m->info.id] <= e.upper;
    }
  }
  for (const auto& [id, count] : covered) {
    EXPECT_GE(count / runs, .93) << id;
    EXPECT_LE(count / runs, .97) << id;
  }
}

}  // namespace
}  // namespace leeway::performance
