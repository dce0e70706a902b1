// loadbalancing: shares items out among backends, so that all spans of a trace, of a service or of whatever
// else the routing key names go to the same one.
#include <map>
#include <netdb.h>
#include <shared_mutex>

#include <fmt/format.h>
#include <sys/socket.h>

#include "base/log.h"
#include "net/address.h"
#include "pipeline/config/section.h"
#include "pipeline/delivery/exporter_stage.h"
#include "pipeline/exporters/exporters.h"
#include "pipeline/exporters/loadbalancing/hash_ring.h"
#include "pipeline/exporters/loadbalancing/routing_key.h"
#include "pipeline/joint_outcome.h"
#include "pipeline/otlp/item_count.h"
#include "pipeline/otlp/item_walk.h"
#include "pipeline/periodic_thread.h"

namespace clew::pipeline {
namespace {

constexpr uint64_t kUsualPort = 4317;

struct LoadBalancingSettings {
  ConfigValue protocol;  // of the otlp exporter, without its endpoint
  RoutingKeySettings key;
  std::vector<std::string> hostnames;  // with ports
  std::string dns_name;                // asked for at intervals, if not empty
  std::string dns_port;
  Nanoseconds dns_interval = seconds(5);
};

// The exporter for one endpoint, as a file with its settings would have it.
ExporterPlan plan_for(const ConfigValue& protocol, const std::string& path, const std::string& endpoint,
                      Complaints& complaints) {
  ConfigValue value = protocol;
  if (value.kind != ConfigValue::Kind::map) value = ConfigValue::map(protocol.place);
  std::erase_if(value.entries, [](const ConfigEntry& one) { return one.key == "endpoint"; });
  value.entries.push_back({"endpoint", protocol.place, ConfigValue::scalar(endpoint, protocol.place)});
  Section section(value, path, complaints);
  return configure_otlp_grpc(section);
}

Result<std::vector<std::string>> addresses_of(const std::string& name, const std::string& port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int fault = getaddrinfo(name.c_str(), nullptr, &hints, &found); fault != 0)
    return {ErrorKind::unavailable, fmt::format("{}: {}", name, gai_strerror(fault))};
  std::vector<std::string> endpoints;
  for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
    char text[NI_MAXHOST];
    if (getnameinfo(one->ai_addr, one->ai_addrlen, text, sizeof text, nullptr, 0, NI_NUMERICHOST) != 0)
      continue;
    endpoints.push_back(one->ai_family == AF_INET6 ? fmt::format("[{}]:{}", text, port)
                                                   : fmt::format("{}:{}", text, port));
  }
  freeaddrinfo(found);
  return endpoints;
}

class LoadBalancing final : public Exporter {
 public:
  LoadBalancing(std::shared_ptr<const LoadBalancingSettings> settings, const Site& site)
      : settings_(std::move(settings)), site_(site) {}

  Status start() override {
    if (settings_->dns_name.empty()) return use(settings_->hostnames);
    resolve();
    resolver_.start("clew-resolve", settings_->dns_interval, settings_->dns_interval, [this] { resolve(); });
    return {};
  }

  void stop() override {
    resolver_.stop();
    for (auto& [endpoint, backend] : backends_) {
      backend->stop();
      for (Batch& batch : backend->take_unsent()) unsent_.push_back(std::move(batch));
    }
  }

  std::vector<Batch> take_unsent() override { return std::move(unsent_); }

  void consume(Batch batch, std::function<void(Outcome)> done) override {
    const std::shared_lock lock(mutex_);
    if (ring_.empty())
      return done({.status = Status(ErrorKind::unavailable,
                                    fmt::format("no address is known of '{}'", settings_->dns_name))});
    auto parts = share_out(batch);
    if (!parts.ok()) return done({.status = std::move(parts).status()});
    if (parts->empty()) return done({});
    const Done joint = joint_outcome(parts->size(), Shared::parts, std::move(done));
    for (auto& [endpoint, part] : *parts)
      backends_.at(ring_.endpoints()[endpoint])->consume(std::move(part), joint);
  }

 private:
  using Parts = std::vector<std::pair<size_t, Batch>>;

  Result<Parts> share_out(const Batch& batch) const {
    Parts parts;
    if (ring_.endpoints().size() == 1) {
      parts.emplace_back(0, batch);
      return parts;
    }
    std::map<size_t, RequestBuilder> builders;
    RoutingKey key(settings_->key, batch.signal);
    CLEW_TRY(walk_items(batch.otlp.view(), [&](const ItemPlace& place) {
      builders[ring_.endpoint_of(key.of(place))].add(place);
    }));
    for (auto& [endpoint, builder] : builders) {
      Batch part = batch;
      part.otlp = SharedBytes(builder.take());
      part.items = 0;
      part.items = items_of(part);
      parts.emplace_back(endpoint, std::move(part));
    }
    return parts;
  }

  void resolve() {
    auto endpoints = addresses_of(settings_->dns_name, settings_->dns_port);
    Status used = endpoints.ok() ? use(std::move(*endpoints)) : endpoints.status();
    const std::string text(used.message());
    if (!text.empty() && text != said_)
      log_warning("collector", fmt::format("{}: {}", site_.id.text(), text));
    said_ = text;
  }

