// The trace that a call names, from the store or from the few that were looked at last: a person who opens a
// trace of 100,000 spans asks for its spans one by one.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>

#include "protocols/clew/call.h"
#include "query/trace.h"

namespace clew::api {

class TraceCache {
 public:
  struct Key {
    EnvironmentId environment;
    TraceId trace;
    uint64_t contents = 0;  // of the snapshots it was read from: more data, another key
    bool operator==(const Key&) const = default;
  };
  std::shared_ptr<const query::Trace> find(const Key& key);
  void keep(const Key& key, std::shared_ptr<const query::Trace> trace);

 private:
  struct Entry {
    Key key;
    std::shared_ptr<const query::Trace> trace;
  };
  std::mutex mutex_;
  std::list<Entry> entries_;  // the latest in front
};

// The trace that the parameter trace_id names, in any spelling.
Result<std::shared_ptr<const query::Trace>> fetch_trace(const Call& call);

}  // namespace clew::api
