#pragma once
// The common end of every request that adds rows: from an intake to the record and the answer.

#include "server/ingest/intake.h"
#include "server/ingest/payload.h"
#include "server/ingest/replays.h"
#include "server/service.h"

namespace leeway::server {

/// Who sends rows of which model, and when.
IntakeContext intake_context(const Service& service, const Call& call, std::string model, std::string version);

/// The outcome of a request: `answer` is sent, and remembered for repeats of its key, once the payload is on the disk.
/// With nothing to record it is sent at once.
Outcome acknowledge(Service& service, const Call& call, Payload payload, Replays::Claim claim, std::string answer);

/// Appends "rejected" (at most 100) and "rejected_rows" to an open object, and counts them.
void write_rejections(JsonWriter& w, Service& service, const std::vector<Rejection>& rejections);

}  // namespace leeway::server
