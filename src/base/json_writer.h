#pragma once
// Writes JSON: exact doubles, escaped text, NaN and infinities as null. One writer, one document.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace leeway {

/// Appends to a string it owns. Usage: w.begin_object(); w.key("n"); w.value(3); w.end_object(); w.take().
/// Requires calls in the order JSON needs; a misuse asserts in debug builds. Not thread safe.
class JsonWriter {
 public:
  /// `indent` spaces a level, 0 for one line. Text inside HTML must set `html_safe`: then '<', '>' and '&' are escaped.
  explicit JsonWriter(int indent = 0, bool html_safe = false) : indent_(indent), html_safe_(html_safe) {}

  void begin_object() { open('{'); }
  void end_object() { close('}'); }
  void begin_array() { open('['); }
  void end_array() { close(']'); }
  void key(std::string_view name);
  void value(std::string_view text);
  void value(const char* text) { value(std::string_view(text)); }
  void value(double number);
  void value(int64_t number);
  void value(uint64_t number);
  void value(int number) { value(static_cast<int64_t>(number)); }
  void value(bool flag);
  void null();

  template <class T>
  void member(std::string_view name, const T& v) {
    key(name);
    value(v);
  }

  std::string take() { return std::move(out_); }

 private:
  void open(char bracket);
  void close(char bracket);
  void before_value();
  void new_line();

  std::string out_;
  std::vector<bool> filled_;   // one entry per open bracket: has it a member yet
  bool after_key_ = false;
  int indent_;
  bool html_safe_;
};

}  // namespace leeway
