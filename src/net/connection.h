// Connection: one accepted socket on its event loop. Looks at the first bytes, then hands all input to the
// session that speaks their language, and carries the session's output away. Everything here happens on the
// loop.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "net/answer.h"
#include "net/body_budget.h"
#include "net/event_loop.h"
#include "net/output_queue.h"
#include "net/server.h"
#include "net/tls.h"
#include "net/transport.h"

namespace clew::net {

// What all connections of one server share.
struct ServerContext {
  explicit ServerContext(size_t bodies_in_flight) : bodies(bodies_in_flight) {}

  Handler http;
  GrpcHandler grpc;
  Limits limits;
  std::shared_ptr<TlsContext> tls;  // null: no TLS
  bool tls_only = false;  // client certificates are asked for, so plain requests may not pass by them
  MistakeObserver on_mistake;
  BodyBudget bodies;
  std::atomic<size_t> connections{0};
  std::atomic<bool> draining{false};

  void tell_mistake(const Mistake& mistake) const {
    if (on_mistake) on_mistake(mistake);
  }
};

struct Peer {
  std::string address;
  bool is_loopback = false;
  bool tls = false;
  uint16_t door = 0;
};

class Connection;

// One protocol on one connection.
class Session : public AnswerTarget, public std::enable_shared_from_this<Session> {
 public:
  virtual ~Session() = default;
  // Where the next bytes are to be read to without a detour; empty: nowhere.
  virtual std::span<char> direct_target() { return {}; }
  virtual void received_directly(size_t) {}
  // How much to read beyond that at once.
  virtual size_t read_size() const { return SIZE_MAX; }
  // Takes all bytes.
  virtual void received(std::string_view bytes) = 0;
  // Whether more input is welcome now.
  virtual bool wants_input() const = 0;
  virtual void peer_finished() = 0;
  // All output, or much of it, has gone.
  virtual void output_has_room() = 0;
  // The next moment at which check_time() is due.
  virtual Nanoseconds next_check() const = 0;
  virtual void check_time(Nanoseconds now) = 0;
  // The server is stopping: no new requests.
  virtual void drain() = 0;
  // The connection is closing: nothing may be sent any more.
  virtual void closed() = 0;
};

class Connection final : public EventLoop::Watcher, public std::enable_shared_from_this<Connection> {
 public:
  Connection(std::shared_ptr<EventLoop> loop, std::shared_ptr<ServerContext> server, FileDescriptor socket,
             Peer peer);
  ~Connection();

  // False when the loop cannot take the socket. `on_closed` is told at once, while the object stays for its
  // turn.
  bool start(std::function<void(Connection&)> on_closed);
  void on_ready(uint32_t epoll_events) override;
  bool is_closed() const { return !socket_.is_open(); }
  // Called by the sweep; returns when to come again.
  Nanoseconds check_time(Nanoseconds now);
  void drain();
  void close();

  // For sessions.
  ServerContext& server() { return *server_; }
  const std::shared_ptr<EventLoop>& loop() const { return loop_; }
  const Peer& peer() const { return peer_; }
  OutputQueue& output() { return output_; }
  // Output was added, or wants_input() changed: looked at before the turn ends.
  void attend();
  // Sends what is queued, then closes; input is read and dropped for a moment, so that the peer gets to read
  // the last answer before a reset could take it away.
  void close_after_output();
  // Adds where it came from.
  void tell_mistake(Mistake mistake) const;

 private:
  bool wants_input() const;
  void look_for_tls();
  void read_some();
  void sniff(std::string_view bytes);
  void take(std::string_view bytes);
  void refuse_tls_on_plain_door(std::string_view hello);
  void refuse_plain_on_tls_door();
  void transport_failed();
  void attend_now();
  void write_some();
  void finish_closing();
  void update_interest();

  const std::shared_ptr<EventLoop> loop_;
  const std::shared_ptr<ServerContext> server_;
  std::function<void(Connection&)> on_closed_;
  FileDescriptor socket_;
  Peer peer_;
  std::unique_ptr<Transport> transport_;
  std::shared_ptr<Session> session_;
  OutputQueue output_;
  std::string first_bytes_;  // while it is not clear what they are
  const Nanoseconds opened_;
  Nanoseconds last_write_progress_;

  uint32_t interest_ = 0;
  bool looked_for_tls_ = false;
  bool attending_ = false;
  bool peer_finished_ = false;
  bool closing_ = false;     // after output
  bool write_shut_ = false;  // the closing's second half: waiting for the peer
  Nanoseconds closing_until_{INT64_MAX};
  bool write_blocked_ = false;
  bool read_again_ = false;  // input may be left for which no event will come
};

}  // namespace clew::net
