#include "protocols/xray/daemon.h"

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include "base/json_value.h"
#include "net/udp_receiver.h"
#include "protocols/xray/api_proxy.h"
#include "protocols/xray/datagram.h"
#include "protocols/xray/document_queue.h"
#include "protocols/xray/document_sender.h"

namespace clew::xray {
namespace {

constexpr uint64_t kBufferBytes = 64 << 10;  // what the daemon counts for a segment
constexpr size_t kFewestDocuments = 250;
constexpr int kTries = 2;
constexpr Nanoseconds kTryAgainAfter = seconds(1);
constexpr std::chrono::seconds kTellEvery{60};

bool may_pass(ErrorKind kind) {
  return kind == ErrorKind::unavailable || kind == ErrorKind::exhausted || kind == ErrorKind::cancelled;
}

class RunningDaemon final : public Daemon {
 public:
  RunningDaemon(const DaemonSettings& settings, DaemonLog& log, std::unique_ptr<DocumentSender> sender)
      : settings_(settings),
        log_(log),
        sender_(std::move(sender)),
        queue_(std::max<size_t>(kFewestDocuments, buffers())),
        proxy_(*sender_,
               [this](std::string_view failure) { log_.debug(fmt::format("Proxy: {}", failure)); }) {}
  ~RunningDaemon() override { stop(); }

  Status open() {
    log_.info(fmt::format("Using buffer memory limit of {} MB", settings_.buffer_megabytes));
    log_.info(fmt::format("{} segment buffers allocated", buffers()));
    log_.info(fmt::format("Using region: {}", settings_.region));
    for (const std::string& note : settings_.notes) log_.warn(note);
    log_.info(fmt::format("{} X-Ray Endpoint : {}",
                          settings_.otlp ? "Sending OTLP instead of calling the" : "HTTP Proxy server using",
                          settings_.endpoint));
    CLEW_TRY(proxy_.open(settings_.tcp_address));
    log_.info(fmt::format("Starting proxy http server on {}", settings_.tcp_address));
    CLEW_ASSIGN(receiver_, net::UdpReceiver::start(
                               {.address = settings_.udp_address},
                               [this](std::span<const net::Datagram> datagrams) { take(datagrams); }));
    for (unsigned i = 0; i < settings_.concurrency; ++i) senders_.emplace_back([this] { send_batches(); });
    telemetry_ = std::thread([this] { tell(); });
    return Status();
  }

  uint16_t udp_port() const override { return receiver_->port(); }
  uint16_t tcp_port() const override { return proxy_.port(); }

  void stop() override {
    if (stopped_.exchange(true)) return;
    if (receiver_) receiver_->stop();
    queue_.close();
    for (std::thread& one : senders_) one.join();
    if (telemetry_.joinable()) telemetry_.join();
    proxy_.close();
  }

 private:
  size_t buffers() const { return settings_.buffer_megabytes * (1 << 20) / kBufferBytes; }

  void take(std::span<const net::Datagram> datagrams) {
    for (const net::Datagram& datagram : datagrams) {
      ++received_;
      const Result<std::string_view> document = document_in_datagram(datagram.bytes);
      if (!document.ok()) {
        ++rejected_;
        log_.warn(document.status().message());
      } else if (!queue_.add(*document)) {
        if (spilled_++ % DocumentQueue::kBatch == 0)
          log_.warn("Segment buffer is full. Dropping oldest segment document.");
      }
    }
  }

  void send_batches() {
    while (true) {
      const std::vector<std::string> batch = queue_.take();
      if (batch.empty()) return;
      log_.debug(batch.size() == DocumentQueue::kBatch ? "processor: sending complete batch"
                                                       : "processor: sending partial batch");
      send(batch);
    }
  }

  // What may pass is tried again for as long as the daemon runs: meanwhile the queue fills, and says so.
  void send(const std::vector<std::string>& batch) {
    for (int tried = 1;; ++tried) {
      const Nanoseconds began = monotonic_now();
      const Result<std::vector<SegmentFault>> faults = sender_->send(batch);
      const double took = static_cast<double>(monotonic_now().count - began.count) * 1e-9;
      if (faults.ok()) return note_sent(batch, *faults, took);
      ++failures_;
      const bool again = may_pass(faults.status().kind());
      if (tried == kTries || !again)
        log_.error(fmt::format("Sending segment batch failed with: {}", faults.status().message()));
      const bool ending = queue_.wait_for_close(again ? kTryAgainAfter : Nanoseconds{0});
      if (!again || (ending && tried >= kTries)) {
        spilled_ += batch.size();
        return;
      }
    }
  }

