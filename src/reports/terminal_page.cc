#include "reports/terminal_page.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <utility>

#include "base/text.h"

namespace leeway::reports {
namespace {

constexpr int least_width = 40;
constexpr int gap = 2;
constexpr int table_indent = 2;
constexpr int least_flexible = 12;
constexpr int most_lines = 12;   // of one paragraph, unless everything was asked for

std::string_view sgr(Ink ink) {
  switch (ink) {
    case Ink::plain: return "";
    case Ink::strong: return "\x1b[1m";
    case Ink::muted: return "\x1b[2m";
    case Ink::ok: return "\x1b[36m";
    case Ink::unknown: return "\x1b[2m";
    case Ink::warning: return "\x1b[33m";
    case Ink::critical: return "\x1b[1;31m";
  }
  return "";
}

/// Plain ASCII with stand-ins for the signs that the reports use. What shortening adds takes one character as before.
std::string ascii(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 9> stand_ins = {
      {{"…", "~"}, {"·", "-"}, {"×", "x"}, {"→", "->"}, {"≥", ">="}, {"≤", "<="}, {"²", "2"}, {"±", "+-"}, {"é", "e"}}};
  std::string out;
  for (size_t i = 0; i < text.size();) {
    const auto first = static_cast<unsigned char>(text[i]);
    if (first < 0x80) {
      out += text[i++];
      continue;
    }
    const std::string_view sign = text.substr(i, first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2);
    const auto known = std::find_if(stand_ins.begin(), stand_ins.end(), [&](const auto& s) { return s.first == sign; });
    out += known == stand_ins.end() ? "?" : known->second;
    i += sign.size();
  }
  return out;
}

int width_of(const std::vector<Span>& spans) {
  return std::accumulate(spans.begin(), spans.end(), 0,
                         [](int sum, const Span& span) { return sum + display_width(span.text); });
}

/// The next word; a percent sign or "pp" stays with its number.
std::string_view take_word(std::string_view& text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  size_t end = text.find(' ');
  if (end != std::string_view::npos && end > 0 && (text.substr(end).starts_with(" %") || text.substr(end).starts_with(" pp")))
    end = text.find(' ', end + 1);
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(word.size());
  return word;
}

/// The leading part of `word` that is at most `width` columns wide, at least one character.
std::string_view head_of(std::string_view word, int width) {
  size_t size = 0;
  int used = 0;
  while (size < word.size()) {
    size_t next = size + 1;
    while (next < word.size() && (static_cast<unsigned char>(word[next]) & 0xC0) == 0x80) ++next;
    used += display_width(word.substr(size, next - size));
    if (used > width && size > 0) break;
    size = next;
  }
  return word.substr(0, size);
}

std::vector<std::string> wrapped(std::string_view text, int width) {
  std::vector<std::string> lines;
  std::string line;
  while (true) {
    std::string_view word = take_word(text);
    if (word.empty()) break;
    while (!word.empty()) {
      const int used = display_width(line);
      const int needed = display_width(word) + (line.empty() ? 0 : 1);
      if (used + needed <= width) {
        line += line.empty() ? "" : " ";
        line += word;
        break;
      }
      if (!line.empty()) {
        lines.push_back(std::move(line));
        line.clear();
        continue;
      }
      const std::string_view head = head_of(word, width);
      lines.emplace_back(head);
      word.remove_prefix(head.size());
    }
  }
  if (!line.empty()) lines.push_back(std::move(line));
  return lines;
}

/// Shortens `text` to what fits into `width` up to a blank and returns the rest; without such a blank nothing changes.
std::string break_off(std::string& text, int width) {
  if (display_width(text) <= width) return "";
  const std::string_view head = head_of(text, width + 1);
  const size_t blank = head.rfind(' ');
  if (blank == std::string_view::npos || blank == 0) return "";
  std::string rest = text.substr(blank + 1);
  text.resize(blank);
  return rest;
}

/// A command's words; blanks inside single quotes belong to the word.
std::vector<std::string_view> shell_words(std::string_view command) {
  std::vector<std::string_view> words;
  bool quoted = false;
  size_t begin = 0;
  for (size_t i = 0; i <= command.size(); ++i) {
    if (i < command.size() && command[i] == '\'') quoted = !quoted;
    if (i < command.size() && (command[i] != ' ' || quoted)) continue;
    if (i > begin) words.push_back(command.substr(begin, i - begin));
    begin = i + 1;
  }
  return words;
}

/// A word too long for a line, as pieces that a shell puts together again where each but the last is followed by a
/// backslash and a line feed and the next begins its line: so quotes are closed before and opened after.
std::vector<std::string> pieces_of(std::string_view word, int width) {
  std::vector<std::string> pieces;
  bool quoted = false;
  while (!word.empty()) {
    std::string piece = quoted ? "'" : "";
    std::string_view head = head_of(word, width - 2);
    if (head.ends_with('\\') && head.size() < word.size() && head.size() > 1) head.remove_suffix(1);
    piece += head;
    quoted ^= std::count(head.begin(), head.end(), '\'') % 2 == 1;
    word.remove_prefix(head.size());
    if (quoted && !word.empty()) piece += '\'';
    pieces.push_back(std::move(piece));
  }
  return pieces;
}

/// Column widths, and whether the foldable columns go to a second line.
struct Layout {
  std::vector<int> widths;
  bool folds = false;

