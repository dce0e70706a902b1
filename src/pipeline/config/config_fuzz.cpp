#include "base/fuzz.h"
#include "pipeline/collector_plan.h"
#include "pipeline/component_list.h"

// Any bytes as a configuration: read, substituted and checked, without a crash and with bounded work.
CLEW_FUZZ(collector_configuration) {
  using namespace clew;
  auto value = pipeline::parse_yaml(std::string(bytes), "fuzz.yaml");
  if (!value.ok()) return;
  const pipeline::Environment environment{{"A", "value"}, {"LIST", "[1, 2]"}};
  const pipeline::ReadFile no_files = [](const std::string&) -> Result<std::string> {
    return {ErrorKind::not_found, "no files"};
  };
  if (!pipeline::substitute(*value, {environment, no_files}).ok()) return;
  pipeline::Complaints complaints;
  const pipeline::ComponentList list = pipeline::list_components({});
  (void)pipeline::plan_collector(*value, list, complaints);
  (void)pipeline::parse_yaml(pipeline::to_yaml(*value), "again.yaml");
}
