// Queries, which never change, and the results of asking them.
#include <algorithm>

#include <fmt/format.h>

#include "control/environments.h"
#include "protocols/honeycomb/dataset_query.h"
#include "protocols/honeycomb/operations.h"
#include "protocols/honeycomb/query_results.h"
#include "protocols/honeycomb/resources.h"
#include "protocols/honeycomb/short_id.h"
#include "protocols/honeycomb/team.h"

namespace clew::honeycomb {
namespace {

constexpr int64_t kMostRowsWithoutSeries = 10'000;

QueryPlace place_of(const Call& call) {
  return {.storage = call.options().storage,
          .datasets = &call.context.datasets,
          .records = call.options().records,
          .environment = call.environment(),
          .dataset = call.segment("dataset")};
}

std::string base_of(const Call& call) {
  return fmt::format("{}://{}", call.request.tls ? "https" : "http",
                     call.request.header("host").value_or("localhost"));
}

JsonValue links_of(const Call& call, const std::string& id) {
  const std::string slug = control::slug_of(environment_name(call.options(), call.environment()));
  const std::string url = fmt::format("{}/{}/environments/{}/datasets/{}/result/{}", base_of(call), kTeamSlug,
                                      slug, call.segment("dataset"), id);
  JsonValue links;
  links["query_url"] = JsonValue(url);
  links["graph_image_url"] = JsonValue(url + "/snapshot");
  return links;
}

bool flag_in(const JsonValue& body, std::string_view name, bool usual) {
  const JsonValue* value = body.find(name);
  return value == nullptr || value->boolean() == nullptr ? usual : *value->boolean();
}

JsonValue shown(const Call& call, const std::string& id, const QueryResult& result) {
  JsonValue body;
  body["id"] = JsonValue(id);
  body["complete"] = JsonValue(result.complete);
  body["query"] = result.query;
  body["links"] = links_of(call, id);
  if (result.complete) body["data"] = result.data;
  return body;
}

struct Asked {
  QueryWish wish;
  Faults faults;
};

Asked wish_in(const JsonValue& body) {
  Asked asked;
  asked.wish.rows = flag_in(body, "raw_rows", false);
  asked.wish.unweighted = flag_in(body, "usage_mode", false);
  asked.wish.series = !flag_in(body, "disable_series", false) && !asked.wish.rows;
  asked.wish.totals = !flag_in(body, "disable_total_by_aggregate", true);
  asked.wish.others = !flag_in(body, "disable_other_by_aggregate", true);
  if (const JsonValue* limit = body.find("limit"); limit != nullptr && !limit->is_null()) {
    const int64_t most = asked.wish.series ? 1'000 : kMostRowsWithoutSeries;
    if (limit->integer() == nullptr || *limit->integer() < 1 || *limit->integer() > most) {
      asked.faults.push_back(
          {"limit", "invalid",
           fmt::format("limit must be between 1 and {}{}", most,
                       asked.wish.series ? " unless disable_series or raw_rows is set" : "")});
    } else {
      asked.wish.limit = static_cast<size_t>(*limit->integer());
    }
  }
  return asked;
}

}  // namespace

Answer create_query(const Call& call) {
  const QueryPlace place = place_of(call);
  if (auto scope = scope_of(*place.storage, *place.datasets, place.environment, place.dataset, {});
      !scope.ok())
    return problem_of(scope.status());
  auto given = body_of(call);
  if (auto* refused = std::get_if<Answer>(&given)) return std::move(*refused);
  auto checked = check_specification(place, std::get<JsonValue>(given), call.now);
  if (auto* faults = std::get_if<Faults>(&checked)) return invalid(*faults);
  JsonValue& query = std::get<JsonValue>(checked);
  const std::string id = short_id_of(place.dataset + "\n" + query.text());
  query["id"] = JsonValue(id);
  const Status kept =
      place.records->put(place.environment, record_kind("queries", place.dataset), id, query.text());
  if (!kept.ok()) return problem_of(kept);
  return json_answer(200, query);
}

Answer get_query(const Call& call) {
  const auto query = read_resource(*call.options().records, call.environment(),
                                   record_kind("queries", call.segment("dataset")), call.segment("id"));
  if (!query.ok()) return problem_of(query.status());
  if (!*query) return not_found("Query not found");
  return json_answer(200, **query);
}

void create_query_result(Call call, Reply reply) {
  auto given = body_of(call);
  if (auto* refused = std::get_if<Answer>(&given)) return reply(std::move(*refused));
  const JsonValue& body = std::get<JsonValue>(given);
  const std::string query_id = text_in(body, "query_id");
  if (query_id.empty()) return reply(invalid({{"query_id", "missing", "is required"}}));
  const QueryPlace place = place_of(call);
  auto query =
      read_resource(*place.records, place.environment, record_kind("queries", place.dataset), query_id);
  if (!query.ok()) return reply(problem_of(query.status()));
  if (!*query) return reply(not_found("Query not found"));
  const Asked asked = wish_in(body);
  if (!asked.faults.empty()) return reply(invalid(asked.faults));

  const std::string id = new_short_id();
  QueryResult pending{
      .dataset = place.dataset, .query = std::move(**query), .data = {}, .failure = {}, .finished = {}};
  call.context.results.put(place.environment, id, pending);
  Answer answer = json_answer(201, shown(call, id, pending));
  answer.headers.emplace_back("location",
                              fmt::format("{}/1/query_results/{}/{}", base_of(call), place.dataset, id));
  auto shared = std::make_shared<Call>(std::move(call));
  const bool taken =
      shared->context.workers.submit([shared, place, id, pending, wish = asked.wish]() mutable {
        const auto table = ask_dataset(place, pending.query, wish, shared->now, shared->run_options());
        pending.finished = now();
        if (table.ok()) {
          pending.complete = true;
          pending.data = data_of(*table, wish);
          if (table->plan.granularity && pending.query.find("granularity") == nullptr)
            pending.query["granularity"] = JsonValue(table->plan.granularity->count / 1'000'000'000);
        } else {
          pending.failure = table.status();
        }
        shared->context.results.put(place.environment, id, std::move(pending));
      });
  if (!taken)
    return reply(
        too_busy("Too many questions are being answered. Please try again in a second.", kMostWaiting));
  reply(std::move(answer));
}

Answer get_query_result(const Call& call) {
  const std::string id = call.segment("id");
  const auto result = call.context.results.find(call.environment(), id);
  if (!result || result->dataset != call.segment("dataset")) return not_found("Query result not found");
  if (!result->failure.ok()) return problem_of(result->failure);
  Answer answer = json_answer(200, shown(call, id, *result));
  if (result->complete) {
    answer.headers.emplace_back("cache-control", "private, max-age=86400");
    answer.headers.emplace_back("last-modified", http_date_of(result->finished));
  }
  return answer;
}

}  // namespace clew::honeycomb
