#include "config/yaml_reader.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <sstream>
#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include "base/text.h"

namespace leeway {
namespace {

constexpr int deepest = 64;
constexpr int most_nodes = 100'000;

bool all_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// A number of the core schema's forms, without its sign: "12", "1.5", ".5", "1.", "1e3".
bool is_plain_number(std::string_view text) {
  const auto exponent = text.find_first_of("eE");
  if (exponent != std::string_view::npos) {
    auto power = text.substr(exponent + 1);
    if (power.starts_with('+') || power.starts_with('-')) power.remove_prefix(1);
    if (!all_digits(power)) return false;
    text = text.substr(0, exponent);
  }
  const auto point = text.find('.');
  if (point == std::string_view::npos) return all_digits(text);
  const auto whole = text.substr(0, point), fraction = text.substr(point + 1);
  return (whole.empty() || all_digits(whole)) && (fraction.empty() || all_digits(fraction)) &&
         whole.size() + fraction.size() > 0;
}

std::optional<double> core_number(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  const std::string low = lower_ascii(text);
  constexpr double infinity = std::numeric_limits<double>::infinity();
  if (low == ".inf") return negative ? -infinity : infinity;
  if (low == ".nan") return std::numeric_limits<double>::quiet_NaN();
  if (!is_plain_number(text)) return std::nullopt;
  const auto value = parse_double(text);
  return value && negative ? -*value : value;
}

}  // namespace

const YamlNode* YamlNode::find(std::string_view key) const {
  for (const auto& member : members_)
    if (member.key == key) return &member.value;
  return nullptr;
}

Error YamlNode::error(std::string message, std::string remedy) const {
  return {Code::invalid_argument, std::move(message), file_ ? *file_ : std::string(), line_, column_,
          std::move(remedy)};
}

namespace {

std::string shown(const YamlNode& node) {
  switch (node.kind()) {
    case YamlNode::Kind::null: return "empty";
    case YamlNode::Kind::list: return "a list";
    case YamlNode::Kind::map: return "a group of keys";
    case YamlNode::Kind::scalar: break;
  }
  return fmt::format("'{}'{}", printable(node.text()), node.quoted() ? " in quotes" : "");
}

std::unexpected<Error> not_a(const YamlNode& node, std::string_view what, std::string_view expected) {
  return fail(node.error(fmt::format("'{}' must be {}, not {}", what, expected, shown(node))));
}

}  // namespace

Result<double> YamlNode::number(std::string_view what) const {
  const auto value = is_scalar() && !quoted_ ? core_number(text_) : std::nullopt;
  if (!value) return not_a(*this, what, "a number");
  return *value;
}

Result<int64_t> YamlNode::integer(std::string_view what) const {
  std::string_view digits = text_;
  if (digits.starts_with('-') || digits.starts_with('+')) digits.remove_prefix(1);
  const bool whole = is_scalar() && !quoted_ && all_digits(digits);
  const auto value =
      whole ? parse_int(text_.starts_with('+') ? std::string_view(text_).substr(1) : text_) : std::nullopt;
  if (!value) return not_a(*this, what, "a whole number");
  return *value;
}

Result<bool> YamlNode::boolean(std::string_view what) const {
  if (is_scalar() && !quoted_) {
    if (text_ == "true" || text_ == "True" || text_ == "TRUE") return true;
    if (text_ == "false" || text_ == "False" || text_ == "FALSE") return false;
  }
  return not_a(*this, what, "true or false");
}

Result<std::string> YamlNode::string(std::string_view what) const {
  if (!is_scalar()) return not_a(*this, what, "text");
  return text_;
}

Status YamlNode::only(std::span<const std::string_view> known) const {
  for (const auto& member : members_) {
    if (std::ranges::find(known, member.key) != known.end()) continue;
    const std::vector<std::string> names(known.begin(), known.end());
    std::string remedy(trim(did_you_mean(member.key, names)));
    if (remedy.empty()) remedy = fmt::format("Known here: {}.", join_words(names));
    return fail(member.key_node.error(fmt::format("unknown key '{}'", printable(member.key)), std::move(remedy)));
  }
  return {};
}

/// Copies yaml-cpp's graph into our tree, checking as it goes.
class YamlBuilder {
 public:
  explicit YamlBuilder(std::string_view file) : file_(std::make_shared<const std::string>(file)) {}

