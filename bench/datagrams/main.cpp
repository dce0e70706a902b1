// clew_datagrams: sends X-Ray segments over UDP at a steady rate, and prints one line of JSON.
//   clew_datagrams <port> <datagrams a second> <seconds>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace {

constexpr size_t kAtOnce = 50;

// What a Python application sends for a request, about.
std::string segment_of(uint64_t number, double start) {
  char text[1024];
  const int size = std::snprintf(
      text, sizeof text,
      "{\"format\":\"json\",\"version\":1}\n{\"trace_id\":\"1-%08x-%024llx\",\"id\":\"%016llx\",\"name\":"
      "\"shop\","
      "\"start_time\":%.6f,\"end_time\":%.6f,\"in_progress\":false,\"http\":{\"request\":{\"method\":\"GET\","
      "\"url\":"
      "\"http://shop.example/"
      "cart\",\"client_ip\":\"10.0.0.%llu\"},\"response\":{\"status\":200,\"content_length\":512}},"
      "\"annotations\":{\"tenant\":\"tenant%llu\"},\"aws\":{\"xray\":{\"sdk\":\"X-Ray for "
      "Python\",\"sdk_version\":"
      "\"2.14.0\"}},\"service\":{\"runtime\":\"CPython\"}}",
      static_cast<unsigned>(start), static_cast<unsigned long long>(number + 1),
      static_cast<unsigned long long>(number + 1), start, start + 0.012,
      static_cast<unsigned long long>(number % 250), static_cast<unsigned long long>(number % 100));
  return std::string(text, static_cast<size_t>(size));
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 4) {
    std::fprintf(stderr, "clew_datagrams <port> <datagrams a second> <seconds>\n");
    return 2;
  }
  const uint64_t rate = std::strtoull(arguments[2], nullptr, 10);
  const uint64_t total = rate * std::strtoull(arguments[3], nullptr, 10);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<uint16_t>(std::atoi(arguments[1])));
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int socket = ::socket(AF_INET, SOCK_DGRAM, 0);
  if (rate == 0 || connect(socket, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0) return 1;

  const auto began = std::chrono::steady_clock::now();
  const double wall =
      std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  uint64_t sent = 0, failed = 0;
  std::vector<std::string> texts(kAtOnce);
  std::vector<iovec> parts(kAtOnce);
  std::vector<mmsghdr> messages(kAtOnce);
  for (uint64_t number = 0; number < total; number += kAtOnce) {
    const double at = static_cast<double>(number) / static_cast<double>(rate);
    std::this_thread::sleep_until(
        began + std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::duration<double>(at)));
    const size_t now = std::min<uint64_t>(kAtOnce, total - number);
    for (size_t i = 0; i < now; ++i) {
      texts[i] = segment_of(number + i, wall + at);
      parts[i] = {texts[i].data(), texts[i].size()};
      messages[i].msg_hdr = {};
      messages[i].msg_hdr.msg_iov = &parts[i];
      messages[i].msg_hdr.msg_iovlen = 1;
    }
    const int done = sendmmsg(socket, messages.data(), static_cast<unsigned>(now), 0);
    sent += done > 0 ? static_cast<uint64_t>(done) : 0;
    failed += now - (done > 0 ? static_cast<uint64_t>(done) : 0);
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  std::printf("{\"sent\":%llu,\"failed\":%llu,\"seconds\":%.3f,\"per_second\":%.0f,\"bytes\":%zu}\n",
              static_cast<unsigned long long>(sent), static_cast<unsigned long long>(failed), seconds,
              static_cast<double>(sent) / seconds, texts[0].size());
  close(socket);
  return 0;
}
