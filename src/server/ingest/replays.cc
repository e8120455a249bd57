#include "server/ingest/replays.h"

#include <algorithm>

#include <sodium.h>

namespace leeway::server {
namespace {

constexpr size_t remembered = 100'000;

std::string fingerprint_of(const http::Request& request) {
  crypto_generichash_state state;
  unsigned char digest[16];
  crypto_generichash_init(&state, nullptr, 0, sizeof digest);
  for (const std::string_view part :
       {std::string_view(request.target), std::string_view("\n"), std::string_view(request.body)})
    crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(part.data()), part.size());
  crypto_generichash_final(&state, digest, sizeof digest);
  char hex[2 * sizeof digest + 1];
  sodium_bin2hex(hex, sizeof hex, digest, sizeof digest);
  return hex;
}

http::Response replayed(std::string text) {
  http::Response response = json_response(std::move(text));
  response.headers.set("Idempotent-Replayed", "true");
  return response;
}

}  // namespace

std::expected<std::optional<Replays::Found>, Problem> Replays::known(const std::string& key,
                                                                     const std::string& fingerprint) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(key);
  if (found == entries_.end()) return std::nullopt;
  if (found->second.fingerprint != fingerprint)
    return refuse(422, "This Idempotency-Key came with another body before.");
  if (!found->second.answer) return refuse(409, "A request with this Idempotency-Key is still in progress.");
  return Found{{}, replayed(*found->second.answer)};
}

std::expected<Replays::Found, Problem> Replays::find(const Call& call) {
  const std::string_view given = call.request.headers.get("Idempotency-Key");
  if (!call.request.headers.has("Idempotency-Key")) return Found{};
  if (given.empty() || given.size() > 255 || !std::ranges::all_of(given, [](char c) { return c > ' ' && c <= '~'; }))
    return refuse(400, "An Idempotency-Key has 1 to 255 printable ASCII characters.");
  const std::string key = call.principal.key_id + ":" + std::string(given);
  const std::string fingerprint = fingerprint_of(call.request);
  LEEWAY_TRY(auto here, known(key, fingerprint));
  if (here) return *std::move(here);
  LEEWAY_TRY(const auto stored, store_.answer(key));
  if (stored && stored->fingerprint != fingerprint)
    return refuse(422, "This Idempotency-Key came with another body before.");
  if (stored) return Found{{}, replayed(stored->answer)};
  {
    const std::lock_guard lock(mutex_);
    if (!entries_.emplace(key, Entry{fingerprint, std::nullopt}).second)
      return refuse(409, "A request with this Idempotency-Key is still in progress.");
  }
  return Found{Claim(*this, key, fingerprint), std::nullopt};
}

void Replays::finish(const std::string& key, const std::string& fingerprint, std::string answer) {
  const std::lock_guard lock(mutex_);
  entries_[key] = Entry{fingerprint, std::move(answer)};
  finished_.push_back(key);
  if (finished_.size() <= remembered) return;
  entries_.erase(finished_.front());
  finished_.pop_front();
}

void Replays::abandon(const std::string& key) {
  const std::lock_guard lock(mutex_);
  entries_.erase(key);
}

}  // namespace leeway::server
