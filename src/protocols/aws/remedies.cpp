#include "protocols/aws/remedies.h"

namespace clew::aws {

std::string_view remedy_for(const Error& error) {
  if (error.type == "MissingAuthenticationTokenException")
    return "Give the client credentials: clew keys create --aws prints AWS_ACCESS_KEY_ID and "
           "AWS_SECRET_ACCESS_KEY";
  if (error.type == "UnrecognizedClientException" || error.type == "IncompleteSignatureException")
    return "clew keeps access keys of its own: clew keys create --aws makes one and prints what to set";
  if (error.type == "InvalidSignatureException")
    return "Compare AWS_SECRET_ACCESS_KEY with what clew keys create --aws printed, and set the client's "
           "clock: "
           "a signature is good for minutes. A proxy between may have changed the request";
  if (error.type == "SerializationException") return "Check the client, and what stands between it and clew";
  if (error.type == "UnknownOperationException")
    return "docs/compat lists the operations that clew has; that of another service goes to that service";
  if (error.status >= 500 || error.status == 429)
    return "Nothing: the client tries again. If it goes on, the store is full or too slow";
  return "The client has the same words; mend its call";
}

}  // namespace clew::aws
