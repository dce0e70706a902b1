// Any query over two events: it is refused with a place in it, or it runs.
#include "base/fuzz.h"
#include "base/log.h"
#include "protocols/cloudwatch_logs/insights_run.h"

CLEW_FUZZ(cloudwatch_insights) {
  using namespace clew::cloudwatch_logs;
  auto parsed = insights::parse_query(bytes);
  if (const auto* mistake = std::get_if<insights::Mistake>(&parsed)) {
    if (mistake->message.empty() || mistake->begin > mistake->end || mistake->end > bytes.size())
      clew::bug("a mistake without a place");
    return;
  }
  const std::vector<Event> events = {
      {.place = {1000, 1},
       .ingested = {},
       .group = "g",
       .stream = "s",
       .message = R"({"a":[1,{"b":"x"}],"c":2.5})"},
      {.place = {2000, 2}, .ingested = {}, .group = "g", .stream = "s", .message = "user=17 took 12ms"}};
  const insights::Sources sources{
      .fetch = [&](const insights::Wanted&, const insights::TakeEvents& take) -> clew::Status {
        return take(events).status();
      },
      .engine = {},
      .table = [](const std::string&) -> clew::Result<std::shared_ptr<const LookupTable>> {
        const auto table = LookupTable::parse("a,net\n1,10.0.0.0/8\n17,::/0\n");
        return std::make_shared<const LookupTable>(*table);
      }};
  const auto output =
      insights::run(std::get<insights::Query>(parsed), {{0}, {5'000'000'000}}, 100, {1}, sources);
  if (output.ok() && output->rows.size() > 200'000) clew::bug("more rows than there may be");
}
