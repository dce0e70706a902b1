// What is read out of a part of an entry into the fields of a log record: its time, its severity, its trace.
// Operators of their own, and settings of the parsers.
#pragma once

#include <memory>

#include "pipeline/receivers/filelog/log_operators.h"

namespace clew::pipeline {

std::unique_ptr<const LogOperator> read_time_reader(Section& section);
std::unique_ptr<const LogOperator> read_severity_reader(Section& section);
std::unique_ptr<const LogOperator> read_trace_reader(Section& section);

inline std::unique_ptr<const LogOperator> read_time_reader(Section&& section) {
  return read_time_reader(section);
}
inline std::unique_ptr<const LogOperator> read_severity_reader(Section&& section) {
  return read_severity_reader(section);
}
inline std::unique_ptr<const LogOperator> read_trace_reader(Section&& section) {
  return read_trace_reader(section);
}

}  // namespace clew::pipeline