  Result<YamlNode> build(const YAML::Node& from, int depth) {
    YamlNode node = placed(from.Mark());
    if (depth > deepest) return fail(node.error(fmt::format("nested deeper than {} levels", deepest)));
    if (++nodes_ > most_nodes) return fail(node.error("too large: more than 100,000 values once aliases are followed"));
    switch (from.Type()) {
      case YAML::NodeType::Scalar: scalar(from, node); break;
      case YAML::NodeType::Sequence: LEEWAY_CHECK(list(from, node, depth)); break;
      case YAML::NodeType::Map: LEEWAY_CHECK(map(from, node, depth)); break;
      default: break;
    }
    return node;
  }

  YamlNode placed(const YAML::Mark& mark) const {
    YamlNode node;
    node.file_ = file_;
    node.line_ = mark.line + 1;
    node.column_ = mark.column + 1;
    return node;
  }

 private:
  static void scalar(const YAML::Node& from, YamlNode& node) {
    node.text_ = from.Scalar();
    node.quoted_ = from.Tag() == "!";
    const bool null = node.text_.empty() || node.text_ == "~" || node.text_ == "null" || node.text_ == "Null" ||
                      node.text_ == "NULL";
    node.kind_ = null && !node.quoted_ ? YamlNode::Kind::null : YamlNode::Kind::scalar;
  }

  Status list(const YAML::Node& from, YamlNode& node, int depth) {
    node.kind_ = YamlNode::Kind::list;
    for (const auto& item : from) {
      LEEWAY_TRY(auto child, build(item, depth + 1));
      node.items_.push_back(std::move(child));
    }
    return {};
  }

  Status map(const YAML::Node& from, YamlNode& node, int depth) {
    node.kind_ = YamlNode::Kind::map;
    for (const auto& item : from) {
      YamlMember member{.key = {}, .value = {}, .key_node = placed(item.first.Mark())};
      if (!item.first.IsScalar()) return fail(member.key_node.error("a key must be plain text"));
      member.key = item.first.Scalar();
      if (const auto* before = node.find(member.key))
        return fail(member.key_node.error(
            fmt::format("'{}' stands here twice, first in line {}", printable(member.key), before->line()),
            "Keep one of the two."));
      LEEWAY_TRY(member.value, build(item.second, depth + 1));
      if (member.value.line_ == 0) member.value.line_ = member.key_node.line_;
      node.members_.push_back(std::move(member));
    }
    return {};
  }

  std::shared_ptr<const std::string> file_;
  int nodes_ = 0;
};

namespace {

/// Notes where documents start and passes over the rest.
struct DocumentStarts : YAML::EventHandler {
  std::vector<YAML::Mark> marks;

  void OnDocumentStart(const YAML::Mark& mark) override { marks.push_back(mark); }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t, const std::string&) override {}
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
  void OnMapEnd() override {}
};

/// The starts of the first three documents. Not YAML::LoadAll, which never ends on a text that begins with a comma: its
/// parser then finds one empty document after another in the same place.
std::vector<YAML::Mark> document_starts(const std::string& text) {
  std::istringstream in(text);
  YAML::Parser parser(in);
  DocumentStarts starts;
  while (starts.marks.size() < 3 && parser.HandleNextDocument(starts)) {}
  return starts.marks;
}

}  // namespace

Result<YamlNode> read_yaml(std::string_view text, std::string_view file) {
  YamlBuilder builder(file);
  if (!valid_utf8(text)) return fail(builder.placed(YAML::Mark()).error("not UTF-8 text", "Save it as UTF-8."));
  try {
    const std::string whole(text);
    const auto starts = document_starts(whole);
    if (starts.empty()) return YamlNode();
    const auto stuck = std::ranges::adjacent_find(starts, {}, &YAML::Mark::pos);
    if (stuck != starts.end()) return fail(builder.placed(*stuck).error("not valid YAML"));
    if (starts.size() > 1)
      return fail(builder.placed(starts[1]).error("a second document begins here", "Keep one document a file."));
    return builder.build(YAML::Load(whole), 0);
  } catch (const YAML::Exception& problem) {
    return fail(builder.placed(problem.mark).error("not valid YAML: " + printable(problem.msg)));
  } catch (const std::exception& problem) {
    return fail(builder.placed(YAML::Mark()).error("not valid YAML: " + printable(problem.what())));
  }
}

}  // namespace leeway
