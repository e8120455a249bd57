#pragma once
// Lines of text no wider than the terminal: paragraphs, tables that fold when they do not fit, sparklines, colour.

#include <string>
#include <string_view>
#include <vector>

#include "reports/outline.h"
#include "reports/terminal.h"

namespace leeway::reports {

enum class Ink { plain, strong, muted, ok, unknown, warning, critical };
Ink ink_of(State state);

/// Text in one colour. Anything may be in it; it is escaped when it is laid out.
struct Span {
  std::string text;
  Ink ink = Ink::plain;
};

struct TableColumn {
  std::string header;
  bool right = false;     ///< Aligned right, for numbers.
  bool flexible = false;  ///< Takes a second line, then "…", when the table is too wide; at most one column.
  bool folds = false;     ///< Goes to a second line, after its header, when shortening does not suffice.
};

struct TableRow {
  std::vector<std::vector<Span>> cells;   ///< One a column, each of one or more spans.
  std::string below = {};                 ///< A sentence under the row; empty for none.
  std::string title = {};                 ///< A line over the row that begins a group; empty for none.
};

/// Collects lines. Every line is at most the style's width, whatever is put in.
class TerminalPage {
 public:
  explicit TerminalPage(const TerminalStyle& style);

  int width() const { return width_; }
  const TerminalStyle& style() const { return style_; }
  /// An empty line, never two in a row and none at the top.
  void blank();
  /// A section's title, with a remark after it where there is room, else below it.
  void heading(std::string_view title, std::string_view aside = {});
  void line(const std::vector<Span>& spans);
  /// Wraps at blanks, breaking words that are longer than a line. The lead stands before the first line only.
  void paragraph(std::string_view text, int indent = 2, Ink ink = Ink::plain, const std::vector<Span>& lead = {});
  /// Items in a row, three blanks apart, wrapped between items.
  void flow(const std::vector<Span>& items, int indent = 2);
  void table(const std::vector<TableColumn>& columns, const std::vector<TableRow>& rows);
  /// A shell command wrapped with backslashes, so that it can be copied.
  void command(std::string_view text, int indent = 2);

  /// "▁▃▇" of values scaled by `most`; a dot where a value is missing (NaN).
  std::string sparkline(const std::vector<double>& values, double most) const;
  /// The shape that goes with a state: "●", "▲", …
  std::string_view shape(State state) const;
  std::string_view arrow() const { return style_.unicode ? "→" : "->"; }

  std::string take() { return std::move(out_); }

 private:
  std::string clean(std::string_view text) const;
  std::string fit(std::string_view cleaned, int width) const;
  void emit(const std::vector<Span>& cleaned);
  void folded(const std::vector<TableColumn>& columns, const TableRow& row);

  TerminalStyle style_;
  int width_;
  std::string out_;
};

}  // namespace leeway::reports
