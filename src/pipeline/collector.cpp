#include "pipeline/collector.h"

#include <algorithm>
#include <atomic>

#include <fmt/format.h>

#include "base/counters.h"
#include "base/log.h"
#include "pipeline/delivery/exporter_stage.h"
#include "pipeline/entrance.h"
#include "pipeline/fan_out.h"
#include "pipeline/otlp/item_count.h"
#include "pipeline/timers.h"

namespace clew::pipeline {
namespace {

// A processor of one pipeline, with a count of what goes in and what comes out.
struct ProcessorNode {
  std::unique_ptr<ProcessorMeter> outgoing;  // before the next stage
  std::unique_ptr<Processor> processor;
  std::unique_ptr<ProcessorMeter> incoming;
};

struct PipelineNode {
  PlannedPipeline plan;
  std::unique_ptr<FanOut> ends;
  std::vector<ProcessorNode> processors;  // from the last to the first
  Consumer* begin = nullptr;
};

class Running final : public Collector, public CollectorView {
 public:
  Running(CollectorPlan plan, SelfTelemetry& telemetry) : plan_(std::move(plan)), telemetry_(telemetry) {}
  ~Running() override { stop(); }

  Status build() {
    for (const ComponentId& id : plan_.enabled_extensions) {
      auto made = plan_.extensions.at(id).make(site(id));
      if (!made.ok()) return std::move(made).status().within("extensions::" + id.text());
      extensions_.emplace(id, std::move(*made));
    }
    // From the end: a stage is made knowing the one it hands on to. Pipelines that feed others come first in
    // the plan, so they are built last.
    for (auto it = plan_.pipelines.rbegin(); it != plan_.pipelines.rend(); ++it)
      CLEW_TRY(build_pipeline(*it));
    for (const PlannedPipeline& pipeline : plan_.pipelines)
      for (const ComponentId& id : pipeline.receivers)
        if (!plan_.is_connector(id)) CLEW_TRY(build_receiver(id));
    return {};
  }

  Status start_all() {
    for (const ComponentId& id : plan_.enabled_extensions)
      CLEW_TRY(start(*extensions_.at(id), "extensions::" + id.text()));
    for (auto& [id, exporter] : exporters_) CLEW_TRY(start(*exporter, "exporters::" + id.text()));
    for (auto& node : pipelines_)
      for (ProcessorNode& one : node->processors)
        CLEW_TRY(start(*one.processor, "service::pipelines::" + node->plan.id.text()));
    for (auto& [id, connector] : connectors_) CLEW_TRY(start(*connector, "connectors::" + id.first.text()));
    for (auto& [id, receiver] : receivers_) CLEW_TRY(start(*receiver, "receivers::" + id.text()));
    ready_ = true;
    return {};
  }

  void take_over(Unsent unsent) {
    for (auto& [id, batches] : unsent) {
      const auto exporter = exporters_.find(id);
      for (Batch& batch : batches) {
        if (exporter == exporters_.end()) {
          count_as_lost({{id, {batch}}});
          continue;
        }
        exporter->second->consume(batch, [which = id, batch](const Outcome& outcome) {
          if (!outcome.status.ok()) count_as_lost({{which, {batch}}});
        });
      }
    }
  }

  Unsent stop() override {
    if (stopped_.exchange(true)) return {};
    ready_ = false;
    std::vector<Component*> started = std::exchange(started_, {});
    const auto stop_if_started = [&](Component& component) {
      if (std::erase(started, &component) > 0) component.stop();
    };
    for (auto& [id, receiver] : receivers_) stop_if_started(*receiver);
    // What a pipeline holds may flow through connectors into those behind it.
    for (auto node = pipelines_.rbegin(); node != pipelines_.rend(); ++node) {
      auto& processors = (*node)->processors;
      for (auto one = processors.rbegin(); one != processors.rend(); ++one) stop_if_started(*one->processor);
      for (const ComponentId& id : (*node)->plan.exporters)
        if (plan_.is_connector(id) && is_last_feeding(id, **node))
          stop_if_started(*connectors_.at({id, (*node)->plan.id.signal}));
    }
    Unsent unsent;
    for (auto& [id, exporter] : exporters_) {
      stop_if_started(*exporter);
      if (std::vector<Batch> left = exporter->take_unsent(); !left.empty()) unsent[id] = std::move(left);
    }
    for (auto it = plan_.enabled_extensions.rbegin(); it != plan_.enabled_extensions.rend(); ++it)
      if (const auto found = extensions_.find(*it); found != extensions_.end())
        stop_if_started(*found->second);
    return unsent;
  }

