#include "server/inference/score_and_log.h"

#include "server/handlers/handlers.h"

namespace leeway::server {
namespace {

/// The roles of a model that is scored here: its own features are features, whatever they are called.
IntakeRoles scoring_roles(Service& service, const Call& call, const models::Version& version) {
  IntakeRoles roles = handlers::roles_for(service, call, version.info.model);
  for (const auto& column : version.model.encoder().columns())
    for (auto* role : {&roles.id, &roles.time, &roles.label})
      if (*role == column.name) role->clear();
  return roles;
}

}  // namespace

std::expected<Scoring, Problem> score_table(Service& service, const Call& call, const ModelReference& reference,
                                            TableBody table, const ScoringOptions& options) {
  LEEWAY_TRY(const auto version, service.models.open(reference));
  LEEWAY_CHECK(call.require_model(version->info.model));
  Intake intake = take_in(std::move(table), scoring_roles(service, call, *version),
                          intake_context(service, call, version->info.model, std::to_string(version->info.number)));
  if (intake.rows.ids.empty())
    return refuse(400, intake.rejections.empty() ? "There is no row to score."
                                                 : "No row can be scored: " + intake.rejections.front().detail + ".");
  auto scored = ScoredRows::make(version, std::move(intake.rows.columns), options);
  if (!scored && scored.error().code == Code::not_found)
    return refuse(422, scored.error().text());  // a column, not an address
  LEEWAY_TRY(auto rows, std::move(scored));
  return Scoring{std::move(intake), std::move(rows)};
}

Outcome log_scored(Service& service, const Call& call, Scoring scoring, Replays::Claim claim, std::string answer) {
  Intake& intake = scoring.intake;
  intake.rows.columns = scoring.scored.logged();
  intake.rows.lasting = lasting_of(intake.rows.columns, service.settings.of(intake.rows.model)->roles());
  Payload payload{.rows = std::move(intake.rows)};
  if (!intake.outcomes.ids.empty()) payload.outcomes = std::move(intake.outcomes);
  return acknowledge(service, call, std::move(payload), std::move(claim), std::move(answer));
}

}  // namespace leeway::server
