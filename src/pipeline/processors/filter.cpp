// filter: drops what any of its conditions is true for.
#include <fmt/format.h>

#include "pipeline/config/section.h"
#include "pipeline/processors/ottl_processor.h"
#include "pipeline/processors/processors.h"

namespace clew::pipeline {
namespace {

using ottl::Context;

void add_pass(Section& section, const OttlGroup& group, Signal signal, OttlPasses& passes) {
  auto conditions = compile_conditions(section, group);
  if (conditions.empty()) return;
  passes[signal].push_back(
      {group.context,
       [conditions = std::move(conditions), mode = group.mode](
           ottl::Subject& subject, const OttlPass::OnFailure& on_failure) -> Result<Verdict> {
         for (const ottl::Condition& condition : conditions) {
           const Result<bool> holds = condition(subject);
           if (!holds.ok())
             CLEW_TRY(on_failure(mode, holds.status()));
           else if (*holds)
             return Verdict::drop;
         }
         return Verdict::keep;
       }});
}

// traces: {span: […], spanevent: […]}
void read_signal(Section& section, const char* key, Signal signal, ErrorMode mode,
                 std::initializer_list<std::pair<const char*, Context>> lists, OttlPasses& passes) {
  if (!section.has(key)) return;
  Section inner = section.section(key);
  for (const char* old : {"include", "exclude"})
    inner.refuse(old, "it is the notation before OTTL; write a condition, as in IsMatch(name, \"^health\")");
  for (const auto& [name, context] : lists) {
    OttlGroup group{.context = context, .mode = mode, .path = fmt::format("{}::{}", inner.path(), name)};
    inner.read(name, group.conditions);
    const ConfigValue* value = inner.value(name);
    if (value != nullptr) group.place = value->place;
    add_pass(inner, group, signal, passes);
  }
}

}  // namespace

MakeProcessor configure_filter(Section& section) {
  OttlPasses passes;
  const ErrorMode mode = read_error_mode(section, ErrorMode::propagate);
  section.refuse("spans", "it is the notation before OTTL; write a condition below traces::span");
  read_signal(section, "traces", Signal::traces, mode,
              {{"resource", Context::resource},
               {"scope", Context::scope},
               {"span", Context::span},
               {"spanevent", Context::spanevent}},
              passes);
  read_signal(section, "metrics", Signal::metrics, mode,
              {{"resource", Context::resource},
               {"scope", Context::scope},
               {"metric", Context::metric},
               {"datapoint", Context::datapoint}},
              passes);
  read_signal(section, "logs", Signal::logs, mode,
              {{"resource", Context::resource}, {"scope", Context::scope}, {"log_record", Context::log}},
              passes);
  for (const auto& [key, signal] :
       {std::pair{"trace_conditions", Signal::traces}, std::pair{"metric_conditions", Signal::metrics},
        std::pair{"log_conditions", Signal::logs}})
    for (const OttlGroup& group : read_ottl_groups(section, key, false, signal, mode))
      add_pass(section, group, signal, passes);
  return ottl_processor(std::move(passes), "otelcol_processor_filter_{}_filtered");
}

}  // namespace clew::pipeline
