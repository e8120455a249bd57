#include "server/model_settings.h"

#include "server/yaml_json.h"

namespace leeway::server {
namespace {

constexpr std::chrono::seconds look_again{1};
constexpr const char* file_name = "settings";

}  // namespace

Result<ModelSettings> ModelSettings::read(std::string document) {
  ModelSettings settings;
  ConfigSources sources;
  sources.file = file_name;
  sources.text = document;
  LEEWAY_TRY(settings.config, read_config(sources));
  settings.document = std::move(document);
  return settings;
}

IntakeRoles ModelSettings::roles() const {
  const ColumnRoles& columns = config.columns;
  IntakeRoles roles;
  if (!columns.id.empty()) roles.id = columns.id;
  if (!columns.time.empty()) roles.time = columns.time;
  if (!columns.label.column.empty()) roles.label = columns.label.column;
  for (const auto* name : {&columns.score, &columns.prediction, &columns.weight, &columns.stratum})
    if (!name->empty()) roles.lasting.push_back(*name);
  for (const auto& [value, column] : columns.scores) roles.lasting.push_back(column);
  roles.lasting.insert(roles.lasting.end(), columns.groups.begin(), columns.groups.end());
  roles.lasting.insert(roles.lasting.end(), columns.segments.begin(), columns.segments.end());
  return roles;
}

void ModelSettings::write(JsonWriter& w) const {
  const auto root = read_yaml(document, file_name);
  if (root && root->is_map()) return write_node(w, *root);
  w.begin_object();
  w.end_object();
}

std::shared_ptr<const ModelSettings> SettingsCache::of(const std::string& model) {
  static const auto none = std::make_shared<const ModelSettings>();
  const std::lock_guard lock(mutex_);
  const auto now = std::chrono::steady_clock::now();
  if (looked_ == std::chrono::steady_clock::time_point{} || now - looked_ >= look_again) {
    if (const auto models = store_.models()) {
      known_.clear();
      for (const auto& record : *models)
        if (auto settings = ModelSettings::read(record.document))
          known_[record.name] = std::make_shared<const ModelSettings>(*std::move(settings));
      looked_ = now;
    }
  }
  const auto found = known_.find(model);
  return found == known_.end() ? none : found->second;
}

void SettingsCache::forget() {
  const std::lock_guard lock(mutex_);
  looked_ = {};
}

}  // namespace leeway::server
