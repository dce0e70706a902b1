#include "pipeline/ottl/subject.h"

namespace clew::pipeline::ottl {

std::string_view name_of(Context context) {
  constexpr std::string_view kNames[] = {"resource", "scope",  "span",     "spanevent",
                                         "log",      "metric", "datapoint"};
  return kNames[static_cast<size_t>(context)];
}

std::optional<Context> context_named(std::string_view name) {
  if (name == "instrumentation_scope") return Context::scope;
  for (const Context one : {Context::resource, Context::scope, Context::span, Context::spanevent,
                            Context::log, Context::metric, Context::datapoint})
    if (name == name_of(one)) return one;
  return std::nullopt;
}

bool stands_in(Context inner, Context outer) {
  if (inner == outer || outer == Context::resource) return true;
  if (outer == Context::scope) return inner != Context::resource;
  return (inner == Context::spanevent && outer == Context::span) ||
         (inner == Context::datapoint && outer == Context::metric);
}

Signal signal_of(Context context) {
  if (context == Context::log) return Signal::logs;
  return context == Context::metric || context == Context::datapoint ? Signal::metrics : Signal::traces;
}

}  // namespace clew::pipeline::ottl
