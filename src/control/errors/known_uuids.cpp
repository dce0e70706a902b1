#include "control/errors/known_uuids.h"

#include <cstring>
#include <vector>

#include <fmt/format.h>
#include <openssl/evp.h>

namespace clew::control::errors {

Result<std::unique_ptr<KnownUuids>> KnownUuids::open(const std::string& data_directory, size_t most) {
  // A connection of its own: it reads while another commits.
  CLEW_ASSIGN(Database database, Database::open_to_read(data_directory + "/control.db"));
  auto known = std::make_unique<KnownUuids>(std::move(database), most);
  CLEW_TRY(known->read_newest());
  return known;
}

Status KnownUuids::read_newest() {
  std::vector<Print> newest;
  CLEW_TRY(database_.run("SELECT environment, uuid FROM error_uuids ORDER BY at DESC LIMIT ?",
                         {static_cast<int64_t>(most_) + 1}, [&](const Row& row) {
                           newest.push_back(print_of({static_cast<uint32_t>(row.integer(0))}, row.text(1)));
                         }));
  const std::lock_guard lock(mutex_);
  for (auto print = newest.rbegin(); print != newest.rend(); ++print) remember(*print);
  return {};
}

KnownUuids::Print KnownUuids::print_of(EnvironmentId environment, std::string_view uuid) {
  const std::string text = fmt::format("{}/{}", environment.number, uuid);
  unsigned char digest[EVP_MAX_MD_SIZE];
  EVP_Digest(text.data(), text.size(), digest, nullptr, EVP_sha256(), nullptr);
  Print print;
  std::memcpy(print.data(), digest, sizeof print);
  return print;
}

void KnownUuids::remember(const Print& print) {
  if (!remembered_.insert(print).second) return;
  in_order_.push_back(print);
  if (in_order_.size() > most_) {
    remembered_.erase(in_order_.front());
    in_order_.pop_front();
    is_all_ = false;
  }
}

void KnownUuids::add(EnvironmentId environment, std::string_view uuid) {
  if (uuid.empty()) return;
  const Print print = print_of(environment, uuid);
  const std::lock_guard lock(mutex_);
  remember(print);
}

Result<bool> KnownUuids::knows(EnvironmentId environment, std::string_view uuid) {
  const Print print = print_of(environment, uuid);
  {
    const std::lock_guard lock(mutex_);
    if (remembered_.contains(print)) return true;
    if (is_all_) return false;
  }
  const std::lock_guard lock(database_mutex_);
  bool is_known = false;
  CLEW_TRY(database_.run("SELECT 1 FROM error_uuids WHERE environment = ? AND uuid = ?",
                         {int64_t{environment.number}, uuid}, [&](const Row&) { is_known = true; }));
  return is_known;
}

}  // namespace clew::control::errors
