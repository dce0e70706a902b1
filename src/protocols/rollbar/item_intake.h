// ItemIntake: POST /api/1/item, Rollbar's way of telling an error. An item whose uuid is known already is
// answered like the first and kept once.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "control/access.h"
#include "net/http.h"
#include "pipeline/consumer.h"
#include "protocols/arrivals.h"
#include "protocols/query_workers.h"
#include "protocols/rollbar/scrubbing.h"
#include "telemetry/batch.h"

namespace clew::rollbar {

struct ItemIntakeOptions {
  // These four must outlive the intake; consumer and arrivals every request it was given, too.
  pipeline::Consumer& consumer;
  const control::Access& access;
  Arrivals& arrivals;
  const Scrubber& scrubber;
  // Whether an item of this uuid is stored. Empty: none is known.
  std::function<Result<bool>(EnvironmentId, const std::string& uuid)> knows_uuid{};
};

class ItemIntake {
 public:
  explicit ItemIntake(ItemIntakeOptions options);

  // Any thread. Documents are read on threads of the intake: they may be large, and what they say is
  // scrubbed. `context` goes along with the batch; may be null.
  void take(net::Request request, std::shared_ptr<const SenderContext> context, net::Responder responder);
  void stop() { workers_.stop(); }

 private:
  using Context = std::shared_ptr<const SenderContext>;
  struct Item;
  void read(const net::Request& request, Context context, const net::Responder& responder);
  void store(Item item, const net::Responder& responder);

  using Place = std::pair<EnvironmentId, std::string>;
  // Items on their way to the store, and all who sent them meanwhile: what becomes of the first becomes of
  // all.
  class UnderWay {
   public:
    // Whether nobody sent it before.
    bool begin(const Place& place, const net::Responder& responder);
    void end(const Place& place, const net::Response& response);

   private:
    std::mutex mutex_;
    std::map<Place, std::vector<net::Responder>> waiting_;  // guarded by mutex_
  };

  const ItemIntakeOptions options_;
  // Kept by those who store, too: the last may be done after this ends.
  const std::shared_ptr<UnderWay> under_way_ = std::make_shared<UnderWay>();
  QueryWorkers workers_;  // ends before what its tasks use
};

}  // namespace clew::rollbar
