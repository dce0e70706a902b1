// SegmentDelivery: the documents of one request on their way to the API, a few calls, until each was taken or
// refused for good.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

#include "base/time.h"
#include "pipeline/consumer.h"
#include "protocols/xray/document_sender.h"
#include "protocols/xray/exported_documents.h"

namespace clew::xray {

// Any thread, several requests at once.
class SegmentDelivery {
 public:
  explicit SegmentDelivery(DocumentSender& sender) : sender_(sender) {}

  // The API tells of each document whether it was taken. Those that it has no room for now are tried again
  // here, a few times; when some are still left, the outcome is that of a failure that may pass, and all may
  // be delivered again: a document that comes twice replaces itself.
  pipeline::Outcome deliver(std::vector<ExportedDocument> documents);
  // deliver() waits no more, and says so.
  void stop();

 private:
  struct Round;
  Status send_round(Round& round);
  // False when it is to stop.
  bool pause(Nanoseconds time);

  DocumentSender& sender_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;  // guarded by mutex_
};

}  // namespace clew::xray
