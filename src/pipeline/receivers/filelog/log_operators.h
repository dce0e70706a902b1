// LogOperator: one step of `operators`: takes an entry apart (json_parser, regex_parser), reads time,
// severity and trace out of it, or moves parts of it about.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "pipeline/receivers/filelog/log_entry.h"

namespace clew::pipeline {

struct ConfigValue;
class Section;

class LogOperator {
 public:
  virtual ~LogOperator() = default;
  // A failure leaves the entry as it was, or in part changed.
  virtual Status apply(LogEntry& entry) const = 0;
};

struct OperatorStep {
  std::unique_ptr<const LogOperator> operation;
  bool drops_on_error = false;
};

using LogOperators = std::vector<OperatorStep>;

// The list below `operators`. What is wrong is said in the section's complaints.
LogOperators read_log_operators(Section& section);

struct OperatorFailures {
  uint64_t failed = 0;
  uint64_t dropped = 0;
};
// False when the entry is to be dropped.
bool apply_all(const LogOperators& operators, LogEntry& entry, OperatorFailures& failures);

// A setting that names a place in an entry; nothing when it is absent or, which is told, does not.
std::optional<FieldPath> read_field(Section& section, std::string_view key);

}  // namespace clew::pipeline
