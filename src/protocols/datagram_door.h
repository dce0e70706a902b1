// DatagramDoor: a UDP port whose datagrams go to an intake.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "net/udp_receiver.h"
#include "protocols/datagram_intake.h"

namespace clew {

class DatagramDoor {
 public:
  // `intake` must outlive the door; `protocol`, a literal, is what its senders are said to speak.
  static Result<std::unique_ptr<DatagramDoor>> open(net::UdpOptions options, const char* protocol,
                                                    DatagramIntake& intake);

  uint16_t port() const { return receiver_->port(); }
  // Takes what has arrived, and closes.
  void close() { receiver_->stop(); }

 private:
  DatagramDoor(const char* protocol, DatagramIntake& intake) : protocol_(protocol), intake_(intake) {}
  const Sender& sender_of(const net::SocketAddress& from);

  const char* const protocol_;
  DatagramIntake& intake_;
  // Of the receiver's thread: most datagrams come from where the one before came from.
  std::string last_from_;
  Sender last_sender_;
  std::unique_ptr<net::UdpReceiver> receiver_;
};

}  // namespace clew
