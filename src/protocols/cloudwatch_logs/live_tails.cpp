#include "protocols/cloudwatch_logs/live_tails.h"

#include <algorithm>
#include <chrono>

#include "base/json_writer.h"
#include "protocols/cloudwatch_logs/call.h"
#include "protocols/cloudwatch_logs/event_stream.h"
#include "protocols/cloudwatch_logs/queries.h"

namespace clew::cloudwatch_logs {
namespace {

constexpr Nanoseconds kLongest = hours(3);

void write_texts(JsonWriter& json, std::string_view key, const std::vector<std::string>& texts) {
  json.key(key).begin_array();
  for (const std::string& text : texts) json.string(text);
  json.end_array();
}

}  // namespace

struct LiveTails::Session {
  TailWanted wanted;
  net::Responder responder;
  Nanoseconds started;
  // Guarded by the mutex of LiveTails: JSON of events that were not sent yet.
  std::vector<std::string> waiting;
  bool sampled = false;

  bool wants(const StoredEvents& stored) const {
    const auto is_one_of = [](const std::vector<std::string>& all, std::string_view one) {
      return std::find(all.begin(), all.end(), one) != all.end();
    };
    if (stored.environment != wanted.environment || !is_one_of(wanted.groups, stored.group)) return false;
    if (!wanted.streams.empty() && !is_one_of(wanted.streams, stored.stream)) return false;
    return wanted.stream_prefixes.empty() ||
           std::any_of(wanted.stream_prefixes.begin(), wanted.stream_prefixes.end(),
                       [&](const std::string& prefix) { return stored.stream.starts_with(prefix); });
  }
};

Status LiveTails::start(TailWanted wanted, net::Responder responder) {
  auto session =
      std::make_shared<Session>(Session{std::move(wanted), std::move(responder), monotonic_now(), {}, false});
  const TailWanted& asked = session->wanted;
  JsonWriter json;
  json.begin_object().key("requestId").string(new_uuid()).key("sessionId").string(new_uuid());
  write_texts(json, "logGroupIdentifiers", asked.groups);
  write_texts(json, "logStreamNames", asked.streams);
  write_texts(json, "logStreamNamePrefixes", asked.stream_prefixes);
  json.key("logEventFilterPattern").string(asked.pattern_text).end_object();
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return Status(ErrorKind::unavailable, "clew is stopping");
    if (sessions_.size() >= kMostSessions)
      return Status(ErrorKind::exhausted, "too many live tails are open");
    // Clients of Python insist on an initial response.
    session->responder.begin(
        {.status = 200,
         .reason = {},
         .headers = {{"content-type", "application/vnd.amazon.eventstream"}, {"cache-control", "no-store"}},
         .body = event_frame("initial-response", "{}") + event_frame("sessionStart", json.text())});
    sessions_.push_back(std::move(session));
  }
  woken_.notify_all();
  return {};
}

bool LiveTails::any() {
  const std::lock_guard lock(mutex_);
  return !sessions_.empty();
}

void LiveTails::offer(const StoredEvents& stored) {
  const std::lock_guard lock(mutex_);
  for (const auto& session : sessions_) {
    if (!session->wants(stored)) continue;
    for (const PutEvent& event : stored.events) {
      if (!session->wanted.pattern.matches(event.message)) continue;
      if (session->waiting.size() == kMostEvents) {
        session->sampled = true;
        break;
      }
      JsonWriter json;
      json.begin_object().key("timestamp").integer(event.milliseconds);
      json.key("ingestionTime").integer(stored.ingested.count / 1'000'000);
      json.key("message").string(event.message).key("logStreamName").string(stored.stream);
      json.key("logGroupIdentifier").string(std::string(kAccount) + ":" + std::string(stored.group));
      session->waiting.push_back(json.end_object().take());
    }
  }
}

void LiveTails::write() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    if (sessions_.empty()) {
      woken_.wait(lock, [this] { return stopping_ || !sessions_.empty(); });
      continue;
    }
    woken_.wait_for(lock, std::chrono::seconds(1), [this] { return stopping_; });
    std::vector<std::pair<std::shared_ptr<Session>, std::string>> updates;
    for (const auto& session : sessions_) {
      JsonWriter json;
      json.begin_object()
          .key("sessionMetadata")
          .begin_object()
          .key("sampled")
          .boolean(session->sampled)
          .end_object();
      json.key("sessionResults").begin_array();
      for (const std::string& event : session->waiting) json.raw(event);
      json.end_array().end_object();
      updates.emplace_back(session, event_frame("sessionUpdate", json.text()));
      session->waiting.clear();
      session->sampled = false;
    }
    lock.unlock();
    std::vector<std::shared_ptr<Session>> gone;
    for (const auto& [session, frame] : updates) {
      if (monotonic_now().count - session->started.count > kLongest.count) {
        session->responder.write(event_stream_frame({{":message-type", "exception"},
                                                     {":exception-type", "SessionTimeoutException"},
                                                     {":content-type", "application/json"}},
                                                    R"({"message":"The session has timed out."})"));
        session->responder.end();
        gone.push_back(session);
      } else if (session->responder.cancelled() || !session->responder.write(frame)) {
        gone.push_back(session);
      }
    }
    lock.lock();
    std::erase_if(sessions_, [&](const auto& session) {
      return std::find(gone.begin(), gone.end(), session) != gone.end();
    });
  }
  const auto left = std::move(sessions_);
  lock.unlock();
  for (const auto& session : left) session->responder.end();
}

void LiveTails::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  woken_.notify_all();
  if (thread_.joinable()) thread_.join();
}

}  // namespace clew::cloudwatch_logs
