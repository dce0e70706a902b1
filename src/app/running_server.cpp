#include "app/running_server.h"

#include <algorithm>
#include <atomic>
#include <thread>

#include "app/doors.h"
#include "app/health.h"
#include "app/unnamed_sender.h"
#include "app/version.h"
#include "base/file_system.h"
#include "base/log.h"
#include "base/thread_pool.h"
#include "control/errors/error_intake.h"
#include "control/journal.h"
#include "control/kept_answers.h"
#include "control/key_access.h"
#include "control/notify/outbox.h"
#include "control/records.h"
#include "control/sampling.h"
#include "control/schema.h"
#include "net/server.h"
#include "pipeline/store_exporter.h"
#include "protocols/arrivals.h"
#include "protocols/aws/caller_identity.h"
#include "protocols/clew/api.h"
#include "protocols/cloudwatch_logs/api.h"
#include "protocols/datagram_door.h"
#include "protocols/honeycomb/api.h"
#include "protocols/honeycomb/named_dataset.h"
#include "protocols/jaeger/queries.h"
#include "protocols/jaeger/receiver.h"
#include "protocols/jaeger/span_datagrams.h"
#include "protocols/mistaken_sender.h"
#include "protocols/otlp/receiver.h"
#include "protocols/rollbar/api.h"
#include "protocols/router.h"
#include "protocols/xray/api.h"
#include "protocols/xray/segment_datagrams.h"
#include "protocols/zipkin/queries.h"
#include "protocols/zipkin/receiver.h"
#include "store/columnar/store.h"

namespace clew::app {
namespace {

// How long requests under way may take to finish once the server was told to stop.
constexpr Nanoseconds kGrace = seconds(5);
constexpr uint64_t kLargestStrategies = uint64_t{4} << 20;

class OneEnvironment final : public control::Access {
 public:
  explicit OneEnvironment(EnvironmentId environment) : environment_(environment) {}
  Result<EnvironmentId> admit(std::optional<std::string_view> /*key*/) const override { return environment_; }

 private:
  EnvironmentId environment_;
};

std::string_view name_of(store::Durability durability) {
  switch (durability) {
    case store::Durability::sync:
      return "sync";
    case store::Durability::os:
      return "os";
    case store::Durability::none:
      return "none";
  }
  return "";
}

store::ColumnarOptions store_options(const Configuration& configuration) {
  store::ColumnarOptions options;
  options.directory = join_path(configuration.data, "store");
  options.durability = configuration.durability;
  options.seal_rows = configuration.seal_rows;
  options.retention = configuration.retention.value_or(Nanoseconds{0});
  options.max_disk_bytes = configuration.max_disk.value_or(0);
  return options;
}

net::Limits limits_of(const Configuration& configuration) {
  return {.header_bytes = configuration.max_header_bytes,
          .body_bytes = configuration.max_body_bytes,
          .body_bytes_in_flight = configuration.max_body_bytes_in_flight,
          .connections = configuration.max_connections,
          .idle = configuration.idle_timeout,
          .request = configuration.request_timeout};
}

std::optional<net::TlsFiles> tls_of(const Configuration& configuration) {
  if (!configuration.tls_cert) return std::nullopt;
  return net::TlsFiles{.certificate = *configuration.tls_cert,
                       .key = configuration.tls_key.value_or(""),
                       .client_ca = configuration.tls_client_ca.value_or("")};
}

constexpr std::string_view kRemedyForGrpc =
    "clew takes OTLP and Jaeger's spans over gRPC; have the sender export one of them";

// To a path that nobody serves, or with a method that it does not take.
std::string_view remedy_for_path(std::string_view path) {
  if (path.find("/v1/") != std::string_view::npos || path.find("otlp") != std::string_view::npos)
    return "OTEL_EXPORTER_OTLP_ENDPOINT takes the address alone (http://host:4318), to which clients add "
           "/v1/traces; OTEL_EXPORTER_OTLP_TRACES_ENDPOINT takes all of it (http://host:4318/v1/traces)";
  return "The answer names the nearest path there is; the page's first minutes have the address for each "
         "client (docs/compat tells more)";
}

class Pieces final : public RunningServer {
 public:
  explicit Pieces(ServerRequest request)
      : request_(std::move(request)),
        // The thread that asks works too.
        pool_(std::max(1u, std::thread::hardware_concurrency()) - 1) {}

