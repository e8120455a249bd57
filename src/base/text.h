#pragma once
// Text helpers: escaping what comes from outside, exact number formatting, suggestions for mistyped names.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace leeway {

/// `text` with control bytes (C0, DEL, C1, bidirectional overrides) and invalid UTF-8 shown as \xNN or \u{NNNN}, so
/// that a column name cannot move the cursor, colour the terminal or reverse a line. Line breaks become "\n" literally.
std::string printable(std::string_view text);

/// True if `text` is well-formed UTF-8.
bool valid_utf8(std::string_view text);

/// Columns that `text` takes on a terminal (combining marks 0, East Asian wide 2).
int display_width(std::string_view text);

/// `text` cut to at most `width` terminal columns, with "…" in place of what was cut.
std::string ellipsize(std::string_view text, int width);

/// The shortest decimal that reads back as exactly `value`; "NaN", "inf", "-inf" for the rest.
std::string exact_number(double value);

/// `value` to `digits` significant digits for people: "0.0313", "1,240", "3.2e-08". Locale-free.
std::string short_number(double value, int digits = 3);

/// "12,345,678"
std::string grouped(int64_t value);

/// "12.3 %" from a share of 0.123, with enough digits to tell it from 0 and 1.
std::string percent(double share, int digits = 3);

/// The candidate nearest to `word` if it is near enough to be a slip (edit distance at most 2 and below half the
/// length), else the shortest that contains a word of three letters or more, else empty.
std::string nearest(std::string_view word, std::span<const std::string> candidates);

/// " Did you mean 'x'?" or empty.
std::string did_you_mean(std::string_view word, std::span<const std::string> candidates);

/// "a, b and c"
std::string join_words(std::span<const std::string> words, std::string_view last = "and");

std::string_view trim(std::string_view text);
std::string lower_ascii(std::string_view text);
std::vector<std::string_view> split(std::string_view text, char separator);

/// Reads the whole of `text` as a number; empty if it is anything else. Accepts surrounding blanks, a sign, "inf",
/// "nan" in any case; locale-free.
std::optional<double> parse_double(std::string_view text);
std::optional<int64_t> parse_int(std::string_view text);

}  // namespace leeway
