#include "checks/performance/outcome_rows.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "columns/conform.h"

namespace leeway::performance {
namespace {

/// What became of a row, or of its label.
enum class Use : uint8_t { used, missing, nan, plus_infinity, minus_infinity, type_error };

Use use_of(double value) {
  if (std::isnan(value)) return Use::nan;
  if (std::isinf(value)) return value > 0 ? Use::plus_infinity : Use::minus_infinity;
  return Use::used;
}

InputCounts count(const std::vector<Use>& uses) {
  std::array<int64_t, 6> of{};
  for (const Use use : uses) ++of[static_cast<size_t>(use)];
  return {static_cast<int64_t>(uses.size()), of[0], of[1], of[2], of[3], of[4], of[5], 0};
}

/// Of the usable rows, those with a usable label.
InputCounts count_labelled(std::vector<Use> rows, const std::vector<Use>& labels) {
  for (size_t i = 0; i < rows.size(); ++i)
    if (rows[i] == Use::used) rows[i] = labels[i];
  return count(rows);
}

/// A column read as numbers, which text may hold too.
class Numbers {
 public:
  explicit Numbers(const Column& column) : raw_(column), read_(conform(column, Type::real)) {}

  double operator[](size_t row) const { return values().number(row); }
  Use use(size_t row) const {
    if (!raw_.is_valid(row)) return Use::missing;
    return values().is_valid(row) ? use_of(values().number(row)) : Use::type_error;
  }
  /// Marks the rows without a finite number, unless they are marked already.
  void mark(std::vector<Use>& uses) const {
    for (size_t i = 0; i < uses.size(); ++i)
      if (uses[i] == Use::used) uses[i] = use(i);
  }
  std::vector<double> kept(const std::vector<Use>& uses) const {
    std::vector<double> out;
    out.reserve(uses.size());
    for (size_t i = 0; i < uses.size(); ++i)
      if (uses[i] == Use::used) out.push_back((*this)[i]);
    return out;
  }

 private:
  const Column& values() const { return read_ ? read_->column : raw_; }

  const Column& raw_;
  std::optional<Conformed> read_;
};

/// "1" and "1.0" are one class, and so are "true" and 1: label and prediction may be stored in different types.
std::optional<double> number_of_class(std::string_view name) {
  if (const auto number = parse_double(name)) return number;
  const std::string word = lower_ascii(name);
  if (word == "true") return 1;
  if (word == "false") return 0;
  return std::nullopt;
}

/// From a value, text or number, to the index of its class.
class ClassIndex {
 public:
  explicit ClassIndex(std::span<const std::string> names) {
    for (uint32_t i = 0; i < names.size(); ++i) {
      by_text_.emplace(names[i], i);
      if (const auto number = number_of_class(names[i])) by_number_.emplace_back(*number, i);
    }
    std::ranges::stable_sort(by_number_, {}, &std::pair<double, uint32_t>::first);
  }

  uint32_t of(double value) const {
    const auto at = std::ranges::lower_bound(by_number_, value, {}, &std::pair<double, uint32_t>::first);
    return at != by_number_.end() && at->first == value ? at->second : unknown_class;
  }
  uint32_t of(const std::string& value) const {
    if (const auto at = by_text_.find(value); at != by_text_.end()) return at->second;
    const auto number = number_of_class(value);
    return number ? of(*number) : unknown_class;
  }

