// Any text as a template: what is understood can be rendered.
#include "base/fuzz.h"
#include "base/log.h"
#include "protocols/honeycomb/webhook_template.h"

CLEW_FUZZ(honeycomb_webhook_template) {
  using namespace clew;
  const auto parsed = honeycomb::WebhookTemplate::parse(bytes);
  if (!parsed.ok()) return;
  const auto data =
      parse_json(R"({"Name":"n","Alert":{"Status":"OK"},"L":[{"A":[1,2]},"x",null,3.5],"O":{"k":"v"}})");
  const auto rendered = parsed->render(*data);
  if (rendered.ok() && rendered->size() > 4 * honeycomb::kMostTemplateBytes) bug("a body beyond its limit");
}
