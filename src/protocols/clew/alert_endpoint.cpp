// How triggers and burn alerts fared.

#include "control/alert_history.h"
#include "protocols/clew/endpoints.h"
#include "protocols/clew/parameters.h"

namespace clew::api {

net::Response answer_alert_history(const Call& call) {
  Parameters parameters(call);
  const control::AlertHistoryWish wish{.alert = parameters.text("alert").value_or(""),
                                       .range = parameters.range(RangeDefault::everything),
                                       .most = parameters.limit(100, 10'000)};
  if (!parameters.ok()) return parameters.refusal();
  Result<control::Database> database = call.options().control_database();
  if (!database.ok()) return refusal(database.status());
  const auto periods = control::AlertHistory(std::move(*database)).list(call.environment, wish);
  if (!periods.ok()) return refusal(periods.status());
  JsonWriter writer;
  writer.begin_object().key("history").begin_array();
  for (const control::AlertPeriod& period : *periods) {
    const control::AlertChange& began = period.began;
    writer.begin_object().key("alert").string(began.alert).key("kind").string(name_of(began.kind));
    writer.key("dataset").string(began.dataset).key("name").string(began.name);
    writer.key("standing").string(name_of(began.standing)).key("summary").string(began.summary);
    writer.time_members("began", began.at);
    if (period.ended) writer.time_members("ended", *period.ended);
    writer.end_object();
  }
  return json(std::move(writer.end_array().end_object()));
}

}  // namespace clew::api
