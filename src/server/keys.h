#pragma once
// API keys: their text, what is stored of them, and the file that holds them.
//
// A key is "lw_live_" + id (8 characters) + secret (43) + check (6), 65 characters in all. The file holds no secret,
// but HMAC-SHA-256(pepper, secret); the pepper stands in a file of its own. A secret has 256 random bits, so stretching
// (argon2) would add nothing.

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace leeway::server {

/// What a caller may do; each right stands by itself, except that admin holds all others.
class Scope {
 public:
  enum Value : uint8_t {
    open = 0,    ///< No key is asked for. For routes only; keys cannot hold it.
    ingest = 1,  ///< Hand in rows and outcomes, ask for predictions.
    read = 2,    ///< Look at anything but keys.
    write = 4,   ///< Change models, references, alerts and decisions.
    admin = 8,   ///< All of these, and keys.
  };
  constexpr Scope(Value value) : value_(value) {}  // NOLINT: implicit on purpose. No default: a route must say.
  constexpr operator Value() const { return value_; }

 private:
  Value value_;
};
std::string_view name(Scope scope);
std::optional<Scope> scope_named(std::string_view text);

using Secret32 = std::array<unsigned char, 32>;

struct KeyText {
  std::string id;      ///< 8 characters, public.
  std::string secret;  ///< 43 characters.
  std::string text() const;
};

/// Makes the text of a key from its parts; `bytes` are the 32 of the secret.
KeyText make_key(std::string_view id, const Secret32& bytes);
/// Nothing unless the length, the prefix, the alphabet and the check are right.
std::optional<KeyText> parse_key(std::string_view text);
Secret32 hmac(const Secret32& pepper, std::string_view secret);

/// What is stored of a key. Times are seconds since 1970; 0 for never.
struct KeyRecord {
  std::string id;
  std::string name;  ///< For people: "ci", "scoring service".
  Secret32 digest{};
  uint8_t scopes = 0;               ///< Scope values, added up.
  std::vector<std::string> models;  ///< Those it may touch; empty: all.
  int64_t created = 0, expires = 0, revoked = 0, last_used = 0;

  bool active(int64_t now) const { return revoked == 0 && (expires == 0 || now < expires); }
};

/// Who asks.
struct Principal {
  std::string key_id;  ///< Empty where no keys are in use.
  uint8_t scopes = 0;
  std::vector<std::string> models;

  bool may(Scope scope) const { return scope == Scope::open || (scopes & (scope | Scope::admin)) != 0; }
  bool may_touch(std::string_view model) const;
  /// Its only right is to hand in rows.
  bool ingest_only() const { return scopes == Scope::ingest; }
};

/// The keys of one data directory: `folder`/keys.json and `folder`/pepper, both readable by their owner alone. Changes
/// made by another process (the command beside a running server) are seen within a second. Thread safe.
class KeyRing {
 public:
  /// Makes the folder and the pepper if there are none. Errors: invalid_argument (a file that others may read, or that
  /// is damaged).
  static Result<std::unique_ptr<KeyRing>> open(const std::filesystem::path& folder);

  /// Shown once, stored as a digest.
  Result<KeyText> create(KeyRecord record, int64_t now);
  /// not_found if no key has that id. A key that is revoked already stays as it is.
  Status revoke(std::string_view id, int64_t now);
  std::vector<KeyRecord> list();
  /// True once any key has been seen: from then on every caller needs one, even if the file is lost.
  bool in_use();

  /// Who holds this key, or nothing, whatever is wrong with it; takes the same time in either case. Remembers the hour.
  std::optional<Principal> verify(std::string_view key, int64_t now);
  /// HMAC of a text of ours with the pepper, in a domain of its own: for cursors.
  Secret32 sign(std::string_view text) const { return hmac(pepper_, "sign:" + std::string(text)); }
  /// Writes the hours of last use.
  Status save_use();

 private:
  KeyRing(std::filesystem::path folder, Secret32 pepper) : folder_(std::move(folder)), pepper_(pepper) {}
  Status refresh();
  Status load();
  Status store();
  template <class Change>
  Status change(const Change& make);

  const std::filesystem::path folder_;
  const Secret32 pepper_;
  std::mutex mutex_;
  std::map<std::string, KeyRecord, std::less<>> records_;
  std::filesystem::file_time_type stamp_{};
  std::chrono::steady_clock::time_point looked_{};
  bool required_ = false;
  bool used_ = false;
};

}  // namespace leeway::server