  int total(const std::vector<TableColumn>& columns) const {
    int sum = table_indent - gap;
    for (size_t c = 0; c < columns.size(); ++c) sum += folds && columns[c].folds ? 0 : widths[c] + gap;
    return sum;
  }
};

/// Shortens the flexible column first, then folds, then shortens again.
Layout layout_of(const std::vector<TableColumn>& columns, const TableRow& header, const std::vector<TableRow>& rows,
                 int width) {
  Layout layout;
  for (size_t c = 0; c < columns.size(); ++c) {
    int widest = width_of(header.cells[c]);
    for (const auto& row : rows) widest = std::max(widest, width_of(row.cells[c]));
    layout.widths.push_back(widest);
  }
  const std::vector<int> natural = layout.widths;
  const auto flexible = std::find_if(columns.begin(), columns.end(), [](const TableColumn& c) { return c.flexible; });
  const auto shrink = [&] {
    const int excess = layout.total(columns) - width;
    if (flexible == columns.end() || excess <= 0) return;
    int& room = layout.widths[static_cast<size_t>(flexible - columns.begin())];
    room = std::max(std::min(room, least_flexible), room - excess);
  };
  shrink();
  if (layout.total(columns) <= width) return layout;
  layout = {natural, true};
  shrink();
  return layout;
}

}  // namespace

Ink ink_of(State state) {
  switch (state) {
    case State::measured: return Ink::plain;
    case State::ok: return Ink::ok;
    case State::unknown: return Ink::unknown;
    case State::warning: return Ink::warning;
    case State::critical: return Ink::critical;
  }
  return Ink::plain;
}

TerminalPage::TerminalPage(const TerminalStyle& style) : style_(style), width_(std::max(least_width, style.width)) {}

std::string TerminalPage::clean(std::string_view text) const {
  std::string safe = printable(text);
  return style_.unicode ? safe : ascii(safe);
}

std::string TerminalPage::fit(std::string_view cleaned, int width) const {
  std::string text = ellipsize(cleaned, width);
  return style_.unicode ? text : ascii(text);
}

void TerminalPage::emit(const std::vector<Span>& cleaned) {
  std::string text, blanks;   // blanks are held back until something follows them
  int room = width_;
  for (const auto& [part, ink] : cleaned) {
    std::string fitted = display_width(part) <= room ? part : room > 0 ? fit(part, room) : "";
    room -= display_width(fitted);
    const size_t kept = fitted.find_last_not_of(' ') + 1;
    const std::string tail = fitted.substr(kept);
    fitted.resize(kept);
    if (!fitted.empty()) {
      const std::string_view code = style_.colour ? sgr(ink) : "";
      text += std::exchange(blanks, "");
      text.append(code);
      text += fitted;
      if (!code.empty()) text += "\x1b[0m";
    }
    blanks += tail;
  }
  out_ += text + '\n';
}

void TerminalPage::blank() {
  if (!out_.empty() && !out_.ends_with("\n\n")) out_ += '\n';
}

void TerminalPage::heading(std::string_view title, std::string_view aside) {
  blank();
  const std::string name = clean(title), remark = clean(aside);
  const bool beside = display_width(name) + 2 + display_width(remark) <= width_;
  if (beside) emit({{name, Ink::strong}, {"  " + remark, Ink::muted}});
  else emit({{name, Ink::strong}});
  if (!beside) paragraph(aside, 2, Ink::muted);
}

void TerminalPage::line(const std::vector<Span>& spans) {
  std::vector<Span> cleaned;
  for (const auto& span : spans) cleaned.push_back({clean(span.text), span.ink});
  emit(cleaned);
}

void TerminalPage::paragraph(std::string_view text, int indent, Ink ink, const std::vector<Span>& lead) {
  std::vector<Span> first;
  for (const auto& span : lead) first.push_back({clean(span.text), span.ink});
  const int hang = std::max(indent, width_of(first) + (first.empty() ? 0 : 1));
  const std::string blanks(static_cast<size_t>(hang), ' ');
  const int room = std::max(1, width_ - hang);
  const std::string safe = clean(text);
  // A text without end, such as a name of thousands of characters, must not bury the rest.
  const auto lines = wrapped(style_.all ? safe : fit(safe, room * most_lines), room);
  if (lines.empty() && !first.empty()) emit(first);
  for (size_t i = 0; i < lines.size(); ++i) {
    std::vector<Span> spans;
    if (i == 0 && !first.empty()) {
      spans = first;
      spans.push_back({std::string(static_cast<size_t>(hang - width_of(first)), ' ')});
    } else {
      spans.push_back({blanks});
    }
    spans.push_back({lines[i], ink});
    emit(spans);
  }
}

void TerminalPage::command(std::string_view text, int indent) {
  const int room = width_ - indent - 2;
  const std::string blanks(static_cast<size_t>(indent), ' ');
  std::string line;   // with its indentation
  const auto put = [&](bool more) {
    if (!line.empty()) emit({{line}, {more ? " \\" : "", Ink::muted}});
    line.clear();
  };
  const std::string safe = clean(text);
  for (const std::string_view word : shell_words(safe)) {
    const int used = line.empty() ? 0 : display_width(line) - indent + 1;
    if (used + display_width(word) > room) put(true);
    if (display_width(word) <= room) {
      line += line.empty() ? blanks : " ";
      line += word;
      continue;
    }
    std::vector<std::string> pieces = pieces_of(word, room);
    line = pieces.back();
    pieces.pop_back();
    for (size_t i = 0; i < pieces.size(); ++i) emit({{(i == 0 ? blanks : "") + pieces[i]}, {"\\", Ink::muted}});
  }
  put(false);
}

void TerminalPage::flow(const std::vector<Span>& items, int indent) {
  std::vector<Span> row = {{std::string(static_cast<size_t>(indent), ' ')}};
  for (const auto& item : items) {
    const Span cleaned{clean(item.text), item.ink};
    const bool first = row.size() == 1;
    if (!first && width_of(row) + 3 + display_width(cleaned.text) > width_) {
      emit(row);
      row.resize(1);
    } else if (!first) {
      row.push_back({"   "});
    }
    row.push_back(cleaned);
  }
  if (row.size() > 1) emit(row);
}

void TerminalPage::folded(const std::vector<TableColumn>& columns, const TableRow& row) {
  std::vector<Span> items;
  for (size_t c = 0; c < columns.size(); ++c) {
    if (!columns[c].folds || width_of(row.cells[c]) == 0) continue;
    std::string text;
    for (const auto& span : row.cells[c]) text += span.text;
    const std::string header = clean(columns[c].header);
    const bool fits = 4 + display_width(header) + 1 + display_width(text) <= width_;
    items.push_back({fits && !header.empty() ? header + " " + text : text});
  }
  flow(items, 4);
}

void TerminalPage::table(const std::vector<TableColumn>& columns, const std::vector<TableRow>& rows) {
  TableRow header;
  for (const auto& column : columns) header.cells.push_back({{clean(column.header), Ink::muted}});
  std::vector<TableRow> cleaned = rows;
  for (auto& row : cleaned)
    for (auto& cell : row.cells)
      for (auto& span : cell) span.text = clean(span.text);
  const Layout layout = layout_of(columns, header, cleaned, width_);
  const auto put = [&](const TableRow& row) {
    std::vector<Span> line = {{std::string(table_indent, ' ')}}, second;
    for (size_t c = 0; c < columns.size(); ++c) {
      if (layout.folds && columns[c].folds) continue;
      std::vector<Span> cell = row.cells[c];
      if (cell.size() == 1) {
        std::string rest;
        if (columns[c].flexible) rest = break_off(cell[0].text, layout.widths[c]);
        if (!rest.empty()) second = {{std::string(static_cast<size_t>(width_of(line)), ' ')}, {fit(rest, layout.widths[c]), cell[0].ink}};
        cell[0].text = fit(cell[0].text, layout.widths[c]);
      }
      const Span padding{std::string(static_cast<size_t>(std::max(0, layout.widths[c] - width_of(cell))), ' ')};
      if (columns[c].right) line.push_back(padding);
      line.insert(line.end(), cell.begin(), cell.end());
      if (!columns[c].right) line.push_back(padding);
      line.push_back({std::string(gap, ' ')});
    }
    while (!line.empty() && line.back().text.find_first_not_of(' ') == std::string::npos) line.pop_back();
    if (!line.empty()) emit(line);
    if (!second.empty()) emit(second);
  };
  if (std::any_of(columns.begin(), columns.end(), [](const TableColumn& c) { return !c.header.empty(); })) put(header);
  for (const auto& row : cleaned) {
    if (!row.title.empty()) paragraph(row.title, table_indent, Ink::muted);
    put(row);
    if (layout.folds) folded(columns, row);
    if (!row.below.empty()) paragraph(row.below, 4, Ink::muted);
  }
}

std::string TerminalPage::sparkline(const std::vector<double>& values, double most) const {
  constexpr std::array<std::string_view, 8> blocks = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  constexpr std::array<std::string_view, 8> letters = {"_", ".", "-", "=", "+", "*", "#", "@"};
  const auto& marks = style_.unicode ? blocks : letters;
  std::string out;
  for (const double value : values) {
    if (std::isnan(value)) {
      out += style_.unicode ? "·" : "?";
      continue;
    }
    const double share = most > 0 ? value / most : 0;
    out += marks[static_cast<size_t>(std::lround(std::isnan(share) ? 0 : 7 * std::clamp(share, 0.0, 1.0)))];
  }
  return out;
}

std::string_view TerminalPage::shape(State state) const {
  switch (state) {
    case State::measured: return style_.unicode ? "·" : " ";
    case State::ok: return style_.unicode ? "●" : "o";
    case State::unknown: return style_.unicode ? "◌" : "?";
    case State::warning: return style_.unicode ? "▲" : "!";
    case State::critical: return style_.unicode ? "⬢" : "X";
  }
  return "";
}

}  // namespace leeway::reports
