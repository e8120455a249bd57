#pragma once
// Small data sets for the profile tests, made of fixed numbers so that their bytes never change.

#include "base/random.h"
#include "profiles/profile.h"

namespace leeway {

struct SampleData {
  std::vector<Column> columns;
  ProfileSpec spec;

  ColumnReader reader() const {
    return [this](size_t index) -> Result<Column> { return columns[index]; };
  }
  Result<Profile> profile(const Profile* reference = nullptr) const { return Profile::build(spec, reader(), reference); }
};

/// Scored credit applications: every treatment, missing rows, an atom, infinities, a score table by sex.
inline SampleData credit_sample(size_t rows, uint64_t seed, double shift = 0) {
  Random random(seed);
  std::vector<double> income, balance, score;
  std::vector<int64_t> age, id, label, when;
  std::vector<std::string> purpose, sex, note;
  Validity income_valid(rows), label_valid(rows);
  static const char* purposes[] = {"car", "house", "study", "other"};
  static const char* notes[] = {"paid in full", "called twice, no answer", "", "ok"};
  for (size_t r = 0; r < rows; ++r) {
    income.push_back(std::round(1000 * (30 + shift + 8 * random.normal())) / 100);
    balance.push_back(random.chance(0.6) ? 0 : random.chance(0.01) ? std::numeric_limits<double>::infinity() : 1e9 + random.normal());
    income_valid.set(r, !random.chance(0.05));
    age.push_back(static_cast<int64_t>(18 + random.below(60)));
    id.push_back(static_cast<int64_t>((uint64_t{1} << 60) + r));
    purpose.push_back(purposes[random.below(4)]);
    sex.push_back(random.chance(0.5) ? "female" : "male");
    note.push_back(notes[random.below(4)]);
    score.push_back(random.uniform());
    label.push_back(random.chance(score.back()) ? 1 : 0);
    label_valid.set(r, !random.chance(0.2));
    when.push_back(1'700'000'000'000'000'000 + static_cast<int64_t>(r) * 60'000'000'000);
  }
  SampleData data;
  data.columns = {Column::of_reals("income", income, income_valid),
                  Column::of_reals("balance", balance),
                  Column::of_integers("age", Type::integer, age),
                  Column::of_integers("id", Type::integer, id),
                  Column::of_text("purpose", purpose),
                  Column::of_text("sex", sex),
                  Column::of_text("note", note),
                  Column::of_reals("score", score),
                  Column::of_integers("default", Type::boolean, label, label_valid),
                  Column::of_integers("scored_at", Type::time, when)};
  static constexpr Treatment treatments[] = {Treatment::numeric, Treatment::numeric, Treatment::numeric,  Treatment::counted, Treatment::category,
                                             Treatment::category, Treatment::text,   Treatment::numeric, Treatment::category, Treatment::time};
  static constexpr const char* roles[] = {"feature", "feature", "feature", "id", "feature", "group", "feature", "score", "label", "time"};
  for (size_t i = 0; i < data.columns.size(); ++i) {
    ProfileSpec::ColumnSpec column;
    column.index = i;
    column.field = {data.columns[i].name(), data.columns[i].type(), "SAMPLE", false};
    column.role = roles[i];
    column.treatment = treatments[i];
    column.keep_rows = column.role == "score" || column.role == "label" || column.role == "group";
    data.spec.columns.push_back(column);
  }
  data.spec.source = fmt::format("credit-{}.csv", seed);
  data.spec.fingerprint = fmt::format("{:016x}", seed);
  data.spec.rows = static_cast<int64_t>(rows);
  data.spec.score = ProfileSpec::ScoreSpec{7, 8, "true", {0.3282}, {5}, true};
  return data;
}

/// The same with its three numbers in the sums over columns together.
inline SampleData joint_credit_sample(size_t rows, uint64_t seed, double shift = 0) {
  SampleData data = credit_sample(rows, seed, shift);
  for (size_t i = 0; i < 3; ++i) data.spec.columns[i].joint = true;
  return data;
}

}  // namespace leeway
