#include "pipeline/collector_plan.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "pipeline/config/section.h"

namespace clew::pipeline {
namespace {

template <typename Type>
const Type* find_type(const std::vector<Type>& types, std::string_view name) {
  const auto it = std::find_if(types.begin(), types.end(), [&](const Type& type) {
    return type.name == name || (!type.alias.empty() && type.alias == name);
  });
  return it == types.end() ? nullptr : &*it;
}

template <typename Type>
std::string why_unknown(const std::string& kind, const std::string& name, const std::vector<Type>& types) {
  for (const MissingType& missing : missing_components())
    if (missing.name == name) return fmt::format("{} '{}' is not offered: {}", kind, name, missing.why);
  std::vector<std::string> words;
  for (const Type& type : types) words.emplace_back(type.name);
  return fmt::format("there is no {} '{}'{}", kind, name, suggestion(name, words));
}

class Planner {
 public:
  Planner(const ConfigValue& configuration, const ComponentList& components, Complaints& complaints)
      : root_(configuration, "", complaints), components_(components), complaints_(complaints) {}

  CollectorPlan run() {
    read_parts("receivers", "receiver", components_.receivers, plan_.receivers);
    read_parts("processors", "processor", components_.processors, plan_.processors);
    read_parts("exporters", "exporter", components_.exporters, plan_.exporters);
    read_parts("connectors", "connector", components_.connectors, plan_.connectors);
    read_parts("extensions", "extension", components_.extensions, plan_.extensions);
    for (const auto& [id, connector] : plan_.connectors)
      if (plan_.receivers.contains(id) || plan_.exporters.contains(id))
        complaints_.error(connector.place,
                          fmt::format("'{}' is a connector and also a receiver or an exporter: "
                                      "give one of them another name",
                                      id.text()));
    read_service(root_.section("service"));
    check_references();
    check_connectors();
    if (!complaints_.has_errors()) sort_pipelines();
    return std::move(plan_);
  }

 private:
  template <typename Type, typename Make>
  void read_parts(const std::string& key, const std::string& kind, const std::vector<Type>& types,
                  std::map<ComponentId, PlannedPart<Type, Make>>& parts) {
    Section section = root_.section(key);
    section.for_each_key([&](const std::string& name, const ConfigValue& settings) {
      const auto id = parse_component_id(name);
      if (!id)
        return complaints_.error(
            settings.place,
            fmt::format("{}: '{}' is no id; expected type or type/name, as in otlp/2", key, name));
      const Type* type = find_type(types, id->type);
      if (type == nullptr) {
        complaints_.error(settings.place, why_unknown(kind, id->type, types));
        unknown_.insert(*id);
        return;
      }
      Section inner(settings, fmt::format("{}::{}", key, name), complaints_);
      parts.emplace(*id, PlannedPart<Type, Make>{*id, *type, type->configure(inner), settings.place});
    });
  }

  void read_service(Section&& service) {
    Section pipelines = service.section("pipelines");
    const ConfigValue* there = service.value("pipelines");
    pipelines.for_each_key([&](const std::string& name, const ConfigValue& value) {
      const auto id = parse_pipeline_id(name);
      if (!id) {
        const std::string type = name.substr(0, name.find('/'));
        if (type == "profiles")
          return complaints_.error(value.place, "service::pipelines: clew has no pipelines for profiles");
        return complaints_.error(value.place, fmt::format("service::pipelines: '{}' is no pipeline{}", name,
                                                          suggestion(type, {"traces", "metrics", "logs"})));
      }
      read_pipeline(*id, value);
    });
    if (there == nullptr || there->entries.empty())
      complaints_.error(service.place(),
                        "service::pipelines: expected at least one pipeline, as in "
                        "traces: {receivers: [otlp], exporters: [debug]}");
    std::vector<std::string> enabled;
    service.read("extensions", enabled);
    const ConfigValue* list = service.value("extensions");
    for (size_t i = 0; i < enabled.size(); ++i) {
      const auto id = parse_component_id(enabled[i]);
      const Place& place = list->items.empty() ? list->place : list->items[i].place;
      if (id && plan_.extensions.contains(*id))
        plan_.enabled_extensions.push_back(*id);
      else if (!id || !unknown_.contains(*id))
        complaints_.error(place, fmt::format("service::extensions: '{}' is not defined{}", enabled[i],
                                             suggestion(enabled[i], ids_of(plan_.extensions))));
    }
    Section telemetry = service.section("telemetry");
    plan_.telemetry = read_service_telemetry(telemetry);
  }

