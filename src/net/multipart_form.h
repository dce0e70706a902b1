// A form as browsers and curl -F upload files with it (multipart/form-data, RFC 7578).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace clew::net {

struct FormPart {
  std::string name;
  std::string filename;   // empty: no file
  std::string_view body;  // within the request's
};

constexpr size_t kMostFormParts = 10'000;

bool is_multipart_form(std::string_view content_type);
// bad_input says what is wrong; too_large beyond kMostFormParts.
Result<std::vector<FormPart>> parse_multipart_form(std::string_view content_type, std::string_view body);

}  // namespace clew::net
