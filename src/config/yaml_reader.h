#pragma once
// Strict YAML: text → a tree of our own with the place of everything, for files that people write.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace leeway {

struct YamlMember;

/// A node of a read document. Plain scalars mean what YAML 1.2's core schema says: `no`, `off` and `y` are text, `017`
/// is seventeen. A plain value type; `const` access is safe from several threads.
class YamlNode {
 public:
  enum class Kind : uint8_t { null, scalar, list, map };

  Kind kind() const { return kind_; }
  bool is_null() const { return kind_ == Kind::null; }
  bool is_scalar() const { return kind_ == Kind::scalar; }
  bool is_list() const { return kind_ == Kind::list; }
  bool is_map() const { return kind_ == Kind::map; }
  int line() const { return line_; }      ///< From 1.
  int column() const { return column_; }  ///< From 1.

  /// A scalar as it stands, quoted or plain. Empty unless it is a scalar.
  const std::string& text() const { return text_; }
  bool quoted() const { return quoted_; }
  const std::vector<YamlNode>& items() const { return items_; }          ///< Of a list; empty otherwise.
  const std::vector<YamlMember>& members() const { return members_; }  ///< Of a map, in file order; keys are distinct.
  /// The value of a key; null pointer if the map has no such key or this is not a map.
  const YamlNode* find(std::string_view key) const;

  /// The scalar as what the reader expects. `what` names the setting in the message: "'by' must be a number, not 'x'".
  /// Text in quotes is not a number and not a boolean. string() takes any scalar.
  Result<double> number(std::string_view what) const;
  Result<int64_t> integer(std::string_view what) const;
  Result<bool> boolean(std::string_view what) const;
  Result<std::string> string(std::string_view what) const;

  /// Fails on the first key that is not among `known`, naming the nearest. Requires a map.
  Status only(std::span<const std::string_view> known) const;

  /// An invalid_argument at this node's place.
  Error error(std::string message, std::string remedy = {}) const;

 private:
  friend class YamlBuilder;
  Kind kind_ = Kind::null;
  bool quoted_ = false;
  int line_ = 0, column_ = 0;
  std::string text_;
  std::vector<YamlNode> items_;
  std::vector<YamlMember> members_;
  std::shared_ptr<const std::string> file_;
};

struct YamlMember {
  std::string key;
  YamlNode value;
  YamlNode key_node;   ///< For messages about the key itself.
};

/// Reads one document; an empty one is null. `file` names it in messages. Errors, all invalid_argument with the place:
/// not UTF-8, not YAML, a duplicate key, a key that is not a scalar, several documents, nesting deeper than 64, or more
/// than 100,000 nodes after aliases are followed.
Result<YamlNode> read_yaml(std::string_view text, std::string_view file);

}  // namespace leeway