  template <typename Parts>
  static std::vector<std::string> ids_of(const Parts& parts) {
    std::vector<std::string> ids;
    for (const auto& [id, part] : parts) ids.push_back(id.text());
    return ids;
  }

  // The ids of a list, each with the part it names; complains of those that name none.
  template <typename Parts>
  std::vector<ComponentId> read_ids(Section& pipeline, const char* key, const PipelineId& of,
                                    const Parts& parts, bool connectors_too) {
    std::vector<std::string> names;
    pipeline.read(key, names);
    const ConfigValue* list = pipeline.value(key);
    std::vector<ComponentId> ids;
    for (size_t i = 0; i < names.size(); ++i) {
      const Place& place = list->items.empty() ? list->place : list->items[i].place;
      const auto id = parse_component_id(names[i]);
      if (id && unknown_.contains(*id)) continue;
      if (id && connectors_too && plan_.connectors.contains(*id)) {
        ids.push_back(*id);
        continue;
      }
      const auto it = id ? parts.find(*id) : parts.end();
      if (it == parts.end()) {
        std::vector<std::string> words = ids_of(parts);
        if (connectors_too)
          for (const std::string& connector : ids_of(plan_.connectors)) words.push_back(connector);
        complaints_.error(place, fmt::format("{}::{}: '{}' is not defined{}", pipeline.path(), key, names[i],
                                             suggestion(names[i], words)));
        continue;
      }
      if (!it->second.type.signals.contains(of.signal))
        complaints_.error(
            place, fmt::format("{}::{}: '{}' does not work with {}, only with {}", pipeline.path(), key,
                               names[i], name_of(of.signal), it->second.type.signals.text()));
      if (std::find(ids.begin(), ids.end(), *id) != ids.end())
        complaints_.error(place, fmt::format("{}::{}: '{}' is there twice", pipeline.path(), key, names[i]));
      ids.push_back(*id);
    }
    return ids;
  }

  void read_pipeline(const PipelineId& id, const ConfigValue& value) {
    Section section(value, "service::pipelines::" + id.text(), complaints_);
    PlannedPipeline pipeline{id, value.place, {}, {}, {}};
    pipeline.receivers = read_ids(section, "receivers", id, plan_.receivers, true);
    pipeline.processors = read_ids(section, "processors", id, plan_.processors, false);
    pipeline.exporters = read_ids(section, "exporters", id, plan_.exporters, true);
    const auto is_empty = [&](const char* key) {
      const ConfigValue* list = section.value(key);
      return list == nullptr || (list->items.empty() && list->text.empty());
    };
    if (is_empty("receivers")) section.error("receivers", "expected at least one receiver");
    if (is_empty("exporters")) section.error("exporters", "expected at least one exporter");
    plan_.pipelines.push_back(std::move(pipeline));
  }

  const PlannedPipeline* pipeline(const PipelineId& id) const {
    for (const PlannedPipeline& one : plan_.pipelines)
      if (one.id == id) return &one;
    return nullptr;
  }

  void check_references() {
    for (const auto& reference : complaints_.extensions()) {
      if (unknown_.contains(reference.id)) continue;
      const auto& enabled = plan_.enabled_extensions;
      if (std::find(enabled.begin(), enabled.end(), reference.id) != enabled.end()) continue;
      if (plan_.extensions.contains(reference.id))
        complaints_.error(reference.place, fmt::format("{}: the extension '{}' is defined, but not listed in "
                                                       "service::extensions",
                                                       reference.path, reference.id.text()));
      else
        complaints_.error(
            reference.place,
            fmt::format("{}: the extension '{}' is not defined{}", reference.path, reference.id.text(),
                        suggestion(reference.id.text(), ids_of(plan_.extensions))));
    }
    for (const auto& reference : complaints_.pipelines()) {
      if (pipeline(reference.id)) continue;
      std::vector<std::string> words;
      for (const PlannedPipeline& one : plan_.pipelines) words.push_back(one.id.text());
      complaints_.error(reference.place,
                        fmt::format("{}: there is no pipeline '{}'{}", reference.path, reference.id.text(),
                                    suggestion(reference.id.text(), words)));
    }
  }

