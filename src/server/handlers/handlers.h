#pragma once
// Every endpoint in one line; each is a file here, and a line in routes.cc.

#include "server/ingest/intake.h"
#include "server/route.h"

namespace leeway::server::handlers {

Answer get_healthz(Service& service, const Call& call);
Answer get_readyz(Service& service, const Call& call);
Answer get_health(Service& service, const Call& call);
Answer get_metrics(Service& service, const Call& call);

Answer get_openapi(Service& service, const Call& call);
Answer get_docs(Service& service, const Call& call);
Answer get_docs_file(Service& service, const Call& call);
Answer get_root(Service& service, const Call& call);

Answer get_models(Service& service, const Call& call);
Answer get_model(Service& service, const Call& call);
Answer put_model(Service& service, const Call& call);
Answer get_model_log(Service& service, const Call& call);
Answer get_versions(Service& service, const Call& call);
Answer get_version(Service& service, const Call& call);
Answer put_alias(Service& service, const Call& call);
Answer post_rollback(Service& service, const Call& call);
Answer post_reference(Service& service, const Call& call);
Answer get_references(Service& service, const Call& call);
Answer get_windows(Service& service, const Call& call);
Answer get_report(Service& service, const Call& call);
Answer get_series(Service& service, const Call& call);
Answer get_alerts(Service& service, const Call& call);
Answer get_rows(Service& service, const Call& call);
Answer get_volume(Service& service, const Call& call);

Answer post_predict(Service& service, const Call& call);
Answer post_predict_short(Service& service, const Call& call);
Answer post_predictions(Service& service, const Call& call);
Answer post_outcomes(Service& service, const Call& call);
Answer post_invocations(Service& service, const Call& call);

Answer get_v2(Service& service, const Call& call);
Answer get_v2_live(Service& service, const Call& call);
Answer get_v2_ready(Service& service, const Call& call);
Answer get_v2_model(Service& service, const Call& call);
Answer get_v2_model_ready(Service& service, const Call& call);
Answer post_v2_infer(Service& service, const Call& call);

/// The model's settings, then ?id_column=, ?time_column= and ?label_column=.
IntakeRoles roles_for(Service& service, const Call& call, const std::string& model);

}  // namespace leeway::server::handlers
