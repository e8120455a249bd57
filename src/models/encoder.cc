#include "models/encoder.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <numeric>
#include <set>

#include "base/text.h"
#include "models/document.h"

namespace leeway::models {
namespace {

constexpr std::array<std::string_view, 8> coding_names = {"",     "number", "boolean", "one_hot",
                                                          "rank", "clock",  "scaled",  "seconds"};
constexpr std::array<Type, 5> types = {Type::boolean, Type::integer, Type::real, Type::text, Type::time};
constexpr double prior_rows = 20;        // a level's mean target is shrunk as if so many average rows had been seen
constexpr size_t remembered_rare = 1000;

bool of_quartiles(Coding coding) {
  return coding == Coding::number || coding == Coding::scaled || coding == Coding::seconds;
}
size_t width_of(Coding coding) { return coding == Coding::clock || coding == Coding::seconds ? 2 : 1; }
bool among(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

struct Counted {
  std::string text;
  int64_t rows = 0;
  double target = 0;   // sum
};

/// Distinct values with their rows and target sums, commonest first.
std::vector<Counted> count_levels(const Column& column, std::span<const double> target) {
  std::vector<Counted> levels;
  std::unordered_map<std::string, size_t> place;
  std::vector<size_t> of_code(column.type() == Type::text ? column.dictionary().size() : 0, SIZE_MAX);
  for (size_t r = 0; r < column.size(); ++r) {
    if (!column.is_valid(r)) continue;
    size_t at = column.type() == Type::text ? of_code[column.codes()[r]] : SIZE_MAX;
    if (at == SIZE_MAX) {
      const auto [entry, fresh] = place.try_emplace(column.text(r), levels.size());
      if (fresh) levels.push_back({entry->first});
      at = entry->second;
      if (column.type() == Type::text) of_code[column.codes()[r]] = at;
    }
    ++levels[at].rows;
    if (!target.empty() && std::isfinite(target[r])) levels[at].target += target[r];
  }
  std::ranges::sort(
      levels, [](const Counted& a, const Counted& b) { return a.rows != b.rows ? a.rows > b.rows : a.text < b.text; });
  return levels;
}

double mean_of(std::span<const double> values) {
  double sum = 0, count = 0;
  for (const double v : values)
    if (std::isfinite(v)) sum += v, count += 1;
  return count > 0 ? sum / count : 0;
}

void fit_levels(EncodedColumn& out, const Column& column, std::span<const double> target,
                const EncoderOptions& options) {
  std::vector<Counted> levels = count_levels(column, target);
  if (!levels.empty()) {
    out.usual = levels.front().text;
    out.usual_share =
        static_cast<double>(levels.front().rows) / static_cast<double>(column.size() - column.null_count());
  }
  const auto is_rare = [&](const Counted& level) {
    return level.rows < options.rare_rows && 100 * level.rows < static_cast<int64_t>(column.size());
  };
  const auto rare = static_cast<size_t>(std::ranges::count_if(levels, is_rare));
  const size_t kept = rare >= 2 ? levels.size() - rare : levels.size();   // rare ones stand last
  std::vector<Counted> groups(levels.begin(), levels.begin() + static_cast<std::ptrdiff_t>(kept));
  if (kept < levels.size()) {
    Counted pool;
    for (size_t i = kept; i < levels.size(); ++i) pool.rows += levels[i].rows, pool.target += levels[i].target;
    groups.push_back(pool);
  }
  std::vector<size_t> order(groups.size());
  std::iota(order.begin(), order.end(), size_t{0});
  out.coding = groups.size() <= options.one_hot_levels ? Coding::one_hot : Coding::rank;
  out.width = out.coding == Coding::one_hot ? groups.size() : 1;
  if (out.coding == Coding::rank && !target.empty()) {
    const double overall = mean_of(target);
    const auto mean = [&](size_t i) {
      return (groups[i].target + prior_rows * overall) / (static_cast<double>(groups[i].rows) + prior_rows);
    };
    std::ranges::stable_sort(order, [&](size_t a, size_t b) { return mean(a) < mean(b); });
  }
  std::vector<uint32_t> code(groups.size());
  for (size_t i = 0; i < order.size(); ++i) code[order[i]] = static_cast<uint32_t>(i);
  for (size_t i = 0; i < std::min(levels.size(), kept + remembered_rare); ++i)
    out.levels.push_back({levels[i].text, levels[i].rows, code[std::min(i, kept)]});
  if (kept < levels.size()) out.pool = code[kept];
  std::ranges::stable_sort(out.levels, {}, &Level::code);
}

/// The value that `share` of the (unsorted, finite) values lie below.
double quantile(std::vector<double>& values, double share) {
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1) + 0.5);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

void fit_number(EncodedColumn& out, const Column& column) {
  std::vector<double> values;
  values.reserve(column.size());
  for (size_t r = 0; r < column.size(); ++r)
    if (const double v = column.number(r); std::isfinite(v)) values.push_back(v);
  out.coding = Coding::number;
  out.low = quantile(values, 0.25);
  out.middle = quantile(values, 0.5);
  out.high = quantile(values, 0.75);
}

void fit_boolean(EncodedColumn& out, const Column& column) {
  int64_t yes = 0, known = 0;
  for (size_t r = 0; r < column.size(); ++r)
    if (column.is_valid(r)) ++known, yes += column.integers()[r] != 0;
  out.coding = Coding::boolean;
  if (known == 0) return;
  out.usual = 2 * yes > known ? "true" : "false";
  out.usual_share = static_cast<double>(std::max(yes, known - yes)) / static_cast<double>(known);
}

int64_t missing_rows(const Column& column) {
  auto missing = static_cast<int64_t>(column.null_count());
  if (column.type() == Type::real)
    for (size_t r = 0; r < column.size(); ++r) missing += std::isnan(column.reals()[r]) && column.is_valid(r);
  return missing;
}

EncodedColumn fit_column(const Column& column, std::span<const double> target, const EncoderOptions& options) {
  EncodedColumn out;
  out.name = column.name();
  out.type = column.type();
  out.low = out.middle = out.high = std::numeric_limits<double>::quiet_NaN();
  out.missing_share = static_cast<double>(missing_rows(column)) / static_cast<double>(column.size());
  if (column.type() == Type::text || among(options.categorical, column.name())) {
    out.type = Type::text;
    fit_levels(out, column, target, options);
  } else if (column.type() == Type::boolean) {
    fit_boolean(out, column);
  } else if (column.type() == Type::time) {
    out.coding = Coding::clock;
  } else {
    fit_number(out, column);
    if (among(options.scaled, out.name)) out.coding = Coding::scaled;
    if (among(options.seconds, out.name)) out.coding = Coding::seconds;
  }
  if (out.type != Type::text) out.width = width_of(out.coding);
  return out;
}

void write_column(JsonWriter& json, const EncodedColumn& c) {
  json.begin_object();
  json.member("name", c.name);
  json.member("type", leeway::name(c.type));
  json.member("coding", name(c.coding));
  json.member("missing_share", c.missing_share);
  if (of_quartiles(c.coding)) {
    json.member("low", c.low);
    json.member("middle", c.middle);
    json.member("high", c.high);
  }
  if (!c.usual.empty()) {
    json.member("usual", c.usual);
    json.member("usual_share", c.usual_share);
  }
  if (c.coding == Coding::one_hot || c.coding == Coding::rank) {
    json.member("pool", c.pool);
    json.key("levels");
    json.begin_array();
    for (const Level& level : c.levels) {
      json.begin_object();
      json.member("text", level.text);
      json.member("rows", level.rows);
      json.member("code", static_cast<int64_t>(level.code));
      json.end_object();
    }
    json.end_array();
  }
  json.end_object();
}

template <size_t N>
size_t place_of(const std::array<std::string_view, N>& names, std::string_view text) {
  return static_cast<size_t>(std::ranges::find(names, text) - names.begin());
}

Status read_levels(EncodedColumn& out, const Document& document) {
  LEEWAY_TRY(out.pool, document.integer_at("pool"));
  LEEWAY_TRY(const auto* levels, document.items_at("levels"));
  uint32_t codes = out.pool >= 0 ? static_cast<uint32_t>(out.pool) + 1 : 0;
  for (const Document& level : *levels) {
    Level read;
    LEEWAY_TRY(read.text, level.text_at("text"));
    LEEWAY_TRY(read.rows, level.integer_at("rows"));
    LEEWAY_TRY(const int64_t code, level.integer_at("code"));
    if (code < 0 || code > static_cast<int64_t>(levels->size()))
      return fail(Code::invalid_data, fmt::format("column '{}' has a level out of range", printable(out.name)));
    read.code = static_cast<uint32_t>(code);
    codes = std::max(codes, read.code + 1);
    out.levels.push_back(std::move(read));
  }
  if (out.pool > static_cast<int64_t>(levels->size()))
    return fail(Code::invalid_data, fmt::format("column '{}' has a level out of range", printable(out.name)));
  out.width = out.coding == Coding::one_hot ? codes : 1;
  return {};
}

Result<EncodedColumn> read_column(const Document& document) {
  EncodedColumn out;
  LEEWAY_TRY(out.name, document.text_at("name"));
  LEEWAY_TRY(const std::string type, document.text_at("type"));
  const auto known = std::ranges::find_if(types, [&](Type t) { return leeway::name(t) == type; });
  LEEWAY_TRY(const std::string coding, document.text_at("coding"));
  const size_t place = place_of(coding_names, coding);
  if (known == types.end() || place == 0 || place >= coding_names.size())
    return fail(Code::invalid_data, fmt::format("column '{}' has an unknown type or coding", printable(out.name)));
  out.type = *known;
  out.coding = static_cast<Coding>(place);
  LEEWAY_TRY(out.missing_share, document.number_at("missing_share"));
  out.low = out.middle = out.high = std::numeric_limits<double>::quiet_NaN();
  if (of_quartiles(out.coding)) {
    LEEWAY_TRY(out.low, document.number_at("low"));
    LEEWAY_TRY(out.middle, document.number_at("middle"));
    LEEWAY_TRY(out.high, document.number_at("high"));
  }
  if (document.find("usual") != nullptr) {
    LEEWAY_TRY(out.usual, document.text_at("usual"));
    LEEWAY_TRY(out.usual_share, document.number_at("usual_share"));
  }
  const bool texts = out.coding == Coding::one_hot || out.coding == Coding::rank;
  const bool fits = texts ? out.type == Type::text
                    : out.coding == Coding::clock ? out.type == Type::time
                    : out.coding == Coding::boolean ? out.type == Type::boolean : is_numeric(out.type);
  if (!fits)
    return fail(Code::invalid_data,
                fmt::format("column '{}' has a coding that is not for its type", printable(out.name)));
  if (!texts) out.width = width_of(out.coding);
  if (texts) LEEWAY_CHECK(read_levels(out, document));
  return out;
}

}  // namespace

std::string_view name(Coding coding) { return coding_names[static_cast<size_t>(coding)]; }

void Encoder::index() {
  features_ = 0;
  owner_.clear();
  codes_.clear();
  for (size_t c = 0; c < columns_.size(); ++c) {
    columns_[c].first = features_;
    features_ += columns_[c].width;
    owner_.insert(owner_.end(), columns_[c].width, c);
    auto& codes = codes_.emplace_back();
    for (const Level& level : columns_[c].levels) codes.emplace(level.text, level.code);
  }
}

Result<Encoder> Encoder::fit(std::span<const Column> columns, std::span<const double> target,
                             const EncoderOptions& options) {
  if (columns.empty())
    return fail(Code::invalid_argument, "there are no columns to learn from",
                "Name the features, or check that they are in the data.");
  const size_t rows = columns.front().size();
  if (rows == 0) return fail(Code::invalid_argument, "there are no rows to learn from");
  std::set<std::string_view> names;
  Encoder encoder;
  for (const Column& column : columns) {
    if (column.size() != rows || (!target.empty() && target.size() != rows))
      return fail(Code::invalid_argument, "columns and target differ in size");
    if (!names.insert(column.name()).second)
      return fail(Code::invalid_argument, fmt::format("there are two columns '{}'", printable(column.name())));
    encoder.columns_.push_back(fit_column(column, target, options));
  }
  encoder.index();
  return encoder;
}

Encoder Encoder::of_numbers(std::vector<std::string> names) {
  Encoder encoder;
  for (auto& name : names) {
    EncodedColumn column;
    column.name = std::move(name);
    column.low = column.middle = column.high = std::numeric_limits<double>::quiet_NaN();
    encoder.columns_.push_back(std::move(column));
  }
  encoder.index();
  return encoder;
}

std::vector<std::string> Encoder::feature_names() const {
  std::vector<std::string> names;
  for (const EncodedColumn& c : columns_) {
    if (c.coding == Coding::clock) {
      names.push_back(c.name + " (hour)");
      names.push_back(c.name + " (weekday)");
    } else if (c.coding == Coding::seconds) {
      names.push_back(c.name);
      names.push_back(c.name + " (hour)");
    } else if (c.coding == Coding::one_hot) {
      for (size_t code = 0; code < c.width; ++code) {
        const auto level = std::ranges::find(c.levels, static_cast<uint32_t>(code), &Level::code);
        names.push_back(c.name + "=" +
                        (static_cast<int64_t>(code) == c.pool || level == c.levels.end() ? "(rare)" : level->text));
      }
    } else {
      names.push_back(c.name);
    }
  }
  return names;
}

Result<Encoder> Encoder::of(std::vector<EncodedColumn> columns) {
  Encoder described;
  described.columns_ = std::move(columns);
  JsonWriter json;
  described.write(json);
  LEEWAY_TRY(const Document document, Document::read(json.take()));
  return read(document);
}

void Encoder::write(JsonWriter& json) const {
  json.begin_array();
  for (const EncodedColumn& column : columns_) write_column(json, column);
  json.end_array();
}

Result<Encoder> Encoder::read(const Document& document) {
  if (document.items() == nullptr) return fail(Code::invalid_data, "the encoder's columns are missing");
  Encoder encoder;
  std::set<std::string> names;
  for (const Document& entry : *document.items()) {
    LEEWAY_TRY(auto column, read_column(entry));
    if (!names.insert(column.name).second)
      return fail(Code::invalid_data, fmt::format("column '{}' is there twice", printable(column.name)));
    encoder.columns_.push_back(std::move(column));
  }
  encoder.index();
  return encoder;
}

}  // namespace leeway::models