  ~Pieces() override {
    if (const Status stopped = stop(); !stopped.ok()) log_error("store", stopped.message());
  }

  Status open() {
    const Configuration& configuration = request_.configuration;
    CLEW_ASSIGN(keys_, control::KeyAccess::open(configuration.data));
    CLEW_ASSIGN(records_, control::Records::open(configuration.data));
    CLEW_ASSIGN(journal_, control::Journal::open(configuration.data));
    CLEW_ASSIGN(kept_answers_, control::KeptAnswers::open(configuration.data));
    CLEW_TRY(open_outbox());
    if (request_.only_environment) {
      access_ = std::make_unique<OneEnvironment>(*request_.only_environment);
    } else {
      std::vector<ListenAddress> all = request_.doors;
      for (const VendorDoor& door : request_.vendor_doors) all.push_back(door.address);
      CLEW_TRY(check_doors(all, {.keys_required = keys_->keys_required(),
                                 .insecure = configuration.insecure,
                                 .data = configuration.data}));
    }
    CLEW_ASSIGN(store_, store::ColumnarStore::open(store_options(configuration)));
    retention_ = std::make_unique<control::Retention>(*records_, store_->erasure_rules());
    CLEW_TRY(retention_->restore());
    CLEW_TRY(open_sampling());
    exporter_ = std::make_unique<pipeline::StoreExporter>(*store_);
    CLEW_ASSIGN(errors_, control::errors::ItemStore::open(configuration.data));
    CLEW_ASSIGN(source_maps_, control::errors::SourceMaps::open(configuration.data));
    CLEW_ASSIGN(entrance_, control::errors::ErrorIntake::start({.items = errors_.get(),
                                                                .storage = store_.get(),
                                                                .records = records_.get(),
                                                                .outbox = outbox_.get(),
                                                                .source_maps = source_maps_.get(),
                                                                .next = exporter_.get(),
                                                                .page_url = configuration.page_url}));
    receiver_ = std::make_unique<otlp::Receiver>(
        *entrance_, access(), arrivals_, otlp::ReceiverOptions{.prepare = honeycomb::add_named_dataset});
    receiver_->add_routes(router_);
    add_health_routes(router_, [this] { return readiness(); });
    api_ = std::make_unique<api::Api>(api_options());
    api_->register_routes(router_);
    xray_ = std::make_unique<xray::Api>(xray_options());
    xray_->register_routes(router_);
    honeycomb_ = std::make_unique<honeycomb::Api>(honeycomb_options());
    honeycomb_->register_routes(router_);
    rollbar_ = std::make_unique<rollbar::Api>(
        rollbar::ApiOptions{services(), errors_.get(), source_maps_.get(), configuration.data,
                            configuration.scrub, configuration.source_map_hosts});
    rollbar_->register_routes(router_);
    logs_ = std::make_unique<cloudwatch_logs::Api>(
        cloudwatch_logs::ApiOptions{services(), &store_->erasure_rules()});
    logs_->register_routes(router_);
    zipkin_ = std::make_unique<zipkin::Receiver>(zipkin::ReceiverOptions{.intake = trace_intake()});
    zipkin_->register_routes(router_);
    trace_questions_ = std::make_unique<TraceQuestions>(services());
    zipkin::add_query_routes(*trace_questions_, router_);
    jaeger::add_query_routes(*trace_questions_, router_);
    jaeger_ = std::make_unique<jaeger::Receiver>(
        jaeger::ReceiverOptions{.intake = trace_intake(), .sampling = sampling_.get()});
    jaeger_->register_routes(router_);
    aws::add_caller_identity_route(router_, access());
    note_mistakes();
    CLEW_TRY(serve());
    return open_datagram_doors();
  }

