// No single feature gives the outcome away, and all together do.

#include "simulate/made.h"

namespace leeway::simulate {
namespace {

/// AUC of the best any rule of one column alone could do: the rate of positives by value (categories, missing) or by
/// 50 quantile bins, learnt on the even rows and judged on the odd ones.
double best_alone(const std::vector<double>& values, const std::vector<double>& label, bool category) {
  std::vector<double> sorted = values;
  std::erase_if(sorted, [](double v) { return std::isnan(v); });
  std::ranges::sort(sorted);
  std::vector<double> cuts;
  for (size_t q = 1; q < 50; ++q) cuts.push_back(sorted[q * sorted.size() / 50]);
  const auto bin = [&](double v) -> size_t {
    if (std::isnan(v)) return 60;
    if (category) return static_cast<size_t>(v);
    return static_cast<size_t>(std::ranges::upper_bound(cuts, v) - cuts.begin());
  };
  std::vector<double> positives(64, 0.02), rows(64, 1);
  for (size_t i = 0; i < values.size(); i += 2) {
    positives[bin(values[i])] += label[i];
    ++rows[bin(values[i])];
  }
  std::vector<double> score, truth;
  for (size_t i = 1; i < values.size(); i += 2) {
    score.push_back(positives[bin(values[i])] / rows[bin(values[i])]);
    truth.push_back(label[i]);
  }
  return roc_auc(score, truth);
}

/// XGBoost (Python package, 300 trees of depth 4, rate 0.05) trained on the first 35,000 of 50,000 exported rows and
/// judged on the last 15,000: fraud 0.943 to 0.958 in seven tables, credit 0.829 to 0.841 and churn 0.800 to 0.820 in
/// four; with 300,000 training rows 0.952, 0.841 and 0.814. The stated scorecards, which see recorded columns only,
/// are a lower bound of what a model can reach, and can be had here.
TEST(Leak, TogetherEnoughAloneNot) {
  const struct {
    std::string_view table;
    double alone_below, scorecard_above, scorecard_below;
  } cases[] = {{"fraud", 0.80, 0.925, 0.965}, {"credit", 0.76, 0.80, 0.85}, {"churn", 0.71, 0.78, 0.84}};
  for (const auto& c : cases) {
    SCOPED_TRACE(c.table);
    const TableSpec& spec = *find_table(c.table);
    const auto made = make(request_for(c.table, 50'000, 4));
    const auto label = numbers(made, spec.label);
    const double scorecard = roc_auc(numbers(made, spec.score), label);
    EXPECT_GT(scorecard, c.scorecard_above);
    EXPECT_LT(scorecard, c.scorecard_below);
    for (const auto& feature : spec.features) {
      const double alone = best_alone(numbers(made, feature.name), label, feature.kind == Kind::category);
      EXPECT_LT(alone, c.alone_below) << feature.name;
      EXPECT_LT(alone, scorecard - 0.06) << feature.name;
    }
    // Nor do the id or the order of the rows.
    std::vector<double> order(label.size());
    std::iota(order.begin(), order.end(), 0.0);
    EXPECT_NEAR(roc_auc(order, label), 0.5, 0.03);
  }
}

/// Sensitive groups are not coded into the outcome beyond what their circumstances explain.
TEST(Leak, GroupsAloneSayLittle) {
  const auto made = make(request_for("credit", 50'000, 4));
  const auto label = numbers(made, "default");
  EXPECT_LT(best_alone(numbers(made, "sex"), label, true), 0.54);
  EXPECT_LT(best_alone(numbers(made, "region"), label, true), 0.54);
}

TEST(Leak, ForecastExplainsMostButNotAll) {
  const auto made = make(request_for("demand", 50'000, 4));
  const auto forecast = numbers(made, "forecast"), sold = numbers(made, "units_sold");
  const double centre = mean(sold);
  double residual = 0, total = 0;
  for (size_t i = 0; i < sold.size(); ++i) {
    residual += (sold[i] - forecast[i]) * (sold[i] - forecast[i]);
    total += (sold[i] - centre) * (sold[i] - centre);
  }
  EXPECT_NEAR(1 - residual / total, 0.79, 0.04);
  EXPECT_NEAR(mean(forecast) / centre, 1, 0.02);
  for (const auto& feature : find_table("demand")->features)
    EXPECT_LT(std::fabs(rank_correlation(numbers(made, feature.name), sold)), 0.75) << feature.name;
}

}  // namespace
}  // namespace leeway::simulate
