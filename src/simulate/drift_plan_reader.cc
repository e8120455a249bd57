#include <algorithm>
#include <fmt/format.h>

#include "base/text.h"
#include "config/yaml_reader.h"
#include "simulate/calendar.h"
#include "simulate/drift_plan.h"

namespace leeway::simulate {
namespace {

constexpr std::string_view entry_keys[] = {"kind",  "column", "by",    "to",   "name",   "share", "where",
                                           "from",  "until",  "shape", "over", "period", "duty"};

/// "Did you mean 'x'?", or all that there is.
template <class Names>
std::string known_instead(std::string_view word, const Names& names) {
  const std::vector<std::string> all(std::begin(names), std::end(names));
  const std::string near(trim(did_you_mean(word, all)));
  return near.empty() ? fmt::format("Known are {}.", join_words(all)) : near;
}

/// Reads one entry of `drifts:`, key by key. The messages name the key; the node knows the place.
class EntryReader {
 public:
  EntryReader(const YamlNode& entry, const TableSpec& table, const PlanFrame& frame)
      : entry_(entry), table_(table), frame_(frame) {}

  Result<Drift> read() {
    if (!entry_.is_map()) return fail(entry_.error("each drift is a group of keys such as 'kind: factor'"));
    LEEWAY_CHECK(entry_.only(entry_keys));
    LEEWAY_CHECK(read_kind());
    LEEWAY_CHECK(read_column());
    LEEWAY_CHECK(read_size());
    LEEWAY_CHECK(read_share());
    LEEWAY_CHECK(read_where());
    LEEWAY_CHECK(read_shape());
    LEEWAY_CHECK(read_times());
    LEEWAY_CHECK(read_name());
    return std::move(drift_);
  }

 private:
  const DriftKindInfo& kind() const { return info(drift_.kind); }

  Result<const YamlNode*> needed(std::string_view key, std::string_view why) const {
    const YamlNode* node = entry_.find(key);
    if (node == nullptr) return fail(entry_.error(fmt::format("'{}' is missing: {}", key, why)));
    return node;
  }

  /// A key that is there but means nothing here is a mistake, not a detail to pass over.
  Status unwanted(std::string_view key, std::string_view why) const {
    for (const auto& member : entry_.members())
      if (member.key == key) return fail(member.key_node.error(fmt::format("'{}' has no place here: {}", key, why)));
    return {};
  }

  /// 0.4 or "40%".
  static Result<double> share(const YamlNode& node, std::string_view key) {
    const std::string& text = node.text();
    const auto percent = text.ends_with('%') ? parse_double(text.substr(0, text.size() - 1)) : std::nullopt;
    if (node.is_scalar() && !node.quoted() && percent) return *percent / 100;
    return node.number(key);
  }

  /// As share(), within (0, 1].
  static Result<double> proper_share(const YamlNode& node, std::string_view key) {
    LEEWAY_TRY(const double value, share(node, key));
    if (!(value > 0 && value <= 1))
      return fail(node.error(fmt::format("'{}' must be above 0 and at most 1, not {}", key, printable(node.text())),
                             "Write a share such as 0.25 or 25%."));
    return value;
  }

  Status read_kind() {
    LEEWAY_TRY(const YamlNode* node, needed("kind", "what should happen"));
    LEEWAY_TRY(const std::string word, node->string("kind"));
    std::vector<std::string> names;
    for (const auto& record : drift_kinds()) {
      names.emplace_back(record.name);
      if (word != record.name) continue;
      drift_.kind = record.kind;
      const bool binary_only = record.kind == DriftKind::label_noise || record.kind == DriftKind::prior;
      if (binary_only && table_.task != Task::binary)
        return fail(node->error(fmt::format("'{}' needs a yes-or-no outcome, and '{}' is a number", word, table_.label),
                                "Use 'concept'."));
      return {};
    }
    return fail(node->error(fmt::format("unknown kind '{}'", printable(word)), known_instead(word, names)));
  }

  Result<size_t> feature(const YamlNode& node, std::string_view word) const {
    std::vector<std::string> names;
    for (size_t i = 0; i < table_.features.size(); ++i) {
      if (table_.features[i].name == word) return i;
      names.emplace_back(table_.features[i].name);
    }
    return fail(node.error(fmt::format("'{}' is not an input of '{}'", printable(word), table_.name),
                           known_instead(word, names)));
  }

  Status read_column() {
    if (!kind().needs_column) return unwanted("column", fmt::format("a {} touches the outcome", kind().name));
    LEEWAY_TRY(const YamlNode* node, needed("column", fmt::format("a {} needs to know which", kind().name)));
    LEEWAY_TRY(const std::string word, node->string("column"));
    LEEWAY_TRY(drift_.feature, feature(*node, word));
    const Feature& column = table_.features[drift_.feature];
    if (column.fixed)
      return fail(node->error(fmt::format("'{}' follows from other columns and cannot move by itself", word)));
    const bool quantity = column.kind == Kind::real || column.kind == Kind::integer;
    if (drift_.kind == DriftKind::category && column.kind != Kind::category)
      return fail(node->error(fmt::format("'{}' has no categories", word), "Use factor, shift, unit or missing."));
    if (drift_.kind != DriftKind::category && drift_.kind != DriftKind::missing && !quantity)
      return fail(node->error(fmt::format("'{}' is not a quantity", word),
                              column.kind == Kind::category ? "Use category or missing." : "Use missing."));
    return {};
  }