  static bool names(const std::vector<ComponentId>& ids, const ComponentId& id) {
    return std::find(ids.begin(), ids.end(), id) != ids.end();
  }

  void check_connectors() {
    for (const auto& [id, connector] : plan_.connectors) {
      bool feeds = false, is_fed = false;
      for (const PlannedPipeline& one : plan_.pipelines) {
        if (names(one.exporters, id)) {
          is_fed = true;
          if (!connector.type.takes.contains(one.id.signal))
            complaints_.error(one.place,
                              fmt::format("service::pipelines::{}: the connector '{}' takes {} only",
                                          one.id.text(), id.text(), connector.type.takes.text()));
        }
        if (names(one.receivers, id)) {
          feeds = true;
          if (!connector.type.gives.contains(one.id.signal))
            complaints_.error(one.place,
                              fmt::format("service::pipelines::{}: the connector '{}' gives {} only",
                                          one.id.text(), id.text(), connector.type.gives.text()));
        }
      }
      if (feeds != is_fed)
        complaints_.error(
            connector.place,
            fmt::format("connectors::{}: it is used as {} and nowhere as {}; a connector stands in "
                        "the exporters of one pipeline and in the receivers of another",
                        id.text(), feeds ? "a receiver" : "an exporter",
                        feeds ? "an exporter" : "a receiver"));
    }
  }

  // Pipelines that feed others come first; a circle is an error.
  void sort_pipelines() {
    std::vector<PlannedPipeline> sorted, left = std::move(plan_.pipelines);
    while (!left.empty()) {
      const auto is_fed_by_another = [&](const PlannedPipeline& one) {
        return std::any_of(one.receivers.begin(), one.receivers.end(), [&](const ComponentId& id) {
          return plan_.is_connector(id) &&
                 std::any_of(left.begin(), left.end(), [&](const PlannedPipeline& other) {
                   return names(other.exporters, id) && passes(id, other, one);
                 });
        });
      };
      const auto it = std::find_if_not(left.begin(), left.end(), is_fed_by_another);
      if (it == left.end()) {
        complaints_.error(left.front().place, fmt::format("service::pipelines::{}: connectors lead from this "
                                                          "pipeline back into itself",
                                                          left.front().id.text()));
        plan_.pipelines = std::move(left);
        return;
      }
      sorted.push_back(std::move(*it));
      left.erase(it);
    }
    plan_.pipelines = std::move(sorted);
  }

  bool passes(const ComponentId& connector, const PlannedPipeline& from, const PlannedPipeline& to) const {
    return !plan_.connectors.at(connector).type.keeps_signal || from.id.signal == to.id.signal;
  }

  Section root_;
  const ComponentList& components_;
  Complaints& complaints_;
  CollectorPlan plan_;
  std::set<ComponentId> unknown_;  // complained of already
};

}  // namespace

namespace {

// Of references that nobody has said anything about yet.
void warn_of_empty_variables(const ConfigValue& value, const std::string& path, Complaints& complaints) {
  for (const EmptyVariable& variable : value.empty_variables)
    complaints.warn_of_empty_variable(
        value.place, variable, fmt::format("{} is {}", path, value.text.empty() ? "empty" : "without it"));
  for (const ConfigValue& item : value.items) warn_of_empty_variables(item, path, complaints);
  for (const ConfigEntry& entry : value.entries)
    warn_of_empty_variables(entry.value, path.empty() ? entry.key : path + "::" + entry.key, complaints);
}

}  // namespace

CollectorPlan plan_collector(const ConfigValue& configuration, const ComponentList& components,
                             Complaints& complaints) {
  CollectorPlan plan = Planner(configuration, components, complaints).run();
  warn_of_empty_variables(configuration, "", complaints);
  return plan;
}

}  // namespace clew::pipeline
