// Raw columns bound to an encoder: the part of encoder.h that serving runs.

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "base/text.h"
#include "columns/conform.h"
#include "models/booster.h"
#include "models/encoder.h"

namespace leeway::models {
namespace {

constexpr float missing = std::numeric_limits<float>::quiet_NaN();
constexpr int64_t hour = int64_t{3600} * 1'000'000'000, day = 24 * hour;

/// A raw column as the encoder expects it.
struct Bound {
  const EncodedColumn* coding = nullptr;
  const Column* column = nullptr;
  std::optional<Column> converted;      // what `column` points to, if the raw one was of another type
  std::vector<float> code_of;           // text: by dictionary entry; NaN: missing, -1: none of the levels
};

float tame(double value) {
  constexpr double most = static_cast<double>(largest_feature);
  return static_cast<float>(std::isnan(value) ? value : std::clamp(value, -most, most));
}

Column as_text(const Column& column) {
  std::vector<std::string> texts(column.size());
  Validity valid(column.size());
  for (size_t r = 0; r < column.size(); ++r) {
    valid.set(r, column.is_valid(r));
    if (column.is_valid(r)) texts[r] = column.text(r);
  }
  return Column::of_text(column.name(), texts, std::move(valid));
}

/// Row `r` of a bound column into its features.
void put_codes(const Bound& bound, size_t r, float* to) {
  const size_t width = bound.coding->width;
  if (!bound.column->is_valid(r)) {
    std::fill(to, to + width, missing);
    return;
  }
  const float code = bound.code_of[bound.column->codes()[r]];
  if (bound.coding->coding == Coding::rank) {
    *to = code < 0 ? missing : code;
    return;
  }
  std::fill(to, to + width, 0.0f);
  if (code >= 0) to[static_cast<size_t>(code)] = 1;
}

void put_clock(const Column& column, size_t r, float* to) {
  if (!column.is_valid(r)) {
    to[0] = to[1] = missing;
    return;
  }
  const int64_t time = column.integers()[r];
  const int64_t days = time >= 0 ? time / day : -((-time + day - 1) / day);
  to[0] = static_cast<float>(static_cast<double>(time - days * day) / static_cast<double>(hour));
  to[1] = static_cast<float>(((days + 3) % 7 + 7) % 7);   // 1970-01-01 was a Thursday
}

double scaled(const EncodedColumn& coding, double value) {
  const double spread = coding.high - coding.low;
  return (value - coding.middle) / (spread > 0 ? spread : 1);
}

void put_seconds(const Bound& bound, size_t r, float* to) {
  constexpr double seconds_of_hour = 3600, hours_of_day = 24;
  const double value = bound.column->number(r), hours = std::fmod(value / seconds_of_hour, hours_of_day);
  to[0] = tame(scaled(*bound.coding, value));
  to[1] = std::isfinite(value) ? static_cast<float>(hours < 0 ? hours + hours_of_day : hours) : missing;
}

void encode_column(const Bound& bound, size_t begin, size_t end, size_t stride, float* to) {
  const Column& column = *bound.column;
  switch (bound.coding->coding) {
    case Coding::number:
    case Coding::boolean:
      if (column.type() == Type::real && column.validity().all()) {
        for (size_t r = begin; r < end; ++r, to += stride) *to = tame(column.reals()[r]);
      } else {
        for (size_t r = begin; r < end; ++r, to += stride) *to = tame(column.number(r));
      }
      return;
    case Coding::scaled:
      for (size_t r = begin; r < end; ++r, to += stride) *to = tame(scaled(*bound.coding, column.number(r)));
      return;
    case Coding::seconds:
      for (size_t r = begin; r < end; ++r, to += stride) put_seconds(bound, r, to);
      return;
    case Coding::clock:
      for (size_t r = begin; r < end; ++r, to += stride) put_clock(column, r, to);
      return;
    case Coding::one_hot:
    case Coding::rank:
      for (size_t r = begin; r < end; ++r, to += stride) put_codes(bound, r, to);
  }
}

void map_codes(Bound& bound, const std::unordered_map<std::string, uint32_t>& codes) {
  for (const std::string& text : bound.column->dictionary()) {
    const auto found = codes.find(text);
    const int64_t code = found != codes.end() ? found->second : bound.coding->pool;
    bound.code_of.push_back(static_cast<float>(code));
  }
}

ColumnReading read_facts(const Bound& bound, const std::unordered_map<std::string, uint32_t>& codes,
                         int64_t type_errors) {
  const Column& column = *bound.column;
  ColumnReading facts{column.name(), static_cast<int64_t>(column.null_count()) - type_errors, type_errors};
  if (column.type() == Type::real)
    for (size_t r = 0; r < column.size(); ++r) {
      const double v = column.reals()[r];
      if (std::isfinite(v) || !column.is_valid(r)) continue;
      ++(std::isnan(v) ? facts.missing : facts.infinite);
    }
  if (column.type() == Type::text) {
    std::vector<bool> seen;
    for (const std::string& text : column.dictionary()) seen.push_back(codes.contains(text));
    if (std::ranges::find(seen, false) != seen.end())
      for (size_t r = 0; r < column.size(); ++r) facts.unseen += column.is_valid(r) && !seen[column.codes()[r]];
  }
  return facts;
}

std::string_view expected(Type type) {
  switch (type) {
    case Type::boolean: return "true or false";
    case Type::time: return "a time";
    case Type::text: return "a text";
    default: return "a number";
  }
}

}  // namespace

struct EncodedBatch::State {
  std::vector<Bound> columns;
  std::vector<ColumnReading> readings;
  std::vector<std::string> extra;
  size_t rows = 0, features = 0;
};

Status Encoder::require(std::span<const std::string> names) const {
  for (const EncodedColumn& column : columns_) {
    if (std::ranges::find(names, column.name) != names.end()) continue;
    const std::string near = did_you_mean(column.name, names);
    return fail(Code::not_found,
                fmt::format("the data have no column '{}', which the model needs", printable(column.name)),
                near.empty() ? "Give the columns that the model was trained on." : std::string(trim(near)));
  }
  return {};
}

Result<EncodedBatch> Encoder::bind(std::span<const Column> raw) const {
  auto state = std::make_shared<EncodedBatch::State>();
  std::unordered_map<std::string_view, const Column*> by_name;
  std::vector<std::string> names;
  for (const Column& column : raw) {
    names.push_back(column.name());
    by_name.emplace(column.name(), &column);
    if (column.size() != raw.front().size()) return fail(Code::invalid_argument, "the columns differ in size");
  }
  LEEWAY_CHECK(require(names));
  state->rows = raw.empty() ? 0 : raw.front().size();
  state->features = features_;
  state->columns.resize(columns_.size());
  for (size_t c = 0; c < columns_.size(); ++c) {
    const EncodedColumn& coding = columns_[c];
    Bound& bound = state->columns[c];
    const auto found = by_name.find(coding.name);
    bound.coding = &coding;
    bound.column = found->second;
    by_name.erase(found);
    int64_t type_errors = 0;
    if (coding.type == Type::text && bound.column->type() != Type::text) {
      bound.converted = as_text(*bound.column);
    } else if (auto conformed = conform(*bound.column, coding.type)) {
      const size_t values = bound.column->size() - bound.column->null_count();
      type_errors = conformed->type_errors;
      if (type_errors > 0 && static_cast<size_t>(type_errors) == values)
        return fail(Code::invalid_argument,
                    fmt::format("column '{}' holds {} values, none of which is {} as the model expects",
                                printable(coding.name), leeway::name(bound.column->type()), expected(coding.type)));
      bound.converted = std::move(conformed->column);
    }
    if (bound.converted) bound.column = &*bound.converted;
    if (coding.type == Type::text) map_codes(bound, codes_[c]);
    const ColumnReading facts = read_facts(bound, codes_[c], type_errors);
    if (facts.missing + facts.type_errors + facts.infinite + facts.unseen > 0) state->readings.push_back(facts);
  }
  for (const Column& column : raw)
    if (by_name.contains(column.name())) state->extra.push_back(column.name());
  return EncodedBatch(std::move(state));
}

size_t EncodedBatch::rows() const { return state_->rows; }
size_t EncodedBatch::features() const { return state_->features; }
const std::vector<ColumnReading>& EncodedBatch::readings() const { return state_->readings; }
const std::vector<std::string>& EncodedBatch::extra() const { return state_->extra; }
const Column& EncodedBatch::column(size_t index) const { return *state_->columns[index].column; }

void EncodedBatch::encode(size_t begin, size_t end, std::span<float> out) const {
  for (const Bound& bound : state_->columns)
    encode_column(bound, begin, end, state_->features, out.data() + bound.coding->first);
}

std::vector<float> EncodedBatch::all() const {
  std::vector<float> values(rows() * features());
  encode(0, rows(), values);
  return values;
}

std::vector<std::string> EncodedBatch::remarks() const {
  std::vector<std::string> out;
  const auto say = [&](const ColumnReading& facts, int64_t count, std::string_view one, std::string_view many) {
    if (count > 0)
      out.push_back(
          fmt::format("column '{}': {} {}", printable(facts.column), grouped(count), count == 1 ? one : many));
  };
  for (const ColumnReading& facts : readings()) {
    say(facts, facts.type_errors, "value is not of the expected type and counts as missing",
        "values are not of the expected type and count as missing");
    say(facts, facts.infinite, "value is infinite and counts as the largest number",
        "values are infinite and count as the largest number");
    say(facts, facts.unseen, "value was not seen in training", "values were not seen in training");
  }
  std::vector<std::string> shown;
  for (const auto& name : extra()) shown.push_back("'" + printable(name) + "'");
  if (shown.size() > 8) {
    const size_t more = shown.size() - 7;
    shown.resize(7);
    shown.push_back(fmt::format("{} more", more));
  }
  if (!shown.empty()) out.push_back(fmt::format("not used by the model: {}", join_words(shown)));
  return out;
}

}  // namespace leeway::models
