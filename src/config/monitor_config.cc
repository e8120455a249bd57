#include "config/monitor_config.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <unistd.h>

#include <fmt/format.h>

#include "base/text.h"
#include "config/config_keys.h"
#include "config/yaml_reader.h"

namespace leeway {
namespace {

using Path = std::vector<std::string>;

std::string joined(const Path& path) { return fmt::format("{}", fmt::join(path, ".")); }

Path segments(std::string_view dotted) {
  Path path;
  for (const auto part : split(dotted, '.')) path.emplace_back(part);
  return path;
}

// A value of one layer at a full path, not yet in the configuration.
struct Given {
  Path path;
  YamlNode value;
  Setting setting;
};

std::string written(const YamlNode& value) {
  if (!value.is_list()) return value.text();
  std::vector<std::string> items;
  for (const auto& item : value.items()) items.push_back(item.text());
  return fmt::format("[{}]", fmt::join(items, ", "));
}

// Gathers the layers, lowest first, into at most one value for each path.
class Merger {
 public:
  Status add_file(const std::string& file);
  Status add_document(const std::string& text, const std::string& file);
  Status add_environment(const std::vector<std::pair<std::string, std::string>>& variables);
  Status add_flags(const std::vector<std::string>& assignments);
  Result<MonitorConfig> finish();

 private:
  struct Source {
    Layer layer;
    std::string origin;
  };

  Status walk(const Source& source, const Path& path, const YamlNode& node, const YamlNode& key);
  Status add(const Source& source, const Path& path, const YamlNode& node);
  Status add_text(const Source& source, const Path& path, const std::string& text);
  Error unknown(const Path& path, const YamlNode& key) const;
  void erase(const Path& path);