  Status read_size() {
    LEEWAY_TRY(const YamlNode* node, needed(kind().size, "how much"));
    if (drift_.kind == DriftKind::category) {
      LEEWAY_TRY(const YamlNode* to, needed("to", "which category the rows turn to"));
      LEEWAY_TRY(drift_.category, to->string("to"));
      if (drift_.category.empty()) return fail(to->error("'to' is empty"));
      LEEWAY_TRY(drift_.size, proper_share(*node, "share"));
      return unwanted("by", "a category has 'to' and 'share'");
    }
    LEEWAY_CHECK(
        unwanted(kind().size == "by" ? "to" : "by", fmt::format("the size of a {} is '{}'", kind().name, kind().size)));
    if (drift_.kind == DriftKind::missing || drift_.kind == DriftKind::label_noise) {
      LEEWAY_TRY(drift_.size, proper_share(*node, kind().size));
      return {};
    }
    if (drift_.kind == DriftKind::prior) return read_prior(*node);
    LEEWAY_TRY(drift_.size, node->number("by"));
    if (!(drift_.size >= kind().least && drift_.size <= kind().most))
      return fail(node->error(fmt::format("'by' of a {} must be between {} and {}, not {}", kind().name, kind().least,
                                          kind().most, printable(node->text()))));
    const bool multiplies = drift_.kind == DriftKind::factor || drift_.kind == DriftKind::unit;
    if (drift_.size == (multiplies ? 1 : 0))
      return fail(node->error(fmt::format("'by: {}' changes nothing", printable(node->text()))));
    return {};
  }

  Status read_prior(const YamlNode& node) {
    LEEWAY_TRY(const double rate, share(node, "to"));
    const double odds = rate / (1 - rate) / (table_.base_rate / (1 - table_.base_rate));
    if (!(rate > 0 && rate < 1) || odds > most_odds_change || odds < 1 / most_odds_change)
      return fail(node.error(
          fmt::format("'to' is no rate that {} could reach: {}", percent(table_.base_rate), printable(node.text())),
          "Write a rate such as 0.05 or 5%."));
    drift_.size = rate;
    return {};
  }

  Status read_share() {
    const YamlNode* node = entry_.find("share");
    if (node == nullptr || drift_.kind == DriftKind::category) return {};
    if (kind().size == "to" || drift_.kind == DriftKind::missing || drift_.kind == DriftKind::label_noise)
      return unwanted("share", fmt::format("the size of a {} is '{}' alone", kind().name, kind().size));
    LEEWAY_TRY(drift_.share, proper_share(*node, "share"));
    return {};
  }

  Status read_where() {
    const YamlNode* node = entry_.find("where");
    if (node == nullptr) return {};
    if (drift_.kind == DriftKind::prior) return unwanted("where", "a prior shift concerns all rows");
    if (!node->is_map() || node->members().empty())
      return fail(node->error("'where' names columns and values",
                              "For example {employment: retired, income: {below: 30000}}."));
    for (const auto& member : node->members()) {
      LEEWAY_TRY(const size_t at, feature(member.key_node, member.key));
      if (!member.value.is_map()) {
        LEEWAY_TRY(const double value, value_of(member.value, at));
        drift_.where.push_back({at, Predicate::Is::equal, value});
      } else {
        LEEWAY_CHECK(read_range(member.value, at));
      }
    }
    return {};
  }

  Status read_range(const YamlNode& node, size_t at) {
    constexpr std::string_view bounds[] = {"at_least", "below"};
    LEEWAY_CHECK(node.only(bounds));
    if (table_.features[at].kind == Kind::category)
      return fail(node.error(fmt::format("'{}' has categories, which have no order", table_.features[at].name),
                             "Name one of them."));
    for (const auto& bound : node.members()) {
      LEEWAY_TRY(const double value, bound.value.number(bound.key));
      drift_.where.push_back({at, bound.key == "below" ? Predicate::Is::below : Predicate::Is::at_least, value});
    }
    return {};
  }

  /// The value that a condition compares with, as rows hold it.
  Result<double> value_of(const YamlNode& node, size_t at) const {
    const Feature& column = table_.features[at];
    if (column.kind != Kind::category) return node.number(column.name);
    LEEWAY_TRY(const std::string word, node.string(column.name));
    const auto found = std::ranges::find(column.categories, word);
    if (found == column.categories.end())
      return fail(node.error(fmt::format("'{}' is no category of '{}'", printable(word), column.name),
                             known_instead(word, column.categories)));
    return static_cast<double>(found - column.categories.begin());
  }

