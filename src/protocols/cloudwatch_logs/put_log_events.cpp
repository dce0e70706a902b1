// PutLogEvents: takes a batch whole, or says what is wrong with it; events of the wrong age are left out.
#include <algorithm>
#include <memory>

#include "base/counters.h"
#include "protocols/cloudwatch_logs/errors.h"
#include "protocols/cloudwatch_logs/event_rows.h"
#include "protocols/cloudwatch_logs/forwarding.h"
#include "protocols/cloudwatch_logs/log_stream.h"
#include "protocols/cloudwatch_logs/operations.h"
#include "protocols/cloudwatch_logs/put_request.h"

namespace clew::cloudwatch_logs {
namespace {

struct Exchange {
  Call call;
  Reply reply;
  PutRequest put;  // views of what is in `call`
  int64_t first_number = 0;

  void forward() const {
    call.context.forwarding.forward({.environment = call.environment,
                                     .region = call.region,
                                     .group = put.group(),
                                     .stream = put.stream(),
                                     .first_number = first_number,
                                     .ingested = call.now,
                                     .events = put.events()});
  }
};

}  // namespace

void put_log_events(Call call, Reply reply) {
  auto read = PutRequest::read(call.input);
  if (const auto* error = std::get_if<aws::Error>(&read)) return reply(*error);
  auto& put = std::get<PutRequest>(read);
  const Result<LogGroup> group = LogGroups(call.records(), call.environment).find(put.group());
  if (!group.ok()) return reply(error_of(group.status()));
  const Result<LogStream> stream =
      LogStreams(call.records(), call.environment, put.group()).find(put.stream());
  if (!stream.ok()) return reply(error_of(stream.status()));
  if (const auto error = put.keep_what_is_of_age(group->retention_days, call.now)) return reply(*error);
  if (put.left_out() > 0) {
    count(Counter::cloudwatch_events_refused, put.left_out());
    call.options().arrivals->noted(
        call.environment, call.sender, "Log events too old, too new or expired were left out",
        "Look at the sender's clock; CloudWatch Logs takes what is at most 14 days old");
  }
  const int64_t number = call.context.numbers.take(std::max<size_t>(put.events().size(), 1));
  if (put.events().empty()) return reply(put.output(number, call.now));

  Batch batch{.signal = Signal::logs,
              .environment = call.environment,
              .otlp = SharedBytes(put.to_otlp(call.region, number, call.now))};
  const bool forwards = call.context.forwarding.is_wanted(call.environment, put.group());
  pipeline::Consumer& consumer = *call.options().consumer;
  auto exchange =
      std::make_shared<Exchange>(Exchange{std::move(call), std::move(reply), std::move(put), number});
  consumer.consume(std::move(batch), [exchange, forwards](const pipeline::Outcome& outcome) {
    if (!outcome.status.ok()) return exchange->reply(error_of(outcome.status));
    const Call& from = exchange->call;
    from.options().arrivals->accepted(from.environment, from.sender, exchange->put.events().size(),
                                      from.bytes);
    exchange->reply(exchange->put.output(exchange->first_number, from.now));
    if (forwards) from.context.forwarding.later([exchange] { exchange->forward(); });
  });
}

}  // namespace clew::cloudwatch_logs
