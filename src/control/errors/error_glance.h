// Whether a batch may have errors, found out at the price of one search or of stepping over its fields:
// nearly all batches have none, and they must not pay for those that do.
#pragma once

#include <string_view>

#include "telemetry/batch.h"

namespace clew::control::errors {

// Where in a batch the word stands that begins the names of all attributes of an exception. Asked about
// messages one after the other, it passes over the batch once.
class ExceptionWords {
 public:
  explicit ExceptionWords(std::string_view batch) : from_next_(batch) { find(); }

  // Whether the word is in the message, which lies in the batch after all that were asked about before.
  bool in(std::string_view message) {
    if (!from_next_.empty() && from_next_.data() < message.data()) {
      from_next_.remove_prefix(static_cast<size_t>(message.data() - from_next_.data()));
      find();
    }
    return !from_next_.empty() && from_next_.data() < message.data() + message.size();
  }

 private:
  void find();
  std::string_view from_next_;  // the batch from the next word on; empty: there is none any more
};

// False only when occurrences_in() would find nothing. Bytes that are no OTLP may have some.
bool may_have_occurrences(const Batch& batch);
// A span, an event of one, a log record.
bool span_may_have_error(std::string_view span);
bool event_may_be_error(std::string_view event);
bool log_record_may_be_error(std::string_view record);

}  // namespace clew::control::errors
