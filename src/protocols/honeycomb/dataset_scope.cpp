#include "protocols/honeycomb/dataset_scope.h"

#include <algorithm>
#include <map>
#include <set>

#include "protocols/honeycomb/event_to_otlp.h"
#include "protocols/honeycomb/metric_events.h"
#include "telemetry/semantic_names.h"

namespace clew::honeycomb {
namespace {

constexpr std::string_view kService = "service.name";

void add_texts(const store::ColumnData& data, std::set<std::string>& texts) {
  for (uint32_t row = 0; row < data.rows; ++row) {
    if (data.has(row)) texts.emplace(data.string_at(row));
  }
}

// The distinct texts of a resource attribute. Dictionaries tell them without reading rows.
Result<std::set<std::string>> distinct_texts(const store::Snapshot& snapshot, std::string_view name) {
  std::set<std::string> texts;
  for (const auto& segment : snapshot.segments) {
    const auto columns = segment->columns();
    for (uint32_t column = 0; column < columns.size(); ++column) {
      if (columns[column].name != name || columns[column].type != store::ColumnType::string ||
          columns[column].scope != store::Scope::resource)
        continue;
      if (const auto dictionary = segment->dictionary(column)) {
        for (const std::string_view text : *dictionary) texts.emplace(text);
        continue;
      }
      for (uint32_t granule = 0; granule < segment->granules().size(); ++granule) {
        if (!segment->zone_map(granule, column)) continue;
        CLEW_ASSIGN(const store::ColumnData data, segment->read(granule, column));
        add_texts(data, texts);
      }
    }
  }
  return texts;
}

std::string_view trimmed(std::string_view text) {
  const size_t from = text.find_first_not_of(" \t");
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(" \t") - from + 1);
}

// What a service's spans are found under; SDKs that were given no name make one up.
std::string dataset_of_service(std::string_view service) {
  const std::string_view name = trimmed(service);
  if (name.empty() || name.starts_with(kUnknownService)) return std::string(kUnknownService);
  return std::string(name);
}

void join(store::Snapshot& all, store::Snapshot more) {
  all.segments.insert(all.segments.end(), more.segments.begin(), more.segments.end());
  all.set_aside.insert(all.set_aside.end(), more.set_aside.begin(), more.set_aside.end());
}

query::ColumnName resource_column(std::string_view name) {
  return {std::string(name), store::Scope::resource};
}

// Rows that no sender gave to a dataset, of services that make up this one.
query::Filter rows_of_services(std::vector<query::Value> services, bool and_nameless) {
  std::vector<query::Filter> either;
  if (!services.empty())
    either.push_back(query::comparison(resource_column(kService), query::Operator::in, std::move(services)));
  if (and_nameless)
    either.push_back(query::comparison(resource_column(kService), query::Operator::does_not_exist,
                                       std::vector<query::Value>{}));
  return query::all_of({query::comparison(resource_column(kDatasetAttribute), query::Operator::does_not_exist,
                                          std::vector<query::Value>{}),
                        query::any_of(std::move(either))});
}

query::Filter rows_sent_to(std::string_view slug) {
  return query::comparison(resource_column(kDatasetAttribute), query::Operator::equal,
                           {query::Value(std::string(slug))});
}

}  // namespace

