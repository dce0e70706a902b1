// DeliverySettings: `sending_queue`, `retry_on_failure` and `timeout`, which all exporters that send over a
// network share.
#pragma once

#include <cstdint>
#include <optional>

#include "base/time.h"
#include "pipeline/component_id.h"

namespace clew::pipeline {

class Section;

enum class QueueSizer : uint8_t { requests, items, bytes };

struct QueueBatching {
  Nanoseconds flush_timeout = milliseconds(200);
  uint64_t min_items = 8192;
  uint64_t max_items = 0;  // 0: no limit
};

struct QueueSettings {
  bool enabled = true;
  uint64_t consumers = 10;  // requests under way at a time
  uint64_t size = 1000;
  QueueSizer sizer = QueueSizer::requests;
  bool block_on_overflow = false;
  bool wait_for_result = false;
  std::optional<ComponentId> storage;  // an extension that keeps the queue on disk
  std::optional<QueueBatching> batch;
};

struct RetrySettings {
  bool enabled = true;
  Nanoseconds initial_interval = seconds(5);
  double randomization = 0.5;
  double multiplier = 1.5;
  Nanoseconds max_interval = seconds(30);
  Nanoseconds max_elapsed_time = seconds(300);  // 0: forever
};

struct DeliverySettings {
  QueueSettings queue;
  RetrySettings retry;
};

// From the section of an exporter.
DeliverySettings read_delivery(Section& section);

}  // namespace clew::pipeline
