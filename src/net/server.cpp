#include "net/server.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <thread>
#include <unordered_map>

#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "base/counters.h"
#include "base/log.h"
#include "base/thread_name.h"
#include "base/thread_priority.h"
#include "net/address.h"
#include "net/connection.h"

namespace clew::net {
namespace {

constexpr std::string_view kTooManyConnections =
    "HTTP/1.1 503 Too many connections are open: try again\r\ncontent-type: text/plain\r\ncontent-length: "
    "44\r\n"
    "retry-after: 1\r\nconnection: close\r\n\r\ntoo many connections are open: please retry\n";

// One event loop with its thread and the connections that live on it.
class LoopThread {
 public:
  LoopThread(std::shared_ptr<EventLoop> loop, std::shared_ptr<ServerContext> server)
      : loop_(std::move(loop)), server_(std::move(server)) {}

  void start() {
    const Limits& limits = server_->limits;
    const int64_t shortest = std::min(limits.idle.count, limits.request.count);
    loop_->set_sweep({std::clamp(shortest / 4, milliseconds(10).count, seconds(1).count)},
                     [this] { return sweep(); });
    thread_ = std::thread([this] {
      name_this_thread("clew-door");
      take_short_turns();
      loop_->run();
    });
  }
  const std::shared_ptr<EventLoop>& loop() const { return loop_; }
  size_t load() const { return load_.load(std::memory_order_relaxed); }

  // Any thread. The connection lives here from now on.
  void adopt(FileDescriptor socket, Peer peer) {
    load_.fetch_add(1, std::memory_order_relaxed);
    // A task can be copied, a descriptor cannot.
    auto held = std::make_shared<FileDescriptor>(std::move(socket));
    auto begin = [this, held, peer = std::move(peer)] {
      auto connection = std::make_shared<Connection>(loop_, server_, std::move(*held), peer);
      Connection* const key = connection.get();
      if (key->start([this](Connection& closed) { forget(closed); }))
        connections_.emplace(key, std::move(connection));
      load_.store(connections_.size(), std::memory_order_relaxed);
    };
    loop_->is_current() ? begin() : loop_->post(std::move(begin));
  }

  // Any thread.
  void drain() {
    loop_->post([this] {
      for (const auto& connection : all()) connection->drain();
    });
  }
  void join() {
    loop_->post([this] {
      for (const auto& connection : all()) connection->close();
    });
    loop_->stop();
    if (thread_.joinable()) thread_.join();
  }

 private:
  // A copy, since whoever is told something may close.
  std::vector<std::shared_ptr<Connection>> all() const {
    std::vector<std::shared_ptr<Connection>> open;
    open.reserve(connections_.size());
    for (const auto& [key, connection] : connections_) open.push_back(connection);
    return open;
  }

  void forget(Connection& closed) {
    connections_.erase(&closed);
    load_.store(connections_.size(), std::memory_order_relaxed);
  }

  // Whether there are connections left to look after.
  bool sweep() {
    for (const auto& connection : all()) loop_->sweep_before(connection->check_time(loop_->now()));
    return !connections_.empty();
  }

  const std::shared_ptr<EventLoop> loop_;
  const std::shared_ptr<ServerContext> server_;
  std::unordered_map<Connection*, std::shared_ptr<Connection>> connections_;
  std::atomic<size_t> load_{0};
  std::thread thread_;
};

// A listening socket on the first loop. Connections go to the loop with the fewest: with a socket for each
// loop (SO_REUSEPORT) the kernel's hash may put two bulk senders on one loop while the other idles.
class Acceptor final : public EventLoop::Watcher {
 public:
  Acceptor(Listener listener, std::vector<std::unique_ptr<LoopThread>>& loops,
           std::shared_ptr<ServerContext> server)
      : listener_(std::move(listener)), loops_(loops), server_(std::move(server)) {}

  Status start() { return loops_.front()->loop()->watch(listener_.socket.number(), EPOLLIN, this); }
  // On the loop.
  void close() {
    if (!listener_.socket.is_open()) return;
    loops_.front()->loop()->forget(listener_.socket.number());
    listener_.socket.close();
  }

