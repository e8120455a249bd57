#pragma once
// A measurement's numbers as text, the same in sentences, on the terminal and on the page; and what it is about, in
// words. Nothing here is escaped but the names inside `matter`. Pure functions, thread safe.

#include <string>
#include <string_view>
#include <vector>

#include "checks/measurement.h"

namespace leeway {

/// How a number of one method is written. `change` shows a sign and, for shares, percentage points.
enum class Form { level, change };

/// One number of that unit: "12.3 %", "1,240", "0.0313", "+4.3 pp".
std::string number_text(double value, std::string_view unit, Form form = Form::level);

/// An estimate with as many decimals as its interval supports: value "0.213", bounds "0.189 to 0.237". `bounds` is
/// "at least 0.189" or "at most 0.237" where only one exists and empty where none does.
struct EstimateText {
  std::string value, bounds;
};
EstimateText estimate_text(const Estimate& estimate, std::string_view unit, Form form = Form::level);
/// The same with a given number of decimals, for columns of numbers on one scale.
EstimateText estimate_text(const Estimate& estimate, std::string_view unit, Form form, int decimals);

/// A measurement's value with the levels of both sides, all with the same number of decimals.
struct LevelTexts {
  EstimateText reference, current, value;
};
LevelTexts level_texts(const Measurement& measurement);

/// Is the measurement's value a change between two levels, which stand beside it?
bool is_change(const Measurement& measurement);
Form value_form(const Measurement& measurement);

/// A method's title in the middle of a sentence: "log loss", but "ROC AUC".
std::string mid_sentence(std::string_view title);
/// A title without the explanation in brackets after it: "PSI", "Recall".
std::string short_title(const MethodInfo& method);

/// What was measured, as it stands in the middle of a sentence, for one or several subjects of one method: "missing
/// share of income and age", "adverse-impact ratio for sex", "log loss".
std::string matter(const MethodInfo& method, const std::vector<std::string>& subjects);
std::string matter(const Measurement& measurement);
/// What happened to a column, where that is no movement of a number: "is missing", "is new"; else empty.
std::string_view event(const MethodInfo& method);

/// `rows` upwards to two digits: no more is known of how many rows a decision takes.
int64_t rounded_up(int64_t rows);

/// "income", "sex = female", "sex = female of approved", "the table".
std::string subject_text(const Subject& subject);

}  // namespace leeway
