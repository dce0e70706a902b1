#include "pipeline/service/figures_door.h"

#include "net/server.h"

namespace clew::pipeline {
namespace {

class Open final : public FiguresDoor {
 public:
  explicit Open(std::function<net::Response(const net::Request&)> page) : page_(std::move(page)) {}
  ~Open() override {
    if (server_) server_->stop({});
  }
  Status start(const std::string& address) {
    net::ServerOptions options{.doors = {{address}}, .threads = 1};
    CLEW_ASSIGN(server_,
                net::Server::start(std::move(options),
                                   [this](const net::Request& request, const net::Responder& responder) {
                                     const bool reads = request.method == "GET" || request.method == "HEAD";
                                     responder.send(reads ? page_(request)
                                                          : net::text_response(405, "405 only GET\n"));
                                   },
                                   {}));
    return {};
  }

 private:
  const std::function<net::Response(const net::Request&)> page_;
  std::unique_ptr<net::Server> server_;
};

}  // namespace

Result<std::unique_ptr<FiguresDoor>> FiguresDoor::open(
    const std::string& address, std::function<net::Response(const net::Request&)> page) {
  auto door = std::make_unique<Open>(std::move(page));
  CLEW_TRY(door->start(address));
  return std::unique_ptr<FiguresDoor>(std::move(door));
}

}  // namespace clew::pipeline