  const CollectorView& view() const override { return *this; }
  bool is_ready() const override { return ready_; }
  UnixNanos started_at() const override { return started_at_; }
  std::vector<Pipeline> pipelines() const override {
    std::vector<Pipeline> all;
    for (const PlannedPipeline& one : plan_.pipelines)
      all.push_back({one.id.text(), texts(one.receivers), texts(one.processors), texts(one.exporters)});
    return all;
  }
  std::vector<std::string> enabled_extensions() const override { return texts(plan_.enabled_extensions); }
  const SelfTelemetry& telemetry() const override { return telemetry_; }

 private:
  static std::vector<std::string> texts(const std::vector<ComponentId>& ids) {
    std::vector<std::string> all;
    for (const ComponentId& id : ids) all.push_back(id.text());
    return all;
  }

  Site site(const ComponentId& id) { return {id, timers_, telemetry_, extensions_, *this}; }

  Status start(Component& component, const std::string& path) {
    Status status = component.start();
    if (!status.ok()) return std::move(status).within(path);
    started_.push_back(&component);
    return {};
  }

  // Whether no pipeline that is stopped later feeds the connector too.
  bool is_last_feeding(const ComponentId& connector, const PipelineNode& node) const {
    for (const auto& other : pipelines_) {  // the last one is stopped first
      if (other.get() == &node) return true;
      const auto& exporters = other->plan.exporters;
      if (other->plan.id.signal == node.plan.id.signal &&
          std::find(exporters.begin(), exporters.end(), connector) != exporters.end())
        return false;
    }
    return true;
  }

  // What a connector hands on to: fan-outs that are made when they are asked for.
  class Outputs final : public ConnectorOutputs {
   public:
    Outputs(Running& collector, ComponentId connector)
        : collector_(collector), connector_(std::move(connector)) {}
    Consumer* all(Signal signal) const override {
      return collector_.fan_out_to(
          [&](const PipelineNode& node) { return node.plan.id.signal == signal && names_me(node); });
    }
    Consumer* only(const std::vector<PipelineId>& pipelines) const override {
      return collector_.fan_out_to([&](const PipelineNode& node) {
        return std::find(pipelines.begin(), pipelines.end(), node.plan.id) != pipelines.end() &&
               names_me(node);
      });
    }

   private:
    bool names_me(const PipelineNode& node) const {
      const auto& receivers = node.plan.receivers;
      return std::find(receivers.begin(), receivers.end(), connector_) != receivers.end();
    }
    Running& collector_;
    const ComponentId connector_;
  };

  template <typename Which>
  Consumer* fan_out_to(Which which) {
    std::vector<Consumer*> consumers;
    for (const auto& node : pipelines_)
      if (which(*node)) consumers.push_back(node->begin);
    if (consumers.empty()) return nullptr;
    if (consumers.size() == 1) return consumers.front();
    return fan_outs_.emplace_back(std::make_unique<FanOut>(std::move(consumers))).get();
  }

  Result<Consumer*> exporter_or_connector(const ComponentId& id, Signal fed) {
    if (plan_.is_connector(id)) {
      auto& connector = connectors_[{id, fed}];
      if (!connector) {
        auto made = plan_.connectors.at(id).make(site(id), fed, Outputs(*this, id));
        if (!made.ok()) return std::move(made).status().within("connectors::" + id.text());
        connector = std::move(*made);
      }
      return connector.get();
    }
    auto& exporter = exporters_[id];
    if (!exporter) {
      const ExporterPlan& plan = plan_.exporters.at(id).make;
      auto made = plan.make(site(id));
      if (!made.ok()) return std::move(made).status().within("exporters::" + id.text());
      exporter = std::make_unique<ExporterStage>(site(id), std::move(*made), plan.delivery);
    }
    return exporter.get();
  }

