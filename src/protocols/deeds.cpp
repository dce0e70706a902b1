#include "protocols/deeds.h"

#include <algorithm>

#include "base/log.h"
#include "control/keys.h"
#include "net/url_encoding.h"

namespace clew {
namespace {

constexpr size_t kLongestPerson = 100;
constexpr size_t kLongestWhat = 8'192;

}  // namespace

std::string person_of(const control::Grant& grant, const net::Request& request) {
  if (control::is_personal_key(grant.key_id)) return grant.key_name;
  const auto header = request.header("x-clew-person");
  if (!header || header->size() > 3 * kLongestPerson) return {};
  std::optional<std::string> person = net::percent_decode(*header);
  const bool is_plain =
      person && person->size() <= kLongestPerson && std::none_of(person->begin(), person->end(), [](char c) {
        return (static_cast<unsigned char>(c) < ' ') || c == '\x7f';
      });
  return is_plain ? std::move(*person) : std::string();
}

void note_deed(const Services& services, const control::Grant& grant, const net::Request& request,
               control::Deed deed, std::string what, std::string detail) {
  if (services.journal == nullptr || what.size() > kLongestWhat) return;
  const Status noted = services.journal->note(grant.environment, {.deed = deed,
                                                                  .what = std::move(what),
                                                                  .person = person_of(grant, request),
                                                                  .key_id = grant.key_id,
                                                                  .detail = std::move(detail),
                                                                  .at = now()});
  if (!noted.ok()) log_warning("journal", noted.to_string());
}

}  // namespace clew
