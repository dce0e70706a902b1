#include "protocols/mistaken_sender.h"

namespace clew {

Sender sender_of(const net::Mistake& mistake) {
  // As of a request: the address alone, and no more of a name than is kept.
  net::Request request;
  request.peer = mistake.peer;
  request.door = mistake.door;
  if (!mistake.agent.empty()) request.headers.emplace_back("user-agent", mistake.agent);
  return sender_of(request, mistake.protocol);
}

}  // namespace clew
