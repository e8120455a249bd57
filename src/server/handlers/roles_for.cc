#include "server/handlers/handlers.h"
#include "server/service.h"

namespace leeway::server::handlers {

IntakeRoles roles_for(Service& service, const Call& call, const std::string& model) {
  IntakeRoles roles = service.settings.of(model)->roles();
  for (const auto& [name, into] :
       {std::pair{"id_column", &roles.id}, {"time_column", &roles.time}, {"label_column", &roles.label}})
    if (const auto given = call.query.get(name)) *into = std::string(*given);
  return roles;
}

}  // namespace leeway::server::handlers
