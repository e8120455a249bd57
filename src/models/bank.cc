#include "models/bank.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <unistd.h>

#include "base/text.h"
#include "base/write_file.h"
#include "models/bank_log.h"
#include "models/card.h"
#include "models/manifest.h"
#include "models/ubjson.h"

namespace leeway::models {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view trees_binary = "trees.ubj", trees_text = "trees.json";

std::string join(const std::string& folder, std::string_view name) { return (fs::path(folder) / name).string(); }

std::unexpected<Error> in_file(const Error& error, const std::string& path) {
  Error named = error;
  if (named.file.empty()) named.file = path;
  return fail(std::move(named));
}

bool good_name(std::string_view name) {
  return !name.empty() && name.size() <= 100 && name.front() != '.' && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
           c == '-';
  });
}

Status check_name(std::string_view name) {
  if (good_name(name)) return {};
  return fail(Code::invalid_argument, fmt::format("'{}' cannot be a model's name", printable(name)),
              "Use letters, digits, '_', '-' and '.', at most 100.");
}

/// A number without sign or leading zero; 0 if it is none.
int version_number(std::string_view text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && number > 0 && text.front() != '0' ? number : 0;
}

/// Version numbers in a model's folder, ascending.
std::vector<int> numbers_in(const std::string& folder) {
  std::vector<int> numbers;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error))
    if (const int number = version_number(entry.path().filename().string())) numbers.push_back(number);
  std::ranges::sort(numbers);
  return numbers;
}

/// Not synced: publish_folder() does that for all files at once.
Status write_plainly(const std::string& path, std::string_view bytes) {
  std::ofstream file(path, std::ios::binary);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (file) return {};
  return fail(Error{Code::resource_exhausted, "could not be written whole", path, 0, 0, "Is the disk full?"});
}

Status write_parts(const std::string& folder, const Model& model, const ModelRecord& record,
                   const std::vector<VersionFile>& further) {
  const std::string& trees = model.booster().bytes();
  std::vector<VersionFile> files = {text_file("model.json", model.json()),
                                    text_file(std::string(looks_like_ubjson(trees) ? trees_binary : trees_text), trees),
                                    text_file("record.json", record.json()),
                                    text_file("card.md", card_markdown(model, record)),
                                    text_file("card.html", card_html(model, record))};
  files.insert(files.end(), further.begin(), further.end());
  for (const VersionFile& file : files) {
    std::error_code error;
    if (!good_name(file.name) || file.name == manifest_name || fs::exists(join(folder, file.name), error))
      return fail(Code::invalid_argument,
                  fmt::format("a version cannot have a further file '{}'", printable(file.name)));
    LEEWAY_CHECK(file.write(join(folder, file.name)));
  }
  LEEWAY_TRY(const Manifest manifest, make_manifest(folder, model.facts().name));
  return write_plainly(join(folder, manifest_name), manifest.json());
}

