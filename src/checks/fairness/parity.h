#pragma once
// From a number per group to the measurements of fairness.h: the parts that all metrics share.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "checks/fairness/comparison.h"
#include "checks/fairness/fairness.h"
#include "checks/fairness/grouped.h"

namespace leeway::fairness {

/// The groups of one side that have enough data, and the number measured in each. `missing` says why there is none at
/// all, if so.
template <class Number>
struct SideNumbers {
  std::vector<size_t> groups;  ///< Ascending indices into GroupedData::groups.
  std::vector<Number> numbers;
  std::string missing;
};

/// Groups with at least min_rows rows and min_cases cases. `missing` is set where decisions or outcomes are not there,
/// or more than max_groups groups are.
SideNumbers<Fraction> rates_of(const GroupSide& side, Rate rate, const FairnessOptions& options);

/// The parts of `a` and `b` that both have.
std::vector<size_t> common_groups(std::span<const size_t> a, std::span<const size_t> b);
template <class Number>
std::vector<Number> numbers_of(const SideNumbers<Number>& side, std::span<const size_t> groups) {
  std::vector<Number> out;
  for (size_t i = 0, j = 0; i < side.groups.size() && j < groups.size(); ++i)
    if (side.groups[i] == groups[j]) {
      out.push_back(side.numbers[i]);
      ++j;
    }
  return out;
}

/// What a row must have to be used.
enum class Needs { decision, decision_and_outcome, score_and_outcome };

/// A measurement about one attribute with its rows counted.
Measurement blank(const MethodInfo& info, const GroupedData& data, Needs needs);

/// What is said of hidden groups: details `groups`, `groups_hidden`, `rows_hidden`.
void add_support(Measurement& measurement, const GroupedData& data, std::span<const size_t> shown);
void add_null(Measurement& measurement, const NullGap& null);
/// Details change ± critical · se.
void add_change(Measurement& measurement, double change, double se, double critical);

/// `reference` and the change of the pair `worst`, from what the reference has for the same pairs (groups by their
/// index in GroupedData::groups). Nothing if `then` is empty.
void add_pair_reference(Measurement& measurement, const PairDifference& worst, std::span<const PairDifference> then,
                        double critical);

/// Sets `value` and `current`.
void set_value(Measurement& measurement, const Estimate& value);

/// Why a metric over fewer than two groups, or over more than max_groups, is not computed.
std::string too_few_groups(const FairnessOptions& options);
std::string too_many_groups(const FairnessOptions& options);

/// "50 % (30 of 60)"
std::string in_words(const Fraction& number);
/// "female 50 % (30 of 60)", "female 0.12"
std::string in_words(const std::string& group, const Fraction& number);
std::string in_words(const std::string& group, const Estimated& number);
std::string in_words(const std::string& group, const MeanRate& number);

/// The stream of one measurement, whatever else is measured.
Random stream_for(const FairnessOptions& options, const MethodInfo& info, std::string_view column);

enum class Against { chosen, highest };  ///< Which group the pairs are formed with.

struct ParityMethod {
  const MethodInfo* info;
  Contrast contrast;
  Needs needs;
  Against against = Against::chosen;
};

/// The measurement of parity and the pairs, for Number = Fraction or MeanRate (permutation null) or Estimated (normal
/// null); bounds as by worst_pair(). `reference` may be null.
template <class Number>
void measure_parity(const GroupedData& data, const ParityMethod& method, const SideNumbers<Number>& current,
                    const SideNumbers<Number>* reference, const FairnessOptions& options, FairnessMeasurements& out);

/// measure_parity of what `numbers_of_side` finds on each side.
template <class NumbersOfSide>
void measure_both_sides(const GroupedData& data, const ParityMethod& method, NumbersOfSide numbers_of_side,
                        const FairnessOptions& options, FairnessMeasurements& out) {
  const auto current = numbers_of_side(data.current);
  if (!data.reference) return measure_parity(data, method, current, decltype(&current){nullptr}, options, out);
  const auto reference = numbers_of_side(*data.reference);
  measure_parity(data, method, current, &reference, options, out);
}

/// measure_parity of one rate.
void measure_rate_parity(const GroupedData& data, const ParityMethod& method, Rate rate, const FairnessOptions& options,
                         FairnessMeasurements& out);

}  // namespace leeway::fairness
