// Root causes: why a trace failed, or was slow. AWS publishes no algorithm; this one goes from each failure
// that has no failure below it up to the first that did not fail, and for time down the longest way.
#pragma once

#include <string>
#include <vector>

#include "protocols/xray/filter_expression.h"
#include "protocols/xray/trace_model.h"

namespace clew::xray {

struct CauseException {
  std::string name, message;
};

struct CauseEntity {
  std::string name;
  double coverage = 0;  // response time only: its share of the time of the trace's root
  bool remote = false;
  std::vector<CauseException> exceptions;  // failures only
};

struct CauseService {
  NodeId node;
  bool inferred = false;
  std::vector<CauseEntity> path;  // the segment, then down its subsegments; never empty
};

struct RootCause {
  std::vector<CauseService> services;  // from the first to the culprit
  bool client_impacting = false;
};

std::vector<RootCause> root_causes(const TraceModel& trace, CauseKind kind);

}  // namespace clew::xray
