// The dataset that a sender names with x-honeycomb-dataset, as an attribute of what it sends.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "net/http.h"
#include "telemetry/batch.h"

namespace clew::honeycomb {

struct NamedDataset {
  std::string slug;
  bool only_nameless = false;  // only resources without a service of their own belong to it
};

// Classic keys name the dataset of everything; with keys of an environment the header counts for metrics, and
// for logs whose service is not known.
std::optional<NamedDataset> named_dataset(Signal signal, const net::Headers& headers);

// An OTLP export request with the attribute added to its resources. What does not decode comes back as it
// was.
std::string with_dataset(std::string_view bytes, const NamedDataset& dataset);

// Both, for otlp::ReceiverOptions::prepare.
SharedBytes add_named_dataset(Signal signal, const net::Headers& headers, SharedBytes bytes);

}  // namespace clew::honeycomb
