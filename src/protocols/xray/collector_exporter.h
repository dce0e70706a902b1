// The exporter awsxray of collectors: spans as segment documents, to the X-Ray API of AWS or of a clew.
#pragma once

#include "pipeline/component.h"

namespace clew::xray {

pipeline::ExporterPlan configure_collector_exporter(pipeline::Section& section);

}  // namespace clew::xray
