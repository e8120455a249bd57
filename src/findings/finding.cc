#include "findings/finding.h"

namespace leeway {

std::string_view name(Verdict verdict) {
  switch (verdict) {
    case Verdict::stable: return "stable";
    case Verdict::drifted: return "drifted";
    case Verdict::degraded: return "degraded";
    case Verdict::unfair: return "unfair";
    case Verdict::undecided: return "undecided";
    case Verdict::not_computable: return "not_computable";
    case Verdict::measured: return "measured";
  }
  return "unknown";
}

std::string_view name(Severity severity) {
  switch (severity) {
    case Severity::none: return "none";
    case Severity::yellow: return "yellow";
    case Severity::red: return "red";
  }
  return "unknown";
}

}  // namespace leeway