  std::vector<Given> given_;
};

// How a path stands to the paths of the rules: it is one, it leads to some, or neither.
bool matches(const Path& path, const Path& pattern, size_t length) {
  for (size_t i = 0; i < length; ++i)
    if (pattern[i] != "*" && pattern[i] != path[i]) return false;
  return true;
}

const ConfigRule* rule_at(const Path& path) {
  for (const auto& rule : config_rules()) {
    const Path pattern = segments(rule.key.path);
    if (pattern.size() == path.size() && matches(path, pattern, path.size())) return &rule;
  }
  return nullptr;
}

// The names that may follow a path; '*' among them if any may.
std::vector<std::string> children_of(const Path& path) {
  std::vector<std::string> names;
  for (const auto& rule : config_rules()) {
    const Path pattern = segments(rule.key.path);
    if (pattern.size() <= path.size() || !matches(path, pattern, path.size())) continue;
    const std::string& next = pattern[path.size()];
    if (std::find(names.begin(), names.end(), next) == names.end()) names.push_back(next);
  }
  return names;
}

// "leeway.columns.emp.var.rate" is the column "emp.var.rate": a name at the end takes all that is left.
Path path_of_key(std::string_view dotted) {
  Path path = segments(dotted);
  for (const auto& rule : config_rules()) {
    const Path pattern = segments(rule.key.path);
    if (pattern.back() != "*" || path.size() <= pattern.size() || !matches(path, pattern, pattern.size() - 1)) continue;
    const auto tail = path.begin() + static_cast<std::ptrdiff_t>(pattern.size()) - 1;
    *tail = fmt::format("{}", fmt::join(tail, path.end(), "."));
    path.resize(pattern.size());
  }
  return path;
}

// About the first part of the path that leads nowhere.
Error Merger::unknown(const Path& path, const YamlNode& key) const {
  Path parent;
  for (size_t i = 0; i + 1 < path.size(); ++i) {
    Path next = parent;
    next.push_back(path[i]);
    if (children_of(next).empty()) break;
    parent = std::move(next);
  }
  auto known = children_of(parent);
  std::erase(known, "*");
  const std::string& slip = path[parent.size()];
  std::string remedy(trim(did_you_mean(slip, known)));
  if (remedy.empty()) remedy = fmt::format("Known here: {}.", join_words(known));
  parent.push_back(slip);
  return key.error(fmt::format("unknown key '{}'", printable(joined(parent))), std::move(remedy));
}

void Merger::erase(const Path& path) {
  std::erase_if(given_, [&](const Given& g) {
    return g.path.size() >= path.size() && std::equal(path.begin(), path.end(), g.path.begin());
  });
}

Status Merger::add(const Source& source, const Path& path, const YamlNode& node) {
  erase(path);
  if (node.is_null()) return {};
  const bool in_file = source.layer == Layer::file;
  given_.push_back({path, node,
                    {joined(path), written(node), source.layer, source.origin, in_file ? node.line() : 0,
                     in_file ? node.column() : 0}});
  return {};
}

Status Merger::walk(const Source& source, const Path& path, const YamlNode& node, const YamlNode& key) {
  if (rule_at(path)) {
    if (node.is_map())
      return fail(node.error(fmt::format("'{}' must be a value, not a group of keys", printable(joined(path))),
                             fmt::format("Write '{}: VALUE'.", printable(path.back()))));
    return add(source, path, node);
  }
  const auto children = children_of(path);
  if (children.empty()) return fail(unknown(path, key));
  if (node.is_null()) {
    erase(path);
    return {};
  }
  if (node.is_map()) {
    for (const auto& member : node.members()) {
      Path inner = path;
      inner.push_back(member.key);
      LEEWAY_CHECK(walk(source, inner, member.value, member.key_node));
    }
    return {};
  }
  // "label: default" is short for "label: {column: default}".
  Path column = path;
  column.emplace_back("column");
  if (rule_at(column)) return add(source, column, node);
  Error error = unknown(path, key);
  const bool slip =
      error.remedy.starts_with("Did you mean") && error.remedy != fmt::format("Did you mean '{}'?", path.back());
  if (slip) return fail(std::move(error));
  std::vector<std::string> names = children;
  std::erase(names, "*");
  error.message = fmt::format("'{}' must be a group of keys: {}", printable(joined(path)), join_words(names));
  error.remedy = fmt::format("Write for example {{{}: ...}}.", names.empty() ? "NAME" : names.front());
  return fail(std::move(error));
}

// ---- the layers ---------------------------------------------------------------------------------------------------

Status Merger::add_file(const std::string& file) {
  constexpr uintmax_t most = 1 << 20;
  std::error_code ignored;
  std::ifstream in(file, std::ios::binary);
  if (!in || !std::filesystem::is_regular_file(file, ignored))
    return fail(Error{Code::not_found, "no such monitor file", file, 0, 0,
                      "Check the path, or leave it out to infer everything."});
  if (std::filesystem::file_size(file, ignored) > most)
    return fail(Error{Code::invalid_argument, "is larger than 1 MB, which no monitor file is", file, 0, 0, {}});
  return add_document(std::string(std::istreambuf_iterator<char>(in), {}), file);
}

Status Merger::add_document(const std::string& text, const std::string& file) {
  LEEWAY_TRY(const YamlNode root, read_yaml(text, file));
  if (root.is_null()) return {};
  if (!root.is_map()) return fail(root.error("a monitor file is a group of keys", "Begin with 'model: NAME'."));
  const Source source{Layer::file, file};
  for (const auto& member : root.members()) LEEWAY_CHECK(walk(source, {member.key}, member.value, member.key_node));
  return {};
}

// Values outside files are YAML when they read as such, else plain text: ">50K" needs no quotes of its own.
Status Merger::add_text(const Source& source, const Path& path, const std::string& text) {
  auto node = read_yaml(text, source.origin);
  const bool structured = text.starts_with('[') || text.starts_with('{');
  const bool lost = node && ((node->is_null() && text.starts_with('#')) ||
                             (!structured && (node->is_map() || node->is_list())));
  if ((!node && !structured) || lost) {
    std::string quoted = "'";
    for (const char c : text) quoted.append(c == '\'' ? 2 : 1, c);
    node = read_yaml(quoted + "'", source.origin);
  }
  Status done = node ? walk(source, path, *node, *node) : std::unexpected(node.error());
  if (!done) {
    done.error().file = source.origin;
    done.error().line = done.error().column = 0;
  }
  return done;
}

Status Merger::add_environment(const std::vector<std::pair<std::string, std::string>>& variables) {
  constexpr std::string_view prefix = "LEEWAY_";
  const auto top = children_of({});
  for (const auto& [name, value] : variables) {
    if (!name.starts_with(prefix)) continue;
    Path path;
    std::string rest = lower_ascii(std::string_view(name).substr(prefix.size()));
    for (size_t at; (at = rest.find("__")) != std::string::npos; rest.erase(0, at + 2))
      path.push_back(rest.substr(0, at));
    path.push_back(rest);
    // Other commands have variables too (LEEWAY_BANK, LEEWAY_DATA, LEEWAY_PORT); only what is nearly a setting is taken for a
    // slip, and a short word is near to too many.
    constexpr size_t short_word = 4;
    const bool known = std::find(top.begin(), top.end(), path.front()) != top.end();
    if (!known && (path.front().size() <= short_word || nearest(path.front(), top).empty())) continue;
    LEEWAY_CHECK(add_text({Layer::environment, name}, path, value));
  }
  return {};
}

Status Merger::add_flags(const std::vector<std::string>& assignments) {
  for (const auto& assignment : assignments) {
    const auto equals = assignment.find('=');
    if (equals == std::string::npos || equals == 0)
      return fail(Error{Code::invalid_argument, fmt::format("'{}' is not of the form key=value", printable(assignment)),
                        "--set", 0, 0, "Write for example --set columns.score=probability."});
    const std::string key(trim(assignment.substr(0, equals)));
    LEEWAY_CHECK(add_text({Layer::flag, "--set " + key}, path_of_key(key), assignment.substr(equals + 1)));
  }
  return {};
}

// ---- the outcome --------------------------------------------------------------------------------------------------

// A path in a file is meant from where the file stands.
void anchor_reference(MonitorConfig& config, const Setting& setting) {
  for (auto& path : config.reference)
    if (setting.layer == Layer::file && path != "-" && !std::filesystem::path(path).is_absolute())
      path = (std::filesystem::path(setting.origin).parent_path() / path).string();
}

Result<MonitorConfig> Merger::finish() {
  MonitorConfig config;
  for (const auto& rule : config_rules()) {
    const Path pattern = segments(rule.key.path);
    bool is_given = false;
    for (const auto& given : given_) {
      if (rule_at(given.path) != &rule) continue;
      is_given = true;
      std::vector<std::string> names;
      for (size_t i = 0; i < pattern.size(); ++i)
        if (pattern[i] == "*") names.push_back(given.path[i]);
      if (Status done = rule.apply({config, given.value, given.setting.key, names}); !done) {
        done.error().file = given.setting.origin;
        if (given.setting.layer != Layer::file) done.error().line = done.error().column = 0;
        return std::unexpected(done.error());
      }
      if (rule.key.path == "reference") anchor_reference(config, given.setting);
      config.settings.push_back(given.setting);
    }
    if (!is_given && !rule.key.standard.empty())
      config.settings.push_back({std::string(rule.key.path), std::string(rule.key.standard), Layer::standard, "default",
                                 0, 0});
  }
  return config;
}

}  // namespace

std::string Setting::place() const { return line > 0 ? fmt::format("{}:{}:{}", origin, line, column) : origin; }

Error MonitorConfig::error_at(std::string_view key, std::string message, std::string remedy) const {
  Error error{Code::invalid_argument, std::move(message), {}, 0, 0, std::move(remedy)};
  for (const auto& setting : settings) {
    const bool within =
        setting.key.size() > key.size() && setting.key.starts_with(key) && setting.key[key.size()] == '.';
    if ((setting.key != key && !within) || setting.layer == Layer::standard) continue;
    error.file = setting.origin;
    error.line = setting.line;
    error.column = setting.column;
  }
  return error;
}

std::vector<std::pair<std::string, std::string>> process_environment() {
  std::vector<std::pair<std::string, std::string>> variables;
  for (char** entry = environ; entry && *entry; ++entry) {
    const std::string_view text(*entry);
    if (const auto equals = text.find('='); equals != std::string_view::npos)
      variables.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return variables;
}

Result<MonitorConfig> read_config(const ConfigSources& sources) {
  Merger merger;
  if (sources.text) {
    LEEWAY_CHECK(merger.add_document(*sources.text, sources.file));
  } else if (!sources.file.empty()) {
    LEEWAY_CHECK(merger.add_file(sources.file));
  }
  LEEWAY_CHECK(merger.add_environment(sources.environment));
  LEEWAY_CHECK(merger.add_flags(sources.set));
  return merger.finish();
}

}  // namespace leeway
