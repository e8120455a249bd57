#include "checks/method_info.h"

namespace leeway {

std::string_view name(Family family) {
  switch (family) {
    case Family::quality: return "quality";
    case Family::drift: return "drift";
    case Family::multivariate: return "multivariate";
    case Family::performance: return "performance";
    case Family::estimate: return "estimate";
    case Family::fairness: return "fairness";
    case Family::business: return "business";
  }
  return "unknown";
}

std::string_view name(Orientation orientation) {
  switch (orientation) {
    case Orientation::higher_is_worse: return "higher_is_worse";
    case Orientation::lower_is_worse: return "lower_is_worse";
    case Orientation::either: return "either";
  }
  return "unknown";
}

std::string_view name(Scale scale) {
  switch (scale) {
    case Scale::none: return "none";
    case Scale::psi: return "psi";
    case Scale::ks: return "ks";
    case Scale::standard_units: return "standard_units";
    case Scale::kl: return "kl";
    case Scale::js_distance: return "js_distance";
    case Scale::hellinger: return "hellinger";
    case Scale::separation_auc: return "separation_auc";
    case Scale::energy: return "energy";
    case Scale::share: return "share";
    case Scale::metric: return "metric";
  }
  return "unknown";
}

}  // namespace leeway
