// routing: hands each resource, span, log record, metric or point to the pipelines of the first row of its
// table whose condition is true for it.
#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/log.h"
#include "pipeline/config/section.h"
#include "pipeline/connectors/connectors.h"
#include "pipeline/joint_outcome.h"
#include "pipeline/otlp/item_count.h"
#include "pipeline/processors/ottl_processor.h"
#include "pipeline/self_telemetry.h"

namespace clew::pipeline {
namespace {

using ottl::Context;

// Of the request that brought the items: request["x-tenant"] == "acme".
struct HeaderCondition {
  std::string header;  // in lower case
  std::string value;
  bool equal = true;

  bool holds(const Batch& batch) const {
    if (batch.sender == nullptr) return !equal;
    const auto& headers = batch.sender->headers;
    const bool found = std::any_of(headers.begin(), headers.end(), [&](const auto& one) {
      return one.first == header && one.second == value;
    });
    return found == equal;
  }
};

struct Route {
  Context context = Context::resource;
  ottl::Condition condition;  // empty: always, or the header's
  std::optional<HeaderCondition> header;
  std::vector<PipelineId> pipelines;
};

struct RoutingSettings {
  std::vector<Route> table;
  std::vector<PipelineId> default_pipelines;
  ErrorMode error_mode = ErrorMode::propagate;
};

class Routing final : public Connector {
 public:
  struct Way {
    const Route* route;
    Consumer* next;
  };
  Routing(std::shared_ptr<const RoutingSettings> settings, std::vector<Way> ways, Consumer* otherwise,
          std::atomic<int64_t>& unrouted, std::atomic<int64_t>& failures)
      : settings_(std::move(settings)),
        ways_(std::move(ways)),
        otherwise_(otherwise),
        unrouted_(unrouted),
        failures_(failures) {}

  void consume(Batch batch, std::function<void(Outcome)> done) override {
    std::vector<std::pair<Consumer*, Batch>> parts;
    for (const Way& way : ways_) {
      Result<Batch> taken = take(*way.route, batch);
      if (!taken.ok()) return done({.status = std::move(taken).status()});
      if (!taken->otlp.empty()) parts.emplace_back(way.next, std::move(*taken));
      if (batch.otlp.empty()) break;
    }
    if (!batch.otlp.empty()) {
      if (otherwise_ != nullptr)
        parts.emplace_back(otherwise_, std::move(batch));
      else
        unrouted_.fetch_add(static_cast<int64_t>(items_of(batch)), std::memory_order_relaxed);
    }
    if (parts.empty()) return done({});  // as the configuration asks
    const Done joint = joint_outcome(parts.size(), Shared::parts, std::move(done));
    for (auto& [next, part] : parts) next->consume(std::move(part), joint);
  }

 private:
  // What the route wants; the rest stays in `batch`, whose bytes are empty when nothing does.
  Result<Batch> take(const Route& route, Batch& batch) const {
    if (!route.condition) {
      if (route.header && !route.header->holds(batch)) return Batch{};
      return std::exchange(batch, Batch{});
    }
    CLEW_ASSIGN(Batch taken, part(route, batch, true));
    if (taken.otlp.empty()) return Batch{};
    CLEW_ASSIGN(Batch left, part(route, batch, false));
    batch = std::move(left);
    return taken;
  }

  // What the condition is true for, or what it is not true for.
  Result<Batch> part(const Route& route, const Batch& batch, bool wanted) const {
    OttlRewriter rewriter(route.context, [&](ottl::Subject& subject) -> Result<Verdict> {
      const Result<bool> holds = route.condition(subject);
      if (!holds.ok()) {
        if (wanted) failures_.fetch_add(1, std::memory_order_relaxed);
        if (settings_->error_mode == ErrorMode::propagate) return holds.status();
      }
      return (holds.ok() && *holds) == wanted ? Verdict::keep : Verdict::drop;
    });
    CLEW_ASSIGN(Batch kept, rewrite(batch, rewriter));
    CLEW_TRY(rewriter.failure());
    return kept;
  }

