// What an OTLP backend's reply means for the batch: accepted, accepted in part, to be tried again, or refused
// for good.
#pragma once

#include <optional>
#include <string_view>

#include "net/http.h"
#include "net/http_client.h"
#include "pipeline/consumer.h"

namespace clew::pipeline {

// `status_details` is a serialized google.rpc.Status, or empty.
Outcome outcome_of_grpc(net::GrpcCode code, std::string_view error, std::string_view message,
                        std::string_view status_details);
Outcome outcome_of_http(const net::ClientResponse& response);

// The delay of a google.rpc.RetryInfo among the details of a google.rpc.Status.
std::optional<Nanoseconds> retry_delay(std::string_view rpc_status);

}  // namespace clew::pipeline