  OpenDoors open_doors() const override {
    OpenDoors open{.doors = request_.doors,
                   .vendors = vendor_doors_,
                   .tls = request_.configuration.tls_cert.has_value(),
                   .keys_required = access_ == nullptr && keys_->keys_required()};
    // Only one that the system was asked to choose is not known from the start.
    for (size_t i = 0; i < open.doors.size() && i < ports_.size(); ++i) open.doors[i].port = ports_[i];
    return open;
  }

  Status stop() override {
    if (stopped_.exchange(true)) return Status();
    // The server would wait for the streams of open pages, which have no end of their own.
    if (api_) api_->stop();
    if (xray_) xray_->stop();
    if (honeycomb_) honeycomb_->stop();
    if (rollbar_) rollbar_->stop();
    if (logs_) logs_->stop();
    if (trace_questions_) trace_questions_->stop();
    for (const auto& door : datagram_doors_) door->close();
    if (server_) server_->stop(kGrace);
    api_.reset();
    xray_.reset();
    honeycomb_.reset();
    rollbar_.reset();
    logs_.reset();
    trace_questions_.reset();
    datagram_doors_.clear();
    segments_.reset();
    jaeger_spans_.reset();
    server_.reset();
    // Counts what was stored; its senders have their answers by now.
    entrance_.reset();
    return store_ ? store_->close() : Status();
  }

 private:
  const control::Access& access() const {
    return access_ ? *access_ : static_cast<const control::Access&>(*keys_);
  }

  Status open_outbox() {
    const Configuration& configuration = request_.configuration;
    control::notify::ChannelSettings channels;
    channels.smtp = configuration.smtp;
    channels.mail_from = configuration.mail_from;
    channels.smtp_tls.ca = configuration.mail_ca.value_or("");
    control::notify::OutboxOptions options;
    CLEW_ASSIGN(options.deliver, control::notify::deliver_through_channels(std::move(channels)));
    CLEW_ASSIGN(outbox_, control::notify::Outbox::open(configuration.data, std::move(options)));
    return Status();
  }

  // What all protocols work with.
  Services services() {
    const Configuration& configuration = request_.configuration;
    return {.storage = store_.get(),
            .consumer = entrance_.get(),
            .access = &access(),
            .arrivals = &arrivals_,
            .records = records_.get(),
            .journal = journal_.get(),
            .pool = &pool_,
            .limits = {.time = configuration.query_time_limit,
                       .memory_bytes = configuration.query_memory_limit,
                       .scanned_bytes = configuration.query_scan_limit.value_or(UINT64_MAX)}};
  }

  TraceIntakeOptions trace_intake() {
    return {.consumer = entrance_.get(), .access = &access(), .arrivals = &arrivals_};
  }

  Status open_sampling() {
    control::SamplingStrategies of_file;
    if (const auto& file = request_.configuration.jaeger_sampling) {
      CLEW_ASSIGN(const std::string text, real_file_system().read_file(*file, kLargestStrategies));
      Result<control::SamplingStrategies> strategies = control::read_sampling_strategies(text);
      if (!strategies.ok()) return std::move(strategies).status().within(*file);
      of_file = std::move(*strategies);
    }
    sampling_ = std::make_unique<control::Sampling>(*records_, std::move(of_file));
    return sampling_->restore();
  }