 private:
  std::unordered_map<std::string, uint32_t> by_text_;
  std::vector<std::pair<double, uint32_t>> by_number_;
};

/// The class of each row; where it has none `uses` says why (if nothing did before).
std::vector<uint32_t> classes_of(const Column& column, const ClassIndex& index, std::vector<Use>& uses) {
  std::vector<uint32_t> of_code;
  for (const std::string& value : column.dictionary()) of_code.push_back(index.of(value));
  std::vector<uint32_t> classes(uses.size(), unknown_class);
  for (size_t i = 0; i < uses.size(); ++i) {
    Use use = Use::used;
    if (!column.is_valid(i)) use = Use::missing;
    else if (column.type() == Type::text) classes[i] = of_code[column.codes()[i]];
    else if (column.type() != Type::real) classes[i] = index.of(static_cast<double>(column.integers()[i]));
    else if (use = use_of(column.reals()[i]); use == Use::used) classes[i] = index.of(column.reals()[i]);
    if (use == Use::used && classes[i] == unknown_class) use = Use::type_error;
    if (uses[i] == Use::used) uses[i] = use;
  }
  return classes;
}

/// Rows of all columns, which must agree.
Result<size_t> common_size(const OutcomeColumns& columns) {
  std::vector<const Column*> all = columns.class_scores;
  for (const Column* column : {columns.score, columns.prediction, columns.label}) all.push_back(column);
  std::erase(all, nullptr);
  for (const Column* column : all)
    if (column->size() != all.front()->size())
      return fail(Code::invalid_argument, fmt::format("columns '{}' and '{}' have different lengths",
                                                      all.front()->name(), column->name()));
  return all.empty() ? 0 : all.front()->size();
}

/// The rows in use of an array that has one entry for every row.
template <class To, class From>
std::vector<To> kept(const std::vector<From>& values, const std::vector<Use>& uses) {
  std::vector<To> out;
  out.reserve(values.size());
  for (size_t i = 0; i < values.size(); ++i)
    if (uses[i] == Use::used) out.push_back(static_cast<To>(values[i]));
  return out;
}

bool names_positive(std::string_view name) {
  constexpr std::array<std::string_view, 12> words{"1",    "true",     "yes", "y",   "t",       "positive",
                                                   "pos", "bad", "default",  "fraud", "churn", "event"};
  return std::ranges::find(words, lower_ascii(trim(name))) != words.end();
}

}  // namespace

Result<std::vector<std::string>> class_names(const Column& column, size_t limit) {
  const auto too_many = [&] {
    return fail(Code::invalid_argument,
                fmt::format("column '{}' has more than {} distinct values", column.name(), limit),
                "Set the task to regression, or name another column as the label.");
  };
  std::set<double> values;
  std::set<std::string> texts;
  std::vector<bool> seen(column.dictionary().size());
  for (size_t i = 0; i < column.size(); ++i) {
    if (!column.is_valid(i)) continue;
    if (column.type() == Type::text) seen[column.codes()[i]] = true;
    else if (column.type() == Type::boolean || column.type() == Type::time) texts.insert(column.text(i));
    else if (const double value = column.number(i); std::isfinite(value)) values.insert(value);
    if (values.size() + texts.size() > limit) return too_many();
  }
  for (size_t code = 0; code < seen.size(); ++code)
    if (seen[code]) texts.insert(column.dictionary()[code]);
  std::vector<std::string> names;
  for (const double value : values) names.push_back(exact_number(value));
  names.insert(names.end(), texts.begin(), texts.end());
  std::ranges::stable_sort(names, [](const std::string& a, const std::string& b) {
    const auto x = parse_double(a), y = parse_double(b);
    return x && y ? *x < *y : x.has_value() > y.has_value();
  });
  if (names.size() > limit) return too_many();
  return names;
}

Result<BinaryClasses> binary_classes(std::span<const std::string> names, std::string_view positive) {
  const std::string remedy = "Name the positive class, for example: --set columns.label.positive=1.";
  if (names.size() > 2) {
    const size_t shown = std::min<size_t>(names.size(), 5);
    return fail(Code::invalid_argument,
                fmt::format("the label has {} values ({}{}), a binary task has two", names.size(),
                            join_words(names.first(shown), ","), shown < names.size() ? ", …" : ""),
                "Set the task to multiclass, or name another column as the label.");
  }
  if (names.empty()) return fail(Code::invalid_argument, "the label has no values", remedy);
  const auto pick = [&](size_t index) {
    return BinaryClasses{names.size() == 2 ? names[1 - index] : std::string(), names[index]};
  };
  if (!positive.empty()) {
    if (const uint32_t index = ClassIndex(names).of(std::string(positive)); index != unknown_class) return pick(index);
    if (names.size() == 1) return BinaryClasses{names[0], std::string(positive)};
    return fail(Code::invalid_argument,
                fmt::format("the positive class '{}' is not among the label's values {}", positive,
                            join_words(names, "and")), remedy);
  }
  if (names.size() == 1) return names_positive(names[0]) ? pick(0) : BinaryClasses{names[0], {}};
  if (parse_double(names[0]) && parse_double(names[1])) return pick(*parse_double(names[1]) > *parse_double(names[0]));
  if (names_positive(names[0]) != names_positive(names[1])) return pick(names_positive(names[1]));
  return fail(Code::invalid_argument,
              fmt::format("which of the label's values {} is the positive one cannot be told", join_words(names)),
              remedy);
}

Result<BinaryRows> binary_rows(const OutcomeColumns& columns, const BinaryClasses& classes) {
  if (!columns.score && !columns.prediction)
    return fail(Code::invalid_argument, "a binary task needs a score or a predicted class", "Name one of the two.");
  LEEWAY_TRY(const size_t size, common_size(columns));
  const std::array<std::string, 2> names{classes.negative, classes.positive};
  const ClassIndex index(names);
  std::vector<Use> uses(size, Use::used), label_uses(size, columns.label ? Use::used : Use::missing);
  std::vector<uint32_t> decisions, labels(size, unknown_class);
  std::optional<Numbers> scores;
  if (columns.score) scores.emplace(*columns.score).mark(uses);
  if (columns.prediction) decisions = classes_of(*columns.prediction, index, uses);
  if (columns.label) labels = classes_of(*columns.label, index, label_uses);

  BinaryRows rows;
  for (size_t i = 0; i < size; ++i)
    if (label_uses[i] != Use::used) labels[i] = unknown_label;
  if (scores) rows.scores = scores->kept(uses);
  rows.decisions = kept<uint8_t>(decisions, uses);
  rows.labels = kept<uint8_t>(labels, uses);
  rows.usable = count(uses);
  if (rows.usable.used < rows.usable.rows)
    for (uint32_t i = 0; i < size; ++i)
      if (uses[i] == Use::used) rows.positions.push_back(i);
  rows.labelled = count_labelled(std::move(uses), label_uses);
  return rows;
}

Result<MulticlassRows> multiclass_rows(const OutcomeColumns& columns, std::vector<std::string> classes) {
  const size_t k = classes.size();
  if (k < 2) return fail(Code::invalid_argument, "a multiclass task needs at least two classes");
  if (!columns.class_scores.empty() && columns.class_scores.size() != k)
    return fail(Code::invalid_argument, fmt::format("there are {} score columns for {} classes",
                                                    columns.class_scores.size(), k));
  if (!columns.prediction && columns.class_scores.empty())
    return fail(Code::invalid_argument, "a multiclass task needs the predicted class or one score column per class",
                "Name them.");
  LEEWAY_TRY(const size_t size, common_size(columns));
  const ClassIndex index(classes);
  std::vector<Use> uses(size, Use::used), label_uses(size, columns.label ? Use::used : Use::missing);
  std::vector<uint32_t> predictions, labels(size, unknown_class);
  std::vector<Numbers> scores;
  for (const Column* score : columns.class_scores) scores.emplace_back(*score).mark(uses);
  if (columns.prediction) predictions = classes_of(*columns.prediction, index, uses);
  if (columns.label) labels = classes_of(*columns.label, index, label_uses);

  MulticlassRows rows;
  for (size_t i = 0; i < size; ++i)
    if (label_uses[i] != Use::used) labels[i] = unknown_class;
  rows.labels = kept<uint32_t>(labels, uses);
  rows.predictions = kept<uint32_t>(predictions, uses);
  rows.scores.resize(columns.class_scores.size() * rows.size());
  for (size_t c = 0; c < scores.size(); ++c) {
    const std::vector<double> of_class = scores[c].kept(uses);
    for (size_t i = 0; i < of_class.size(); ++i) rows.scores[i * k + c] = of_class[i];
  }
  if (!columns.prediction)
    for (size_t i = 0; i < rows.size(); ++i) {
      const auto of_row = std::span(rows.scores).subspan(i * k, k);
      rows.predictions.push_back(static_cast<uint32_t>(std::ranges::max_element(of_row) - of_row.begin()));
    }
  rows.classes = std::move(classes);
  rows.usable = count(uses);
  rows.labelled = count_labelled(std::move(uses), label_uses);
  return rows;
}

Result<RegressionRows> regression_rows(const OutcomeColumns& columns) {
  const Column* prediction = columns.prediction ? columns.prediction : columns.score;
  if (!prediction) return fail(Code::invalid_argument, "a regression needs the column of predicted values", "Name it.");
  LEEWAY_TRY(const size_t size, common_size(columns));
  std::vector<Use> uses(size, Use::used), label_uses(size, columns.label ? Use::used : Use::missing);
  std::vector<double> labels(size, undefined);
  const Numbers predictions(*prediction);
  predictions.mark(uses);
  std::optional<Numbers> known;
  if (columns.label) known.emplace(*columns.label).mark(label_uses);

  RegressionRows rows;
  for (size_t i = 0; i < size; ++i)
    if (label_uses[i] == Use::used) labels[i] = (*known)[i];
  rows.predictions = predictions.kept(uses);
  rows.labels = kept<double>(labels, uses);
  rows.usable = count(uses);
  rows.labelled = count_labelled(std::move(uses), label_uses);
  return rows;
}

std::string caveat_of_unknown_labels(const InputCounts& usable, const InputCounts& labelled) {
  if (usable.used == 0 || labelled.used * 10 >= usable.used * 9) return {};
  const double share = static_cast<double>(labelled.used) / static_cast<double>(usable.used);
  return fmt::format("from the {} of rows whose label counts", percent(share));
}

}  // namespace leeway::performance
