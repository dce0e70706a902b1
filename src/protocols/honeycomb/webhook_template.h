// Webhook templates: the bodies that people write for their own webhooks, in the part of Go's template
// language that Honeycomb's documentation uses.
//
//   {{ .Alert.Summary }}  {{ toJson .Datasets }}  {{ .Threshold | toJson }}
//   {{ if eq .Alert.Status "TRIGGERED" }}…{{ else if … }}…{{ else }}…{{ end }}
//   {{ range .Result.GroupsTriggered }}{{ .Result }}{{ else }}…{{ end }}
//
// and eq, ne, lt, le, gt, ge, and, or, not, len, index; $ is the whole; {{- and -}} take blanks away.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_value.h"
#include "base/result.h"

namespace clew::honeycomb {

struct TemplateNode;

class WebhookTemplate {
 public:
  // bad_input with what is wrong and where.
  static Result<WebhookTemplate> parse(std::string_view text);
  // A member that is not there is empty. Texts are written as within a JSON string, everything else as JSON.
  // exhausted when it gets longer than kMostTemplateBytes.
  Result<std::string> render(const JsonValue& data) const;

 private:
  std::shared_ptr<const std::vector<TemplateNode>> nodes_;
};

constexpr size_t kMostTemplateBytes = 256 * 1024;

}  // namespace clew::honeycomb
