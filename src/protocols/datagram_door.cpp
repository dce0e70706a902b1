#include "protocols/datagram_door.h"

namespace clew {

Result<std::unique_ptr<DatagramDoor>> DatagramDoor::open(net::UdpOptions options, const char* protocol,
                                                         DatagramIntake& intake) {
  std::unique_ptr<DatagramDoor> door(new DatagramDoor(protocol, intake));
  CLEW_ASSIGN(door->receiver_,
              net::UdpReceiver::start(std::move(options),
                                      [raw = door.get()](std::span<const net::Datagram> datagrams) {
                                        for (const net::Datagram& datagram : datagrams)
                                          raw->intake_.take(datagram.bytes, raw->sender_of(datagram.from));
                                      }));
  return door;
}

const Sender& DatagramDoor::sender_of(const net::SocketAddress& from) {
  const std::string_view raw(reinterpret_cast<const char*>(from.get()), from.size());
  if (raw == last_from_ && !raw.empty()) return last_sender_;
  last_from_ = raw;
  const std::string text = from.to_string();
  last_sender_ = {.peer = text.substr(0, text.rfind(':')), .door = 0, .protocol = protocol_, .agent = {}};
  return last_sender_;
}

}  // namespace clew
