#include "net/connection.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "base/counters.h"
#include "net/http1_session.h"
#include "net/http2_session.h"
#include "net/tls_hello.h"

namespace clew::net {
namespace {

constexpr std::string_view kHttp2Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
constexpr char kTlsHandshake = 0x16;
// One busy connection may not hold up the others of its loop for longer than it takes to read this much.
constexpr size_t kReadAtOnce = 1 << 20;
// Before it is known who reads, so that most of a large body does not come this way.
constexpr size_t kFirstRead = 16 << 10;
constexpr Nanoseconds kFarewell = seconds(2);
// With this much waiting to be read by the client, its further requests wait too.
constexpr size_t kOutputPauses = 1 << 20;

}  // namespace

Connection::Connection(std::shared_ptr<EventLoop> loop, std::shared_ptr<ServerContext> server,
                       FileDescriptor socket, Peer peer)
    : loop_(std::move(loop)),
      server_(std::move(server)),
      socket_(std::move(socket)),
      peer_(std::move(peer)),
      opened_(loop_->now()),
      last_write_progress_(loop_->now()) {
  transport_ = plain_transport(socket_.number());
  server_->connections.fetch_add(1, std::memory_order_relaxed);
  count(Counter::connections_opened);
}

Connection::~Connection() {
  close();
  server_->connections.fetch_sub(1, std::memory_order_relaxed);
}

bool Connection::start(std::function<void(Connection&)> on_closed) {
  on_closed_ = std::move(on_closed);
  interest_ = EPOLLIN;
  return loop_->watch(socket_.number(), interest_, this).ok();
}

void Connection::on_ready(uint32_t epoll_events) {
  if (is_closed()) return;
  if ((epoll_events & EPOLLERR) != 0 || ((epoll_events & EPOLLHUP) != 0 && (epoll_events & EPOLLIN) == 0)) {
    // A client that gives a handshake up says why before it is gone.
    const bool may_say_why = peer_.tls && !session_ && (epoll_events & EPOLLIN) != 0;
    if (may_say_why) read_some();
    return close();
  }
  if ((epoll_events & EPOLLOUT) != 0) {
    write_blocked_ = false;
    if (transport_->read_waits_for_write()) read_some();
  }
  if ((epoll_events & EPOLLIN) != 0) {
    if (server_->tls && !looked_for_tls_) look_for_tls();
    if (!is_closed()) read_some();
  }
  if (!is_closed()) attend_now();
}

void Connection::read_some() {
  const bool silent_rest = !transport_->short_read_is_last();
  read_again_ = silent_rest;
  for (size_t sum = 0; sum < kReadAtOnce;) {
    if (is_closed() || !wants_input()) return;
    const bool dropping = closing_;
    const std::span<char> direct = session_ && !dropping ? session_->direct_target() : std::span<char>();
    std::span<char> scratch = loop_->scratch();
    if (session_ && !dropping) scratch = scratch.first(std::min(scratch.size(), session_->read_size()));
    if (!session_) scratch = scratch.first(kFirstRead);
    const Transfer got = transport_->read(direct, scratch);
    switch (got.kind) {
      case Transfer::Kind::would_block:
        read_again_ = false;
        return;
      case Transfer::Kind::failed:
        return transport_failed();
      case Transfer::Kind::finished:
        peer_finished_ = true;
        if (write_shut_ || !session_) return close();
        if (!closing_) session_->peer_finished();
        return;
      case Transfer::Kind::done:
        break;
    }
    count(Counter::bytes_received, got.bytes);
    sum += got.bytes;
    if (!dropping) {
      const size_t directly = std::min(got.bytes, direct.size());
      if (directly > 0) session_->received_directly(directly);
      if (got.bytes > directly) take({scratch.data(), got.bytes - directly});
    }
    if (!silent_rest && got.bytes < direct.size() + scratch.size()) return;
  }
}

void Connection::look_for_tls() {
  char first = 0;
  if (recv(socket_.number(), &first, 1, MSG_PEEK) != 1) return;
  looked_for_tls_ = true;
  if (first != kTlsHandshake) return;
  transport_ = server_->tls->accept(socket_.number());
  peer_.tls = true;
  if (!transport_) close();
}

void Connection::take(std::string_view bytes) {
  if (session_)
    session_->received(bytes);
  else
    sniff(bytes);
}

void Connection::sniff(std::string_view bytes) {
  if (!first_bytes_.empty() || bytes.size() < kHttp2Preface.size()) {
    first_bytes_.append(bytes);
    bytes = first_bytes_;
  }
  if (bytes[0] == kTlsHandshake && !peer_.tls) return refuse_tls_on_plain_door(bytes);
  const std::string_view begin = bytes.substr(0, kHttp2Preface.size());
  if (kHttp2Preface.starts_with(begin)) {
    if (begin.size() < kHttp2Preface.size()) return;  // "P" may still become POST
    session_ = make_http2_session(*this);
  } else {
    session_ = make_http1_session(*this);
  }
  if (server_->tls_only && !peer_.tls) return refuse_plain_on_tls_door();
  const std::string held = std::move(first_bytes_);
  if (!session_) return close();
  session_->received(held.empty() ? bytes : std::string_view(held));
}

void Connection::tell_mistake(Mistake mistake) const {
  mistake.peer = peer_.address;
  mistake.peer_is_loopback = peer_.is_loopback;
  mistake.door = peer_.door;
  server_->tell_mistake(mistake);
}

// Answered in plain text: clients say then that they met no TLS, while a bare end of the connection looks to
// them like a broken network.
void Connection::refuse_tls_on_plain_door(std::string_view hello) {
  count(Counter::tls_to_plain_port);
  const bool is_grpc = read_tls_hello(hello).is_grpc();
  tell_mistake({.protocol = is_grpc ? "gRPC within TLS" : "TLS",
                .status = 400,
                .what = fmt::format("opened TLS on port {}, which has no certificate", peer_.door),
                .remedy = is_grpc ? "Have the exporter do without TLS: http:// before the address, or "
                                    "OTEL_EXPORTER_OTLP_INSECURE=true (insecure=True in Python's code, tls: "
                                    "insecure: true in a collector). Or start clew with a certificate: "
                                    "--tls-cert and --tls-key"
                                  : "Write http:// in place of https:// in the sender, or start clew with a "
                                    "certificate: --tls-cert and --tls-key"});
  output_.append(
      "HTTP/1.1 400 This port speaks no TLS: use http in place of https\r\n"
      "content-type: text/plain; charset=utf-8\r\ncontent-length: 52\r\nconnection: close\r\n\r\n"
      "this port speaks no TLS: use http in place of https\n");
  close_after_output();
}

void Connection::refuse_plain_on_tls_door() {
  count(Counter::plain_to_tls_port);
  tell_mistake(
      {.protocol = "HTTP",
       .status = 400,
       .what =
           fmt::format("sent a plain request to port {}, which asks for a client certificate", peer_.door),
       .remedy =
           "Write https:// in the sender, and give it a certificate: OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE "
           "and OTEL_EXPORTER_OTLP_CLIENT_KEY"});
  output_.append(
      "HTTP/1.1 400 This port wants TLS and a client certificate: use https\r\n"
      "content-type: text/plain; charset=utf-8\r\ncontent-length: 63\r\nconnection: close\r\n\r\n"
      "this port wants TLS and a client certificate: use https in URL\n");
  close_after_output();
}

void Connection::transport_failed() {
  if (peer_.tls && !session_) {
    const std::string why = transport_->failure();
    if (!why.empty()) {
      count(Counter::tls_handshakes_failed);
      tell_mistake({.protocol = "TLS",
                    .what = "TLS was not established: " + why,
                    .remedy = "The sender must trust whoever signed clew's certificate "
                              "(OTEL_EXPORTER_OTLP_CERTIFICATE=ca.pem), and reach clew by a name that stands "
                              "in it"});
    }
  }
  close();
}

void Connection::attend() {
  if (attending_ || is_closed()) return;
  attending_ = true;
  loop_->at_end_of_turn([self = shared_from_this()] {
    self->attending_ = false;
    if (!self->is_closed()) self->attend_now();
  });
}

void Connection::attend_now() {
  if (!write_blocked_ && !output_.empty()) write_some();
  if (is_closed()) return;
  if (closing_ && output_.empty()) finish_closing();
  if (is_closed()) return;
  update_interest();
  if (!read_again_ || !wants_input()) return;
  // What TLS has decrypted already raises no event. A turn of its own, so that other connections get theirs.
  read_again_ = false;
  loop_->post([weak = weak_from_this()] {
    const auto self = weak.lock();
    if (!self || self->is_closed()) return;
    self->read_some();
    if (!self->is_closed()) self->attend_now();
  });
}

bool Connection::wants_input() const {
  if (peer_finished_) return false;
  return closing_ || !session_ || (session_->wants_input() && output_.size() < kOutputPauses);
}

void Connection::write_some() {
  std::array<iovec, 32> places;
  while (!output_.empty()) {
    const size_t used = output_.peek(places);
    const Transfer sent = transport_->write({places.data(), used});
    if (sent.kind == Transfer::Kind::would_block) {
      write_blocked_ = true;
      return;
    }
    if (sent.kind != Transfer::Kind::done) return close();
    count(Counter::bytes_sent, sent.bytes);
    output_.consume(sent.bytes);
    last_write_progress_ = loop_->now();
    if (session_ && !closing_ && output_.empty()) session_->output_has_room();
    if (is_closed()) return;
  }
}

void Connection::close_after_output() {
  if (closing_) return;
  closing_ = true;
  closing_until_ = {loop_->now().count + server_->limits.request.count};
  if (session_) session_->closed();
  attend();
}

void Connection::finish_closing() {
  if (!write_shut_) {
    write_shut_ = true;
    transport_->say_goodbye();
    shutdown(socket_.number(), SHUT_WR);
    closing_until_ = {loop_->now().count + kFarewell.count};
    loop_->sweep_before(closing_until_);
  }
  if (peer_finished_) close();
}

void Connection::close() {
  if (is_closed()) return;
  if (session_ && !closing_) session_->closed();
  closing_ = true;
  loop_->forget(socket_.number());
  transport_->say_goodbye();
  socket_.close();
  // Events for this connection may still wait in the current turn. (Nobody shares it during its destruction.)
  if (auto self = weak_from_this().lock()) loop_->keep_until_end_of_turn(std::move(self));
  if (on_closed_) on_closed_(*this);
}

void Connection::update_interest() {
  uint32_t wanted = 0;
  if (wants_input()) wanted |= EPOLLIN;
  if (write_blocked_ || transport_->read_waits_for_write()) wanted |= EPOLLOUT;
  if (wanted == interest_) return;
  interest_ = wanted;
  loop_->change(socket_.number(), wanted, this);
}

Nanoseconds Connection::check_time(Nanoseconds now) {
  const Limits& limits = server_->limits;
  if (closing_) {
    if (now >= closing_until_) close();
    return closing_until_;
  }
  // A reader that takes nothing for this long keeps memory of ours without need.
  if (write_blocked_ && now.count - last_write_progress_.count > limits.request.count) {
    count(Counter::request_timeout);
    close();
    return {INT64_MAX};
  }
  if (!session_) {
    const Nanoseconds until{opened_.count + limits.request.count};
    if (now >= until) close();
    return until;
  }
  session_->check_time(now);
  return is_closed() ? Nanoseconds{INT64_MAX} : session_->next_check();
}

void Connection::drain() {
  if (is_closed() || closing_) return;
  if (!session_) return close();
  session_->drain();
  attend();
}

}  // namespace clew::net
