#pragma once
// How the law suite makes rows for each registered summary. A summary without a specialisation does not compile there.
//
//   using Row                        one row, a value type
//   Row random_row(Random&)          awkward on purpose
//   S empty()                        the identity; always of the same layout
//   S other_layout()                 (optional) a summary that must refuse to merge
//   void add(S&, vector<Row>)        one update
//   Result<S> read(ByteReader&)
//   string essence(S)                (optional) what the laws compare; the bytes, unless a part depends on batching

#include "base/random.h"
#include "summaries/bytes.h"
#include "summaries/numeric_reference.h"
#include "summaries/registry.h"

namespace leeway {

template <class S>
struct Example;

inline double awkward_number(Random& random) {
  static constexpr double special[] = {0.0, -0.0, 5e-324, 1e308, -1e308, 1e-310, 3, 3, 3, -7, 1e12, 1e9 + 0.25, 1e-9};
  switch (random.below(4)) {
    case 0: return special[random.below(std::size(special))];
    case 1: return static_cast<double>(random.below(20));
    case 2: return std::ldexp(random.uniform() - 0.5, static_cast<int>(random.below(60)) - 20);
    default: return random.normal();
  }
}

/// A reference of ordinary numbers, with an atom at 3.
inline const NumericReference& example_reference() {
  static const NumericReference reference = [] {
    Random random(42);
    std::vector<double> values;
    for (int i = 0; i < 2000; ++i) values.push_back(i % 5 == 0 ? 3 : random.normal(1, 2));
    return *NumericReference::prepare(values);
  }();
  return reference;
}
inline std::shared_ptr<const BinMap> example_bins() {
  static const auto bins = std::make_shared<const BinMap>(BinMap::from_reference(example_reference()));
  return bins;
}
inline std::shared_ptr<const BinMap> other_bins() {
  return std::make_shared<const BinMap>(*BinMap::from_edges({0, 1}, {}, 0, 1));
}

/// Summaries of plain finite numbers.
template <class S>
struct NumbersExample {
  using Row = double;
  static Row random_row(Random& random) { return awkward_number(random); }
  static void add(S& summary, const std::vector<Row>& rows) { summary.update(std::span<const double>(rows)); }
};

/// Summaries of text columns, with missing rows.
template <class S>
struct TextsExample {
  using Row = std::optional<std::string>;
  static void add(S& summary, const std::vector<Row>& rows) {
    Validity valid(rows.size());
    std::vector<std::string> values;
    for (size_t i = 0; i < rows.size(); ++i) {
      valid.set(i, rows[i].has_value());
      values.push_back(rows[i].value_or(""));
    }
    summary.update(Column::of_text("text", values, valid));
  }
};

template <>
struct Example<RowCounts> {
  using Row = std::optional<double>;
  static Row random_row(Random& random) {
    static const double special[] = {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(),
                                     -std::numeric_limits<double>::infinity()};
    if (random.chance(0.1)) return std::nullopt;
    return random.chance(0.2) ? special[random.below(3)] : awkward_number(random);
  }
  static RowCounts empty() { return {}; }
  static void add(RowCounts& summary, const std::vector<Row>& rows) {
    Validity valid(rows.size());
    std::vector<double> values;
    for (size_t i = 0; i < rows.size(); ++i) {
      valid.set(i, rows[i].has_value());
      values.push_back(rows[i].value_or(1));
    }
    summary.merge(RowCounts(Column::of_reals("x", values, valid)));
  }
  static Result<RowCounts> read(ByteReader& in) { return RowCounts::read(in); }
};

template <>
struct Example<Moments> : NumbersExample<Moments> {
  static Moments empty() { return Moments(1.25, 2); }
  static Moments other_layout() { return Moments(0, 1); }
  static Result<Moments> read(ByteReader& in) { return Moments::read(in); }
};

template <>
struct Example<BinnedCounts> : NumbersExample<BinnedCounts> {
  static BinnedCounts empty() { return BinnedCounts(example_bins()); }
  static BinnedCounts other_layout() { return BinnedCounts(other_bins()); }
  static Result<BinnedCounts> read(ByteReader& in) { return BinnedCounts::read(in, example_bins()); }
};

template <>
struct Example<LogHistogram> : NumbersExample<LogHistogram> {
  static LogHistogram empty() { return LogHistogram(3, 2); }
  static LogHistogram other_layout() { return LogHistogram(0, 1); }
  static Result<LogHistogram> read(ByteReader& in) { return LogHistogram::read(in); }
};

template <>
struct Example<CategorySummary> : TextsExample<CategorySummary> {
  static std::shared_ptr<const CategoryDictionary> dictionary() {
    static const auto made = CategoryDictionary::from_reference(Column::of_text("c", {"red", "red", "green", "blue", ""}));
    return made;
  }
  static Row random_row(Random& random) {
    static const char* values[] = {"red", "green", "blue", "", "violet", "RED", "\xff\x01", "naïve", "orange"};
    if (random.chance(0.1)) return std::nullopt;
    return values[random.below(std::size(values))];
  }
  static CategorySummary empty() { return CategorySummary(dictionary()); }
  static CategorySummary other_layout() {
    return CategorySummary(CategoryDictionary::from_reference(Column::of_text("c", {"x"})));
  }
  static Result<CategorySummary> read(ByteReader& in) { return CategorySummary::read(in, dictionary()); }
};

template <>
struct Example<TextSummary> : TextsExample<TextSummary> {
  static std::shared_ptr<const TextVocabulary> vocabulary() {
    static const auto made = TextVocabulary::from_reference(Column::of_text("t", {"the cat sat", "A cat!", "on the mat 7"}));
    return made;
  }
  static Row random_row(Random& random) {
    static const char* pieces[] = {"the", "Cat", " ", "MAT", "-7.5", "größe", "\t", "\x01", "\xf0\x9f\x98\x80", "", "zebra"};
    if (random.chance(0.1)) return std::nullopt;
    std::string text;
    for (uint64_t left = random.below(6); left > 0; --left) text += pieces[random.below(std::size(pieces))];
    return text;
  }
  static TextSummary empty() { return TextSummary(vocabulary()); }
  static TextSummary other_layout() { return TextSummary(TextVocabulary::from_reference(Column::of_text("t", {"other"}))); }
  static Result<TextSummary> read(ByteReader& in) { return TextSummary::read(in, vocabulary()); }
};

template <>
struct Example<TimeSummary> {
  using Row = std::optional<int64_t>;
  static Row random_row(Random& random) {
    static constexpr int64_t special[] = {INT64_MIN, INT64_MAX, 0, -1, 1'700'000'000'000'000'000};
    if (random.chance(0.1)) return std::nullopt;
    if (random.chance(0.01)) return special[random.below(5)];
    return static_cast<int64_t>(random.below(40'000'000)) * 1'000'000'000 - 5'000'000'000'000'000;
  }
  static TimeSummary empty() { return {}; }
  static void add(TimeSummary& summary, const std::vector<Row>& rows) {
    Validity valid(rows.size());
    std::vector<int64_t> values;
    for (size_t i = 0; i < rows.size(); ++i) {
      valid.set(i, rows[i].has_value());
      values.push_back(rows[i].value_or(0));
    }
    summary.update(Column::of_integers("t", Type::time, values, valid));
  }
  static Result<TimeSummary> read(ByteReader& in) { return TimeSummary::read(in); }
  /// All but out_of_order(), which tells how the rows came.
  static std::string essence(const TimeSummary& summary) {
    if (summary.size() == 0) return "none";
    std::string out = fmt::format("{} {} {} {}", summary.size(), summary.first(), summary.last(), summary.cell_width());
    for (const auto& cell : summary.cells()) out += fmt::format(" {}:{}", cell.start, cell.count);
    return out;
  }
};

template <>
struct Example<ScoreTable> {
  struct Row {
    double score;
    Outcome outcome;
    uint32_t group;
  };
  static std::shared_ptr<const ScoreLayout> layout() {
    static const auto made = std::make_shared<const ScoreLayout>(
        ScoreLayout{std::make_shared<const BinMap>(*BinMap::from_edges({0.1, 0.25, 0.5, 0.75, 0.9}, {}, 0.5, 1)), {"f", "m"}, true});
    return made;
  }
  static Row random_row(Random& random) {
    const double special[] = {0, 1, 0.5, std::nextafter(0.5, 0), 1e-300, -0.25, std::numeric_limits<double>::quiet_NaN()};
    return {random.chance(0.2) ? special[random.below(7)] : random.uniform(), static_cast<Outcome>(random.below(3)),
            static_cast<uint32_t>(random.below(4))};
  }
  static ScoreTable empty() { return ScoreTable(layout()); }
  static ScoreTable other_layout() {
    return ScoreTable(std::make_shared<const ScoreLayout>(ScoreLayout{other_bins(), {}, true}));
  }
  static void add(ScoreTable& table, const std::vector<Row>& rows) {
    std::vector<double> scores;
    std::vector<Outcome> outcomes;
    std::vector<uint32_t> groups;
    for (const Row& row : rows) {
      scores.push_back(row.score);
      outcomes.push_back(row.outcome);
      groups.push_back(row.group);
    }
    table.update(scores, outcomes, groups);
  }
  static Result<ScoreTable> read(ByteReader& in) { return ScoreTable::read(in, layout()); }
};

}  // namespace leeway
