// DatagramDoor: a UDP port that Jaeger's clients send to, where the agent would listen. It takes both
// protocols: each says with its first byte which it is.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "net/udp_receiver.h"
#include "protocols/jaeger/datagram_intake.h"

namespace clew::jaeger {

class DatagramDoor {
 public:
  // `intake` must outlive the door. The options are those of the receiver, its address above all.
  static Result<std::unique_ptr<DatagramDoor>> open(net::UdpOptions options, DatagramIntake& intake);

  uint16_t port() const { return receiver_->port(); }
  // Takes what has arrived, and closes.
  void close() { receiver_->stop(); }

 private:
  explicit DatagramDoor(DatagramIntake& intake) : intake_(intake) {}
  const Sender& sender_of(const net::SocketAddress& from);

  DatagramIntake& intake_;
  // Of the receiver's thread: most datagrams come from where the one before came from.
  std::string last_from_;
  Sender last_sender_;
  std::unique_ptr<net::UdpReceiver> receiver_;
};

}  // namespace clew::jaeger
