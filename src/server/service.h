#pragma once
// What handlers work with: one Service for the life of the server.

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>

#include "journal/journal.h"
#include "server/ingest/applier.h"
#include "server/ingest/replays.h"
#include "server/keys.h"
#include "server/log.h"
#include "server/metrics.h"
#include "server/model_catalog.h"
#include "server/model_settings.h"
#include "store/store.h"

namespace leeway::server {

/// Nanoseconds since 1970, from the system's clock unless a test has its own.
using Clock = std::function<int64_t()>;

struct Service {
  std::string version;
  std::string commit;
  KeyRing& keys;
  Metrics& metrics;
  Log log;
  LogLevel log_level;                  ///< Entries below are not even made.
  Clock clock;
  int64_t started;                     ///< By the clock.
  store::Store& store;
  Journal& journal;
  Applier& applier;
  ModelCatalog& models;
  SettingsCache& settings;
  Replays& replays;
  int64_t raw_retention;               ///< Nanoseconds that raw rows and their ids are kept.
  std::atomic<bool> ready{false};      ///< What the journal held at the start is in the store.
  std::atomic<bool> stopping{false};
};

}  // namespace leeway::server
