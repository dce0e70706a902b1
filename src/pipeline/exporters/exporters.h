// The exporters: how each reads its settings. list.cpp says what they are.
#pragma once

#include "pipeline/component.h"

namespace clew::pipeline {

ExporterPlan configure_clew(Section& section);
ExporterPlan configure_otlp_grpc(Section& section);
ExporterPlan configure_otlp_http(Section& section);
ExporterPlan configure_debug(Section& section);
ExporterPlan configure_file(Section& section);
ExporterPlan configure_loadbalancing(Section& section);
ExporterPlan configure_nop(Section& section);
ExporterPlan configure_prometheus_exporter(Section& section);
ExporterPlan configure_zipkin(Section& section);

}  // namespace clew::pipeline
