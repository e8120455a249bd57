// Methods over categories, from the column to the measurement.
#include "base/random.h"
#include "checks/drift/drift_fixture.h"

namespace leeway::drift {
namespace {

// R chisq.test and scipy; the last category is new.
TEST(CategoryDrift, reference_values) {
  CategoriesFixture fixture(repeated({{"a", 50}, {"b", 30}, {"c", 15}, {"d", 5}}),
                            repeated({{"a", 40}, {"b", 35}, {"c", 15}, {"d", 8}, {"e", 2}}));
  const auto x2 = fixture.measure("chi_square");
  EXPECT_RELATIVE(x2.value.value, 4.18803418803, 1e-11);
  EXPECT_EQ(*x2.detail("df"), 4);
  EXPECT_RELATIVE(fixture.measure("g_test").value.value, 4.96958021764, 1e-11);
  EXPECT_RELATIVE(fixture.measure("jensen_shannon").value.value, .111462776496, 1e-11);
  EXPECT_RELATIVE(fixture.measure("hellinger").value.value, .124514321973, 1e-11);
  EXPECT_RELATIVE(fixture.measure("total_variation").value.value, .1, 1e-13);
  const auto largest = fixture.measure("l_infinity");
  EXPECT_RELATIVE(largest.value.value, .1, 1e-13);
  EXPECT_EQ(largest.note, "the share that changed most is that of a");
  EXPECT_RELATIVE(fixture.measure("kl").value.value, .0407387480561, 1e-11);
  EXPECT_RELATIVE(fixture.measure("kl_reverse").value.value, .0323400199894, 1e-11);
  const auto psi = fixture.measure("psi");
  EXPECT_RELATIVE(psi.value.value, .0730787680456, 1e-11);
  EXPECT_RELATIVE(psi.value.upper, .168452662783, 1e-10);
  EXPECT_EQ(psi.value.lower, 0);
  EXPECT_EQ(psi.current_rows.unseen, 2);
  EXPECT_RELATIVE(*psi.detail("statistic"), 3.65393840228, 1e-11);
  EXPECT_RELATIVE(*psi.detail("bias_corrected"), -.0242437144697, 1e-10);
}

TEST(CategoryDrift, rare_categories_share_a_bin_new_and_missing_ones_have_their_own) {
  Validity valid(103);
  valid.set(102, false);
  std::vector<std::string> current(103, "a");
  current[0] = "new";
  current[1] = "rare";
  const auto coded = words(current);
  CategoriesFixture fixture(repeated({{"a", 900}, {"b", 92}, {"rare", 5}, {"rarer", 3}}),
                            Column::of_codes("x", {coded.codes().begin(), coded.codes().end()},
                                             {coded.dictionary().begin(), coded.dictionary().end()}, valid));
  const Bins& bins = fixture.input().bins();
  EXPECT_EQ(bins.labels, (std::vector<std::string>{"a", "b", "other categories", "unseen categories", "missing"}));
  EXPECT_EQ(bins.reference, (std::vector<int64_t>{900, 92, 8, 0, 0}));
  EXPECT_EQ(bins.current, (std::vector<int64_t>{100, 0, 1, 1, 1}));
  EXPECT_EQ(fixture.input().table().labels.size(), 6u);
  EXPECT_RELATIVE(fixture.measure("missing_share").value.value, 1 / 103.0, 1e-12);
}

// statsmodels and Farrington & Manning: 45/1000 against 30/1000.
TEST(CategoryDrift, booleans) {
  std::vector<int64_t> reference(1000, 0), current(1000, 0);
  std::fill_n(reference.begin(), 30, 1);
  std::fill_n(current.begin(), 45, 1);
  const auto boolean = [](std::vector<int64_t> v) { return Column::of_integers("x", Type::boolean, std::move(v)); };
  CategoriesFixture fixture(boolean(reference), boolean(current));
  const auto share = fixture.measure("true_share");
  EXPECT_RELATIVE(share.value.value, .015, 1e-12);
  EXPECT_RELATIVE(share.value.lower, .00103803718065, 1e-9);
  EXPECT_RELATIVE(share.value.upper, .0293852948368, 1e-9);
  EXPECT_RELATIVE(*share.p_value, .0774848651326, 1e-10);
  EXPECT_RELATIVE(share.reference->value, .03, 1e-13);
  EXPECT_RELATIVE(share.current->value, .045, 1e-13);
  CategoriesFixture words_are_booleans(boolean(reference), words({"true", "FALSE", "0", "maybe"}));
  EXPECT_EQ(words_are_booleans.measure("true_share").current_rows.type_errors, 1);
  EXPECT_RELATIVE(words_are_booleans.measure("true_share").current->value, 1 / 3.0, 1e-13);
  CategoriesFixture text(words({"a", "b"}), words({"a", "b"}));
  EXPECT_EQ(text.measure("true_share").not_computable, "the column is not boolean");
}

TEST(CategoryDrift, unseen_values_count_beyond_those_that_chance_brings) {
  // Half of the reference's rows are values that occur once: new rows of the kind bring as many.
  std::vector<std::string> reference(1000, "common"), current(400, "common");
  for (int i = 0; i < 500; ++i) reference[i] = "id" + std::to_string(i);
  for (int i = 0; i < 200; ++i) current[i] = "new" + std::to_string(i);
  CategoriesFixture ids(words(reference), words(current));
  const auto share = ids.measure("unseen_share");
  EXPECT_RELATIVE(share.current->value, .5, 1e-13);
  EXPECT_NEAR(share.value.value, 0, 1e-13);
  EXPECT_LT(share.value.lower, 0);
  EXPECT_GT(*share.p_value, .9);
  // No singletons: every new value is news.
  CategoriesFixture codes(repeated({{"a", 500}, {"b", 500}}), repeated({{"a", 300}, {"c", 100}}));
  EXPECT_RELATIVE(codes.measure("unseen_share").value.value, .25, 1e-13);
  EXPECT_GT(codes.measure("unseen_share").value.lower, .2);
  EXPECT_EQ(codes.measure("unseen_share").current_rows.unseen, 100);
}

// Postcodes, first names, amounts as text: a reference of 2,500 rows has not seen 8 % of 1,000 equally frequent values.
TEST(CategoryDrift, values_unseen_by_chance_are_no_drift) {
  Random random(7);
  const auto draw = [&](size_t rows, int values) {
    std::vector<std::string> out;
    for (size_t i = 0; i < rows; ++i) out.push_back("v" + std::to_string(random.below(static_cast<uint64_t>(values))));
    return words(out);
  };
  const Column reference = draw(2500, 1000);
  CategoriesFixture fresh(reference, draw(2500, 1000));
  EXPECT_GT(fresh.measure("psi").current_rows.unseen, 150);
  EXPECT_LT(fresh.measure("psi").value.upper, 0.01);
  EXPECT_LT(fresh.measure("jensen_shannon").value.value, 0.02);
  CategoriesFixture same(reference, reference);
  EXPECT_EQ(same.measure("psi").value.value, 0);
  // Half as many values again: what is beyond chance is seen.
  CategoriesFixture other(reference, draw(2500, 1500));
  EXPECT_GT(other.measure("psi").value.lower, 0.2);
}

TEST(CategoryDrift, many_rare_categories_hold_their_level_by_the_gamma_law) {
  std::vector<std::string> reference, current;
  for (int i = 0; i < 300; ++i) reference.push_back("v" + std::to_string(i));
  for (int i = 0; i < 100; ++i) current.push_back("v" + std::to_string(i * 3));
  CategoriesFixture fixture(words(reference), words(current));
  const auto x2 = fixture.measure("chi_square");
  EXPECT_EQ(*x2.detail("df"), 299);
  EXPECT_LT(*x2.detail("smallest_expected"), 1);
  EXPECT_GT(*x2.p_value, .3);
}

TEST(CategoryDrift, free_text) {
  std::vector<std::string> reference, current;
  for (int i = 0; i < 400; ++i) reference.push_back(i % 2 ? "the quick brown fox" : "A lazy dog, asleep.");
  for (int i = 0; i < 200; ++i) current.push_back(i % 2 ? "the quick brown fox" : "zorgon 12345 PLUGH xyzzy qux frob");
  TextFixture fixture(words(reference), words(current));
  const auto vocabulary = fixture.measure("text_vocabulary");
  EXPECT_RELATIVE(vocabulary.reference->value, 0, 1e-12);
  EXPECT_NEAR(vocabulary.value.value, .5, 1e-9);
  EXPECT_GT(vocabulary.value.lower, .4);
  const auto length = fixture.measure("text_length");
  EXPECT_NEAR(length.value.value, .5, 1e-12);  // half of the texts are longer than any
  EXPECT_GT(length.value.lower, .3);
  const auto characters = fixture.measure("text_characters");
  EXPECT_GT(characters.value.value, .1);
  EXPECT_LE(characters.value.lower, characters.value.value);
  TextFixture same(words(reference), words(reference));
  EXPECT_NEAR(same.measure("text_characters").value.value, 0, 1e-9);
  EXPECT_EQ(same.measure("text_length").value.value, 0);
  TextFixture empty(words(reference), words({"", "", ""}));
  EXPECT_EQ(empty.measure("text_characters").not_computable, "all current texts are empty");
  EXPECT_EQ(empty.measure("text_vocabulary").not_computable, "no current text has a word");
  TextFixture digits(words(reference), Column::of_integers("x", Type::integer, {12345, 678}));
  EXPECT_EQ(digits.measure("text_vocabulary").current->value, 1);
}

}  // namespace
}  // namespace leeway::drift