/// A folder that goes away with its contents unless it was renamed.
class Scratch {
 public:
  static Result<Scratch> make(const std::string& parent) {
    LEEWAY_CHECK(make_folder(parent));
    std::string pattern = join(parent, ".new-XXXXXX");
    if (::mkdtemp(pattern.data()) == nullptr)
      return fail(
          Error{Code::invalid_argument, "cannot be written to", parent, 0, 0, "May you write to the bank's folder?"});
    std::error_code error;   // best effort: a version that only its owner can read is a version
    fs::permissions(pattern, fs::perms::owner_all | fs::perms::group_read | fs::perms::group_exec |
                                 fs::perms::others_read | fs::perms::others_exec, error);
    return Scratch(pattern);
  }
  Scratch(Scratch&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  Scratch& operator=(Scratch&&) = delete;
  ~Scratch() {
    std::error_code error;
    if (!path_.empty()) fs::remove_all(path_, error);
  }
  const std::string& path() const { return path_; }

 private:
  explicit Scratch(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

Result<VersionInfo> info_of(const std::string& folder, int number, const std::vector<BankEvent>& events) {
  LEEWAY_TRY(const Manifest manifest, read_manifest(folder));
  VersionInfo info{manifest.model, number, manifest.id(), folder};
  for (const BankEvent& event : events)
    if (event.what == "added" && event.to == number) info.added = event.at;
  for (const auto& [alias, versions] : alias_history(events))
    if (number > 0 && versions.back() == number) info.aliases.push_back(alias);
  return info;
}

/// What `model`'s folder holds, those that cannot be read left out.
Result<std::vector<VersionInfo>> versions_of(const std::string& bank, const std::string& model) {
  const std::string folder = join(bank, model);
  LEEWAY_TRY(const auto events, read_log(join(folder, "log.jsonl")));
  std::vector<VersionInfo> versions;
  for (const int number : numbers_in(folder))
    if (auto info = info_of(join(folder, std::to_string(number)), number, events)) versions.push_back(std::move(*info));
  return versions;
}

/// Gives a filled scratch folder the next number, unless its content is there already.
Result<VersionInfo> place(const std::string& bank, const std::string& model, const Scratch& scratch, int64_t now) {
  LEEWAY_TRY(const Manifest manifest, read_manifest(scratch.path()));
  const std::string id = manifest.id(), folder = join(bank, model), log = join(folder, "log.jsonl");
  LEEWAY_TRY(const auto lock, LogLock::take(folder));
  LEEWAY_TRY(const auto versions, versions_of(bank, model));
  for (const VersionInfo& version : versions)
    if (version.id == id) return version;
  const auto numbers = numbers_in(folder);
  const int number = numbers.empty() ? 1 : numbers.back() + 1;
  const std::string target = join(folder, std::to_string(number));
  LEEWAY_CHECK(publish_folder(scratch.path(), target));
  LEEWAY_CHECK(append_event(log, {now, "added", "", 0, number, ""}));
  return VersionInfo{model, number, id, target, now, {}};
}

/// Copies a version's files, each held against the manifest.
Status copy_version(const std::string& from, const std::string& to) {
  LEEWAY_TRY(const Manifest manifest, check_manifest(from));
  for (const ManifestFile& file : manifest.files) {
    std::error_code error;
    fs::copy_file(join(from, file.name), join(to, file.name), error);
    if (error)
      return fail(
          Error{Code::resource_exhausted, "could not be copied", join(from, file.name), 0, 0, "Is the disk full?"});
  }
  return write_plainly(join(to, manifest_name), manifest.json());
}

/// A reference taken apart: at most one of the last three is set.
struct Reference {
  std::string model;
  std::string alias;
  std::string id;
  int number = 0;
};

Reference take_apart(std::string_view text) {
  if (text.starts_with("models:/")) text.remove_prefix(8);
  Reference reference;
  if (const auto at = text.find('@'); at != std::string_view::npos) {
    reference.model = text.substr(0, at);
    const std::string_view rest = text.substr(at + 1);
    if (rest.starts_with("sha256:")) reference.id = rest.substr(7);
    else reference.alias = rest;
  } else if (const auto slash = text.find('/'); slash != std::string_view::npos) {
    reference.model = text.substr(0, slash);
    reference.number = version_number(text.substr(slash + 1));
    if (reference.number == 0) reference.model = text;   // a path, not a version
  } else {
    reference.model = text;
  }
  return reference;
}

const VersionInfo* pick(const std::vector<VersionInfo>& versions, const Reference& wanted) {
  const auto having = [&](std::string_view alias) -> const VersionInfo* {
    for (const auto& version : versions)
      if (std::ranges::find(version.aliases, alias) != version.aliases.end()) return &version;
    return nullptr;
  };
  if (!wanted.alias.empty()) return having(wanted.alias);
  for (const auto& version : versions)
    if ((wanted.number > 0 && version.number == wanted.number) ||
        (wanted.id.size() >= 8 && version.id.starts_with(wanted.id)))
      return &version;
  if (wanted.number > 0 || !wanted.id.empty() || versions.empty()) return nullptr;
  const auto* best = having(champion);
  return best != nullptr ? best : &versions.back();
}

std::unexpected<Error> unknown(const std::string& bank, std::string_view reference, const std::vector<VersionInfo>& all,
                               const Reference& wanted) {
  std::vector<std::string> labels, names;
  for (const auto& version : all) {
    if (version.model == wanted.model) labels.push_back(version.label());
    if (names.empty() || names.back() != version.model) names.push_back(version.model);
  }
  for (auto& name : names) name = printable(name);
  const std::string remedy = !labels.empty() ? "Versions are: " + join_words(labels) + "."
                             : names.empty() ? "There are no models there: see leeway train and leeway models import."
                                             : "Models are: " + join_words(names) + ".";
  return fail(Code::not_found, fmt::format("no model '{}' in the bank '{}'", printable(reference), printable(bank)),
              remedy);
}

}  // namespace

std::string VersionInfo::label() const { return number > 0 ? fmt::format("{}/{}", model, number) : model; }

VersionFile text_file(std::string name, std::string bytes) {
  return {std::move(name), [bytes = std::move(bytes)](const std::string& path) { return write_plainly(path, bytes); }};
}

Result<Version> open_version(const std::string& folder) {
  LEEWAY_TRY(const Manifest manifest, check_manifest(folder));
  const std::string trees = join(folder, manifest.has(trees_binary) ? trees_binary : trees_text);
  const std::string model_path = join(folder, "model.json"), record_path = join(folder, "record.json");
  LEEWAY_TRY(const std::string json, read_file(model_path));
  LEEWAY_TRY(std::string bytes, read_file(trees));
  auto model = Model::read(json, std::move(bytes));
  if (!model) return in_file(model.error(), model_path);
  LEEWAY_TRY(const std::string record_json, read_file(record_path));
  auto record = ModelRecord::read(record_json);
  if (!record) return in_file(record.error(), record_path);
  std::vector<std::string> files;
  for (const auto& file : manifest.files) files.push_back(file.name);
  return Version{{manifest.model, 0, manifest.id(), folder}, std::move(*model), std::move(*record), std::move(files)};
}

Result<VersionInfo> Bank::add(const Model& model, const ModelRecord& record, std::vector<VersionFile> files,
                              int64_t now) {
  const std::string& name = model.facts().name;
  LEEWAY_CHECK(check_name(name));
  LEEWAY_TRY(const auto scratch, Scratch::make(join(folder_, name)));
  LEEWAY_CHECK(write_parts(scratch.path(), model, record, files));
  return place(folder_, name, scratch, now);
}

Result<VersionInfo> Bank::import(const std::string& version_folder, int64_t now) {
  LEEWAY_TRY(const Version version, open_version(version_folder));
  LEEWAY_CHECK(check_name(version.info.model));
  LEEWAY_TRY(const auto scratch, Scratch::make(join(folder_, version.info.model)));
  LEEWAY_CHECK(copy_version(version_folder, scratch.path()));
  return place(folder_, version.info.model, scratch, now);
}

Result<std::vector<VersionInfo>> Bank::list() const {
  std::vector<std::string> models;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder_, error))
    if (const auto name = entry.path().filename().string(); good_name(name) && entry.is_directory(error))
      models.push_back(name);
  std::ranges::sort(models);
  std::vector<VersionInfo> all;
  for (const auto& model : models) {
    LEEWAY_TRY(auto versions, versions_of(folder_, model));
    std::ranges::move(versions, std::back_inserter(all));
  }
  return all;
}

