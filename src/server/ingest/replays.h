#pragma once
// Idempotency-Key: a request that comes again with the same key gets the answer of the first.

#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <unordered_map>

#include "server/problem.h"
#include "server/route.h"
#include "store/store.h"

namespace leeway::server {

/// Thread safe. Remembers answers of this process; older ones are asked of the store, which keeps them 24 h.
class Replays {
 public:
  explicit Replays(store::Store& store) : store_(store) {}

  /// A key taken by a request in progress; given back when it is destroyed without finish().
  class Claim {
   public:
    Claim() = default;
    Claim(Replays& owner, std::string key, std::string fingerprint)
        : owner_(&owner), key_(std::move(key)), fingerprint_(std::move(fingerprint)) {}
    Claim(Claim&& other) noexcept
        : owner_(std::exchange(other.owner_, nullptr)),
          key_(std::move(other.key_)),
          fingerprint_(std::move(other.fingerprint_)) {}
    Claim& operator=(Claim&&) = delete;
    ~Claim() {
      if (owner_) owner_->abandon(key_);
    }
    bool held() const { return owner_ != nullptr; }
    const std::string& key() const { return key_; }
    const std::string& fingerprint() const { return fingerprint_; }
    /// The answer is on the disk.
    void finish(std::string answer) {
      if (owner_) std::exchange(owner_, nullptr)->finish(key_, fingerprint_, std::move(answer));
    }

   private:
    Replays* owner_ = nullptr;
    std::string key_, fingerprint_;
  };

  /// What the request's key leads to: nothing to do (no key: an empty claim), a claim, or an answer given before.
  struct Found {
    Claim claim;
    std::optional<http::Response> answer;
  };
  /// Problems: 400 (a key that is not 1 to 255 printable ASCII characters), 409 (still in progress), 422 (the key came
  /// with another body), 503 (the store cannot be asked).
  std::expected<Found, Problem> find(const Call& call);

 private:
  struct Entry {
    std::string fingerprint;
    std::optional<std::string> answer;  // none: in progress
  };
  void finish(const std::string& key, const std::string& fingerprint, std::string answer);
  void abandon(const std::string& key);
  std::expected<std::optional<Found>, Problem> known(const std::string& key, const std::string& fingerprint);

  store::Store& store_;
  std::mutex mutex_;
  std::unordered_map<std::string, Entry> entries_;
  std::deque<std::string> finished_;  // oldest first; beyond the limit they are left to the store
};

}  // namespace leeway::server
