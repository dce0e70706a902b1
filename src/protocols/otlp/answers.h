// What OTLP senders are answered: Export…ServiceResponse for success and partial success, google.rpc.Status
// for failure, each in the encoding of the request.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "net/http.h"
#include "pipeline/consumer.h"
#include "protocols/otlp/encoding.h"
#include "telemetry/batch.h"

namespace clew::otlp {

// Of a batch that was accepted, wholly or in part: `outcome.status` is a success.
net::Response http_success(Signal signal, Encoding encoding, const pipeline::Outcome& outcome);
net::GrpcResponse grpc_success(Signal signal, const pipeline::Outcome& outcome);

// Of a request that was refused. A failure that may be over soon tells the sender when to come again.
net::Response http_failure(Encoding encoding, const Status& failure);
net::GrpcResponse grpc_failure(const Status& failure);

// `text` for a reason phrase: printable ASCII, at most 120 characters.
std::string reason_phrase_of(std::string_view text);

}  // namespace clew::otlp
