// EventTranslation: events of one dataset as OTLP. An event that says which span it is, and how long that
// took, becomes a span; any other a log record. Whatever the model has no place for stays an attribute under
// its name, with its type: a question finds each field as it was sent.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>

#include "protocols/honeycomb/event.h"

namespace clew::honeycomb {

// An attribute of the resource of every event: the slug of the dataset it was sent to.
inline constexpr std::string_view kDatasetAttribute = "meta.dataset";

class EventTranslation {
 public:
  // Objects are flattened down to this depth, deeper ones become JSON texts.
  EventTranslation(std::string_view dataset_slug, size_t expand_json_depth)
      : dataset_(dataset_slug), expand_depth_(expand_json_depth) {}

  enum class Became : uint8_t { span, log_record };
  Became add(const Event& event);

  size_t spans() const { return spans_; }
  size_t records() const { return records_; }
  // Export requests; empty when there is nothing. Each may be taken once.
  std::string take_traces();
  std::string take_logs();

 private:
  // What a resource and a scope are made of: service, library, version.
  using Origin = std::tuple<std::string, std::string, std::string>;
  using ItemsByOrigin = std::map<Origin, std::string>;

  std::string request_of(ItemsByOrigin items) const;

  const std::string dataset_;
  const size_t expand_depth_;
  ItemsByOrigin span_items_, record_items_;
  size_t spans_ = 0, records_ = 0;
};

}  // namespace clew::honeycomb
