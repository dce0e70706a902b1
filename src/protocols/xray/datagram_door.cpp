#include "protocols/xray/datagram_door.h"

#include "protocols/xray/datagram.h"

namespace clew::xray {

Result<std::unique_ptr<DatagramDoor>> DatagramDoor::open(const std::string& address, SegmentIntake& intake) {
  std::unique_ptr<DatagramDoor> door(new DatagramDoor(intake));
  CLEW_ASSIGN(door->receiver_,
              net::UdpReceiver::start(
                  {.address = address},
                  [raw = door.get()](std::span<const net::Datagram> datagrams) { raw->take(datagrams); }));
  return door;
}

void DatagramDoor::take(std::span<const net::Datagram> datagrams) {
  for (const net::Datagram& datagram : datagrams) {
    const Sender& sender = sender_of(datagram.from);
    const Result<std::string_view> document = document_in_datagram(datagram.bytes);
    if (document.ok()) {
      intake_.take(*document, sender);
    } else {
      intake_.refuse(document.status().message(), sender);
    }
  }
}

const Sender& DatagramDoor::sender_of(const net::SocketAddress& from) {
  const std::string_view raw(reinterpret_cast<const char*>(from.get()), from.size());
  if (raw == last_from_ && !raw.empty()) return last_sender_;
  last_from_ = raw;
  const std::string text = from.to_string();
  last_sender_ = {.peer = text.substr(0, text.rfind(':')), .door = 0, .protocol = "X-Ray UDP", .agent = {}};
  return last_sender_;
}

}  // namespace clew::xray
