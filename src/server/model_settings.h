#pragma once
// What a user has said of a model: a monitor file, kept as the document of its store record. The monitoring worker
// reads the same document.

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "base/json_writer.h"
#include "base/result.h"
#include "config/monitor_config.h"
#include "server/ingest/intake.h"
#include "store/store.h"

namespace leeway::server {

struct ModelSettings {
  std::string document;  ///< As it was given; empty for a model that nobody described.
  MonitorConfig config;

  /// Errors: those of read_config. Paths in the text are not followed.
  static Result<ModelSettings> read(std::string document);
  IntakeRoles roles() const;
  /// The document as JSON.
  void write(JsonWriter& w) const;
};

/// Thread safe; looks into the store at most once a second.
class SettingsCache {
 public:
  explicit SettingsCache(store::Store& store) : store_(store) {}
  /// Of a model that nobody described: empty ones. The store being away is no reason to refuse rows: then what was
  /// known.
  std::shared_ptr<const ModelSettings> of(const std::string& model);
  void forget();

 private:
  store::Store& store_;
  std::mutex mutex_;
  std::chrono::steady_clock::time_point looked_{};
  std::unordered_map<std::string, std::shared_ptr<const ModelSettings>> known_;
};

}  // namespace leeway::server
