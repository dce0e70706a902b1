#include "pipeline/delivery/delivery_settings.h"

#include "pipeline/config/section.h"

namespace clew::pipeline {
namespace {

QueueSettings read_queue(Section&& section) {
  QueueSettings queue;
  section.read("enabled", queue.enabled);
  section.read("num_consumers", queue.consumers);
  section.read("queue_size", queue.size);
  std::string sizer = "requests";
  section.read_choice("sizer", sizer, {"requests", "items", "bytes"});
  queue.sizer = sizer == "items"   ? QueueSizer::items
                : sizer == "bytes" ? QueueSizer::bytes
                                   : QueueSizer::requests;
  section.read("block_on_overflow", queue.block_on_overflow);
  section.read("wait_for_result", queue.wait_for_result);
  section.read_extension("storage", queue.storage);
  if (queue.enabled && queue.consumers == 0) section.error("num_consumers", "expected at least 1");
  if (queue.enabled && queue.size == 0) section.error("queue_size", "expected at least 1");
  if (queue.storage && queue.wait_for_result)
    section.error("wait_for_result", "cannot be used together with storage");
  if (!section.has("batch")) return queue;
  Section batch = section.section("batch");
  QueueBatching batching;
  batch.read("flush_timeout", batching.flush_timeout);
  batch.read("min_size", batching.min_items);
  batch.read("max_size", batching.max_items);
  std::string batch_sizer = "items";
  batch.read_choice("sizer", batch_sizer, {"items"});
  batch.refuse("partition",
               "clew keeps requests with different metadata in one batch here; use the batch "
               "processor's metadata_keys");
  if (batching.max_items != 0 && batching.max_items < batching.min_items)
    batch.error("max_size", "expected 0 or at least min_size");
  queue.batch = batching;
  return queue;
}

RetrySettings read_retry(Section&& section) {
  RetrySettings retry;
  section.read("enabled", retry.enabled);
  section.read("initial_interval", retry.initial_interval);
  section.read("randomization_factor", retry.randomization);
  section.read("multiplier", retry.multiplier);
  section.read("max_interval", retry.max_interval);
  section.read("max_elapsed_time", retry.max_elapsed_time);
  if (retry.randomization < 0 || retry.randomization > 1)
    section.error("randomization_factor", "expected a number from 0 to 1");
  if (retry.multiplier < 1) section.error("multiplier", "expected at least 1");
  return retry;
}

}  // namespace

DeliverySettings read_delivery(Section& section) {
  return {read_queue(section.section("sending_queue")), read_retry(section.section("retry_on_failure"))};
}

}  // namespace clew::pipeline
