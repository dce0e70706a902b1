// LiveTails: the sessions of StartLiveTail. One thread writes to all of them once a second.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/result.h"
#include "net/http.h"
#include "protocols/cloudwatch_logs/filter_pattern.h"
#include "protocols/cloudwatch_logs/forwarding.h"

namespace clew::cloudwatch_logs {

struct TailWanted {
  EnvironmentId environment;
  std::string region;
  std::vector<std::string> groups;
  std::vector<std::string> streams;          // empty: any
  std::vector<std::string> stream_prefixes;  // empty: any
  std::string pattern_text;
  FilterPattern pattern;
};

class LiveTails {
 public:
  static constexpr size_t kMostSessions = 64;
  static constexpr size_t kMostEvents = 500;  // of an update; more are sampled

  LiveTails() : thread_([this] { write(); }) {}
  ~LiveTails() { stop(); }
  LiveTails(const LiveTails&) = delete;
  LiveTails& operator=(const LiveTails&) = delete;

  // exhausted when there are too many. Begins to answer at once.
  Status start(TailWanted wanted, net::Responder responder);
  bool any();
  void offer(const StoredEvents& stored);
  // Ends all sessions and takes no more.
  void stop();

 private:
  struct Session;
  void write();

  std::mutex mutex_;
  std::condition_variable woken_;
  bool stopping_ = false;                           // guarded by mutex_
  std::vector<std::shared_ptr<Session>> sessions_;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace clew::cloudwatch_logs
