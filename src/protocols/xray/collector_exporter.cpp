#include "protocols/xray/collector_exporter.h"

#include <atomic>

#include <fmt/format.h>

#include "base/counters.h"
#include "base/log.h"
#include "net/http_client.h"
#include "pipeline/config/section.h"
#include "pipeline/delivery/worker_threads.h"
#include "protocols/xray/aws_surroundings.h"
#include "protocols/xray/segment_delivery.h"

namespace clew::xray {
namespace {

using pipeline::Outcome;
using pipeline::Section;

constexpr uint64_t kMostWorkers = 256;

struct ExporterSettings {
  DaemonSettings api;
  SendingHabits habits{
      .timeout = seconds(30), .user_agent = "clew", .ca_file = {}, .proxy_from_environment = true};
  ExportOptions options;
};

class CollectorExporter final : public pipeline::Exporter {
 public:
  CollectorExporter(ExporterSettings settings, const pipeline::Site& site)
      : settings_(std::move(settings)), name_(site.id.text()), workers_(settings_.api.concurrency) {}

  Status start() override {
    if (!settings_.api.credentials)
      log_warning("collector",
                  fmt::format("{}: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set, so that segments "
                              "are sent unsigned; AWS refuses them",
                              name_));
    CLEW_ASSIGN(sender_, DocumentSender::create(settings_.api, settings_.habits));
    delivery_.emplace(*sender_);
    return {};
  }

  void stop() override {
    stopping_ = true;
    if (delivery_) delivery_->stop();
    if (sender_) sender_->cancel();
    workers_.stop();
  }

  void consume(Batch batch, std::function<void(Outcome)> done) override {
    workers_.post([this, batch = std::move(batch), done = std::move(done)] {
      if (stopping_) return done({.status = Status(ErrorKind::unavailable, "the collector is stopping")});
      done(send(batch));
    });
  }

 private:
  Outcome send(const Batch& batch) {
    Result<ExportedDocuments> exported = exported_documents(batch.otlp.view(), settings_.options);
    if (!exported.ok()) return {.status = exported.status()};
    Outcome outcome;
    if (!exported->documents.empty()) outcome = delivery_->deliver(std::move(exported->documents));
    if (exported->without_ids == 0 || !outcome.status.ok()) return outcome;
    // Counted once: not when the batch will come again.
    count(Counter::xray_export_refused, exported->without_ids);
    outcome.rejected += exported->without_ids;
    outcome.rejection = "a segment has a trace id and an id";
    return outcome;
  }

  const ExporterSettings settings_;
  const std::string name_;
  std::unique_ptr<DocumentSender> sender_;
  std::optional<SegmentDelivery> delivery_;
  std::atomic<bool> stopping_{false};
  pipeline::WorkerThreads workers_;
};

void read_api(Section& section, ExporterSettings& settings) {
  DaemonSettings& api = settings.api;
  section.read("region", api.region);
  section.read("endpoint", api.endpoint);
  bool no_verify = false;
  section.read("no_verify_ssl", no_verify);
  api.verify_tls = !no_verify;
  section.read("certificate_file_path", settings.habits.ca_file);
  uint64_t workers = api.concurrency, timeout = 30;
  section.read("num_workers", workers);
  section.read("request_timeout_seconds", timeout);
  if (workers == 0 || workers > kMostWorkers)
    section.error("num_workers", fmt::format("expected 1 to {}, got {}", kMostWorkers, workers));
  if (timeout == 0 || timeout > 3600)
    section.error("request_timeout_seconds", fmt::format("expected 1 to 3600, got {}", timeout));
  api.concurrency = static_cast<unsigned>(std::min(workers, kMostWorkers));
  settings.habits.timeout = seconds(static_cast<int64_t>(std::min<uint64_t>(timeout, 3600)));
  // A region belongs to every signature, and names the API where no endpoint does.
  if (api.region.empty()) api.region = region_of_environment();
  if (api.region.empty()) section.error("region", "expected a region, as in eu-west-1, or AWS_REGION");
  if (api.endpoint.empty()) api.endpoint = fmt::format("https://xray.{}.amazonaws.com", api.region);
  while (api.endpoint.ends_with('/')) api.endpoint.pop_back();
  if (const Result<net::Url> url = net::parse_url(api.endpoint); !api.region.empty() && !url.ok())
    section.error("endpoint", url.status().message());
  api.credentials = credentials_of_environment();
}

}  // namespace

pipeline::ExporterPlan configure_collector_exporter(Section& section) {
  ExporterSettings settings;
  read_api(section, settings);
  section.read("index_all_attributes", settings.options.annotations.all);
  std::vector<std::string> indexed;
  section.read("indexed_attributes", indexed);
  settings.options.annotations.names = {indexed.begin(), indexed.end()};
  section.read("aws_log_groups", settings.options.log_groups);
  // They are about the Collector's figures for AWS, or about what clew's queue does.
  section.ignore({"local_mode", "resource_arn", "max_retries", "skip_timestamp_validation"});
  for (const char* key : {"role_arn", "external_id"})
    section.refuse(
        key, "clew takes on no roles; give it the role's credentials in AWS_ACCESS_KEY_ID and its like");
  section.refuse("proxy_address", "set HTTPS_PROXY or HTTP_PROXY instead");
  section.refuse("transit_spans_in_otlp_format", "clew sends OTLP with otlphttp");
  section.refuse("middleware", "clew does not offer this");
  Section telemetry = section.section("telemetry");
  bool tells = false;
  if (telemetry.read("enabled", tells) && tells)
    telemetry.error("enabled",
                    "clew tells AWS nothing of its own work; its figures are at service::telemetry::metrics");
  telemetry.ignore({"include_metadata", "contributors", "hostname", "instance_id", "resource_arn"});
  const pipeline::DeliverySettings delivery = pipeline::read_delivery(section);
  return {.make = [settings](const pipeline::Site& site) -> Result<std::unique_ptr<pipeline::Exporter>> {
            return std::unique_ptr<pipeline::Exporter>(std::make_unique<CollectorExporter>(settings, site));
          },
          .delivery = delivery};
}

}  // namespace clew::xray
