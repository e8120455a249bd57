#include "checks/catalogue.h"

#include "checks/business/business.h"
#include "checks/drift/domain_classifier.h"
#include "checks/drift/joint.h"
#include "checks/drift/registry.h"
#include "checks/estimate/cbpe.h"
#include "checks/fairness/fairness.h"
#include "checks/performance/registry.h"
#include "checks/quality/registry.h"

namespace leeway {
namespace {

std::vector<const MethodInfo*> collect() {
  std::vector<const MethodInfo*> all;
  for (const auto* method : drift::methods()) all.push_back(&method->info);
  for (const auto* method : drift::joint_methods()) all.push_back(&method->info);
  all.push_back(&drift::domain_classifier_info);
  for (const auto* method : quality::methods()) all.push_back(method);
  for (const auto* method : performance::methods()) all.push_back(method);
  for (const auto* method : estimate::methods()) all.push_back(method);
  for (const auto* method : fairness::fairness_methods()) all.push_back(method);
  for (const auto* method : business::methods()) all.push_back(method);
  return all;
}

}  // namespace

const std::vector<const MethodInfo*>& catalogue() {
  static const std::vector<const MethodInfo*> all = collect();
  return all;
}

const MethodInfo* find_method(std::string_view id) {
  for (const MethodInfo* method : catalogue())
    if (method->id == id) return method;
  return nullptr;
}

}  // namespace leeway