  api::ApiOptions api_options() {
    api::ApiOptions options{services()};
    options.outbox = outbox_.get();
    options.retention = retention_.get();
    options.sampling = sampling_.get();
    options.kept_answers = kept_answers_.get();
    options.errors = errors_.get();
    options.source_maps = source_maps_.get();
    options.error_intake = entrance_.get();
    options.version = std::string(kVersion);
    options.durability = std::string(name_of(request_.configuration.durability));
    options.doors = [this] { return door_facts(open_doors()); };
    options.setup = [this] { return setup_hints(open_doors()); };
    options.environment_name = [this](EnvironmentId id) { return keys_->environment_name(id); };
    options.keys_required = [this] { return access_ == nullptr && keys_->keys_required(); };
    options.settings = [this] { return server_settings(); };
    options.control_database = [this] { return control::open_control_database(request_.configuration.data); };
    options.storage_health = [this] { return storage_health(); };
    return options;
  }

  xray::ApiOptions xray_options() {
    return {services(), [this](uint16_t port) { return port == daemon_port_; }};
  }

  honeycomb::ApiOptions honeycomb_options() {
    return {services(), outbox_.get(), request_.configuration.data,
            [this](EnvironmentId id) { return keys_->environment_name(id); }};
  }

  Result<api::ServerSettings> server_settings() const {
    const Configuration& configuration = request_.configuration;
    CLEW_ASSIGN(control::Database database, control::open_control_database(configuration.data));
    api::ServerSettings settings;
    CLEW_ASSIGN(settings.environments, control::list_environments(database));
    CLEW_ASSIGN(settings.keys, control::list_keys(database));
    CLEW_ASSIGN(settings.people, control::list_people(database));
    settings.retention = configuration.retention;
    settings.most_bytes = configuration.max_disk;
    settings.data = configuration.data;
    return settings;
  }

  api::StorageHealth storage_health() const {
    store::StoreStatus status = store_->status();
    api::StorageHealth health{.trouble = std::move(status.trouble), .damages = {}};
    for (store::Damage& damage : status.damages)
      health.damages.push_back({std::move(damage.file), damage.rows, std::move(damage.what)});
    return health;
  }

  Readiness readiness() const {
    if (stopped_) return {.status = Status(ErrorKind::unavailable, "stopping"), .notes = {}};
    const api::StorageHealth health = storage_health();
    Readiness readiness;
    if (!health.trouble.empty()) readiness.status = Status(ErrorKind::unavailable, health.trouble);
    for (const auto& damage : health.damages) readiness.notes.push_back("damaged: " + damage.what);
    return readiness;
  }

  // The newcomer's page shows who knocked at the wrong path; people who browse are not meant.
  void note_mistakes() {
    router_.set_refusal_observer([this](const net::Request& request, const net::Response& response) {
      if (request.method == "GET" || request.method == "HEAD") return;
      const bool is_grpc = request.header("content-type").value_or("").starts_with("application/grpc");
      arrivals_.refused(std::nullopt, sender_of(request, is_grpc ? "gRPC" : "HTTP"), response.status,
                        response.reason, is_grpc ? kRemedyForGrpc : remedy_for_path(request.path));
    });
  }

  Status serve() {
    net::ServerOptions options{.doors = {},
                               .tls = tls_of(request_.configuration),
                               .limits = limits_of(request_.configuration),
                               .threads = request_.configuration.threads.value_or(0),
                               .on_mistake = [this](const net::Mistake& mistake) {
                                 Sender sender = sender_of(mistake);
                                 if (sender.agent.empty()) sender.agent = unnamed_sender_.find(mistake);
                                 arrivals_.refused(std::nullopt, sender, mistake.status, mistake.what,
                                                   mistake.remedy);
                               }};
    for (const ListenAddress& door : request_.doors) options.doors.push_back({door.text()});
    for (const VendorDoor& door : request_.vendor_doors)
      if (door.tcp) options.doors.push_back({door.address.text()});
    CLEW_ASSIGN(server_, net::Server::start(
                             std::move(options),
                             [this](net::Request request, net::Responder responder) {
                               router_.handle(std::move(request), std::move(responder));
                             },
                             [this](net::GrpcRequest request, net::GrpcResponder responder) {
                               router_.handle_grpc(std::move(request), std::move(responder));
                             }));
    ports_ = server_->ports();
    // With the ports that the server found, where any would do.
    vendor_doors_ = request_.vendor_doors;
    size_t next = request_.doors.size();
    for (VendorDoor& door : vendor_doors_)
      if (door.tcp) door.address.port = ports_.at(next++);
    return Status();
  }

