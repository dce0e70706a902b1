// awscloudwatchlogs, a receiver of collectors: log events as clients of CloudWatch Logs put them, at a door
// of its own.
#pragma once

#include "pipeline/component.h"

namespace clew::cloudwatch_logs {

pipeline::MakeReceiver configure_collector_receiver(pipeline::Section& section);

}  // namespace clew::cloudwatch_logs