  Status build_pipeline(const PlannedPipeline& plan) {
    auto node = std::make_unique<PipelineNode>();
    node->plan = plan;
    std::vector<Consumer*> ends;
    for (const ComponentId& id : plan.exporters) {
      CLEW_ASSIGN(Consumer * end, exporter_or_connector(id, plan.id.signal));
      ends.push_back(end);
    }
    node->ends = std::make_unique<FanOut>(std::move(ends));
    node->begin = node->ends.get();
    for (auto id = plan.processors.rbegin(); id != plan.processors.rend(); ++id) {
      const Labels labels{{"processor", id->text()}, {"otel_signal", std::string(name_of(plan.id.signal))}};
      ProcessorNode one;
      one.outgoing = std::make_unique<ProcessorMeter>(
          telemetry_.counter("otelcol_processor_outgoing_items", labels), *node->begin);
      auto made = plan_.processors.at(*id).make(site(*id), *one.outgoing);
      if (!made.ok()) return std::move(made).status().within("processors::" + id->text());
      one.processor = std::move(*made);
      one.incoming = std::make_unique<ProcessorMeter>(
          telemetry_.counter("otelcol_processor_incoming_items", labels), *one.processor);
      node->begin = one.incoming.get();
      node->processors.push_back(std::move(one));
    }
    pipelines_.push_back(std::move(node));
    return {};
  }

  Status build_receiver(const ComponentId& id) {
    if (receivers_.contains(id)) return {};
    auto& entrance = entrances_[id] = std::make_unique<Entrance>(id, telemetry_);
    for (const Signal signal : {Signal::traces, Signal::logs, Signal::metrics}) {
      Consumer* next = fan_out_to([&](const PipelineNode& node) {
        const auto& receivers = node.plan.receivers;
        return node.plan.id.signal == signal &&
               std::find(receivers.begin(), receivers.end(), id) != receivers.end();
      });
      if (next) entrance->lead(signal, *next);
    }
    auto made = plan_.receivers.at(id).make(site(id), *entrance);
    if (!made.ok()) return std::move(made).status().within("receivers::" + id.text());
    receivers_[id] = std::move(*made);
    return {};
  }

  const CollectorPlan plan_;
  SelfTelemetry& telemetry_;
  const UnixNanos started_at_ = now();
  std::atomic<bool> ready_{false};
  std::atomic<bool> stopped_{false};

  // In the order in which they may use one another: what is below is destroyed first.
  Timers timers_;
  std::map<ComponentId, std::shared_ptr<Extension>> extensions_;
  std::map<ComponentId, std::unique_ptr<ExporterStage>> exporters_;
  std::map<std::pair<ComponentId, Signal>, std::unique_ptr<Connector>> connectors_;
  std::vector<std::unique_ptr<PipelineNode>> pipelines_;  // those behind connectors first
  std::vector<std::unique_ptr<FanOut>> fan_outs_;
  std::map<ComponentId, std::unique_ptr<Entrance>> entrances_;
  std::map<ComponentId, std::unique_ptr<Receiver>> receivers_;
  std::vector<Component*> started_;
};

}  // namespace

void count_as_lost(const Unsent& unsent) {
  for (const auto& [id, batches] : unsent) {
    uint64_t items = 0;
    for (const Batch& batch : batches) items += items_of(batch);
    count(Counter::delivery_lost, items);
    log_error("collector", fmt::format("{}: {} items lost: still in memory, and nobody to send them to",
                                       id.text(), items));
  }
}

Result<std::unique_ptr<Collector>> Collector::start(CollectorPlan plan, SelfTelemetry& telemetry,
                                                    Unsent unsent) {
  auto collector = std::make_unique<Running>(std::move(plan), telemetry);
  Status status = collector->build();
  if (status.ok()) status = collector->start_all();
  if (!status.ok()) return status;
  collector->take_over(std::move(unsent));
  return std::unique_ptr<Collector>(std::move(collector));
}

}  // namespace clew::pipeline
