#include "base/text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <optional>

namespace leeway {
namespace {

/// One code point and its length in bytes; length 0 for a malformed sequence.
struct CodePoint {
  uint32_t value;
  int length;
};

CodePoint decode(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return {first, 1};
  const int length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < static_cast<size_t>(length)) return {first, 0};
  uint32_t value = first & (0xFFu >> (length + 1));
  for (int i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {first, 0};
    value = value << 6 | (byte(i) & 0x3Fu);
  }
  constexpr uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < least[length] || value > 0x10FFFF || surrogate) return {first, 0};
  return {value, length};
}

bool unsafe(uint32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) ||
         c == 0x200E || c == 0x200F || c == 0x2028 || c == 0x2029 || c == 0xFEFF;
}

bool zero_width(uint32_t c) {
  return (c >= 0x300 && c <= 0x36F) || (c >= 0x200B && c <= 0x200D) || (c >= 0xFE00 && c <= 0xFE0F) ||
         (c >= 0x1AB0 && c <= 0x1AFF) || (c >= 0x20D0 && c <= 0x20FF);
}

bool wide(uint32_t c) {
  return (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0xA4CF) || (c >= 0xAC00 && c <= 0xD7A3) ||
         (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFE30 && c <= 0xFE6F) || (c >= 0xFF00 && c <= 0xFF60) ||
         (c >= 0xFFE0 && c <= 0xFFE6) || (c >= 0x1F300 && c <= 0x1F64F) || (c >= 0x1F900 && c <= 0x1F9FF) ||
         (c >= 0x20000 && c <= 0x3FFFD);
}

size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t above = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

/// from_chars takes no plus sign; "+-1" stays as it is, and is refused.
std::string_view without_plus(std::string_view text) {
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  return text;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto [value, length] = decode(text);
    if (length == 0) {
      out += fmt::format("\\x{:02X}", value);
      text.remove_prefix(1);
      continue;
    }
    if (value == '\n') out += "\\n";
    else if (value == '\t') out += "\\t";
    else if (unsafe(value)) out += value < 0x100 ? fmt::format("\\x{:02X}", value) : fmt::format("\\u{{{:04X}}}", value);
    else out.append(text.substr(0, static_cast<size_t>(length)));
    text.remove_prefix(static_cast<size_t>(length));
  }
  return out;
}

bool valid_utf8(std::string_view text) {
  while (!text.empty()) {
    const int length = decode(text).length;
    if (length == 0) return false;
    text.remove_prefix(static_cast<size_t>(length));
  }
  return true;
}

int display_width(std::string_view text) {
  int width = 0;
  while (!text.empty()) {
    const auto [value, length] = decode(text);
    width += zero_width(value) ? 0 : wide(value) ? 2 : 1;
    text.remove_prefix(static_cast<size_t>(std::max(1, length)));
  }
  return width;
}

std::string ellipsize(std::string_view text, int width) {
  if (display_width(text) <= width) return std::string(text);
  std::string out;
  int used = 0;
  while (!text.empty()) {
    const auto length = static_cast<size_t>(std::max(1, decode(text).length));
    const int w = display_width(text.substr(0, length));
    if (used + w > width - 1) break;
    out.append(text.substr(0, length));
    used += w;
    text.remove_prefix(length);
  }
  return out + "…";
}

std::string exact_number(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  return {buffer, end};
}

std::string grouped(int64_t value) {
  std::string digits = std::to_string(value);
  const int first = value < 0 ? 1 : 0;
  for (int i = static_cast<int>(digits.size()) - 3; i > first; i -= 3) digits.insert(static_cast<size_t>(i), ",");
  return digits;
}

std::string short_number(double value, int digits) {
  if (!std::isfinite(value)) return exact_number(value);
  const double size = std::fabs(value);
  if (size != 0 && (size < 1e-4 || size >= 1e15)) return fmt::format("{:.{}e}", value, std::max(0, digits - 1));
  if (value == std::floor(value) && size < 1e15) return grouped(static_cast<int64_t>(value));
  const int magnitude = static_cast<int>(std::floor(std::log10(size)));
  const int decimals = std::max(0, digits - 1 - magnitude);
  std::string text = fmt::format("{:.{}f}", value, decimals);
  if (decimals == 0) return grouped(static_cast<int64_t>(std::llround(value)));
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  const auto point = text.find('.');
  if (point == std::string::npos) return grouped(std::stoll(text));
  const std::string whole = text.substr(0, point);
  if (size < 1000) return text;
  return grouped(std::stoll(whole)) + text.substr(point);
}

std::string percent(double share, int digits) {
  if (!std::isfinite(share)) return exact_number(share);
  return short_number(share * 100, digits) + " %";
}

std::string nearest(std::string_view word, std::span<const std::string> candidates) {
  std::string best;
  size_t best_distance = std::min<size_t>(3, word.size() / 2 + 1);
  const std::string lowered = lower_ascii(word);
  for (const auto& candidate : candidates) {
    const size_t distance = edit_distance(lowered, lower_ascii(candidate));
    if (distance < best_distance) {
      best_distance = distance;
      best = candidate;
    }
  }
  if (!best.empty()) return best;
  // Half of a long name is remembered more often than it is mistyped: "impact_ratio" for "adverse_impact_ratio".
  constexpr size_t least = 3;
  for (const auto& candidate : candidates) {
    const bool holds = word.size() >= least && lower_ascii(candidate).find(lowered) != std::string::npos;
    if (holds && (best.empty() || candidate.size() < best.size())) best = candidate;
  }
  return best;
}

std::string did_you_mean(std::string_view word, std::span<const std::string> candidates) {
  const std::string best = nearest(word, candidates);
  return best.empty() ? "" : "Did you mean '" + best + "'?";
}

std::string join_words(std::span<const std::string> words, std::string_view last) {
  std::string out;
  for (size_t i = 0; i < words.size(); ++i) {
    if (i > 0) out += i + 1 == words.size() ? fmt::format(" {} ", last) : ", ";
    out += words[i];
  }
  return out;
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::string lower_ascii(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return out;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

std::optional<double> parse_double(std::string_view text) {
  text = without_plus(trim(text));
  if (text.empty()) return std::nullopt;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size()) return std::nullopt;
  if (error == std::errc::result_out_of_range) {
    // from_chars leaves the value alone here; too small is zero, too large is infinite, as the nearest doubles are.
    const auto exponent = text.find_first_of("eE");
    const bool tiny = exponent != std::string_view::npos ? text.substr(exponent + 1).starts_with('-') : false;
    value = tiny ? 0.0 : std::numeric_limits<double>::infinity();
    return text.front() == '-' ? -value : value;
  }
  if (error != std::errc{}) return std::nullopt;
  return value;
}

std::optional<int64_t> parse_int(std::string_view text) {
  text = without_plus(trim(text));
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

}  // namespace leeway
