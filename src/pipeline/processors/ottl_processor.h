// OttlProcessor: a processor that runs statements or conditions of OTTL on messages, in passes over a
// request.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "pipeline/component.h"
#include "pipeline/config/value.h"
#include "pipeline/otlp/rewrite.h"
#include "pipeline/ottl/program.h"

namespace clew::pipeline {

class Section;

// What happens when a statement fails on a message (`error_mode`).
enum class ErrorMode : uint8_t { ignore, silent, propagate };
ErrorMode read_error_mode(Section& section, ErrorMode otherwise);

// One pass: everything of one context is shown to `visit`. Its failure turns the whole batch away.
struct OttlPass {
  ottl::Context context = ottl::Context::resource;
  // What `visit` calls with a failure; success when the mode says to go on.
  using OnFailure = std::function<Status(ErrorMode mode, const Status& failure)>;
  std::function<Result<Verdict>(ottl::Subject&, const OnFailure&)> visit;
};
using OttlPasses = std::map<Signal, std::vector<OttlPass>>;

// `dropped` names the counters of what conditions dropped: "otelcol_processor_filter_{}_filtered"; empty when
// nothing is dropped.
MakeProcessor ottl_processor(OttlPasses passes, std::string dropped);

// Shows every message of the context to `visit` while a request is rewritten.
class OttlRewriter final : public Rewriter {
 public:
  using Visit = std::function<Result<Verdict>(ottl::Subject&)>;
  OttlRewriter(ottl::Context context, Visit visit) : context_(context), visit_(std::move(visit)) {}

  Verdict on_resource(MessageEditor& resource) override;
  bool looks_into_resources() const override { return context_ != ottl::Context::resource; }
  Verdict on_scope(Enclosing& in) override;
  Verdict on_item(Signal signal, MessageEditor& item, Enclosing& in) override;
  bool looks_into_metrics() const override { return context_ == ottl::Context::datapoint; }
  Verdict on_point(uint32_t kind, MessageEditor& point, MessageEditor& metric, Enclosing& in) override;

  const Status& failure() const { return failure_; }

 private:
  Verdict visit(ottl::Subject& subject);
  void visit_events(MessageEditor& span, Enclosing& in);

  const ottl::Context context_;
  const Visit visit_;
  Status failure_;
};

// The texts of a list of statements or conditions as files have them: plain texts, or maps with a `context`.
struct OttlGroup {
  ottl::Context context = ottl::Context::resource;
  std::vector<std::string> statements;
  std::vector<std::string> conditions;
  ErrorMode mode = ErrorMode::propagate;
  Place place;
  std::string path;
};
// `is_statements`: the texts are statements, and a map's conditions say when to run them.
std::vector<OttlGroup> read_ottl_groups(Section& section, const char* key, bool is_statements, Signal signal,
                                        ErrorMode mode);
// Compiled, or empty and a complaint.
std::vector<ottl::Condition> compile_conditions(Section& section, const OttlGroup& group);

}  // namespace clew::pipeline
