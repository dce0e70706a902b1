#include "app/collector_components.h"

#include <array>

#include "protocols/cloudwatch_logs/collector_receiver.h"
#include "protocols/honeycomb/collector_receiver.h"
#include "protocols/jaeger/collector_receiver.h"
#include "protocols/otlp/collector_receiver.h"
#include "protocols/rollbar/collector_receiver.h"
#include "protocols/xray/collector_exporter.h"
#include "protocols/xray/collector_receiver.h"
#include "protocols/zipkin/collector_receiver.h"

namespace clew::app {
namespace {

using pipeline::ExporterType;
using pipeline::kAllSignals;
using pipeline::ReceiverType;

constexpr std::array kProtocolReceivers = {
    ReceiverType{"awscloudwatchlogs",
                 "Log events, as clients of CloudWatch Logs put them",
                 {Signal::logs},
                 cloudwatch_logs::configure_collector_receiver},
    ReceiverType{"awsxray",
                 "Segments of AWS X-Ray, as its daemon takes them",
                 {Signal::traces},
                 xray::configure_collector_receiver},
    ReceiverType{"jaeger",
                 "Spans, as Jaeger's clients send them",
                 {Signal::traces},
                 jaeger::configure_collector_receiver},
    ReceiverType{"libhoney",
                 "Events, as Honeycomb's libraries send them",
                 {Signal::traces, Signal::logs},
                 honeycomb::configure_collector_receiver,
                 "honeycomb"},
    ReceiverType{"otlp", "OpenTelemetry over gRPC and HTTP", kAllSignals, otlp::configure_collector_receiver},
    ReceiverType{"rollbar",
                 "Items, as Rollbar's clients send them",
                 {Signal::logs},
                 rollbar::configure_collector_receiver},
    ReceiverType{"zipkin",
                 "Spans, as Zipkin's reporters send them",
                 {Signal::traces},
                 zipkin::configure_collector_receiver},
};

constexpr std::array kProtocolExporters = {
    ExporterType{"awsxray",
                 "Sends spans to AWS X-Ray, as segments",
                 {Signal::traces},
                 xray::configure_collector_exporter},
};

}  // namespace

const pipeline::ComponentList& collector_components() {
  static const pipeline::ComponentList list =
      pipeline::list_components(kProtocolReceivers, kProtocolExporters);
  return list;
}

}  // namespace clew::app
