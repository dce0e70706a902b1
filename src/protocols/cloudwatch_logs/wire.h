// The form of requests and answers: JSON 1.1, all operations POST / and told apart by a header.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "base/json_value.h"
#include "net/http.h"
#include "protocols/aws/errors.h"

namespace clew::cloudwatch_logs {

// What the header x-amz-target begins with; the operation's name follows.
inline constexpr std::string_view kTargetHeader = "x-amz-target";
inline constexpr std::string_view kTarget = "Logs_20140328.";

// Of a request whose header begins so.
std::string operation_name(const net::Request& request);
// The body, which is an object.
std::variant<JsonValue, aws::Error> input_of(const net::Request& request);

net::Response success(std::string output);
net::Response failure(const aws::Error& error);
// What is the client's fault is 400 here, whatever its name.
int status_of(const aws::Error& error);

}  // namespace clew::cloudwatch_logs
