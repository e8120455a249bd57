#include "server/target.h"

#include <algorithm>

#include "base/text.h"
#include "columns/parse_time.h"

namespace leeway::server {
namespace {

constexpr size_t parameter_limit = 50;

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

Result<std::string> decode(std::string_view text, bool plus_is_blank) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus_is_blank) {
      out += ' ';
    } else if (text[i] != '%') {
      out += text[i];
    } else {
      const int high = i + 2 < text.size() ? hex(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? hex(text[i + 2]) : -1;
      if (high < 0 || low < 0)
        return fail(Code::invalid_argument, "the target has a '%' that two hexadecimal digits do not follow");
      out += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  if (!valid_utf8(out)) return fail(Code::invalid_argument, "the target is not UTF-8");
  if (std::ranges::any_of(out, [](unsigned char c) { return c < 0x20 || c == 0x7F; }))
    return fail(Code::invalid_argument, "the target has a control byte");
  return out;
}

}  // namespace

Result<Query> Query::parse(std::string_view text) {
  Query query;
  if (text.empty()) return query;
  for (const auto part : split(text, '&')) {
    if (part.empty()) continue;
    const size_t equals = std::min(part.find('='), part.size());
    LEEWAY_TRY(std::string name, decode(part.substr(0, equals), true));
    LEEWAY_TRY(std::string value, decode(part.substr(std::min(equals + 1, part.size())), true));
    if (query.get(name)) return fail(Code::invalid_argument, fmt::format("the parameter '{}' is given twice", name));
    if (query.parameters_.size() == parameter_limit)
      return fail(Code::invalid_argument, "there are more than 50 parameters");
    query.parameters_.emplace_back(std::move(name), std::move(value));
  }
  return query;
}

std::optional<std::string_view> Query::get(std::string_view name) const {
  for (const auto& [key, value] : parameters_)
    if (key == name) return value;
  return std::nullopt;
}

Status Query::only(std::initializer_list<std::string_view> known) const {
  for (const auto& [name, value] : parameters_) {
    if (std::ranges::find(known, name) != known.end()) continue;
    const std::vector<std::string> names(known.begin(), known.end());
    return fail(Code::invalid_argument, fmt::format("there is no parameter '{}' here", name),
                names.empty() ? "This address takes no parameters."
                              : "It takes " + join_words(names) + "." + did_you_mean(name, names));
  }
  return {};
}

Result<int64_t> Query::integer(std::string_view name, int64_t standard, int64_t least, int64_t most) const {
  const auto text = get(name);
  if (!text) return standard;
  const auto number = parse_int(*text);
  if (!number || *number < least || *number > most)
    return fail(Code::invalid_argument, fmt::format("'{}' must be a whole number from {} to {}", name, least, most));
  return *number;
}

Result<std::optional<int64_t>> Query::time(std::string_view name) const {
  const auto text = get(name);
  if (!text) return std::optional<int64_t>{};
  LEEWAY_TRY(const int64_t time, parse_zoned_time(*text, name));
  return std::optional<int64_t>{time};
}

Result<Target> parse_target(std::string_view target) {
  Target out;
  const size_t question = std::min(target.find('?'), target.size());
  out.query = target.substr(std::min(question + 1, target.size()));
  const std::string_view path = target.substr(0, question);
  if (path.size() < 1 || path.front() != '/') return fail(Code::invalid_argument, "the target must be a path");
  for (const auto raw : split(path.substr(1), '/')) {
    LEEWAY_TRY(std::string segment, decode(raw, false));
    if (segment.find_first_of("%;\\/") != std::string::npos || segment == "." ||
        segment.find("..") != std::string::npos)
      return fail(Code::invalid_argument,
                  "the path has one of %, ;, \\, an escaped /, '.' or '..', which no address here has");
    out.segments.push_back(std::move(segment));
  }
  return out;
}

Result<int64_t> parse_zoned_time(std::string_view text, std::string_view what) {
  const auto refuse = [&] {
    return fail(Code::invalid_argument,
                fmt::format("'{}' must be a time with a zone, as in 2026-11-20T16:30:00Z", what));
  };
  const size_t t = text.find_first_of("Tt ");
  if (t == std::string_view::npos) return refuse();
  const bool zoned = text.ends_with('Z') || text.find_first_of("+-", t) != std::string_view::npos;
  const auto time = parse_time(text);
  if (!zoned || !time) return refuse();
  return *time;
}

}  // namespace leeway::server