  Status open_datagram_doors() {
    const DatagramIntakeOptions options{
        .consumer = entrance_.get(),
        .arrivals = &arrivals_,
        .environment = request_.only_environment.value_or(kDefaultEnvironment)};
    for (const VendorDoor& door : vendor_doors_) {
      if (!door.udp) continue;
      const bool is_xray = door.vendor == Vendor::xray;
      if (is_xray) daemon_port_ = door.address.port;
      std::unique_ptr<DatagramIntake>& intake = is_xray ? segments_ : jaeger_spans_;
      if (!intake)
        intake = std::make_unique<DatagramIntake>(
            is_xray ? xray::segment_datagrams() : jaeger::span_datagrams(), options);
      CLEW_ASSIGN(std::unique_ptr<DatagramDoor> opened,
                  DatagramDoor::open({.address = door.address.text()}, is_xray ? "X-Ray UDP" : "Jaeger UDP",
                                     *intake));
      datagram_doors_.push_back(std::move(opened));
    }
    return Status();
  }

  const ServerRequest request_;
  std::atomic<bool> stopped_{false};
  std::atomic<uint16_t> daemon_port_{0};  // 0: none
  ThreadPool pool_;
  Arrivals arrivals_;
  UnnamedSender unnamed_sender_;
  Router router_;
  std::unique_ptr<control::KeyAccess> keys_;
  std::unique_ptr<control::Records> records_;
  std::unique_ptr<control::Journal> journal_;
  std::unique_ptr<control::KeptAnswers> kept_answers_;
  std::unique_ptr<control::notify::Outbox> outbox_;
  std::unique_ptr<control::Access> access_;  // instead of keys_, if set
  std::unique_ptr<store::ColumnarStore> store_;
  std::unique_ptr<control::Retention> retention_;
  std::unique_ptr<control::Sampling> sampling_;
  std::unique_ptr<pipeline::StoreExporter> exporter_;
  std::unique_ptr<control::errors::ItemStore> errors_;
  std::unique_ptr<control::errors::SourceMaps> source_maps_;
  std::unique_ptr<control::errors::ErrorIntake> entrance_;  // before exporter_
  std::unique_ptr<otlp::Receiver> receiver_;
  std::unique_ptr<api::Api> api_;
  std::unique_ptr<xray::Api> xray_;
  std::unique_ptr<honeycomb::Api> honeycomb_;
  std::unique_ptr<rollbar::Api> rollbar_;
  std::unique_ptr<cloudwatch_logs::Api> logs_;
  std::unique_ptr<zipkin::Receiver> zipkin_;
  std::unique_ptr<jaeger::Receiver> jaeger_;
  std::unique_ptr<TraceQuestions> trace_questions_;
  std::unique_ptr<DatagramIntake> segments_, jaeger_spans_;
  std::vector<std::unique_ptr<DatagramDoor>> datagram_doors_;
  std::vector<uint16_t> ports_;
  std::vector<VendorDoor> vendor_doors_;  // once they are open
  std::unique_ptr<net::Server> server_;
};

}  // namespace

Result<std::unique_ptr<RunningServer>> RunningServer::start(ServerRequest request) {
  auto pieces = std::make_unique<Pieces>(std::move(request));
  CLEW_TRY(pieces->open());
  return std::unique_ptr<RunningServer>(std::move(pieces));
}

}  // namespace clew::app
