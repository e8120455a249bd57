#pragma once
// What every protocol that asks for predictions shares: rows in, scores out, rows logged.

#include "server/ingest/acknowledge.h"
#include "server/scoring.h"

namespace leeway::server {

/// Rows that were taken in and scored; `rows` has their ids.
struct Scoring {
  Intake intake;
  ScoredRows scored;
};

/// Problems: 404 (model), 403 (key), 400 (no row can be scored, with the first reason; columns missing).
std::expected<Scoring, Problem> score_table(Service& service, const Call& call, const ModelReference& reference,
                                            TableBody table, const ScoringOptions& options);

/// The outcome that logs what was scored and then answers.
Outcome log_scored(Service& service, const Call& call, Scoring scoring, Replays::Claim claim, std::string answer);

}  // namespace leeway::server
