#include "cli/model_schema.h"

#include <fmt/format.h>

#include "base/text.h"
#include "base/write_file.h"
#include "config/yaml_reader.h"

namespace leeway::cli {
namespace {

using models::Coding;
using models::EncodedColumn;
using models::Model;
using models::ModelFacts;

struct ForeignSchema {
  ModelFacts facts;
  std::vector<EncodedColumn> columns;
  double threshold = 0.5;
  models::RiskCuts cuts;
};

Result<std::vector<std::string>> texts(const YamlNode& node, std::string_view what) {
  if (!node.is_list()) return fail(node.error(fmt::format("'{}' must be a list", what)));
  std::vector<std::string> out;
  for (const auto& item : node.items()) {
    LEEWAY_TRY(auto text, item.string(what));
    out.push_back(std::move(text));
  }
  return out;
}

Result<EncodedColumn> levels_of(EncodedColumn column, const YamlNode& list, std::string_view key) {
  LEEWAY_TRY(const auto levels, texts(list, key));
  if (levels.empty()) return fail(list.error(fmt::format("'{}' must not be empty", key)));
  column.type = Type::text;
  column.coding = key == "levels" ? Coding::one_hot : Coding::rank;
  for (size_t i = 0; i < levels.size(); ++i) column.levels.push_back({levels[i], 0, static_cast<uint32_t>(i)});
  return column;
}

Result<EncodedColumn> column_of(const YamlNode& node) {
  EncodedColumn column;
  column.low = column.middle = column.high = std::numeric_limits<double>::quiet_NaN();
  if (node.is_scalar()) {
    LEEWAY_TRY(column.name, node.string("a column"));
    return column;
  }
  if (!node.is_map()) return fail(node.error("a column must be a name, or a map with 'name'"));
  constexpr std::array<std::string_view, 4> known = {"name", "type", "levels", "codes"};
  LEEWAY_CHECK(node.only(known));
  const YamlNode* name = node.find("name");
  if (name == nullptr) return fail(node.error("a column needs a 'name'"));
  LEEWAY_TRY(column.name, name->string("name"));
  if (const auto* levels = node.find("levels")) return levels_of(std::move(column), *levels, "levels");
  if (const auto* codes = node.find("codes")) return levels_of(std::move(column), *codes, "codes");
  const YamlNode* type = node.find("type");
  if (type == nullptr) return column;
  LEEWAY_TRY(const std::string text, type->string("type"));
  if (text == "boolean") {
    column.type = Type::boolean;
    column.coding = Coding::boolean;
  } else if (text != "number") {
    return fail(type->error(fmt::format("'{}' is no type of a column", printable(text)),
                            "Types are number and boolean; for texts give 'levels' or 'codes'."));
  }
  return column;
}

Status read_texts(const YamlNode& root, ModelFacts& facts) {
  const std::pair<std::string_view, std::string ModelFacts::*> keys[] = {{"name", &ModelFacts::name},
                                                                         {"label", &ModelFacts::label},
                                                                         {"positive", &ModelFacts::positive},
                                                                         {"algorithm", &ModelFacts::algorithm}};
  for (const auto& [key, to] : keys)
    if (const auto* node = root.find(key)) {
      LEEWAY_TRY(facts.*to, node->string(key));
    }
  if (const auto* classes = root.find("classes")) {
    LEEWAY_TRY(facts.classes, texts(*classes, "classes"));
  }
  return {};
}

Status read_decision(const YamlNode& root, ForeignSchema& schema) {
  if (const auto* task = root.find("task")) {
    LEEWAY_TRY(const std::string text, task->string("task"));
    const auto known = task_of(text);
    if (!known || *known == Task::none)
      return fail(
          task->error(fmt::format("'{}' is no task", printable(text)), "Tasks are binary, multiclass and regression."));
    schema.facts.task = *known;
  }
  if (const auto* threshold = root.find("threshold")) {
    LEEWAY_TRY(schema.threshold, threshold->number("threshold"));
  }
  if (const auto* cuts = root.find("risk")) {
    if (cuts->items().size() != schema.cuts.from.size())
      return fail(cuts->error("'risk' must be a list of four probabilities"));
    for (size_t i = 0; i < schema.cuts.from.size(); ++i) {
      LEEWAY_TRY(schema.cuts.from[i], cuts->items()[i].number("risk"));
    }
  }
  return {};
}

Result<ForeignSchema> read_schema(const std::string& path, Task task) {
  LEEWAY_TRY(const std::string text, read_file(path));
  LEEWAY_TRY(const YamlNode root, read_yaml(text, path));
  if (!root.is_map()) return fail(root.error("a schema must be a map", "See docs/models.md."));
  constexpr std::array<std::string_view, 9> known = {"name",      "task",      "label", "positive", "classes",
                                                     "algorithm", "threshold", "risk",  "columns"};
  LEEWAY_CHECK(root.only(known));
  ForeignSchema schema;
  schema.facts.task = task;
  LEEWAY_CHECK(read_texts(root, schema.facts));
  LEEWAY_CHECK(read_decision(root, schema));
  const YamlNode* columns = root.find("columns");
  if (columns == nullptr || !columns->is_list())
    return fail(root.error("a schema needs 'columns', a list in the order of the model's features"));
  for (const auto& node : columns->items()) {
    LEEWAY_TRY(auto column, column_of(node));
    schema.columns.push_back(std::move(column));
  }
  return schema;
}

Result<ForeignSchema> schema_of_names(const models::TreeEnsemble& trees, const std::string& model_path, Task task) {
  if (trees.feature_names().empty())
    return fail(Error{Code::invalid_argument, "the model does not name its features", model_path, 0, 0,
                      "Describe them with --schema (docs/models.md)."});
  ForeignSchema schema;
  schema.facts.task = task;
  const auto names = trees.feature_names();
  const auto numbers = models::Encoder::of_numbers({names.begin(), names.end()});
  schema.columns.assign(numbers.columns().begin(), numbers.columns().end());
  if (task == Task::multiclass)
    for (size_t k = 0; k < trees.outputs(); ++k) schema.facts.classes.push_back(std::to_string(k));
  return schema;
}

Error in_file(Error error, const std::string& path) {
  if (error.file.empty()) error.file = path;
  return error;
}

}  // namespace

Result<Model> foreign_model(const std::string& model_path, const std::string& schema_path, const std::string& name) {
  LEEWAY_TRY(std::string bytes, read_file(model_path));
  auto booster = models::Booster::load(std::move(bytes));
  if (!booster) return fail(in_file(booster.error(), model_path));
  const models::Link link = booster->trees().link();
  const Task task = link == models::Link::logistic  ? Task::binary
                    : link == models::Link::softmax ? Task::multiclass
                                                    : Task::regression;
  LEEWAY_TRY(ForeignSchema schema, schema_path.empty() ? schema_of_names(booster->trees(), model_path, task)
                                                       : read_schema(schema_path, task));
  if (!name.empty()) schema.facts.name = name;
  if (schema.facts.name.empty()) return fail(Code::invalid_argument, "the model needs a name", "Give it with --name.");
  if (schema.facts.algorithm.empty()) schema.facts.algorithm = "decision trees trained elsewhere";
  schema.facts.software = "imported";
  auto encoder = models::Encoder::of(std::move(schema.columns));
  if (!encoder) return fail(in_file(encoder.error(), schema_path));
  auto model =
      Model::make(std::move(schema.facts), std::move(*encoder), std::move(*booster), {}, schema.threshold, schema.cuts);
  if (!model) return fail(in_file(model.error(), schema_path.empty() ? model_path : schema_path));
  return model;
}

}  // namespace leeway::cli
