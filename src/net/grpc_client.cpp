#include "net/grpc_client.h"

#include <csignal>
#include <future>
#include <thread>

#include <fmt/format.h>

#include "net/address.h"
#include "net/grpc_channel.h"
#include "net/grpc_framing.h"
#include "net/proxy.h"

namespace clew::net {
namespace {

class ReconnectingGrpcClient final : public GrpcClient {
 public:
  ReconnectingGrpcClient(GrpcClientOptions options, HostAndPort where)
      : options_(std::move(options)), where_(std::move(where)) {}

  ~ReconnectingGrpcClient() override {
    loop_->post([this] {
      stopping_ = true;
      if (channel_) channel_->close(GrpcCode::cancelled, "the client is being closed");
      for (const auto& retiring : retiring_)
        retiring->close(GrpcCode::cancelled, "the client is being closed");
    });
    loop_->stop();
    if (thread_.joinable()) thread_.join();
  }

  Status start() {
    signal(SIGPIPE, SIG_IGN);
    if (options_.tls) {
      CLEW_ASSIGN(tls_, TlsContext::for_client(*options_.tls, {"h2"}));
    }
    CLEW_ASSIGN(loop_, EventLoop::create());
    loop_->set_sweep(seconds(1), [this] { return sweep(); });
    thread_ = std::thread([this] { loop_->run(); });
    return {};
  }

  using GrpcClient::call;
  void call(std::string method, SharedBytes message, GrpcCallOptions options, Done done) override {
    auto pending = std::make_shared<std::unique_ptr<PendingCall>>(std::make_unique<PendingCall>());
    PendingCall& call = **pending;
    call.method = std::move(method);
    call.message = options.compression ? SharedBytes(compress(*options.compression, message.view()))
                                       : std::move(message);
    call.prefix = encode_grpc_prefix(call.message.size(), options.compression.has_value());
    call.until = {monotonic_now().count + options.timeout.count};
    call.options = std::move(options);
    call.done = std::move(done);
    loop_->post([this, pending] { begin(std::move(*pending)); });
  }

 private:
  static void fail(const PendingCall& call, GrpcCode code, std::string why) {
    call.done({.code = code, .error = std::move(why), .message = {}, .status_details = {}});
  }

  void begin(std::unique_ptr<PendingCall> call) {
    if (stopping_) return fail(*call, GrpcCode::cancelled, "the client is being closed");
    if (!channel_ || !channel_->is_usable()) {
      const Status failure = connect();
      if (!failure.ok()) return fail(*call, GrpcCode::unavailable, std::string(failure.message()));
    }
    channel_->begin(std::move(call));
  }

  Status connect() {
    if (channel_) retiring_.push_back(std::move(channel_));  // its calls may still be answered
    const auto proxy =
        options_.proxy_from_environment ? proxy_from_environment(where_, true) : std::optional<Proxy>();
    CLEW_ASSIGN(FileDescriptor socket, proxy ? connect_through(*proxy, where_, options_.connect_timeout)
                                             : connect_to(where_, options_.connect_timeout));
    std::unique_ptr<Transport> transport;
    if (tls_) {
      CLEW_ASSIGN(transport, tls_->connect(socket.number(), where_.host));
    } else {
      transport = plain_transport(socket.number());
    }
    GrpcChannel::Settings settings{
        .authority = options_.server,
        .tls = tls_ != nullptr,
        .answer_bytes = options_.answer_bytes,
        .keep_alive = options_.keep_alive,
        .try_again = [this](std::unique_ptr<PendingCall> call) { try_again(std::move(call)); }};
    CLEW_ASSIGN(channel_,
                GrpcChannel::open(loop_, std::move(socket), std::move(transport), std::move(settings)));
    return {};
  }

  // Later, since the channel that gave it up is in the middle of its work.
  void try_again(std::unique_ptr<PendingCall> call) {
    if (stopping_) return fail(*call, GrpcCode::cancelled, "the client is being closed");
    auto held = std::make_shared<std::unique_ptr<PendingCall>>(std::move(call));
    loop_->post([this, held] { begin(std::move(*held)); });
  }

  bool sweep() {
    std::erase_if(retiring_, [&](const auto& channel) {
      const Nanoseconds next = channel->check_time(loop_->now());
      if (next.count != INT64_MAX) loop_->sweep_before(next);
      if (next.count == INT64_MAX) channel->close(GrpcCode::unavailable, "the connection is closed");
      return next.count == INT64_MAX;
    });
    if (!channel_) return !retiring_.empty();
    const Nanoseconds next = channel_->check_time(loop_->now());
    loop_->sweep_before(next);
    return next.count != INT64_MAX || !retiring_.empty();
  }

  const GrpcClientOptions options_;
  const HostAndPort where_;
  std::shared_ptr<TlsContext> tls_;
  std::shared_ptr<EventLoop> loop_;
  std::thread thread_;

  // Of the loop's thread.
  std::shared_ptr<GrpcChannel> channel_;
  std::vector<std::shared_ptr<GrpcChannel>> retiring_;
  bool stopping_ = false;
};

}  // namespace

GrpcAnswer GrpcClient::call_and_wait(std::string method, std::string message, GrpcCallOptions options) {
  std::promise<GrpcAnswer> promise;
  std::future<GrpcAnswer> answer = promise.get_future();
  call(std::move(method), std::move(message), std::move(options),
       [&promise](GrpcAnswer given) { promise.set_value(std::move(given)); });
  return answer.get();
}

Result<std::unique_ptr<GrpcClient>> GrpcClient::create(GrpcClientOptions options) {
  CLEW_ASSIGN(HostAndPort where, parse_host_and_port(options.server, options.tls ? 443 : 4317));
  auto client = std::make_unique<ReconnectingGrpcClient>(std::move(options), std::move(where));
  CLEW_TRY(client->start());
  return std::unique_ptr<GrpcClient>(std::move(client));
}

}  // namespace clew::net
