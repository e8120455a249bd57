#include "server/ingest/acknowledge.h"

#include <chrono>
#include <map>

#include "base/json_writer.h"
#include "server/base62.h"

namespace leeway::server {
namespace {

constexpr size_t listed = 100;

}  // namespace

IntakeContext intake_context(const Service& service, const Call& call, std::string model, std::string version) {
  const int64_t now = service.clock();
  const std::string_view key = call.request.headers.get("Idempotency-Key");
  std::string prefix = key.empty() ? "auto-" + random_base62(16) : fmt::format("key-{}-{}", call.principal.key_id, key);
  return {std::move(model), std::move(version), now, now - service.raw_retention, std::move(prefix)};
}

void write_rejections(JsonWriter& w, Service& service, const std::vector<Rejection>& rejections) {
  w.member("rejected_rows", static_cast<uint64_t>(rejections.size()));
  w.key("rejected");
  w.begin_array();
  std::map<std::string, uint64_t> counts;
  for (size_t i = 0; i < rejections.size(); ++i) {
    ++counts[rejections[i].code];
    if (i >= listed) continue;
    w.begin_object();
    w.member("row", static_cast<uint64_t>(rejections[i].row));
    w.member("code", rejections[i].code);
    w.member("detail", rejections[i].detail);
    w.end_object();
  }
  w.end_array();
  for (const auto& [code, rows] : counts) service.metrics.rejected(code, rows);
}

Outcome acknowledge(Service& service, const Call& call, Payload payload, Replays::Claim claim, std::string answer) {
  if (payload.rows && payload.rows->ids.empty()) payload.rows.reset();
  if (payload.outcomes && payload.outcomes->ids.empty()) payload.outcomes.reset();
  Outcome outcome(json_response(answer));
  if (!payload.rows && !payload.outcomes) return outcome;
  if (claim.held()) payload.answer = store::AnswerRecord{claim.key(), claim.fingerprint(), service.clock(), answer};
  outcome.record = encode(payload);
  struct Counts {
    std::string model, version;
    uint64_t rows = 0, outcomes = 0;
  };
  Counts counts;
  if (payload.rows) counts = {payload.rows->model, payload.rows->version, payload.rows->ids.size(), 0};
  if (payload.outcomes) counts.model = payload.outcomes->model, counts.outcomes = payload.outcomes->ids.size();
  auto held = std::make_shared<Replays::Claim>(std::move(claim));
  outcome.recorded = [&service, counts, held, answer = std::move(answer), received = call.request.received]() mutable {
    if (counts.rows > 0) service.metrics.predictions(counts.model, counts.version, counts.rows);
    if (counts.outcomes > 0) service.metrics.outcomes(counts.model, counts.version, counts.outcomes);
    service.metrics.acknowledged(std::chrono::duration<double>(std::chrono::steady_clock::now() - received).count());
    held->finish(std::move(answer));
  };
  return outcome;
}

}  // namespace leeway::server
