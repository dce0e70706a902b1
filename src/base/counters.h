// The one table of everything clew counts. Each row feeds /metrics, the ingest page and the tests; a row that
// means loss or refusal says what an operator can do about it. Add a row here and increment it; nothing else
// is needed.
#pragma once

#include <atomic>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace clew {

enum class Severity : uint8_t {
  info,     // ordinary work
  refused,  // something was turned away, and its sender was told
  lost,     // something was lost: someone should look
  warning,  // nothing lost, but something is not as it should be
};

// (identifier, metric name, severity, help, advice)
#define CLEW_COUNTERS(X)                                                                                     \
  X(requests_http, "clew_http_requests_total", info, "HTTP/1.1 and HTTP/2 requests answered", "")            \
  X(requests_grpc, "clew_grpc_requests_total", info, "gRPC calls answered", "")                              \
  X(connections_opened, "clew_connections_opened_total", info, "Connections accepted", "")                   \
  X(connections_refused, "clew_connections_refused_total", refused,                                          \
    "Connections closed at once: too many open",                                                             \
    "Raise --max-connections, or let clients keep connections alive")                                        \
  X(bytes_received, "clew_received_bytes_total", info, "Bytes read from connections", "")                    \
  X(bytes_sent, "clew_sent_bytes_total", info, "Bytes written to connections", "")                           \
  X(tls_to_plain_port, "clew_tls_to_plain_port_total", refused, "TLS hellos on a port without TLS",          \
    "Use http:// (or insecure=true) in the sender, or configure a certificate")                              \
  X(plain_to_tls_port, "clew_plain_to_tls_port_total", refused, "Plain requests on a port that wants TLS",   \
    "Use https:// in the sender")                                                                            \
  X(protocol_errors, "clew_protocol_errors_total", refused,                                                  \
    "Connections whose bytes were neither HTTP nor gRPC",                                                    \
    "Something that does not speak HTTP is pointed at this port")                                            \
  X(header_too_large, "clew_refused_header_too_large_total", refused,                                        \
    "Requests with headers over the limit", "Raise --max-header-bytes")                                      \
  X(body_too_large, "clew_refused_body_too_large_total", refused, "Requests with a body over the limit",     \
    "Send smaller batches, or raise --max-body-bytes")                                                       \
  X(decompression_bomb, "clew_refused_decompressed_too_large_total", refused,                                \
    "Requests whose body grows over the limit when decompressed",                                            \
    "Send smaller batches, or raise --max-body-bytes")                                                       \
  X(decompression_failed, "clew_refused_bad_compression_total", refused, "Bodies that do not decompress",    \
    "Check what sits between sender and clew: some proxies change the encoding header")                      \
  X(request_timeout, "clew_refused_timeout_total", refused,                                                  \
    "Requests that did not arrive within the time limit", "The sender or the network stalls")                \
  X(http_malformed, "clew_refused_malformed_http_total", refused, "Requests that break the rules of HTTP",   \
    "The answer says which; something between sender and clew may be damaging requests")                     \
  X(http2_abuse, "clew_refused_http2_abuse_total", refused,                                                  \
    "HTTP/2 connections closed for breaking its rules or limits",                                            \
    "The sender opens and resets streams too fast, or does not speak HTTP/2 properly")                       \
  X(unsupported_encoding, "clew_refused_content_encoding_total", refused,                                    \
    "Bodies in a content-encoding that is not offered", "Send gzip, deflate, zstd or none")                  \
  X(bodies_in_flight_exceeded, "clew_refused_bodies_in_flight_total", refused,                               \
    "Requests answered with retry: too many bodies in memory at once",                                       \
    "Senders are faster than clew; they will try again")                                                     \
  X(tls_handshakes_failed, "clew_tls_handshakes_failed_total", refused,                                      \
    "TLS connections that were not established",                                                             \
    "The log says why: often a sender that does not trust the certificate")                                  \
  X(unknown_path, "clew_refused_unknown_path_total", refused, "Requests to a path nobody serves",            \
    "The answer names the right path")                                                                       \
  X(wrong_method, "clew_refused_wrong_method_total", refused,                                                \
    "Requests with a method that the path does not take", "The answer names the methods it takes")           \
  X(unsupported_content_type, "clew_refused_content_type_total", refused,                                    \
    "Requests of a content type that the path does not take", "The answer names the right type")             \
  X(missing_key, "clew_refused_missing_key_total", refused, "Requests without the API key that is required", \
    "Set the header x-honeycomb-team in the sender")                                                         \
  X(unknown_key, "clew_refused_unknown_key_total", refused, "Requests with an unknown API key",              \
    "clew keys list shows the keys; clew keys create makes one")                                             \
  X(otlp_requests, "clew_otlp_requests_total", info, "OTLP export requests", "")                             \
  X(otlp_malformed, "clew_refused_otlp_malformed_total", refused,                                            \
    "OTLP requests that are not valid protobuf/JSON", "The answer says what is wrong and where")             \
  X(otlp_content_type_mismatch, "clew_otlp_content_type_mismatch_total", warning,                            \
    "OTLP requests whose body is not of the content type they name; accepted all the same",                  \
    "Set the content type to application/json or application/x-protobuf, as the body is")                    \
  X(otlp_path_mistaken, "clew_otlp_path_mistaken_total", warning,                                            \
    "OTLP requests to / or to a path with /v1/<signal> twice; accepted all the same",                        \
    "OTEL_EXPORTER_OTLP_ENDPOINT takes no path, OTEL_EXPORTER_OTLP_<SIGNAL>_ENDPOINT takes the whole one")   \
  X(profiles_refused, "clew_refused_profiles_total", refused, "OTLP requests with profiles",                 \
    "clew stores no profiles: turn the sender's profiles exporter off")                                      \
  X(honeycomb_requests, "clew_honeycomb_requests_total", info, "Requests to Honeycomb's API", "")            \
  X(honeycomb_refused, "clew_refused_honeycomb_total", refused,                                              \
    "Requests to Honeycomb's API answered with an error", "The answer says what is wrong")                   \
  X(honeycomb_events_refused, "clew_refused_honeycomb_events_total", refused,                                \
    "Events that were not taken while the others of their batch were",                                       \
    "The answer says of each why: mend the instrumentation")                                                 \
  X(alerts_evaluated, "clew_alerts_evaluated_total", info, "Evaluations of triggers and burn alerts", "")    \
  X(alerts_failed, "clew_alerts_failed_total", warning,                                                      \
    "Evaluations of triggers and burn alerts that ended in an error", "The log says which and why")          \
  X(alerts_unreachable, "clew_alerts_unreachable_total", warning,                                            \
    "Recipients of alerts that no channel reaches",                                                          \
    "A Slack recipient takes the URL of an incoming webhook as its channel")                                 \
  X(aws_signatures_refused, "clew_refused_aws_signature_total", refused,                                     \
    "Requests of AWS clients without a valid signature",                                                     \
    "The answer says why; clew keys create --aws makes what a client signs with")                            \
  X(xray_requests, "clew_xray_requests_total", info, "Calls of X-Ray operations", "")                        \
  X(xray_refused, "clew_refused_xray_total", refused, "Calls of X-Ray operations answered with an error",    \
    "The answer says what is wrong; a client without credentials needs a key: clew keys create --aws")       \
  X(xray_segments_refused, "clew_refused_xray_segments_total", refused,                                      \
    "Segment documents that were not taken",                                                                 \
    "UnprocessedTraceSegments in the answer, or the log, says which and why")                                \
  X(xray_daemon_segments, "clew_xray_daemon_segments_total", info,                                           \
    "Segments that X-Ray daemons say they received", "")                                                     \
  X(xray_daemon_segments_lost, "clew_xray_daemon_segments_lost_total", warning,                              \
    "Segments that X-Ray daemons say they dropped", "Give the daemon more buffer memory (-m), or send less") \
  X(xray_sampling_reports_refused, "clew_refused_xray_sampling_reports_total", refused,                      \
    "Statistics of X-Ray clients about a rule that is gone, or of another time",                             \
    "Clients fetch the rules anew; if it goes on, their clock is wrong")                                     \
  X(xray_export_refused, "clew_refused_xray_exported_segments_total", refused,                               \
    "Segments that an awsxray exporter could not deliver: no ids, or refused by the API",                    \
    "The log says why: mend the instrumentation, or send smaller spans")                                     \
  X(udp_datagrams, "clew_udp_datagrams_total", info, "Datagrams received", "")                               \
  X(udp_datagrams_dropped, "clew_udp_datagrams_dropped_total", lost,                                         \
    "Datagrams that the kernel dropped because its buffer was full",                                         \
    "Senders are faster than clew: raise net.core.rmem_max, give clew CAP_NET_ADMIN, or more of a core")     \
  X(xray_datagrams_malformed, "clew_refused_xray_datagrams_total", lost,                                     \
    "Datagrams at the X-Ray door without a valid header or without a segment",                               \
    "Something that is no X-Ray SDK is sending to this port")                                                \
  X(xray_datagrams_refused, "clew_refused_xray_datagram_segments_total", lost,                               \
    "Segments from datagrams that were not taken", "The log says which and why: mend the instrumentation")   \
  X(xray_datagrams_lost, "clew_xray_datagrams_lost_total", lost,                                             \
    "Segments from datagrams that found no room because the store is behind",                                \
    "The disk is too slow or full; see the log")                                                             \
  X(xray_datagrams_stored, "clew_xray_datagrams_stored_total", info, "Segments from datagrams stored", "")   \
  X(zipkin_requests, "clew_zipkin_requests_total", info, "Requests with spans of Zipkin clients", "")        \
  X(zipkin_malformed, "clew_refused_zipkin_total", refused,                                                  \
    "Requests of Zipkin clients that could not be decoded",                                                  \
    "The answer says what is wrong; something between the client and clew may change bodies")                \
  X(jaeger_requests, "clew_jaeger_requests_total", info, "Requests with spans of Jaeger clients", "")        \
  X(jaeger_malformed, "clew_refused_jaeger_total", refused,                                                  \
    "Requests of Jaeger clients that could not be decoded",                                                  \
    "The answer says what is wrong; something between the client and clew may change bodies")                \
  X(jaeger_datagrams_refused, "clew_refused_jaeger_datagrams_total", lost,                                   \
    "Datagrams at Jaeger's ports that could not be decoded",                                                 \
    "The log says why: cut off by a limit of the network, or something that is no Jaeger client")            \
  X(jaeger_datagrams_lost, "clew_jaeger_datagrams_lost_total", lost,                                         \
    "Datagrams of Jaeger clients that found no room because the store is behind",                            \
    "The disk is too slow or full; see the log")                                                             \
  X(jaeger_datagrams_stored, "clew_jaeger_datagrams_stored_total", info,                                     \
    "Datagrams of Jaeger clients whose spans were stored", "")                                               \
  X(jaeger_sampling_asked, "clew_jaeger_sampling_requests_total", info,                                      \
    "Questions of Jaeger clients for a sampling strategy", "")                                               \
  X(cloudwatch_requests, "clew_cloudwatch_logs_requests_total", info, "Calls of CloudWatch Logs operations", \
    "")                                                                                                      \
  X(cloudwatch_refused, "clew_refused_cloudwatch_logs_total", refused,                                       \
    "Calls of CloudWatch Logs operations answered with an error",                                            \
    "The answer says what is wrong; a client without credentials needs a key: clew keys create --aws")       \
  X(cloudwatch_events_refused, "clew_refused_cloudwatch_log_events_total", refused,                          \
    "Log events that PutLogEvents left out as too old, too new or expired",                                  \
    "rejectedLogEventsInfo in the answer says which; look at the sender's clock")                            \
  X(subscription_events_delivered, "clew_subscription_events_delivered_total", info,                         \
    "Log events delivered to the destinations of subscription filters", "")                                  \
  X(subscription_attempts_failed, "clew_subscription_attempts_failed_total", warning,                        \
    "Attempts to deliver log events of a subscription filter that failed; they are made again",              \
    "The log says why: mend the destination")                                                                \
  X(subscription_events_lost, "clew_subscription_events_lost_total", lost,                                   \
    "Log events of subscription filters given up: refused for good, too many waiting, or clew stopped",      \
    "The events are stored all the same; the log names the destination, which is slow or gone")              \
  X(spans_accepted, "clew_spans_accepted_total", info, "Spans stored", "")                                   \
  X(logs_accepted, "clew_log_records_accepted_total", info, "Log records stored", "")                        \
  X(points_accepted, "clew_metric_points_accepted_total", info, "Metric points stored", "")                  \
  X(items_rejected_bad_id, "clew_rejected_bad_id_total", lost,                                               \
    "Spans turned away: a trace or span id missing, zero or of the wrong length",                            \
    "The sender makes invalid ids")                                                                          \
  X(items_rejected_too_many_attributes, "clew_rejected_too_many_attributes_total", lost,                     \
    "Items turned away: more attributes than the limit",                                                     \
    "Mend the instrumentation: the limit is 10,000 an item")                                                 \
  X(items_rejected_too_many_columns, "clew_rejected_too_many_columns_total", lost,                           \
    "Attributes not stored: more distinct names than the limit",                                             \
    "Attribute names carry values (ids, paths): mend the instrumentation")                                   \
  X(items_rejected_too_large, "clew_rejected_item_too_large_total", lost,                                    \
    "Items turned away: larger than the limit", "Mend the instrumentation")                                  \
  X(invalid_utf8, "clew_invalid_utf8_total", warning, "Strings that are not UTF-8; stored as they came", "") \
  X(time_clamped, "clew_time_out_of_range_total", warning, "Times missing or far away from now", "")         \
  X(appends_exhausted, "clew_refused_store_busy_total", refused,                                             \
    "Requests answered with retry: the store is full or behind",                                             \
    "The disk is full or too slow; see the log")                                                             \
  X(queue_full, "clew_refused_queue_full_total", refused,                                                    \
    "Batches turned away with retry: the sending queue of an exporter is full",                              \
    "The backend is away or too slow; sending_queue.queue_size and num_consumers help for a while")          \
  X(memory_limited, "clew_refused_memory_limited_total", refused,                                            \
    "Batches turned away with retry: the memory_limiter's limit is reached",                                 \
    "Raise limit_mib, or find out why the backend does not keep up")                                         \
  X(delivery_lost, "clew_delivery_lost_total", lost, "Items taken into a sending queue and never delivered", \
    "The log says why: refused for good, retried for max_elapsed_time, or still in memory at the end")       \
  X(queue_records_damaged, "clew_queue_records_damaged_total", lost,                                         \
    "Damaged places in the files of a sending queue",                                                        \
    "The disk returned other bytes than were written; what lay there is lost")                               \
  X(zipkin_spans_refused, "clew_refused_zipkin_spans_total", refused,                                        \
    "Spans that a zipkin exporter left out: they have no trace id or no span id",                            \
    "Mend the instrumentation that makes spans without an id")                                               \
  X(wal_syncs, "clew_wal_syncs_total", info, "Synced group commits of the write-ahead log", "")              \
  X(wal_records, "clew_wal_records_total", info, "Records appended to the write-ahead log", "")              \
  X(wal_bytes, "clew_wal_bytes_total", info, "Bytes appended to the write-ahead log", "")                    \
  X(wal_failures, "clew_wal_failures_total", warning,                                                        \
    "Group commits that failed; their senders were told to retry",                                           \
    "The disk is full or failing; see the log")                                                              \
  X(wal_records_damaged, "clew_wal_records_damaged_total", lost,                                             \
    "Log records set aside at start: bad checksum",                                                          \
    "The disk returned other bytes than were written; the file is kept as *.damaged")                        \
  X(seals, "clew_seals_total", info, "Generations of the memtable written as parts", "")                     \
  X(merges, "clew_merges_total", info, "Merges of parts finished", "")                                       \
  X(merged_rows, "clew_merged_rows_total", info, "Rows rewritten by merges", "")                             \
  X(rows_erased, "clew_rows_erased_total", info,                                                             \
    "Rows that left the disk by a rule: of a log group that keeps less, of one that was deleted", "")          \
  X(parts_damaged, "clew_parts_damaged_total", lost, "Parts or granules set aside: bad checksum",            \
    "clew dump --verify names them; restore them from a backup")                                             \
  X(parts_expired, "clew_parts_expired_total", info, "Parts dropped because of age", "")                     \
  X(parts_evicted, "clew_parts_evicted_total", lost, "Parts dropped because the disk limit was reached",     \
    "Raise --max-disk, or shorten --retention")                                                              \
  X(errors_counted, "clew_errors_counted_total", info, "Errors counted to an item", "")                      \
  X(errors_not_counted, "clew_errors_not_counted_total", lost,                                               \
    "Errors that are stored but missing in their item's counts",                                             \
    "The control database cannot be written: see the log")                                                   \
  X(rollbar_items, "clew_rollbar_items_total", info, "Items received from Rollbar clients", "")              \
  X(rollbar_duplicates, "clew_rollbar_duplicates_total", info,                                               \
    "Items of Rollbar clients whose uuid was known already", "")                                             \
  X(rollbar_refused, "clew_refused_rollbar_total", refused,                                                  \
    "Calls of Rollbar clients answered with an error",                                                       \
    "The answer says what is wrong; a token is a key of clew: clew keys create")                             \
  X(source_maps_forgotten, "clew_source_maps_forgotten_total", lost,                                         \
    "Source maps forgotten because newer ones needed their room",                                            \
    "Stacks of these versions stay minified: upload them again, or only the maps of what is rolled out")     \
  X(stacks_not_mapped, "clew_stacks_not_mapped_total", warning,                                              \
    "Minified stacks grouped as they came because too many waited for their source maps",                    \
    "More errors of minified scripts arrive than can be led back; one script in a loop may be the cause")    \
  X(notifications_enqueued, "clew_notifications_total", info, "Notifications put on their way", "")          \
  X(notifications_delivered, "clew_notifications_delivered_total", info, "Notifications delivered", "")      \
  X(notification_attempts_failed, "clew_notification_attempts_failed_total", warning,                        \
    "Attempts to deliver a notification that failed; they are made again",                                   \
    "The list of deliveries says why")                                                                       \
  X(notifications_lost, "clew_notifications_lost_total", lost,                                               \
    "Notifications given up: refused for good, or failing for a day",                                        \
    "The log and the list of deliveries say why: mend the recipient, or --smtp")                             \
  X(notifications_refused, "clew_refused_notifications_total", lost,                                         \
    "Notifications not taken because too many are waiting",                                                  \
    "Recipients do not answer: see the list of deliveries")                                                  \
  X(queries, "clew_queries_total", info, "Queries answered", "")                                             \
  X(queries_failed, "clew_queries_failed_total", warning, "Queries that ended in an error", "")              \
  X(queries_cancelled, "clew_queries_cancelled_total", info, "Queries cancelled by their caller", "")        \
  X(rows_scanned, "clew_rows_scanned_total", info, "Rows scanned by queries", "")

enum class Counter : uint16_t {
#define X(identifier, name, severity, help, advice) identifier,
  CLEW_COUNTERS(X)
#undef X
      count_
};

struct CounterInfo {
  std::string_view name;
  Severity severity;
  std::string_view help;
  std::string_view advice;
};

// Adds to a counter. Any thread, any time.
void count(Counter counter, uint64_t by = 1);
uint64_t value_of(Counter counter);
const CounterInfo& info_of(Counter counter);
std::span<const CounterInfo> all_counters();

// All counters in the Prometheus text format, followed by a few figures of the process (memory, CPU, uptime).
std::string counters_as_prometheus_text();

}  // namespace clew
