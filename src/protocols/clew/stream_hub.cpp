#include "protocols/clew/stream_hub.h"

#include <algorithm>
#include <chrono>
#include <map>

#include "base/counters.h"
#include "base/json_writer.h"
#include "protocols/clew/endpoints.h"
#include "protocols/clew/signal_counts.h"

namespace clew::api {
namespace {

constexpr auto kLookEvery = std::chrono::milliseconds(250);
constexpr Nanoseconds kSilence = seconds(15);  // proxies give up on silent connections after 30 to 60 s
constexpr size_t kMostStreams = 256;
constexpr std::array<Signal, 3> kSignals = {Signal::traces, Signal::logs, Signal::metrics};

uint64_t items_accepted() {
  return value_of(Counter::spans_accepted) + value_of(Counter::logs_accepted) +
         value_of(Counter::points_accepted);
}

// How long ago the latest data came; nothing when none did since the start.
std::optional<Nanoseconds> since_last_arrival(const Arrivals& arrivals, EnvironmentId environment) {
  const std::vector<Arrivals::Seen> senders = arrivals.senders(environment);
  if (senders.empty()) return std::nullopt;
  return Nanoseconds{std::max<int64_t>(0, now().count - senders.front().last_seen.count)};
}

template <typename Rows>
std::string rows_event(std::string_view event, const Rows& rows, const Rows* before,
                       std::optional<Nanoseconds> since_last = std::nullopt) {
  JsonWriter json;
  json.begin_object().key("rows").begin_object();
  for (size_t i = 0; i < kSignals.size(); ++i) json.key(name_of(kSignals[i])).integer(rows[i]);
  json.end_object();
  if (before != nullptr) {
    json.key("signals").begin_array();
    for (size_t i = 0; i < kSignals.size(); ++i) {
      if (rows[i] > (*before)[i]) json.string(name_of(kSignals[i]));
    }
    json.end_array();
  }
  if (since_last) json.key("last_arrival_ms").integer(since_last->count / milliseconds(1).count);
  json.end_object();
  return "event: " + std::string(event) + "\ndata: " + json.take() + "\n\n";
}

}  // namespace

StreamHub::StreamHub(const ApiOptions& options) : options_(options), thread_([this] { watch(); }) {}

StreamHub::~StreamHub() {
  stop();
}

void StreamHub::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  woken_.notify_all();
  if (thread_.joinable()) thread_.join();
}

Status StreamHub::subscribe(EnvironmentId environment, net::Responder responder, net::Headers headers) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return Status(ErrorKind::unavailable, "clew is stopping");
    if (open_ >= kMostStreams) {
      return Status(ErrorKind::exhausted,
                    "At most " + std::to_string(kMostStreams) +
                        " event streams are open at a time; close some pages, or poll /clew/v1/status");
    }
    ++open_;
  }
  Subscriber subscriber{environment, std::move(responder), rows_of(environment),
                        options_.arrivals->refused_requests(environment), monotonic_now()};
  net::Response head;
  head.headers = std::move(headers);
  head.headers.emplace_back("content-type", "text/event-stream");
  head.headers.emplace_back("cache-control", "no-store");
  head.headers.emplace_back("x-accel-buffering", "no");  // nginx would hold events back otherwise
  head.body = rows_event<Rows>("hello", subscriber.rows, nullptr,
                               since_last_arrival(*options_.arrivals, environment));
  subscriber.responder.begin(std::move(head));
  {
    const std::lock_guard lock(mutex_);
    newcomers_.push_back(std::move(subscriber));
  }
  woken_.notify_all();
  return {};
}

StreamHub::Rows StreamHub::rows_of(EnvironmentId environment) const {
  Rows rows{};
  for (size_t i = 0; i < kSignals.size(); ++i) {
    rows[i] = count_rows(options_.storage->snapshot(environment, kSignals[i])).rows;
  }
  return rows;
}

void StreamHub::watch() {
  std::vector<Subscriber> subscribers;
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    if (subscribers.empty() && newcomers_.empty()) {
      woken_.wait(lock, [this] { return stopping_ || !newcomers_.empty(); });
      continue;
    }
    std::move(newcomers_.begin(), newcomers_.end(), std::back_inserter(subscribers));
    newcomers_.clear();
    lock.unlock();
    look(subscribers);
    lock.lock();
    open_ = subscribers.size() + newcomers_.size();
    woken_.wait_for(lock, kLookEvery, [this] { return stopping_; });
  }
  std::move(newcomers_.begin(), newcomers_.end(), std::back_inserter(subscribers));
  newcomers_.clear();
  lock.unlock();
  for (const Subscriber& subscriber : subscribers) subscriber.responder.end();
}

void StreamHub::look(std::vector<Subscriber>& subscribers) {
  // The counters move a moment before the rows can be seen, or after: look once more after each move.
  const uint64_t items = items_accepted();
  const bool may_have_grown = items != items_at_last_look_;
  items_at_last_look_ = items;
  std::map<EnvironmentId, Rows> rows;
  if (may_have_grown || looks_again_) {
    for (const Subscriber& subscriber : subscribers) {
      if (!rows.contains(subscriber.environment))
        rows[subscriber.environment] = rows_of(subscriber.environment);
    }
  }
  looks_again_ = may_have_grown;
  std::erase_if(subscribers, [&](Subscriber& subscriber) {
    const auto found = rows.find(subscriber.environment);
    return !tell(subscriber, found == rows.end() ? std::nullopt : std::optional(found->second));
  });
}

bool StreamHub::tell(Subscriber& subscriber, const std::optional<Rows>& rows) const {
  if (subscriber.responder.cancelled()) return false;
  std::string events;
  if (rows && *rows != subscriber.rows) {
    events += rows_event("arrived", *rows, &subscriber.rows);
    subscriber.rows = *rows;
  }
  if (const uint64_t refused = options_.arrivals->refused_requests(subscriber.environment);
      refused != subscriber.refused) {
    subscriber.refused = refused;
    events += "event: refused\ndata: {\"refused\":" + std::to_string(refused) + "}\n\n";
  }
  const Nanoseconds at = monotonic_now();
  if (events.empty() && at.count - subscriber.last_written.count >= kSilence.count) events = ":\n\n";
  if (events.empty()) return true;
  subscriber.last_written = at;
  return subscriber.responder.write(events);
}

void serve_stream(const Call& call) {
  const Status status =
      call.context.streams.subscribe(call.environment, call.responder, cross_origin_headers(call));
  if (!status.ok()) call.responder.send(refusal(status));
}

}  // namespace clew::api
