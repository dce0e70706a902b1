// The parts of a collector. Each is made by a row of the list of its kind (src/pipeline/component_list.h),
// which reads its settings first and builds it later, so that a whole configuration is checked before
// anything starts.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/component_id.h"
#include "pipeline/consumer.h"
#include "pipeline/delivery/delivery_settings.h"

namespace clew {
class FileSystem;
}

namespace clew::pipeline {

class Section;
class SelfTelemetry;
class Timers;

// Started from the end of the pipelines to their beginning, stopped the other way round.
class Component {
 public:
  virtual ~Component() = default;
  // Fails with one sentence. Nothing is handed to a part that has not started.
  virtual Status start() { return {}; }
  // Nothing is handed to a part when this is called. What it holds it hands on, and it calls every `done` it
  // was given; when this returns, it hands on nothing more.
  virtual void stop() {}
};

class Receiver : public Component {};
class Processor : public Component, public Consumer {};
class Exporter : public Component, public Consumer {
 public:
  // After stop(): what was acknowledged and not sent.
  virtual std::vector<Batch> take_unsent() { return {}; }
};
class Connector : public Component, public Consumer {};

// Lets senders in, for receivers (`auth.authenticator`).
class ServerAuthenticator {
 public:
  virtual ~ServerAuthenticator() = default;
  // Header names are lower case. Returns whom the sender was taken for; unauthenticated otherwise.
  virtual Result<std::string> authenticate(
      const std::vector<std::pair<std::string, std::string>>& headers) const = 0;
};

// Adds what a backend asks for to each request of an exporter (`auth.authenticator`).
class ClientAuthenticator {
 public:
  virtual ~ClientAuthenticator() = default;
  // May wait for the network (a token that has to be fetched). Names in lower case.
  virtual Result<std::vector<std::pair<std::string, std::string>>> headers_for(const Batch& batch) = 0;
};

// Keeps the sending queues of exporters over restarts (`sending_queue.storage`).
class QueueStorage {
 public:
  virtual ~QueueStorage() = default;
  // A directory for this part alone, there when this returns.
  virtual Result<std::string> directory_for(const ComponentId& component) = 0;
  virtual FileSystem& file_system() = 0;
};

class Extension : public Component {
 public:
  // What it can do for others; null when it cannot.
  virtual ServerAuthenticator* server_authenticator() { return nullptr; }
  virtual ClientAuthenticator* client_authenticator() { return nullptr; }
  virtual QueueStorage* queue_storage() { return nullptr; }
};

// Live figures of the whole collector, for extensions that show them.
class CollectorView {
 public:
  virtual ~CollectorView() = default;
  virtual bool is_ready() const = 0;
  virtual UnixNanos started_at() const = 0;
  struct Pipeline {
    std::string id;
    std::vector<std::string> receivers, processors, exporters;
  };
  virtual std::vector<Pipeline> pipelines() const = 0;
  virtual std::vector<std::string> enabled_extensions() const = 0;
  virtual const SelfTelemetry& telemetry() const = 0;
};

// What a part may use of the collector it is built into. Outlives the part.
struct Site {
  ComponentId id;
  Timers& timers;
  SelfTelemetry& telemetry;
  // Started before everything else. Ids that the settings name are known to be there.
  const std::map<ComponentId, std::shared_ptr<Extension>>& extensions;
  const CollectorView& collector;

  Extension* extension(const ComponentId& which) const {
    const auto it = extensions.find(which);
    return it == extensions.end() ? nullptr : it->second.get();
  }
};

// Where a connector's output goes: the pipelines that name it as a receiver.
class ConnectorOutputs {
 public:
  virtual ~ConnectorOutputs() = default;
  // Every pipeline of the signal; null when none takes it.
  virtual Consumer* all(Signal signal) const = 0;
  // These pipelines and no others.
  virtual Consumer* only(const std::vector<PipelineId>& pipelines) const = 0;
};

// One receiver takes in all signals; `next` hands each batch to the pipelines of its signal.
using MakeReceiver = std::function<Result<std::unique_ptr<Receiver>>(const Site&, Consumer& next)>;
using MakeProcessor = std::function<Result<std::unique_ptr<Processor>>(const Site&, Consumer& next)>;
using MakeExporter = std::function<Result<std::unique_ptr<Exporter>>(const Site&)>;
// One connector for each signal that is fed into it. `outputs` is only there during the call.
using MakeConnector = std::function<Result<std::unique_ptr<Connector>>(const Site&, Signal fed,
                                                                       const ConnectorOutputs& outputs)>;
using MakeExtension = std::function<Result<std::unique_ptr<Extension>>(const Site&)>;

// An exporter that sends over a network only says how to send once; queue and retries are put before it.
struct ExporterPlan {
  MakeExporter make;
  std::optional<DeliverySettings> delivery;
};

// The rows of the lists. `configure` reads the settings of one part: what is wrong with them goes into the
// section's complaints; what it returns is called only when there are none.
struct ReceiverType {
  std::string_view name;
  std::string_view summary;
  SignalSet signals;
  MakeReceiver (*configure)(Section& settings);
  std::string_view alias{};  // another name that files use
};
struct ProcessorType {
  std::string_view name;
  std::string_view summary;
  SignalSet signals;
  MakeProcessor (*configure)(Section& settings);
  std::string_view alias{};
};
struct ExporterType {
  std::string_view name;
  std::string_view summary;
  SignalSet signals;
  ExporterPlan (*configure)(Section& settings);
  std::string_view alias{};
};
struct ConnectorType {
  std::string_view name;
  std::string_view summary;
  SignalSet takes;
  SignalSet gives;
  bool keeps_signal;  // what goes in as traces comes out as traces
  MakeConnector (*configure)(Section& settings);
  std::string_view alias{};
};
struct ExtensionType {
  std::string_view name;
  std::string_view summary;
  MakeExtension (*configure)(Section& settings);
  std::string_view alias{};
};

// A part that the Collector has and clew has not: refused with a sentence instead of "unknown".
struct MissingType {
  std::string_view name;
  std::string_view why;
};

}  // namespace clew::pipeline