  void note_sent(const std::vector<std::string>& batch, const std::vector<SegmentFault>& faults,
                 double took) {
    sent_ += batch.size() - std::min(batch.size(), faults.size());
    if (faults.empty())
      return log_.info(
          fmt::format("Successfully sent batch of {} segments ({:.3f} seconds)", batch.size(), took));
    log_.info(fmt::format("Sent batch of {} segments but had {} Unprocessed segments ({:.3f} seconds)",
                          batch.size(), faults.size(), took));
    rejected_ += faults.size();
    for (const SegmentFault& fault : faults) {
      JsonWriter json;
      json.begin_object().key("ErrorCode").string(fault.code);
      if (!fault.id.empty()) json.key("Id").string(fault.id);
      json.key("Message").string(fault.message).end_object();
      const std::string trace = trace_of(batch, fault.id);
      log_.error(trace.empty() ? fmt::format("Unprocessed segment: {}", json.text())
                               : fmt::format("Unprocessed trace {}, segment: {}", trace, json.text()));
    }
  }

  static std::string trace_of(const std::vector<std::string>& batch, const std::string& id) {
    if (id.empty()) return {};
    for (const std::string& document : batch) {
      const Result<JsonValue> json = parse_json(document, kDeepestDocument);
      if (!json.ok()) continue;
      const JsonValue* found = json->find("id");
      const JsonValue* trace = json->find("trace_id");
      if (found != nullptr && *found == JsonValue(id) && trace != nullptr && trace->string() != nullptr)
        return *trace->string();
    }
    return {};
  }

  // Once a minute, after the first segment.
  void tell() {
    uint64_t told_received = 0, told_sent = 0, told_spilled = 0, told_rejected = 0;
    while (!queue_.wait_for_close(seconds(kTellEvery.count()))) {
      if (settings_.otlp || received_ == 0) continue;
      const uint64_t received = received_, sent = sent_, spilled = spilled_, rejected = rejected_;
      JsonWriter json;
      json.begin_object().key("TelemetryRecords").begin_array().begin_object();
      json.key("Timestamp").integer(now().count / 1'000'000'000);
      json.key("SegmentsReceivedCount").integer(received - told_received);
      json.key("SegmentsSentCount").integer(sent - told_sent);
      json.key("SegmentsSpilloverCount").integer(spilled - told_spilled);
      json.key("SegmentsRejectedCount").integer(rejected - told_rejected);
      json.end_object().end_array();
      if (!settings_.resource_arn.empty()) json.key("ResourceARN").string(settings_.resource_arn);
      json.end_object();
      const auto answer =
          sender_->call("POST", "/TelemetryRecords", {{"content-type", "application/json"}}, json.take());
      if (!answer.ok() || answer->status != 200) {
        log_.debug("Failed to send telemetry");
        continue;
      }
      told_received = received;
      told_sent = sent;
      told_spilled = spilled;
      told_rejected = rejected;
    }
  }

  const DaemonSettings settings_;
  DaemonLog& log_;
  const std::unique_ptr<DocumentSender> sender_;
  DocumentQueue queue_;
  std::atomic<bool> stopped_ = false;
  std::atomic<uint64_t> received_ = 0, sent_ = 0, spilled_ = 0, rejected_ = 0, failures_ = 0;
  ApiProxy proxy_;
  std::vector<std::thread> senders_;
  std::thread telemetry_;
  std::unique_ptr<net::UdpReceiver> receiver_;
};

}  // namespace

Result<std::unique_ptr<Daemon>> Daemon::start(const DaemonSettings& settings, DaemonLog& log) {
  log.info(fmt::format("Initializing AWS X-Ray daemon {}", kDaemonVersion));
  CLEW_ASSIGN(std::unique_ptr<DocumentSender> sender, DocumentSender::create(settings));
  auto daemon = std::make_unique<RunningDaemon>(settings, log, std::move(sender));
  CLEW_TRY(daemon->open());
  return std::unique_ptr<Daemon>(std::move(daemon));
}

}  // namespace clew::xray
