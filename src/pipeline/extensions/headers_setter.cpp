// headers_setter: headers of an exporter's requests taken from those of the sender (of which the receiver
// must keep them: include_metadata).
#include <optional>

#include <fmt/format.h>

#include "base/ascii.h"
#include "pipeline/config/section.h"
#include "pipeline/extensions/extensions.h"

namespace clew::pipeline {
namespace {

struct Header {
  std::string key;
  std::optional<std::string> value, from_context, default_value;
};

class HeadersSetter final : public Extension, public ClientAuthenticator {
 public:
  explicit HeadersSetter(std::vector<Header> headers) : headers_(std::move(headers)) {}
  ClientAuthenticator* client_authenticator() override { return this; }

  Result<std::vector<std::pair<std::string, std::string>>> headers_for(const Batch& batch) override {
    std::vector<std::pair<std::string, std::string>> headers;
    for (const Header& one : headers_) {
      std::optional<std::string> value = one.value;
      if (one.from_context && batch.sender)
        for (const auto& [name, content] : batch.sender->headers)
          if (name == *one.from_context && !value) value = content;
      if (!value) value = one.default_value;
      if (value) headers.emplace_back(one.key, *value);
    }
    return headers;
  }

 private:
  const std::vector<Header> headers_;
};

}  // namespace

MakeExtension configure_headers_setter(Section& section) {
  std::vector<Header> headers;
  section.for_each("headers", [&](Section& item) {
    Header header;
    std::string action = "upsert";
    item.read_choice("action", action, {"insert", "update", "upsert", "delete"});
    if (action == "delete")
      item.error("action", "clew cannot take a header away here; leave it out of the exporter's headers");
    if (!item.read("key", header.key)) item.error("expected a key");
    header.key = lower_case(header.key);
    item.read("value", header.value);
    if (item.read("from_context", header.from_context))
      header.from_context = lower_case(*header.from_context);
    item.read("default_value", header.default_value);
    item.refuse("from_attribute", "clew's authenticators have no attributes");
    if (header.value.has_value() == header.from_context.has_value())
      item.error("expected value or from_context, one of them");
    headers.push_back(std::move(header));
  });
  section.refuse("additional_auth", "name the other authenticator in an exporter of its own");
  if (headers.empty()) section.error("expected headers: a list of {key, value} or {key, from_context}");
  return [headers](const Site&) -> Result<std::unique_ptr<Extension>> {
    return std::unique_ptr<Extension>(std::make_unique<HeadersSetter>(headers));
  };
}

}  // namespace clew::pipeline