  void on_ready(uint32_t) override {
    for (int i = 0; i < 64 && listener_.socket.is_open(); ++i) {
      sockaddr_storage from{};
      socklen_t size = sizeof from;
      FileDescriptor socket(accept4(listener_.socket.number(), reinterpret_cast<sockaddr*>(&from), &size,
                                    SOCK_NONBLOCK | SOCK_CLOEXEC));
      if (!socket.is_open()) {
        if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) pause();
        if (errno != ECONNABORTED && errno != EINTR) return;
        continue;
      }
      if (server_->connections.load(std::memory_order_relaxed) >= server_->limits.connections) {
        count(Counter::connections_refused);
        tell_too_many(SocketAddress(reinterpret_cast<sockaddr*>(&from), size));
        [[maybe_unused]] const ssize_t sent = send(socket.number(), kTooManyConnections.data(),
                                                   kTooManyConnections.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        shutdown(socket.number(), SHUT_WR);
        continue;
      }
      const int on = 1;
      setsockopt(socket.number(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      setsockopt(socket.number(), SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
      const SocketAddress address(reinterpret_cast<sockaddr*>(&from), size);
      const auto least = std::min_element(loops_.begin(), loops_.end(),
                                          [](const auto& a, const auto& b) { return a->load() < b->load(); });
      (*least)->adopt(std::move(socket), {address.to_string(), address.is_loopback(), false, listener_.port});
    }
  }

 private:
  void tell_too_many(const SocketAddress& from) const {
    server_->tell_mistake(
        {.peer = from.to_string(),
         .peer_is_loopback = from.is_loopback(),
         .door = listener_.port,
         .status = 503,
         .what = fmt::format("more than {} connections at a time", server_->limits.connections),
         .remedy = std::string(info_of(Counter::connections_refused).advice)});
  }
  // Out of descriptors: asking again at once would only spin.
  void pause() {
    count(Counter::connections_refused);
    server_->tell_mistake({.door = listener_.port,
                           .what = "a connection could not be accepted: no file descriptors or memory left",
                           .remedy = "Raise `ulimit -n` where clew is started"});
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }

  Listener listener_;
  std::vector<std::unique_ptr<LoopThread>>& loops_;
  const std::shared_ptr<ServerContext> server_;
};

class EpollServer final : public Server {
 public:
  explicit EpollServer(size_t bodies_in_flight)
      : context_(std::make_shared<ServerContext>(bodies_in_flight)) {}
  ~EpollServer() override { stop({}); }

  Status open(ServerOptions options, Handler http, GrpcHandler grpc) {
    context_->http = std::move(http);
    context_->grpc = std::move(grpc);
    CLEW_TRY(prepare(options));
    std::vector<Listener> listeners;
    for (const Door& door : options.doors) {
      CLEW_ASSIGN(std::vector<Listener> opened, listen_on(door.address));
      ports_.push_back(opened.front().port);
      for (Listener& listener : opened) listeners.push_back(std::move(listener));
    }
    const unsigned threads =
        options.threads > 0 ? options.threads : std::max(1u, std::thread::hardware_concurrency());
    for (unsigned i = 0; i < threads; ++i) {
      CLEW_ASSIGN(std::shared_ptr<EventLoop> loop, EventLoop::create());
      loops_.push_back(std::make_unique<LoopThread>(std::move(loop), context_));
    }
    for (Listener& listener : listeners) {
      acceptors_.push_back(std::make_unique<Acceptor>(std::move(listener), loops_, context_));
      CLEW_TRY(acceptors_.back()->start());
    }
    for (auto& loop : loops_) loop->start();
    running_ = true;
    return {};
  }

  std::vector<uint16_t> ports() const override { return ports_; }

  void stop(Nanoseconds grace) override {
    if (!std::exchange(running_, false)) return;
    context_->draining = true;
    loops_.front()->loop()->post([this] {
      for (auto& acceptor : acceptors_) acceptor->close();
    });
    for (auto& loop : loops_) loop->drain();
    const Nanoseconds until{monotonic_now().count + grace.count};
    while (context_->connections.load() > 0 && monotonic_now() < until)
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    // The first loop last: it may still be handing a connection over.
    for (auto it = loops_.rbegin(); it != loops_.rend(); ++it) (*it)->join();
  }

 private:
  Status prepare(const ServerOptions& options) {
    signal(SIGPIPE, SIG_IGN);  // a client that leaves must not end the program
    context_->limits = options.limits;
    context_->on_mistake = options.on_mistake;
    if (!options.tls) return {};
    CLEW_ASSIGN(context_->tls, TlsContext::for_server(*options.tls));
    context_->tls_only = !options.tls->client_ca.empty();
    return {};
  }

  std::shared_ptr<ServerContext> context_;
  std::vector<std::unique_ptr<LoopThread>> loops_;
  std::vector<std::unique_ptr<Acceptor>> acceptors_;
  std::vector<uint16_t> ports_;
  bool running_ = false;
};

}  // namespace

Result<std::unique_ptr<Server>> Server::start(ServerOptions options, Handler http, GrpcHandler grpc) {
  auto server = std::make_unique<EpollServer>(options.limits.body_bytes_in_flight);
  CLEW_TRY(server->open(std::move(options), std::move(http), std::move(grpc)));
  return std::unique_ptr<Server>(std::move(server));
}

}  // namespace clew::net