  // From now on these. What one that is gone did not send goes to the others.
  Status use(std::vector<std::string> endpoints) {
    HashRing ring(std::move(endpoints));
    if (ring.empty()) return {ErrorKind::unavailable, "there is no address"};
    if (ring.endpoints() == ring_.endpoints()) return {};  // changed by this thread alone
    std::map<std::string, std::unique_ptr<ExporterStage>> added, gone;
    for (const std::string& endpoint : ring.endpoints()) {
      if (backends_.contains(endpoint)) continue;
      CLEW_ASSIGN(added[endpoint], backend_for(endpoint));
    }
    {
      const std::unique_lock lock(mutex_);
      for (const std::string& endpoint : ring_.endpoints())
        if (!std::binary_search(ring.endpoints().begin(), ring.endpoints().end(), endpoint))
          gone.insert(backends_.extract(endpoint));
      for (auto& [endpoint, backend] : added) backends_.emplace(endpoint, std::move(backend));
      ring_ = std::move(ring);
    }
    for (auto& [endpoint, backend] : gone) {
      backend->stop();
      for (Batch& batch : backend->take_unsent())
        consume(batch, [batch, this](const Outcome& outcome) {
          if (!outcome.status.ok())
            log_error("collector", fmt::format("{}: {} items lost: {}", site_.id.text(), items_of(batch),
                                               outcome.status.message()));
        });
    }
    return {};
  }

  Result<std::unique_ptr<ExporterStage>> backend_for(const std::string& endpoint) {
    Complaints complaints;
    const ExporterPlan plan = plan_for(settings_->protocol, "protocol::otlp", endpoint, complaints);
    if (complaints.has_errors()) return complaints.status();
    const Site site{{site_.id.type, (site_.id.name.empty() ? "" : site_.id.name + "/") + endpoint},
                    site_.timers,
                    site_.telemetry,
                    site_.extensions,
                    site_.collector};
    CLEW_ASSIGN(std::unique_ptr<Exporter> exporter, plan.make(site));
    auto stage = std::make_unique<ExporterStage>(site, std::move(exporter), plan.delivery);
    CLEW_TRY(stage->start());
    return stage;
  }

  const std::shared_ptr<const LoadBalancingSettings> settings_;
  const Site site_;
  std::string said_;  // of the resolver's thread

  std::shared_mutex mutex_;
  // Guarded by mutex_:
  HashRing ring_;
  std::map<std::string, std::unique_ptr<ExporterStage>> backends_;

  std::vector<Batch> unsent_;
  PeriodicThread resolver_;
};

std::string with_port(const std::string& hostname) {
  const size_t colon = hostname.rfind(':');
  const bool has_port = colon != std::string::npos && hostname.find(']', colon) == std::string::npos;
  return has_port ? hostname : fmt::format("{}:{}", hostname, kUsualPort);
}

void read_routing_key(Section& section, RoutingKeySettings& settings) {
  using By = RoutingKeySettings::By;
  const std::map<std::string, By> kinds = {{"traceID", By::trace_id},
                                           {"service", By::service},
                                           {"resource", By::resource},
                                           {"metric", By::metric},
                                           {"attributes", By::attributes}};
  std::string key = "traceID";
  if (const ConfigValue* given = section.value("routing_key"); given != nullptr && given->text == "streamID")
    section.refuse(
        "routing_key",
        "clew keeps the points of a metric together: choose metric or resource instead of streamID");
  else
    section.read_choice("routing_key", key, {"traceID", "service", "resource", "metric", "attributes"});
  settings.by = kinds.at(key);
  section.read("routing_attributes", settings.attributes);
  if (settings.by == By::attributes && settings.attributes.empty())
    section.error("routing_attributes", "expected names, as in [tenant, span.name]");
}

void read_resolver(Section&& resolver, LoadBalancingSettings& settings) {
  for (const char* other : {"k8s", "aws_cloud_map"})
    resolver.refuse(
        other, "clew resolves static and dns; a headless service of Kubernetes has its addresses in DNS");
  const bool is_static = resolver.has("static"), is_dns = resolver.has("dns");
  if (is_static == is_dns) resolver.error("expected either static or dns");
  if (is_static) {
    Section inner = resolver.section("static");
    inner.read("hostnames", settings.hostnames);
    if (settings.hostnames.empty()) inner.error("expected hostnames: as in [backend-1:4317, backend-2:4317]");
    for (std::string& hostname : settings.hostnames) hostname = with_port(hostname);
  } else if (is_dns) {
    Section inner = resolver.section("dns");
    uint64_t port = kUsualPort;
    inner.read("hostname", settings.dns_name);
    inner.read("port", port);
    inner.read("interval", settings.dns_interval);
    inner.ignore({"timeout"});
    if (settings.dns_name.empty()) inner.error("expected hostname");
    if (port == 0 || port > 65535) inner.error("port", "expected 1 to 65535");
    if (settings.dns_interval.count < 1'000'000) inner.error("interval", "expected at least 1ms");
    settings.dns_port = std::to_string(port);
  }
}

}  // namespace

ExporterPlan configure_loadbalancing(Section& section) {
  const auto settings = std::make_shared<LoadBalancingSettings>();
  read_routing_key(section, settings->key);
  read_resolver(section.section("resolver"), *settings);
  for (const char* inner : {"sending_queue", "retry_on_failure", "timeout"})
    section.refuse(inner, "set it below protocol::otlp: each backend has a queue and retries of its own");
  Section protocol = section.section("protocol");
  const ConfigValue* otlp = protocol.value("otlp");
  if (otlp != nullptr) settings->protocol = *otlp;
  if (otlp == nullptr || !section.has("protocol"))
    section.error("expected protocol: {otlp: {tls: …}} with the settings of the otlp exporter");
  else
    plan_for(settings->protocol, section.path() + "::protocol::otlp", "localhost:4317", section.complaints());
  return {.make = [settings](const Site& site) -> Result<std::unique_ptr<Exporter>> {
            return std::unique_ptr<Exporter>(std::make_unique<LoadBalancing>(settings, site));
          },
          .delivery = std::nullopt};
}

}  // namespace clew::pipeline
