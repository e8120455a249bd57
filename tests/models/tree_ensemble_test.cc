#include "models/tree_ensemble.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "models/booster.h"
#include "models/reference_model.h"

namespace leeway::models {
namespace {

using testing::model_bytes;
using testing::ReferenceRows;

struct Case {
  const char* file;
  const char* table;
  size_t outputs;
  Link link;
};

class XgboostModels : public ::testing::TestWithParam<Case> {};

TEST_P(XgboostModels, MarginsAreTheirsToTheBit) {
  const auto booster = Booster::load(model_bytes(GetParam().file));
  ASSERT_TRUE(booster) << booster.error().text();
  const TreeEnsemble& trees = booster->trees();
  EXPECT_EQ(trees.outputs(), GetParam().outputs);
  EXPECT_EQ(trees.link(), GetParam().link);
  const ReferenceRows reference(GetParam().table);
  std::vector<float> margins(reference.rows().rows * trees.outputs());
  trees.margins(reference.rows(), margins);
  for (size_t r = 0; r < reference.rows().rows; ++r)
    for (size_t k = 0; k < trees.outputs(); ++k)
      EXPECT_EQ(margins[r * trees.outputs() + k],
                static_cast<float>(reference.expected(r, "margin" + std::to_string(k))))
          << r;
}

TEST_P(XgboostModels, ContributionsAreTheirsAndSumToTheMargin) {
  const auto booster = Booster::load(model_bytes(GetParam().file));
  ASSERT_TRUE(booster);
  const TreeEnsemble& trees = booster->trees();
  const ReferenceRows reference(GetParam().table);
  const size_t width = trees.features() + 1, rows = reference.rows().rows;
  std::vector<double> contributions(rows * trees.outputs() * width);
  std::vector<float> margins(rows * trees.outputs());
  trees.contributions(reference.rows(), contributions);
  trees.margins(reference.rows(), margins);
  for (size_t r = 0; r < rows; ++r)
    for (size_t k = 0; k < trees.outputs(); ++k) {
      double sum = 0;
      for (size_t f = 0; f < width; ++f) {
        const double ours = contributions[(r * trees.outputs() + k) * width + f];
        const double theirs = reference.expected(r, fmt::format("c{}_{}", k, f));
        EXPECT_NEAR(ours, theirs, 1e-5 * std::max(1.0, std::abs(theirs)))
            << r << ' ' << f;  // theirs are sums of floats
        sum += ours;
      }
      const double margin = static_cast<double>(margins[r * trees.outputs() + k]);
      EXPECT_NEAR(sum, margin, 1e-5 * std::max(1.0, std::abs(margin)));
    }
}

INSTANTIATE_TEST_SUITE_P(All, XgboostModels,
                         ::testing::Values(Case{"binary.json", "binary", 1, Link::logistic},
                                           Case{"binary.ubj", "binary", 1, Link::logistic},
                                           Case{"multiclass.ubj", "multiclass", 3, Link::softmax},
                                           Case{"regression.ubj", "regression", 1, Link::identity},
                                           Case{"poisson.json", "poisson", 1, Link::exponential},
                                           Case{"forest.ubj", "forest", 1, Link::logistic}));

TEST(TreeEnsemble, RowsAreScoredTheSameAloneAsAmongOthers) {
  const auto booster = Booster::load(model_bytes("binary.ubj"));
  const ReferenceRows reference("binary");
  std::vector<float> together(25), alone(1);
  booster->trees().margins(reference.rows(), together);
  for (size_t r = 0; r < 25; ++r) {
    booster->trees().margins({std::span(reference.values).subspan(r * 5, 5), 1, 5}, alone);
    EXPECT_EQ(alone[0], together[r]);
  }
}

TEST(TreeEnsemble, GainSharesSumToOne) {
  const auto shares = Booster::load(model_bytes("binary.ubj"))->trees().gain_shares();
  EXPECT_EQ(shares.size(), 5u);
  EXPECT_NEAR(std::accumulate(shares.begin(), shares.end(), 0.0), 1, 1e-12);
  EXPECT_GT(shares[0], shares[4]);   // the last feature is noise
}

TEST(BrokenModels, AreNamedAndNeverCrash) {
  const std::string json = model_bytes("poisson.json"), ubj = model_bytes("binary.ubj");
  const auto message = [](std::string bytes) {
    const auto loaded = Booster::load(std::move(bytes));
    return loaded ? std::string("loaded") : loaded.error().message;
  };
  EXPECT_EQ(message(""), "is empty");
  EXPECT_EQ(message("{}"), "is not a model of XGBoost (it has no 'learner')");
  EXPECT_NE(message("not a model at all").find("is not readable as JSON"), std::string::npos);
  EXPECT_NE(message(json.substr(0, json.size() / 2)).find("is not readable as JSON"), std::string::npos);
  EXPECT_NE(message(ubj.substr(0, ubj.size() / 2)).find("is not readable as UBJSON"), std::string::npos);
  EXPECT_NE(message(ubj + "x").find("something follows the end"), std::string::npos);
  std::string linear = json;
  linear.replace(linear.find("\"gbtree\""), 8, "\"dart\"");
  EXPECT_NE(message(linear), "loaded");
  std::string other = json;
  other.replace(other.find("count:poisson"), 13, "survival:cox");
  EXPECT_EQ(message(other), "its objective 'survival:cox' is not supported");
}

RC_GTEST_PROP(BrokenModels, ADamagedByteIsAnErrorOrAnotherModelThatStillScores, ()) {
  static const std::string ubj = model_bytes("binary.ubj"), json = model_bytes("poisson.json");
  std::string bytes = *rc::gen::element(ubj, json);
  for (int i = *rc::gen::inRange(1, 4); i > 0; --i)
    bytes[*rc::gen::inRange<size_t>(0, bytes.size())] = static_cast<char>(*rc::gen::inRange(0, 256));
  const auto booster = Booster::load(bytes);
  if (!booster) return;
  const TreeEnsemble& trees = booster->trees();
  const std::vector<float> rows(3 * trees.features(), 0.5f);
  std::vector<float> margins(3 * trees.outputs());
  trees.margins({rows, 3, trees.features()}, margins);
  std::vector<double> contributions(3 * trees.outputs() * (trees.features() + 1));
  trees.contributions({rows, 3, trees.features()}, contributions);
}

}  // namespace
}  // namespace leeway::models
