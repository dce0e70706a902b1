#include "base/fuzz.h"
#include "pipeline/ottl/program.h"

CLEW_FUZZ(ottl) {
  using namespace clew::pipeline;
  const auto statement = ottl::compile_statement(bytes, ottl::Context::span);
  const auto condition = ottl::compile_condition(bytes, ottl::Context::span);
  if (!statement.ok() && !condition.ok()) return;
  MessageEditor resource, scope, span;
  for (MessageEditor* one : {&resource, &scope, &span}) one->reset({}, 0);
  ottl::Subject subject{
      .context = ottl::Context::span, .resource = &resource, .scope = &scope, .item = &span};
  if (statement.ok()) (void)statement->apply(subject);
  if (condition.ok()) (void)(*condition)(subject);
  std::string message;
  span.append_to(message);
}
