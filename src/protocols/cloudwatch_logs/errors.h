// The errors of CloudWatch Logs, with the texts that AWS gives them.
#pragma once

#include <string>

#include "base/result.h"
#include "protocols/aws/errors.h"

namespace clew::cloudwatch_logs {

aws::Error invalid_parameter(std::string message);
aws::Error invalid_operation(std::string message);
aws::Error validation_failed(std::string message);
aws::Error limit_exceeded(std::string message);
aws::Error not_found(std::string message);
aws::Error exists_already(std::string message);
aws::Error throttled(std::string message);
aws::Error no_such_group();
aws::Error no_such_stream();
aws::Error invalid_token();
// Of a run or a store that failed.
aws::Error error_of(const Status& failure);

}  // namespace clew::cloudwatch_logs
