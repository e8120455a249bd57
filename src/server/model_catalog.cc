#include "server/model_catalog.h"

#include <algorithm>

#include "base/text.h"

namespace leeway::server {
namespace {

constexpr std::chrono::seconds look_again{1};
constexpr size_t opened_at_most = 64;

std::unexpected<Error> malformed() {
  return fail(Code::invalid_argument, "this is not the name of a model", "Write fraud, fraud/3 or fraud@champion.");
}

bool is_word(std::string_view text) { return good_model_name(text); }

std::string names_of(const std::vector<models::VersionInfo>& versions) {
  std::vector<std::string> names;
  for (const auto& info : versions)
    if (names.empty() || names.back() != info.model) names.push_back(info.model);
  if (names.empty()) return "There is no model yet: 'leeway train' makes one.";
  return "Models are " + join_words(names) + ".";
}

}  // namespace

bool good_model_name(std::string_view name) {
  return !name.empty() && name.size() <= 100 && name.front() != '.' && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
           c == '-';
  });
}

Result<ModelReference> parse_reference(std::string_view text) {
  if (text.starts_with("models:/")) text.remove_prefix(8);
  const size_t at = text.find('@'), slash = text.find('/');
  ModelReference reference{std::string(text.substr(0, std::min(at, slash))), {}, {}};
  if (at != std::string_view::npos) reference.alias = text.substr(at + 1);
  else if (slash != std::string_view::npos) reference.version = text.substr(slash + 1);
  if (!is_word(reference.model) || (at != std::string_view::npos && !is_word(reference.alias)) ||
      (at == std::string_view::npos && slash != std::string_view::npos && !is_word(reference.version)))
    return malformed();
  return reference;
}

Status ModelCatalog::refresh() {
  const auto now = std::chrono::steady_clock::now();
  if (looked_ != std::chrono::steady_clock::time_point{} && now - looked_ < look_again) return {};
  LEEWAY_TRY(versions_, bank_.list());
  looked_ = now;
  return {};
}

Result<models::VersionInfo> ModelCatalog::pick(const ModelReference& reference) const {
  std::vector<const models::VersionInfo*> own;
  for (const auto& info : versions_)
    if (reference.model.empty() || info.model == reference.model) own.push_back(&info);
  if (own.empty())
    return fail(Code::not_found,
                reference.model.empty() ? "there is no model"
                                        : fmt::format("there is no model '{}'", printable(reference.model)),
                names_of(versions_));
  if (reference.model.empty() && own.front()->model != own.back()->model)
    return fail(Code::invalid_argument, "there are several models, so the request must name one", names_of(versions_));
  const auto has_alias = [](const models::VersionInfo* info, const std::string& alias) {
    return std::ranges::find(info->aliases, alias) != info->aliases.end();
  };
  const auto by = [&](auto&& wanted) -> const models::VersionInfo* {
    const auto found = std::ranges::find_if(own, wanted);
    return found == own.end() ? nullptr : *found;
  };
  const models::VersionInfo* chosen = nullptr;
  if (!reference.version.empty())
    chosen = by([&](const auto* info) { return std::to_string(info->number) == reference.version; });
  else if (!reference.alias.empty()) chosen = by([&](const auto* info) { return has_alias(info, reference.alias); });
  else if (!(chosen = by([&](const auto* info) { return has_alias(info, "champion"); }))) chosen = own.back();
  if (chosen) return *chosen;
  std::vector<std::string> there;
  for (const auto* info : own) there.push_back(std::to_string(info->number));
  return fail(
      Code::not_found,
      fmt::format("model '{}' has no {} '{}'", own.front()->model, reference.version.empty() ? "alias" : "version",
                  printable(reference.version.empty() ? reference.alias : reference.version)),
      "Its versions are " + join_words(there) + ".");
}

Result<models::VersionInfo> ModelCatalog::find(const ModelReference& reference) {
  const std::lock_guard lock(mutex_);
  LEEWAY_CHECK(refresh());
  return pick(reference);
}

Result<std::shared_ptr<const models::Version>> ModelCatalog::open(const ModelReference& reference) {
  const std::lock_guard lock(mutex_);
  LEEWAY_CHECK(refresh());
  LEEWAY_TRY(const auto info, pick(reference));
  if (const auto found = opened_.find(info.id); found != opened_.end()) return found->second;
  LEEWAY_TRY(auto version, models::open_version(info.path));
  version.info = info;
  if (opened_.size() >= opened_at_most) opened_.erase(opened_.begin());
  return opened_[info.id] = std::make_shared<const models::Version>(std::move(version));
}

Result<std::vector<models::VersionInfo>> ModelCatalog::list() {
  const std::lock_guard lock(mutex_);
  LEEWAY_CHECK(refresh());
  return versions_;
}

void ModelCatalog::forget() {
  const std::lock_guard lock(mutex_);
  looked_ = {};
}

}  // namespace leeway::server
