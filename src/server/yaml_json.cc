#include "server/yaml_json.h"

#include <cctype>

#include "base/text.h"

namespace leeway::server {
namespace {

void write_scalar(JsonWriter& w, const YamlNode& node) {
  const std::string& text = node.text();
  const bool digits = !text.empty() && (std::isdigit(static_cast<unsigned char>(text.front())) || text.front() == '-');
  if (node.quoted()) return w.value(text);
  if (text == "true" || text == "false") return w.value(text == "true");
  if (const auto whole = digits ? parse_int(text) : std::nullopt) return w.value(*whole);
  if (const auto number = digits ? parse_double(text) : std::nullopt) return w.value(*number);
  w.value(text);
}

}  // namespace

void write_node(JsonWriter& w, const YamlNode& node) {
  switch (node.kind()) {
    case YamlNode::Kind::null: return w.null();
    case YamlNode::Kind::scalar: return write_scalar(w, node);
    case YamlNode::Kind::list:
      w.begin_array();
      for (const auto& item : node.items()) write_node(w, item);
      return w.end_array();
    case YamlNode::Kind::map:
      w.begin_object();
      for (const auto& member : node.members()) {
        w.key(member.key);
        write_node(w, member.value);
      }
      return w.end_object();
  }
}

}  // namespace leeway::server
