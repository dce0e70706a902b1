// otlp: sends over OTLP/gRPC.
#include <algorithm>

#include <fmt/format.h>

#include "net/address.h"
#include "net/grpc_client.h"
#include "pipeline/config/section.h"
#include "pipeline/delivery/worker_threads.h"
#include "pipeline/exporters/client_settings.h"
#include "pipeline/exporters/exporters.h"
#include "pipeline/exporters/otlp_reply.h"
#include "telemetry/otlp_services.h"

namespace clew::pipeline {
namespace {

struct Target {
  std::string server;  // "host:port"
  bool tls = true;
};

// "host:4317", "https://host:443", "http://host:4317", "dns:///host:4317".
Result<Target> parse_target(std::string_view endpoint, bool insecure) {
  Target target{.server = {}, .tls = !insecure};
  std::string_view rest = endpoint;
  if (rest.starts_with("https://")) {
    rest.remove_prefix(8);
    target.tls = true;
  } else if (rest.starts_with("http://")) {
    rest.remove_prefix(7);
    target.tls = false;
  } else if (rest.starts_with("dns://")) {
    rest.remove_prefix(6);
    rest.remove_prefix(std::min(rest.find('/'), rest.size() - 1) + 1);
  } else if (rest.starts_with("unix:")) {
    return {ErrorKind::bad_input, "clew does not send over unix sockets"};
  }
  while (rest.ends_with('/')) rest.remove_suffix(1);
  const Result<net::HostAndPort> where = net::parse_host_and_port(rest);
  if (!where.ok() || where->host.empty() || where->port == 0 || rest.find('/') != std::string_view::npos)
    return {ErrorKind::bad_input,
            fmt::format("expected host:port, as in localhost:4317 or https://api.example.com:443, got '{}'",
                        endpoint)};
  target.server = rest;
  return target;
}

class OtlpGrpcExporter final : public Exporter {
 public:
  OtlpGrpcExporter(ClientSettings settings, Target target, net::GrpcKeepAlive keep_alive, const Site& site)
      : settings_(std::move(settings)),
        target_(std::move(target)),
        keep_alive_(keep_alive),
        headers_(settings_, site) {}

  Status start() override {
    net::GrpcClientOptions options{.server = target_.server, .connect_timeout = settings_.timeout};
    options.proxy_from_environment = true;
    options.keep_alive = keep_alive_;
    if (target_.tls) options.tls = settings_.tls.options;
    CLEW_ASSIGN(client_, net::GrpcClient::create(std::move(options)));
    return {};
  }

  void stop() override {
    authentication_.stop();
    client_.reset();
  }

  void consume(Batch batch, std::function<void(Outcome)> done) override {
    if (!headers_.may_wait()) return send(batch, std::move(done));
    authentication_.post(
        [this, batch = std::move(batch), done = std::move(done)]() mutable { send(batch, std::move(done)); });
  }

 private:
  void send(const Batch& batch, std::function<void(Outcome)> done) {
    auto headers = headers_.headers_for(batch);
    if (!headers.ok()) return done({.status = std::move(headers).status()});
    net::GrpcCallOptions options{
        .metadata = std::move(*headers), .timeout = settings_.timeout, .compression = settings_.compression};
    client_->call(
        std::string(export_method(batch.signal)), batch.otlp, std::move(options),
        [done = std::move(done)](const net::GrpcAnswer& answer) {
          done(outcome_of_grpc(answer.code, answer.error, answer.message.view(), answer.status_details));
        });
  }

  const ClientSettings settings_;
  const Target target_;
  const net::GrpcKeepAlive keep_alive_;
  const RequestHeaders headers_;
  std::unique_ptr<net::GrpcClient> client_;
  WorkerThreads authentication_{1};
};

}  // namespace

ExporterPlan configure_otlp_grpc(Section& section) {
  const ClientSettings settings = read_client_settings(section, seconds(5));
  section.ignore({"read_buffer_size", "write_buffer_size", "balancer_name", "wait_for_ready", "authority"});
  net::GrpcKeepAlive keep_alive;
  if (section.has("keepalive")) {
    Section keepalive = section.section("keepalive");
    keep_alive = {.time = seconds(10), .timeout = seconds(20)};
    keepalive.read("time", keep_alive.time);
    keepalive.read("timeout", keep_alive.timeout);
    keepalive.ignore({"permit_without_stream"});
  }
  Target target;
  if (settings.endpoint.empty()) {
    section.error("endpoint", "expected host:port, as in localhost:4317 or https://api.example.com:443");
  } else if (auto parsed = parse_target(settings.endpoint, settings.tls.insecure); parsed.ok()) {
    target = std::move(*parsed);
  } else {
    section.error("endpoint", parsed.status().message());
  }
  return {.make = [settings, target, keep_alive](const Site& site) -> Result<std::unique_ptr<Exporter>> {
            CLEW_TRY(check_authenticator(settings, site));
            return std::unique_ptr<Exporter>(
                std::make_unique<OtlpGrpcExporter>(settings, target, keep_alive, site));
          },
          .delivery = read_delivery(section)};
}

}  // namespace clew::pipeline
