#include "checks/estimate/cbpe.h"
#include "checks/estimate/estimate_record.h"

namespace leeway::estimate {

std::vector<const MethodInfo*> methods() {
  std::vector<const MethodInfo*> infos = binary_methods();
  const std::vector<const MethodInfo*> more = multiclass_methods();
  infos.insert(infos.end(), more.begin(), more.end());
  return infos;
}

}  // namespace leeway::estimate