  const std::shared_ptr<const RoutingSettings> settings_;
  const std::vector<Way> ways_;
  Consumer* const otherwise_;
  std::atomic<int64_t>& unrouted_;
  std::atomic<int64_t>& failures_;
};

// request["key"] == "value"
std::optional<HeaderCondition> parse_header_condition(std::string_view text) {
  HeaderCondition condition;
  const auto skip = [&](std::string_view word) {
    while (text.starts_with(' ')) text.remove_prefix(1);
    if (!text.starts_with(word)) return false;
    text.remove_prefix(word.size());
    return true;
  };
  const auto quoted = [&](std::string& to) {
    if (!skip("\"")) return false;
    const size_t end = text.find('"');
    if (end == std::string_view::npos) return false;
    to = text.substr(0, end);
    text.remove_prefix(end + 1);
    return true;
  };
  if (!skip("request") || !skip("[") || !quoted(condition.header) || !skip("]")) return std::nullopt;
  if (!skip("==")) {
    if (!skip("!=")) return std::nullopt;
    condition.equal = false;
  }
  if (!quoted(condition.value)) return std::nullopt;
  skip("");
  condition.header = lower_case(condition.header);
  return text.empty() ? std::optional(condition) : std::nullopt;
}

// The condition of "route() where …", empty for "route()"; nothing when it is another statement.
std::optional<std::string> condition_of_statement(std::string_view text) {
  text = trimmed(text, " ");
  if (!text.starts_with("route()")) return std::nullopt;
  text = trimmed(text.substr(7), " ");
  if (text.empty()) return "";
  if (!text.starts_with("where ")) return std::nullopt;
  return std::string(text.substr(6));
}

Route read_route(Section& item) {
  Route route;
  std::string context = "resource";
  std::optional<std::string> statement, condition;
  item.read_choice("context", context, {"resource", "span", "metric", "datapoint", "log", "request"});
  item.read("statement", statement);
  item.read("condition", condition);
  item.read_pipelines("pipelines", route.pipelines);
  item.refuse("action",
              "clew moves what a condition is true for to its pipelines, as the Collector does by default");
  if (!item.has("pipelines")) item.error("expected pipelines: at least one");
  if (statement.has_value() == condition.has_value()) {
    item.error("expected either condition or statement");
    return route;
  }
  if (statement) {
    condition = condition_of_statement(*statement);
    if (!condition) {
      item.error("statement", fmt::format("expected route() or route() where …, got '{}'", *statement));
      return route;
    }
    if (condition->empty() && context != "request") return route;
  }
  if (context == "request") {
    route.header = parse_header_condition(*condition);
    if (!route.header || statement)
      item.error(statement ? "statement" : "condition",
                 "with context request, expected condition: request[\"name\"] == \"value\" (or !=)");
    return route;
  }
  if (const auto named = ottl::context_named(context)) route.context = *named;
  auto compiled = ottl::compile_condition(*condition, route.context);
  if (compiled.ok())
    route.condition = std::move(*compiled);
  else
    item.error(statement ? "statement" : "condition",
               fmt::format("{}; in: {}", compiled.status().message(), *condition));
  return route;
}

std::vector<PipelineId> of_signal(const std::vector<PipelineId>& pipelines, Signal signal) {
  std::vector<PipelineId> some;
  for (const PipelineId& one : pipelines)
    if (one.signal == signal) some.push_back(one);
  return some;
}

}  // namespace

MakeConnector configure_routing(Section& section) {
  const auto settings = std::make_shared<RoutingSettings>();
  settings->error_mode = read_error_mode(section, ErrorMode::propagate);
  section.read_pipelines("default_pipelines", settings->default_pipelines);
  section.refuse("match_once",
                 "the Collector removed it; what a row of the table takes, later rows do not see");
  section.for_each("table", [&](Section& item) { settings->table.push_back(read_route(item)); });
  if (settings->table.empty()) section.error("expected table: at least one row");
  return [settings](const Site& site, Signal fed,
                    const ConnectorOutputs& outputs) -> Result<std::unique_ptr<Connector>> {
    const auto lead_to = [&](const std::vector<PipelineId>& pipelines) -> Result<Consumer*> {
      Consumer* next = outputs.only(pipelines);
      if (next == nullptr)
        return {ErrorKind::bad_input,
                fmt::format("the pipeline '{}' does not name it as a receiver", pipelines.front().text())};
      return next;
    };
    std::vector<Routing::Way> ways;
    for (const Route& route : settings->table) {
      const auto pipelines = of_signal(route.pipelines, fed);
      if (pipelines.empty()) continue;  // it is about another signal
      if (route.context > Context::scope && ottl::signal_of(route.context) != fed)
        return {ErrorKind::bad_input,
                fmt::format("a row of the table leads {} to '{}' by the context {}", name_of(fed),
                            pipelines.front().text(), ottl::name_of(route.context))};
      CLEW_ASSIGN(Consumer * next, lead_to(pipelines));
      ways.push_back({&route, next});
    }
    Consumer* otherwise = nullptr;
    if (const auto pipelines = of_signal(settings->default_pipelines, fed); !pipelines.empty()) {
      CLEW_ASSIGN(otherwise, lead_to(pipelines));
    }
    const Labels labels{{"connector", site.id.text()}, {"otel_signal", std::string(name_of(fed))}};
    return std::unique_ptr<Connector>(std::make_unique<Routing>(
        settings, std::move(ways), otherwise, site.telemetry.counter("clew_routing_unrouted_items", labels),
        site.telemetry.counter("clew_routing_condition_failures", labels)));
  };
}

}  // namespace clew::pipeline
