#pragma once
// Two columns as the drift checks meet them: rows against a prepared reference, or one profile against another.

#include <memory>

#include "checks/drift/registry.h"
#include "expect_relative.h"

namespace leeway::drift {

using Values = std::vector<double>;

inline Column numbers(Values values) { return Column::of_reals("x", std::move(values)); }
inline Column words(const std::vector<std::string>& values) { return Column::of_text("x", values); }

/// A column of words and how often each occurs, in that order.
inline Column repeated(const std::vector<std::pair<std::string, int>>& counts) {
  std::vector<std::string> values;
  for (const auto& [word, count] : counts) values.insert(values.end(), count, word);
  return words(values);
}

/// Owns everything that a comparison of numeric rows refers to.
class RowsFixture {
 public:
  RowsFixture(const Column& reference, Column current)
      : type_(reference.type()),
        reference_(*NumericReference::prepare(reference)),
        current_(std::move(current)),
        input_(DriftInput::rows(reference_, type_, current_, scratch_)) {}
  RowsFixture(Values reference, Values current)
      : RowsFixture(numbers(std::move(reference)), numbers(std::move(current))) {}

  DriftInput& input() { return input_; }
  const NumericReference& reference() const { return reference_; }
  Measurement measure(std::string_view method, const DriftOptions& options = {.p_value = true}) {
    return drift::measure(*find(method), input_, options);
  }

 private:
  Type type_;
  NumericReference reference_;
  Column current_;
  ScanScratch scratch_;
  DriftInput input_;
};

/// The same two columns as profiles over bins made from the reference.
class ProfilesFixture {
 public:
  ProfilesFixture(const Column& reference, const Column& current, int bins = 256)
      : exact_(*NumericReference::prepare(reference)),
        map_(std::make_shared<const BinMap>(BinMap::from_reference(exact_, {.bins = bins, .edges = {}}))),
        reference_(map_),
        current_(map_),
        reference_moments_(exact_.moments()),
        current_moments_(exact_.moments().centre(), exact_.moments().unit()),
        reference_rows_(reference),
        current_rows_(current),
        input_(make(reference, current)) {}

  DriftInput& input() { return input_; }
  Measurement measure(std::string_view method) { return drift::measure(*find(method), input_); }

 private:
  DriftInput make(const Column& reference, const Column& current) {
    reference_.update(reference);
    current_.update(current);
    ScanScratch scratch;
    current_moments_ = NumericScan(exact_, current, scratch).moments();
    return DriftInput::profiles({&reference_, &reference_moments_, &current_, &current_moments_}, reference_rows_,
                                current_rows_);
  }

  NumericReference exact_;
  std::shared_ptr<const BinMap> map_;
  BinnedCounts reference_, current_;
  Moments reference_moments_, current_moments_;
  RowCounts reference_rows_, current_rows_;
  DriftInput input_;
};

class CategoriesFixture {
 public:
  CategoriesFixture(const Column& reference, const Column& current)
      : rows_(reference), summary_(CategoryDictionary::from_reference(reference)), input_(make(reference, current)) {}

  DriftInput& input() { return input_; }
  Measurement measure(std::string_view method, const DriftOptions& options = {.p_value = true}) {
    return drift::measure(*find(method), input_, options);
  }

 private:
  DriftInput make(const Column& reference, const Column& current) {
    summary_.update(reference);
    return DriftInput::category_rows(summary_, rows_, reference.type(), current);
  }
  RowCounts rows_;
  CategorySummary summary_;
  DriftInput input_;
};

class TextFixture {
 public:
  TextFixture(const Column& reference, const Column& current)
      : rows_(reference), summary_(TextVocabulary::from_reference(reference)), input_(make(reference, current)) {}
  DriftInput& input() { return input_; }
  Measurement measure(std::string_view method) { return drift::measure(*find(method), input_, {.p_value = true}); }

 private:
  DriftInput make(const Column& reference, const Column& current) {
    summary_.update(reference);
    return DriftInput::text_rows(summary_, rows_, current);
  }
  RowCounts rows_;
  TextSummary summary_;
  DriftInput input_;
};

}  // namespace leeway::drift
