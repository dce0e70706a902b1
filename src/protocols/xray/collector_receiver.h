// awsxray, a receiver of collectors: what an X-Ray daemon takes, over UDP and TCP.
#pragma once

#include "pipeline/component.h"

namespace clew::xray {

pipeline::MakeReceiver configure_collector_receiver(pipeline::Section& section);

}  // namespace clew::xray