Result<DatasetScope> scope_of(store::Storage& storage, Datasets& datasets, EnvironmentId environment,
                              std::string_view slug, std::optional<TimeRange> metrics_of) {
  DatasetScope scope{.snapshot = {}, .filter = query::all_of({}), .range = {}};
  store::Snapshot traces = storage.snapshot(environment, Signal::traces);
  store::Snapshot logs = storage.snapshot(environment, Signal::logs);
  if (slug == kAllDatasets) {
    join(scope.snapshot, std::move(traces));
    join(scope.snapshot, std::move(logs));
    return scope;
  }
  CLEW_ASSIGN(const std::optional<Dataset> record, datasets.find(environment, slug));
  if (record && record->deleted) return Status(ErrorKind::not_found, "Dataset not found");
  if (record && record->emptied) scope.range.from = *record->emptied;

  if (slug == kUnknownMetrics) {
    const store::Snapshot points = storage.snapshot(environment, Signal::metrics);
    if (points.segments.empty() && !record) return Status(ErrorKind::not_found, "Dataset not found");
    if (metrics_of) {
      CLEW_ASSIGN(scope.snapshot, metric_events(points, *metrics_of));
    }
    scope.filter = query::any_of({rows_sent_to(slug), query::comparison(resource_column(kDatasetAttribute),
                                                                        query::Operator::does_not_exist,
                                                                        std::vector<query::Value>{})});
    return scope;
  }
  // Metrics only where a sender named the dataset: a service's are found under unknown_metrics.
  store::Snapshot metrics = storage.snapshot(environment, Signal::metrics);
  const std::string own(slug);
  bool sent = false, sent_metrics = false;
  std::vector<query::Value> services;
  for (const store::Snapshot* one : {&traces, &logs, &metrics}) {
    CLEW_ASSIGN(const std::set<std::string> named, distinct_texts(*one, kDatasetAttribute));
    sent |= named.contains(own);
    sent_metrics = one == &metrics && named.contains(own);
    if (one == &metrics) break;
    CLEW_ASSIGN(const std::set<std::string> names, distinct_texts(*one, kService));
    for (const std::string& name : names) {
      if (dataset_slug(dataset_of_service(name)) == slug) services.push_back(query::Value(name));
    }
  }
  const bool nameless = slug == kUnknownService || slug == kUnknownLogSource;
  if (services.empty() && !nameless && !record && !sent)
    return Status(ErrorKind::not_found, "Dataset not found");
  scope.filter = rows_sent_to(slug);
  if (!services.empty() || nameless)
    scope.filter = query::any_of({std::move(scope.filter), rows_of_services(std::move(services), nameless)});
  if (slug != kUnknownLogSource) join(scope.snapshot, std::move(traces));
  if (slug != kUnknownService) join(scope.snapshot, std::move(logs));
  if (sent_metrics && metrics_of) {
    CLEW_ASSIGN(store::Snapshot events, metric_events(metrics, *metrics_of));
    join(scope.snapshot, std::move(events));
  }
  return scope;
}

Result<std::vector<Dataset>> all_datasets(store::Storage& storage, Datasets& datasets,
                                          EnvironmentId environment) {
  std::map<std::string, Dataset> by_slug;
  CLEW_ASSIGN(std::vector<Dataset> records, datasets.list(environment));
  for (Dataset& one : records) {
    std::string slug = one.slug;
    by_slug.emplace(std::move(slug), std::move(one));
  }
  for (const Signal signal : {Signal::traces, Signal::logs, Signal::metrics}) {
    const store::Snapshot snapshot = storage.snapshot(environment, signal);
    CLEW_ASSIGN(const std::set<std::string> named, distinct_texts(snapshot, kDatasetAttribute));
    for (const std::string& slug : named)
      by_slug.emplace(slug, Dataset{.name = slug, .slug = slug, .description = {}, .emptied = {}});
    if (signal == Signal::metrics) break;
    CLEW_ASSIGN(const std::set<std::string> services, distinct_texts(snapshot, kService));
    for (const std::string& service : services) {
      Dataset dataset{.name = dataset_of_service(service), .slug = {}, .description = {}, .emptied = {}};
      dataset.slug = dataset_slug(dataset.name);
      std::string slug = dataset.slug;
      by_slug.emplace(std::move(slug), std::move(dataset));
    }
  }
  std::vector<Dataset> all;
  for (auto& [slug, dataset] : by_slug) {
    if (!dataset.deleted) all.push_back(std::move(dataset));
  }
  return all;
}

}  // namespace clew::honeycomb