  Status read_shape() {
    if (const YamlNode* node = entry_.find("shape")) {
      LEEWAY_TRY(const std::string word, node->string("shape"));
      const auto names = shape_names();
      const auto found = std::ranges::find(names, word);
      if (found == names.end())
        return fail(node->error(fmt::format("unknown shape '{}'", printable(word)), known_instead(word, names)));
      drift_.shape = static_cast<Shape>(found - names.begin());
    }
    const bool waves = drift_.shape == Shape::recurring || drift_.shape == Shape::seasonal;
    LEEWAY_CHECK(
        read_length("over", drift_.shape == Shape::gradual, "only a gradual drift grows over a time", drift_.over));
    LEEWAY_CHECK(read_length("period", waves, "only recurring and seasonal drifts have one", drift_.period));
    if (drift_.shape != Shape::recurring) return unwanted("duty", "only a recurring drift comes and goes");
    if (const YamlNode* node = entry_.find("duty")) {
      LEEWAY_TRY(drift_.duty, share(*node, "duty"));
      if (!(drift_.duty > 0 && drift_.duty < 1)) return fail(node->error("'duty' must be between 0 and 1"));
    }
    return {};
  }

  Status read_length(std::string_view key, bool wanted, std::string_view why_not, int64_t& length) {
    if (!wanted) return unwanted(key, why_not);
    LEEWAY_TRY(const YamlNode* node, needed(key, fmt::format("a {} drift needs it", name(drift_.shape))));
    LEEWAY_TRY(length, length_of(*node, key));
    if (length < second) return fail(node->error(fmt::format("'{}' must be at least a second", key)));
    return {};
  }

  /// "30d", or "50%" of the table's span.
  Result<int64_t> length_of(const YamlNode& node, std::string_view key) const {
    LEEWAY_TRY(const std::string text, node.string(key));
    if (text.ends_with('%')) {
      const auto part = parse_double(std::string_view(text).substr(0, text.size() - 1));
      if (part && *part >= 0 && *part <= 100)
        return static_cast<int64_t>(*part / 100 * static_cast<double>(frame_.end - frame_.start));
    } else if (const auto length = parse_duration(text)) {
      return *length;
    }
    return fail(node.error(fmt::format("'{}' is no length of time: '{}'", key, printable(text)),
                           "Write 30d, 12h, 2w or 50% (of the table's span)."));
  }

  Result<int64_t> time_of(const YamlNode& node, std::string_view key) const {
    LEEWAY_TRY(const std::string text, node.string(key));
    if (const auto time = parse_time(text)) return *time;
    const auto after = length_of(node, key);
    if (after) return frame_.start + *after;
    return fail(node.error(fmt::format("'{}' is no time: '{}'", key, printable(text)),
                           "Write 2026-02-01, 2026-02-01T13:30, or 14d or 50% after the table's start."));
  }

  Status read_times() {
    drift_.from = frame_.default_from.value_or(frame_.start);
    drift_.until = frame_.end;
    if (const YamlNode* node = entry_.find("from")) {
      LEEWAY_TRY(drift_.from, time_of(*node, "from"));
    }
    if (const YamlNode* node = entry_.find("until")) {
      LEEWAY_TRY(drift_.until, time_of(*node, "until"));
      if (drift_.until <= drift_.from) return fail(node->error("'until' is not after 'from'"));
    }
    return {};
  }

  Status read_name() {
    const YamlNode* node = entry_.find("name");
    if (node != nullptr) {
      LEEWAY_TRY(drift_.name, node->string("name"));
      return {};
    }
    drift_.name = kind().name;
    if (kind().needs_column) drift_.name += fmt::format(" of {}", table_.features[drift_.feature].name);
    if (!drift_.where.empty()) drift_.name += fmt::format(" where {}", segment_text(table_, drift_.where));
    return {};
  }

  const YamlNode& entry_;
  const TableSpec& table_;
  const PlanFrame& frame_;
  Drift drift_;
};

}  // namespace

Result<DriftPlan> read_drift_plan(std::string_view yaml, std::string_view file, const TableSpec& table,
                                  const PlanFrame& frame) {
  LEEWAY_TRY(const YamlNode root, read_yaml(yaml, file));
  constexpr std::string_view keys[] = {"drifts"};
  const char* example = "Begin with 'drifts:' and a list of entries.";
  if (!root.is_map())
    return fail(
        Error{Code::invalid_argument, "not a drift plan", std::string(file), root.line(), root.column(), example});
  LEEWAY_CHECK(root.only(keys));
  const YamlNode* list = root.find("drifts");
  if (list == nullptr || !list->is_list()) return fail((list ? *list : root).error("'drifts' must be a list", example));
  DriftPlan plan;
  for (const auto& entry : list->items()) {
    LEEWAY_TRY(auto drift, EntryReader(entry, table, frame).read());
    plan.push_back(std::move(drift));
  }
  return plan;
}

}  // namespace leeway::simulate
