#include "app/port_owner.h"

#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <unistd.h>

#include <fmt/format.h>

namespace clew::app {
namespace {

constexpr const char* kListening = "0A";
constexpr const char* kEstablished = "01";

// The number that the kernel gives to the socket in that state. A line of /proc/net/tcp, blanks between:
//   slot, local address:port, remote address:port, state, queues, timer, retransmits, user, timeout, inode, …
std::optional<std::string> inode_of_socket(uint16_t port, const char* state) {
  const std::string wanted = fmt::format(":{:04X}", port);
  for (const char* table : {"/proc/net/tcp", "/proc/net/tcp6"}) {
    std::ifstream lines(table);
    for (std::string line; std::getline(lines, line);) {
      std::istringstream words(line);
      std::array<std::string, 10> word;
      for (std::string& one : word) words >> one;
      if (word[1].ends_with(wanted) && word[3] == state) return word[9];
    }
  }
  return std::nullopt;
}

bool holds_socket(const std::filesystem::path& process, const std::string& link) {
  std::error_code error;
  for (const auto& descriptor : std::filesystem::directory_iterator(process / "fd", error)) {
    if (std::filesystem::read_symlink(descriptor.path(), error) == link) return true;
  }
  return false;
}

std::optional<std::string> owner_of_socket(const std::string& inode) {
  const std::string link = fmt::format("socket:[{}]", inode);
  std::error_code error;
  for (const auto& process : std::filesystem::directory_iterator("/proc", error)) {
    const std::string number = process.path().filename();
    if (number.find_first_not_of("0123456789") != std::string::npos || !holds_socket(process.path(), link))
      continue;
    std::string name;
    std::getline(std::ifstream(process.path() / "comm"), name);
    return fmt::format("{} (process {})", name, number);
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> owner_of_port(uint16_t port) {
  const std::optional<std::string> inode = inode_of_socket(port, kListening);
  return inode ? owner_of_socket(*inode) : std::nullopt;
}

std::optional<std::string> owner_of_connection(uint16_t local_port) {
  const std::optional<std::string> inode = inode_of_socket(local_port, kEstablished);
  return inode ? owner_of_socket(*inode) : std::nullopt;
}

}  // namespace clew::app
