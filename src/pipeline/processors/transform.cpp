// transform: runs statements of OTTL, in the order of the configuration.
#include <fmt/format.h>

#include "pipeline/config/section.h"
#include "pipeline/processors/ottl_processor.h"
#include "pipeline/processors/processors.h"

namespace clew::pipeline {
namespace {

struct Group {
  std::vector<ottl::Statement> statements;
  std::vector<ottl::Condition> conditions;  // any of them must be true, if there are some
  ErrorMode mode;
};

Result<Verdict> run(const std::vector<Group>& groups, ottl::Subject& subject,
                    const OttlPass::OnFailure& on_failure) {
  for (const Group& group : groups) {
    bool applies = group.conditions.empty();
    for (const ottl::Condition& condition : group.conditions) {
      const Result<bool> holds = condition(subject);
      if (!holds.ok()) CLEW_TRY(on_failure(group.mode, holds.status()));
      applies = applies || (holds.ok() && *holds);
      if (applies) break;
    }
    if (!applies) continue;
    for (const ottl::Statement& statement : group.statements) {
      const Result<bool> applied = statement.apply(subject);
      if (!applied.ok()) CLEW_TRY(on_failure(group.mode, applied.status()));
    }
  }
  return Verdict::keep;
}

void read_statements(Section& section, const char* key, Signal signal, ErrorMode mode, OttlPasses& passes) {
  std::vector<std::pair<ottl::Context, std::vector<Group>>> runs;
  for (const OttlGroup& read : read_ottl_groups(section, key, true, signal, mode)) {
    Group group{.statements = {}, .conditions = compile_conditions(section, read), .mode = read.mode};
    for (const std::string& text : read.statements) {
      auto statement = ottl::compile_statement(text, read.context);
      if (statement.ok())
        group.statements.push_back(std::move(*statement));
      else
        section.complaints().error(
            read.place, fmt::format("{}: {}; in: {}", read.path, statement.status().message(), text));
    }
    // Neighbours of one context share a pass.
    if (runs.empty() || runs.back().first != read.context)
      runs.emplace_back(read.context, std::vector<Group>{});
    runs.back().second.push_back(std::move(group));
  }
  for (auto& [context, groups] : runs)
    passes[signal].push_back({context, [groups = std::move(groups)](ottl::Subject& subject,
                                                                    const OttlPass::OnFailure& on_failure) {
                                return run(groups, subject, on_failure);
                              }});
}

}  // namespace

MakeProcessor configure_transform(Section& section) {
  OttlPasses passes;
  const ErrorMode mode = read_error_mode(section, ErrorMode::propagate);
  read_statements(section, "trace_statements", Signal::traces, mode, passes);
  read_statements(section, "metric_statements", Signal::metrics, mode, passes);
  read_statements(section, "log_statements", Signal::logs, mode, passes);
  section.refuse("profile_statements", "clew carries no profiles");
  section.ignore({"flatten_data"});
  return ottl_processor(std::move(passes), "");
}

}  // namespace clew::pipeline
