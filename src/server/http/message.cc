#include "server/http/message.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace leeway::http {
namespace {

constexpr std::array<std::pair<std::string_view, Method>, 7> methods = {{
    {"GET", Method::get},
    {"HEAD", Method::head},
    {"POST", Method::post},
    {"PUT", Method::put},
    {"PATCH", Method::patch},
    {"DELETE", Method::del},
    {"OPTIONS", Method::options},
}};

constexpr std::array<std::pair<int, std::string_view>, 32> reasons = {{
    {101, "Switching Protocols"},
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {304, "Not Modified"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {415, "Unsupported Media Type"},
    {417, "Expectation Failed"},
    {421, "Misdirected Request"},
    {422, "Unprocessable Content"},
    {426, "Upgrade Required"},
    {428, "Precondition Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {499, "Client Closed Request"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {503, "Service Unavailable"},
    {505, "HTTP Version Not Supported"},
}};

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

}  // namespace

Method method_of(std::string_view word) {
  for (const auto& [text, method] : methods)
    if (text == word) return method;
  return Method::other;
}

std::string_view name(Method method) {
  for (const auto& [text, known] : methods)
    if (known == method) return text;
  return "OTHER";
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

bool accepts(std::string_view list, std::string_view token) {
  for (const auto part : split(list, ',')) {
    const auto words = split(part, ';');
    if (!equal_ignoring_case(trim(words.front()), token)) continue;
    for (size_t i = 1; i < words.size(); ++i) {
      const auto parameter = trim(words[i]);
      if (parameter.starts_with("q=") && parse_double(parameter.substr(2)).value_or(0) <= 0) return false;
    }
    return true;
  }
  return false;
}

void Headers::add(std::string name, std::string value) { fields_.emplace_back(std::move(name), std::move(value)); }

void Headers::set(std::string name, std::string value) {
  std::erase_if(fields_, [&](const Field& field) { return equal_ignoring_case(field.first, name); });
  add(std::move(name), std::move(value));
}

std::string_view Headers::get(std::string_view name) const {
  for (const auto& [key, value] : fields_)
    if (equal_ignoring_case(key, name)) return value;
  return {};
}

size_t Headers::count(std::string_view name) const {
  return static_cast<size_t>(
      std::ranges::count_if(fields_, [&](const Field& field) { return equal_ignoring_case(field.first, name); }));
}

std::string_view reason_phrase(int status) {
  for (const auto& [code, text] : reasons)
    if (code == status) return text;
  return "Unknown";
}

}  // namespace leeway::http
