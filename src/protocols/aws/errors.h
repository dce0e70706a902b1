// Errors as the JSON protocols of AWS answer them: the type in the header and in the body, in the several
// spellings that SDKs look for.
#pragma once

#include <string>
#include <string_view>

#include "net/http.h"

namespace clew::aws {

struct Error {
  std::string type;  // "InvalidRequestException"
  std::string message;
  int status = 400;
  std::string resource;  // ResourceName, where the type has that member; empty: none
  bool operator==(const Error&) const = default;
};

// Types that every AWS service has.
Error missing_authentication_token();
Error unrecognized_client();
Error invalid_signature(std::string message);
Error incomplete_signature(std::string message);
Error serialization_failed(std::string message);
Error unknown_operation(std::string message);
Error throttled(std::string message);
Error service_unavailable(std::string message);
Error internal_failure(std::string message);

// REST services take "application/json", the others "application/x-amz-json-1.1".
net::Response error_response(const Error& error, std::string_view content_type = "application/json");
net::Response success_response(std::string body, std::string_view content_type = "application/json");

}  // namespace clew::aws
