#include <array>

#include "pipeline/component_list.h"
#include "pipeline/receivers/receivers.h"

namespace clew::pipeline {
namespace {

constexpr std::array kReceivers = {
    ReceiverType{"filelog", "Follows log files", {Signal::logs}, configure_filelog, "file_log"},
    ReceiverType{
        "hostmetrics", "Measures the host", {Signal::metrics}, configure_hostmetrics, "host_metrics"},
    ReceiverType{"prometheus",
                 "Asks targets of Prometheus for their metrics",
                 {Signal::metrics},
                 configure_prometheus_receiver},
};

}  // namespace

std::span<const ReceiverType> own_receivers() {
  return kReceivers;
}

}  // namespace clew::pipeline
