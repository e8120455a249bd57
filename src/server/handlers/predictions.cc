#include "base/json_writer.h"
#include "server/handlers/handlers.h"
#include "server/ingest/acknowledge.h"
#include "server/rows/read_rows.h"

namespace leeway::server::handlers {
namespace {

std::string answer_of(Service& service, const Intake& intake, bool deduplicated) {
  JsonWriter w;
  w.begin_object();
  w.member("accepted", static_cast<uint64_t>(intake.kept.size()));
  w.member("duplicates", static_cast<uint64_t>(intake.duplicates));
  w.member("deduplicated", deduplicated);
  write_rejections(w, service, intake.rejections);
  w.end_object();
  return w.take();
}

}  // namespace

/// Rows that another service has scored.
Answer post_predictions(Service& service, const Call& call) {
  LEEWAY_CHECK(call.query.only({"model", "version", "id_column", "time_column", "label_column"}));
  LEEWAY_TRY(auto found, service.replays.find(call));
  if (found.answer) return *std::move(found.answer);
  LEEWAY_TRY(auto body, read_rows(call, "rows"));
  if (!good_model_name(body.model))
    return refuse(400, "The model must be named, in the body or by ?model=, with letters, digits, _, . or -.");
  LEEWAY_CHECK(call.require_model(body.model));
  const IntakeRoles roles = roles_for(service, call, body.model);
  Intake intake = take_in(std::move(body.table), roles, intake_context(service, call, body.model, body.version));
  const bool deduplicated = intake.without_id == 0 || found.claim.held();
  std::string answer = answer_of(service, intake, deduplicated);
  Payload payload{.rows = std::move(intake.rows)};
  if (!intake.outcomes.ids.empty()) payload.outcomes = std::move(intake.outcomes);
  return acknowledge(service, call, std::move(payload), std::move(found.claim), std::move(answer));
}

}  // namespace leeway::server::handlers
