// DatagramDoor: the UDP port that X-Ray SDKs send segments to.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "net/udp_receiver.h"
#include "protocols/xray/segment_intake.h"

namespace clew::xray {

class DatagramDoor {
 public:
  // `intake` must outlive the door.
  static Result<std::unique_ptr<DatagramDoor>> open(const std::string& address, SegmentIntake& intake);

  uint16_t port() const { return receiver_->port(); }
  // Takes what has arrived, and closes.
  void close() { receiver_->stop(); }

 private:
  explicit DatagramDoor(SegmentIntake& intake) : intake_(intake) {}
  void take(std::span<const net::Datagram> datagrams);
  const Sender& sender_of(const net::SocketAddress& from);

  SegmentIntake& intake_;
  // Of the receiver's thread: most datagrams come from where the one before came from.
  std::string last_from_;
  Sender last_sender_;
  std::unique_ptr<net::UdpReceiver> receiver_;
};

}  // namespace clew::xray
