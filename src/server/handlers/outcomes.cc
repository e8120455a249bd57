#include "base/json_writer.h"
#include "server/handlers/handlers.h"
#include "server/ingest/acknowledge.h"
#include "server/rows/read_rows.h"

namespace leeway::server::handlers {

/// What really happened, by the ids of the predictions.
Answer post_outcomes(Service& service, const Call& call) {
  LEEWAY_CHECK(call.query.only({"model", "id_column", "time_column", "label_column"}));
  LEEWAY_TRY(auto found, service.replays.find(call));
  if (found.answer) return *std::move(found.answer);
  LEEWAY_TRY(auto body, read_rows(call, "outcomes"));
  if (!good_model_name(body.model))
    return refuse(400, "The model must be named, in the body or by ?model=, with letters, digits, _, . or -.");
  LEEWAY_CHECK(call.require_model(body.model));
  IntakeRoles roles = roles_for(service, call, body.model);
  if (!call.query.get("time_column"))
    roles.time = "time";  // when the outcome became known, not when the row was scored
  OutcomeIntake intake = take_in_outcomes(std::move(body.table), roles, intake_context(service, call, body.model, {}));
  JsonWriter w;
  w.begin_object();
  w.member("accepted", static_cast<uint64_t>(intake.outcomes.ids.size()));
  w.member("duplicates", static_cast<uint64_t>(intake.duplicates));
  write_rejections(w, service, intake.rejections);
  w.end_object();
  return acknowledge(service, call, Payload{.outcomes = std::move(intake.outcomes)}, std::move(found.claim), w.take());
}

}  // namespace leeway::server::handlers
