#pragma once
// The page taken apart: elements with their attributes, depth and text, with HTML's optional end tags. Anything that a
// browser would have to repair is reported.

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace leeway::sample {

struct Element {
  std::string name;
  std::map<std::string, std::string> attributes;
  size_t parent = 0;      ///< Index into HtmlDocument::elements; the first element is its own parent.
  std::string text;       ///< Its own text, children's left out.

  bool has(const std::string& attribute) const { return attributes.contains(attribute); }
  std::string get(const std::string& attribute) const {
    const auto found = attributes.find(attribute);
    return found == attributes.end() ? "" : found->second;
  }
};

class HtmlDocument {
 public:
  std::vector<Element> elements;
  std::vector<std::string> problems;

  explicit HtmlDocument(std::string_view html) : rest_(html) {
    if (!rest_.starts_with("<!doctype html>\n")) problems.push_back("no doctype");
    rest_.remove_prefix(std::min<size_t>(16, rest_.size()));
    while (!rest_.empty()) {
      if (rest_.starts_with("</")) end_tag();
      else if (rest_[0] == '<') start_tag();
      else text();
    }
    for (const size_t left : open_)
      if (!optional_end(elements[left].name)) problems.push_back("never closed: " + elements[left].name);
  }

  std::vector<const Element*> all(std::string_view name) const {
    std::vector<const Element*> found;
    for (const auto& element : elements)
      if (element.name == name) found.push_back(&element);
    return found;
  }
  /// Is `element` inside one called `name`?
  bool inside(const Element& element, std::string_view name) const {
    for (const Element* e = &element; e != &elements[0]; e = &elements[e->parent])
      if (elements[e->parent].name == name) return true;
    return false;
  }

 private:
  static bool one_of(std::string_view name, std::initializer_list<std::string_view> names) {
    return std::find(names.begin(), names.end(), name) != names.end();
  }
  static bool is_void(std::string_view name) { return one_of(name, {"meta", "input", "br", "hr", "img", "link"}); }
  static bool optional_end(std::string_view name) {
    return one_of(name, {"td", "th", "tr", "li", "dt", "dd", "tbody", "thead", "option"});
  }
  /// Does the start of `next` end an open `name`?
  static bool ends(std::string_view name, std::string_view next) {
    if (one_of(name, {"td", "th"})) return one_of(next, {"td", "th", "tr", "tbody"});
    if (name == "tr") return one_of(next, {"tr", "tbody"});
    if (one_of(name, {"thead", "tbody"})) return next == "tbody";
    if (one_of(name, {"dt", "dd"})) return one_of(next, {"dt", "dd"});
    return name == next && one_of(name, {"li", "option"});
  }

  void text() {
    const auto end = std::min(rest_.find('<'), rest_.size());
    const std::string_view part = rest_.substr(0, end);
    if (part.find('>') != std::string_view::npos) problems.push_back("bare > in text: " + std::string(part.substr(0, 60)));
    if (!open_.empty()) elements[open_.back()].text += part;
    rest_.remove_prefix(end);
  }

  void end_tag() {
    const auto end = rest_.find('>');
    const std::string name(rest_.substr(2, end - 2));
    rest_.remove_prefix(end + 1);
    while (!open_.empty() && elements[open_.back()].name != name && optional_end(elements[open_.back()].name)) open_.pop_back();
    if (open_.empty() || elements[open_.back()].name != name) problems.push_back("unexpected end of " + name);
    else open_.pop_back();
  }

  void start_tag() {
    rest_.remove_prefix(1);
    Element element;
    element.name = word(" />");
    bool self_closing = false;
    while (!rest_.empty() && rest_[0] != '>') {
      if (rest_[0] == ' ') rest_.remove_prefix(1);
      else if (rest_.starts_with("/>")) {
        self_closing = true;
        rest_.remove_prefix(1);
      } else attribute(element);
    }
    rest_.remove_prefix(std::min<size_t>(1, rest_.size()));
    while (!open_.empty() && ends(elements[open_.back()].name, element.name)) open_.pop_back();
    element.parent = open_.empty() ? 0 : open_.back();
    const std::string name = element.name;
    elements.push_back(std::move(element));
    if (is_void(name) || self_closing) return;
    open_.push_back(elements.size() - 1);
    if (name != "script" && name != "style") return;
    const auto end = rest_.find("</" + name);
    elements.back().text = rest_.substr(0, end);
    rest_.remove_prefix(end);
  }

  void attribute(Element& element) {
    const std::string name = word("= />");
    std::string value;
    if (rest_.starts_with("=")) {
      rest_.remove_prefix(1);
      if (rest_.starts_with("\"")) {
        rest_.remove_prefix(1);
        value = word("\"");
        rest_.remove_prefix(1);
      } else {
        value = word(" >");
        if (value.empty() || value.find_first_of("\"'<=`") != std::string::npos) problems.push_back("unquoted: " + name + "=" + value);
      }
    }
    if (name.empty()) {
      problems.push_back("stray character in a tag");
      rest_.remove_prefix(1);
    }
    if (!element.attributes.emplace(name, value).second) problems.push_back("attribute twice: " + name);
  }

  std::string word(std::string_view stops) {
    const auto end = std::min(rest_.find_first_of(stops), rest_.size());
    const std::string out(rest_.substr(0, end));
    rest_.remove_prefix(end);
    return out;
  }

  std::string_view rest_;
  std::vector<size_t> open_;
};

}  // namespace leeway::sample