Result<VersionInfo> Bank::resolve(std::string_view reference) const {
  std::error_code error;
  const std::string path(reference);
  if (fs::exists(join(path, manifest_name), error)) return info_of(path, 0, {});
  const Reference wanted = take_apart(reference);
  if (good_name(wanted.model)) {
    LEEWAY_TRY(const auto versions, versions_of(folder_, wanted.model));
    if (const auto* found = pick(versions, wanted)) return *found;
  }
  if (fs::is_regular_file(path, error))
    return fail(Error{Code::invalid_data, "is a file, not a model version", path, 0, 0,
                      "Bring a model of XGBoost into the bank first: leeway models import."});
  if (fs::is_directory(path, error) && path.find('/') != std::string::npos) {
    LEEWAY_TRY(const auto manifest, read_manifest(path));
  }
  LEEWAY_TRY(const auto all, list());
  return unknown(folder_, reference, all, wanted);
}

Result<Version> Bank::open(std::string_view reference) const {
  LEEWAY_TRY(const VersionInfo info, resolve(reference));
  LEEWAY_TRY(Version version, open_version(info.path));
  version.info = info;
  return version;
}

Result<std::vector<BankEvent>> Bank::log(std::string_view model) const {
  return read_log(join(join(folder_, model), "log.jsonl"));
}

Result<BankEvent> Bank::promote(std::string_view reference, const std::string& alias, const std::string& reason,
                                int64_t now) {
  if (alias != champion && alias != challenger)
    return fail(Code::invalid_argument, fmt::format("there is no alias '{}'", printable(alias)),
                "Aliases are: champion, challenger.");
  LEEWAY_TRY(const VersionInfo info, resolve(reference));
  if (info.number == 0)
    return fail(Code::invalid_argument, "only a version in the bank can be promoted",
                "Import it first: leeway models import.");
  const std::string folder = join(folder_, info.model), log = join(folder, "log.jsonl");
  LEEWAY_TRY(const auto lock, LogLock::take(folder));
  LEEWAY_TRY(const auto events, read_log(log));
  const auto history = alias_history(events);
  const auto present = history.find(alias);
  const int from = present == history.end() ? 0 : present->second.back();
  if (from == info.number)
    return fail(Code::failed_precondition, fmt::format("{} is the {} already", info.label(), alias));
  LEEWAY_TRY(const Manifest whole, check_manifest(info.path));
  const BankEvent event{now, "promoted", alias, from, info.number, reason};
  LEEWAY_CHECK(append_event(log, event));
  return event;
}

Result<BankEvent> Bank::roll_back(std::string_view model, const std::string& alias, const std::string& reason,
                                  int64_t now) {
  LEEWAY_CHECK(check_name(model));
  const std::string folder = join(folder_, model), log = join(folder, "log.jsonl");
  LEEWAY_TRY(const VersionInfo any, resolve(model));
  LEEWAY_TRY(const auto lock, LogLock::take(folder));
  LEEWAY_TRY(const auto events, read_log(log));
  const auto history = alias_history(events);
  const auto present = history.find(alias);
  if (present == history.end() || present->second.size() < 2)
    return fail(Code::failed_precondition,
                fmt::format("the {} of '{}' has no earlier version to go back to", printable(alias), printable(model)));
  const int from = present->second.back(), to = present->second[present->second.size() - 2];
  const BankEvent event{now, "rolled back", alias, from, to, reason};
  LEEWAY_CHECK(append_event(log, event));
  return event;
}

Status Bank::export_to(std::string_view reference, const std::string& target) const {
  LEEWAY_TRY(const VersionInfo info, resolve(reference));
  const std::string parent = fs::path(target).parent_path().string();
  LEEWAY_TRY(const auto scratch, Scratch::make(parent.empty() ? "." : parent));
  LEEWAY_CHECK(copy_version(info.path, scratch.path()));
  return publish_folder(scratch.path(), target);
}

}  // namespace leeway::models
