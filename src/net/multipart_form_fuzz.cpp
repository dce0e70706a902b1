#include "base/fuzz.h"
#include "base/log.h"
#include "net/multipart_form.h"

CLEW_FUZZ(multipart_form) {
  const size_t line = bytes.find('\n');
  const std::string_view type = bytes.substr(0, line);
  const std::string_view body = line == std::string_view::npos ? bytes : bytes.substr(line + 1);
  const auto parts = clew::net::parse_multipart_form(type, body);
  if (!parts.ok()) return;
  for (const clew::net::FormPart& part : *parts)
    if (part.body.size() > body.size()) clew::bug("a part larger than its form");
}
