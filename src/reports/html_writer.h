#pragma once
// HTML put together from templates whose arguments are escaped unless they are HTML already, so that forgetting to
// escape is not possible.

#include <fmt/format.h>
#include <iterator>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace leeway::reports {

/// Text that is HTML already.
struct Markup {
  std::string html;

  bool empty() const { return html.empty(); }
};

/// `text` for any place in HTML, attributes in quotes included: control bytes shown as in printable(), & < > " ' as
/// character references. The blank between a number and its "%" or "pp" becomes one that does not break.
std::string escape_html(std::string_view text);

inline std::string_view safe(const Markup& markup) { return markup.html; }
inline std::string safe(std::string_view text) { return escape_html(text); }
template <class T>
  requires std::is_arithmetic_v<T>
T safe(T number) {
  return number;
}
template <class T>
using Safe = decltype(safe(std::declval<const T&>()));

/// Appends `format` filled with the arguments: Markup as it is, text escaped, numbers as fmt writes them.
template <class... Args>
void add(Markup& out, fmt::format_string<Safe<Args>...> format, const Args&... args) {
  fmt::format_to(std::back_inserter(out.html), format, safe(args)...);
}

template <class... Args>
Markup markup(fmt::format_string<Safe<Args>...> format, const Args&... args) {
  return {fmt::format(format, safe(args)...)};
}

}  // namespace leeway::reports
