#include <array>

#include "server/handlers/handlers.h"
#include "server/route.h"

namespace leeway::server {
namespace {

using namespace handlers;
using http::Method;

constexpr std::array route_table = {
    Route{Method::get, "/healthz", Scope::open, get_healthz, "getHealthz", Body::none, true},
    Route{Method::get, "/readyz", Scope::open, get_readyz, "getReadyz", Body::none, true},
    Route{Method::get, "/health", Scope::read, get_health, "getHealth"},
    Route{Method::get, "/metrics", Scope::open, get_metrics, "getMetrics"},
    Route{Method::get, "/openapi.json", Scope::open, get_openapi, "getOpenapi"},
    Route{Method::get, "/docs", Scope::open, get_docs, "getDocs"},
    Route{Method::get, "/docs/{file}", Scope::open, get_docs_file, "getDocsFile"},
    Route{Method::get, "/", Scope::read, get_root, "getRoot"},
    Route{Method::get, "/api/v1/models", Scope::read, get_models, "getModels"},
    Route{Method::get, "/api/v1/models/{model}", Scope::read, get_model, "getModel"},
    Route{Method::put, "/api/v1/models/{model}", Scope::write, put_model, "putModel", Body::json},
    Route{Method::get, "/api/v1/models/{model}/log", Scope::read, get_model_log, "getModelLog"},
    Route{Method::get, "/api/v1/models/{model}/versions", Scope::read, get_versions, "getVersions"},
    Route{Method::get, "/api/v1/models/{model}/versions/{version}", Scope::read, get_version, "getVersion"},
    Route{Method::put, "/api/v1/models/{model}/aliases/{alias}", Scope::write, put_alias, "putAlias", Body::json},
    Route{Method::post, "/api/v1/models/{model}/aliases/{alias}/rollback", Scope::write, post_rollback, "postRollback",
          Body::json},
    Route{Method::get, "/api/v1/models/{model}/references", Scope::read, get_references, "getReferences"},
    Route{Method::post, "/api/v1/models/{model}/references", Scope::write, post_reference, "postReference", Body::data},
    Route{Method::get, "/api/v1/models/{model}/windows", Scope::read, get_windows, "getWindows"},
    Route{Method::get, "/api/v1/models/{model}/report", Scope::read, get_report, "getReport"},
    Route{Method::get, "/api/v1/models/{model}/series", Scope::read, get_series, "getSeries"},
    Route{Method::get, "/api/v1/alerts", Scope::read, get_alerts, "getAlerts"},
    Route{Method::get, "/api/v1/models/{model}/rows", Scope::read, get_rows, "getRows"},
    Route{Method::get, "/api/v1/models/{model}/volume", Scope::read, get_volume, "getVolume"},
    Route{Method::post, "/predict", Scope::ingest, post_predict_short, "postPredictShort", Body::json},
    Route{Method::post, "/api/v1/predict", Scope::ingest, post_predict, "postPredict", Body::json},
    Route{Method::post, "/api/v1/predictions", Scope::ingest, post_predictions, "postPredictions", Body::rows},
    Route{Method::post, "/api/v1/outcomes", Scope::ingest, post_outcomes, "postOutcomes", Body::rows},
    Route{Method::post, "/invocations", Scope::ingest, post_invocations, "postInvocations", Body::scoring},
    Route{Method::get, "/v2", Scope::read, get_v2, "getV2"},
    Route{Method::get, "/v2/health/live", Scope::read, get_v2_live, "getV2Live"},
    Route{Method::get, "/v2/health/ready", Scope::read, get_v2_ready, "getV2Ready"},
    Route{Method::get, "/v2/models/{model}", Scope::read, get_v2_model, "getV2Model"},
    Route{Method::get, "/v2/models/{model}/ready", Scope::read, get_v2_model_ready, "getV2ModelReady"},
    Route{Method::post, "/v2/models/{model}/infer", Scope::ingest, post_v2_infer, "postV2Infer", Body::json},
    Route{Method::get, "/v2/models/{model}/versions/{version}", Scope::read, get_v2_model, "getV2Version"},
    Route{Method::get, "/v2/models/{model}/versions/{version}/ready", Scope::read, get_v2_model_ready,
          "getV2VersionReady"},
    Route{Method::post, "/v2/models/{model}/versions/{version}/infer", Scope::ingest, post_v2_infer,
          "postV2VersionInfer", Body::json},
};

}  // namespace

std::span<const Route> routes() { return route_table; }

}  // namespace leeway::server
