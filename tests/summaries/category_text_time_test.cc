#include "base/random.h"
#include "summaries/category_summary.h"
#include "summaries/text_summary.h"
#include "summaries/time_summary.h"

namespace leeway {
namespace {

Column texts(const std::vector<std::string>& values) { return Column::of_text("c", values); }

TEST(Categories, AnyTypeByItsText) {
  const Column reals = Column::of_reals("x", {0.5, -0.0, 0.0, std::nan(""), 0.5}, [] {
    Validity valid(5);
    valid.set(4, false);
    return valid;
  }());
  const Categories a(reals);
  EXPECT_EQ(std::vector<std::string>(a.values().begin(), a.values().end()), (std::vector<std::string>{"0.5", "0", "NaN"}));
  EXPECT_EQ(std::vector<int64_t>(a.counts().begin(), a.counts().end()), (std::vector<int64_t>{1, 2, 1}));
  EXPECT_EQ(a.missing(), 1);
  EXPECT_EQ(a.codes()[4], Categories::no_category);
  const Column flags = Column::of_integers("b", Type::boolean, {1, 0, 1});
  EXPECT_EQ(Categories(flags).values()[0], "true");
}

TEST(CategoryDictionary, NamesTheMostFrequentAndRemembersTheRest) {
  std::vector<std::string> values;
  for (int i = 0; i < 5000; ++i)
    for (int copies = i < 10 ? 3 : 1; copies > 0; --copies) values.push_back(fmt::format("v{:04}", i));
  const auto dictionary = CategoryDictionary::from_reference(texts(values));
  ASSERT_EQ(dictionary->values().size(), CategoryDictionary::max_named);
  EXPECT_EQ(dictionary->values()[0], "v0000");
  EXPECT_EQ(dictionary->values()[10], "v0010");   // ties by bytes
  EXPECT_TRUE(dictionary->complete());
  EXPECT_FALSE(dictionary->find("v4999").has_value());
  EXPECT_TRUE(dictionary->knows("v4999"));
  EXPECT_FALSE(dictionary->knows("w"));
  CategorySummary summary(dictionary);
  summary.update(texts({"v0000", "v0000", "v4999", "new", "new", "newer"}));
  EXPECT_EQ(summary.counts()[0], 2);
  EXPECT_EQ(summary.other(), 1);
  EXPECT_EQ(summary.unseen(), 3);
  EXPECT_EQ(summary.size(), 6);
  ASSERT_EQ(summary.new_values().size(), 2u);
  EXPECT_EQ(summary.new_values()[0], (CategorySummary::Heavy{"new", 2, 0}));
}

// HyperLogLog with 4096 registers: standard error 1.04/64 = 1.6 %; four of them allowed, and near exact when small.
TEST(CategorySummary, DistinctValuesWithinTheErrorOfTheSketch) {
  const auto dictionary = CategoryDictionary::from_reference(texts({"a"}));
  for (const int distinct : {0, 1, 10, 300, 5000, 60'000}) {
    CategorySummary summary(dictionary);
    std::vector<std::string> values;
    for (int i = 0; i < distinct; ++i) values.push_back(fmt::format("{}", i * 7919));
    if (distinct > 0) summary.update(texts(values));
    EXPECT_NEAR(summary.distinct_estimate(), distinct, distinct <= 10 ? 0.1 : 4 * 0.016 * distinct) << distinct;
  }
}

// SpaceSaving: a count is never too low and at most `error` too high, however the parts were merged; nothing above
// rows/256 is missed.
TEST(CategorySummary, NewHeavyValuesAreFoundWithinTheirError) {
  const auto dictionary = CategoryDictionary::from_reference(texts({"known"}));
  for (uint64_t trial = 0; trial < 20; ++trial) {
    Random random(trial);
    std::map<std::string, int64_t> truth;
    std::vector<CategorySummary> parts;
    int64_t rows = 0;
    for (int part = 0; part < 6; ++part) {
      std::vector<std::string> values;
      for (int i = 0; i < 3000; ++i) values.push_back(fmt::format("v{}", static_cast<int>(std::exp(random.uniform() * 7))));
      for (const auto& v : values) ++truth[v];
      rows += 3000;
      parts.emplace_back(dictionary).update(texts(values));
    }
    while (parts.size() > 1) {
      const size_t at = random.below(parts.size() - 1);
      ASSERT_TRUE(parts[at].merge(parts[at + 1]).has_value());
      parts.erase(parts.begin() + static_cast<ptrdiff_t>(at) + 1);
    }
    std::set<std::string> found;
    for (const auto& heavy : parts[0].new_values()) {
      found.insert(heavy.value);
      ASSERT_GE(heavy.count, truth[heavy.value]);
      ASSERT_LE(heavy.count - heavy.error, truth[heavy.value]);
    }
    for (const auto& [value, count] : truth)
      if (count > rows / 256) {
        ASSERT_TRUE(found.contains(value)) << value;
      }
    EXPECT_EQ(parts[0].unseen(), rows);
  }
}

TEST(TextSummary, LengthsClassesAndWords) {
  const auto vocabulary = TextVocabulary::from_reference(texts({"the cat sat on the mat"}));
  EXPECT_EQ(vocabulary->words(), 5u);
  EXPECT_TRUE(vocabulary->knows("CAT"));
  TextSummary summary(vocabulary);
  summary.update(texts({"The Cat!", "größe 42", "", "zebra"}));
  using Class = TextSummary::Class;
  EXPECT_EQ(summary.size(), 4);
  EXPECT_EQ(summary.empty(), 1);
  EXPECT_EQ(summary.lengths().max(), 8);   // characters, not bytes
  EXPECT_EQ(summary.words(), 5);
  EXPECT_EQ(summary.known_words(), 2);
  EXPECT_EQ(summary.characters(Class::upper), 2);
  EXPECT_EQ(summary.characters(Class::other), 2);
  EXPECT_EQ(summary.characters(Class::digit), 2);
  EXPECT_EQ(summary.characters(Class::punctuation), 1);
  EXPECT_EQ(summary.characters(Class::space), 2);
  const auto known = summary.known_share();   // 1, 0, 0 over the rows with words
  EXPECT_EQ(known.n, 3);
  EXPECT_NEAR(known.mean, 1.0 / 3, 1e-12);
  EXPECT_NEAR(known.variance, 1.0 / 3, 1e-12);
  EXPECT_NEAR(summary.class_share(Class::digit).mean, (0 + 0.25 + 0) / 3, 1e-12);
}

constexpr int64_t second = 1'000'000'000;
Column times(std::vector<int64_t> seconds) {
  for (int64_t& s : seconds) s *= second;
  return Column::of_integers("t", Type::time, std::move(seconds));
}

TEST(TimeSummary, SpanGapsAndOrder) {
  TimeSummary summary;
  summary.update(times({100, 101, 90, 5000, 5000}));
  EXPECT_EQ(summary.size(), 5);
  EXPECT_EQ(summary.first(), 90 * second);
  EXPECT_EQ(summary.last(), 5000 * second);
  EXPECT_EQ(summary.out_of_order(), 1);
  EXPECT_EQ(summary.cell_width(), second);
  ASSERT_TRUE(summary.largest_gap().has_value());
  EXPECT_EQ(summary.largest_gap()->from, 102 * second);
  EXPECT_EQ(summary.largest_gap()->to, 5000 * second);
  TimeSummary later;
  later.update(times({200, 150}));
  summary.merge(later);
  EXPECT_EQ(summary.out_of_order(), 2);   // a sum over what was updated
}

TEST(TimeSummary, CellsWidenWithTheSpanAndTheirNumberStaysSmall) {
  TimeSummary summary;
  std::vector<int64_t> minutes;
  for (int64_t i = 0; i < 20'000; ++i) minutes.push_back(i * 60);
  summary.update(times(minutes));
  EXPECT_EQ(summary.cell_width(), 600 * second);
  EXPECT_LE(summary.cells().size(), TimeSummary::max_cells);
  EXPECT_FALSE(summary.largest_gap().has_value());
  TimeSummary whole;
  whole.update(Column::of_integers("t", Type::time, {INT64_MIN, INT64_MAX, -1, 0}));
  EXPECT_EQ(whole.size(), 4);
  EXPECT_EQ(whole.first(), INT64_MIN);
}

}  // namespace
}  // namespace leeway
