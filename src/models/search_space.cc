#include "models/search_space.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "base/text.h"

namespace leeway::models {
namespace {

constexpr size_t most_points = 10'000;

bool contains(std::span<const std::string> names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::unexpected<Error> unreadable(std::string_view text) {
  return fail(Code::invalid_argument, fmt::format("'{}' is not a set of values to search", printable(text)),
              "Write depth=3..8, learning_rate=0.01..0.3:log, or subsample=0.6,0.8,1.");
}

/// Four significant digits are as fine as any setting needs, and read well in a table.
double rounded(double value) { return parse_double(fmt::format("{:.4g}", value)).value_or(value); }

double at(const SearchRange& range, double share) {
  if (!range.values.empty())
    return range.values[std::min(static_cast<size_t>(share * static_cast<double>(range.values.size())),
                                 range.values.size() - 1)];
  if (range.integer && !range.logarithmic)
    return std::min(std::floor(range.low + share * (range.high - range.low + 1)), range.high);
  const double value = range.logarithmic ? range.low * std::pow(range.high / range.low, share)
                                         : range.low + share * (range.high - range.low);
  return std::clamp(range.integer ? std::round(value) : rounded(value), range.low, range.high);
}

std::vector<double> steps_of(const SearchRange& range, int steps) {
  if (!range.values.empty()) return range.values;
  std::vector<double> out;
  for (int s = 0; s < steps; ++s) {
    const double share = steps == 1 ? 0.5 : static_cast<double>(s) / (steps - 1);
    const double value = range.integer && !range.logarithmic ? std::round(range.low + share * (range.high - range.low))
                                                             : at(range, share);
    if (out.empty() || value != out.back()) out.push_back(value);
  }
  return out;
}

Result<SearchRange> parse_interval(SearchRange range, std::string_view text, std::string_view whole) {
  if (text.ends_with(":log")) {
    range.logarithmic = true;
    text.remove_suffix(4);
  }
  const size_t dots = text.find("..");
  const auto low = parse_double(text.substr(0, dots)), high = parse_double(text.substr(dots + 2));
  if (!low || !high || !std::isfinite(*low) || !std::isfinite(*high) || *low > *high ||
      (range.logarithmic && *low <= 0))
    return unreadable(whole);
  if (range.integer && (std::floor(*low) != *low || std::floor(*high) != *high)) return unreadable(whole);
  range.low = *low;
  range.high = *high;
  return range;
}

}   // namespace

Result<SearchRange> parse_search_range(std::string_view text, std::span<const std::string> known,
                                       std::span<const std::string> integers) {
  const size_t equals = text.find('=');
  if (equals == std::string_view::npos) return unreadable(text);
  SearchRange range;
  range.parameter = std::string(trim(text.substr(0, equals)));
  if (!contains(known, range.parameter)) {
    const std::string near(trim(did_you_mean(range.parameter, known)));
    return fail(Code::invalid_argument, fmt::format("'{}' is no setting of the trees", printable(range.parameter)),
                near.empty() ? fmt::format("Settings are {}.", join_words(known)) : near);
  }
  range.integer = contains(integers, range.parameter);
  const std::string_view values = text.substr(equals + 1);
  if (values.find("..") != std::string_view::npos) return parse_interval(std::move(range), values, text);
  for (const auto part : split(values, ',')) {
    const auto value = parse_double(part);
    if (!value || !std::isfinite(*value) || (range.integer && std::floor(*value) != *value)) return unreadable(text);
    range.values.push_back(*value);
  }
  return range;
}

std::vector<SearchPoint> random_points(const SearchSpace& space, int count, Random random) {
  constexpr int patience = 50;   // draws without a new point after which the space counts as exhausted
  std::vector<SearchPoint> out;
  std::set<SearchPoint> seen;
  for (int idle = 0; static_cast<int>(out.size()) < count && idle < patience;) {
    SearchPoint point;
    for (const auto& range : space) point.push_back(at(range, random.uniform()));
    const bool fresh = seen.insert(point).second;
    idle = fresh ? 0 : idle + 1;
    if (fresh) out.push_back(std::move(point));
  }
  return out;
}

Result<std::vector<SearchPoint>> grid_points(const SearchSpace& space, int steps) {
  std::vector<SearchPoint> out = {{}};
  for (const auto& range : space) {
    const auto values = steps_of(range, steps);
    if (out.size() * values.size() > most_points)
      return fail(Code::invalid_argument, fmt::format("the grid has more than {} points", grouped(most_points)),
                  "Search at random, or give fewer values.");
    std::vector<SearchPoint> wider;
    for (const auto& point : out)
      for (const double value : values) {
        wider.push_back(point);
        wider.back().push_back(value);
      }
    out = std::move(wider);
  }
  return out;
}

}   // namespace leeway::models
