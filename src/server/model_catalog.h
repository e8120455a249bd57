#pragma once
// The models of the bank as a server needs them: found without touching the disk on each request, opened once.

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "models/bank.h"

namespace leeway::server {

/// How a request names a version. Never a path.
struct ModelReference {
  std::string model;     ///< Empty: the only model there is.
  std::string version;   ///< A number, or empty.
  std::string alias;     ///< "champion", or empty.
};
/// "fraud", "fraud/3", "fraud@challenger", "models:/fraud/3". Errors: invalid_argument.
Result<ModelReference> parse_reference(std::string_view text);
/// [A-Za-z0-9_.-]{1,100}, not beginning with a dot.
bool good_model_name(std::string_view name);

/// Thread safe. Versions and aliases moved by another process are seen within a second.
class ModelCatalog {
 public:
  explicit ModelCatalog(std::string folder) : bank_(std::move(folder)) {}

  /// Without a version or alias: the champion, or the newest if there is none. Errors: not_found (says what there is),
  /// those of open_version.
  Result<std::shared_ptr<const models::Version>> open(const ModelReference& reference);
  Result<models::VersionInfo> find(const ModelReference& reference);
  /// By name and number.
  Result<std::vector<models::VersionInfo>> list();
  models::Bank& bank() { return bank_; }
  /// Looks at the folder again at the next call.
  void forget();

 private:
  Status refresh();
  Result<models::VersionInfo> pick(const ModelReference& reference) const;

  models::Bank bank_;
  std::mutex mutex_;
  std::chrono::steady_clock::time_point looked_{};
  std::vector<models::VersionInfo> versions_;
  std::map<std::string, std::shared_ptr<const models::Version>> opened_;   // by id
};

}  // namespace leeway::server
