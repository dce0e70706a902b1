#include "app/greeting.h"

#include <algorithm>

#include <fmt/format.h>

#include "app/byte_size.h"
#include "app/doors.h"
#include "app/version.h"

namespace clew::app {
namespace {

std::string data_line(const EffectiveSettings& settings) {
  const EffectiveSetting& data = settings.find("data");
  const EffectiveSetting& retention = settings.find("retention");
  const EffectiveSetting& max_disk = settings.find("max-disk");
  std::string line = data.values.front();
  if (data.is_default()) line += " (choose another with --data)";
  line += settings.configuration.retention ? ", kept for " + retention.values.front() : ", kept for ever";
  if (settings.configuration.max_disk)
    line += ", at most " + byte_size_for_people(*settings.configuration.max_disk);
  if (max_disk.values.empty()) line += ", on the whole disk";
  return line;
}

std::string keys_line(const OpenDoors& open) {
  if (open.keys_required) return "every request needs one (clew keys list)";
  const bool reachable = std::any_of(open.doors.begin(), open.doors.end(),
                                     [](const ListenAddress& door) { return !door.is_loopback(); });
  return reachable ? "none: whoever reaches a door may read and write" : "none needed on this machine";
}

}  // namespace

std::string greeting(const EffectiveSettings& settings, const OpenDoors& open) {
  std::string text = fmt::format("clew {}\n\n  Look here    {}\n\n  In an application, then start it:\n\n",
                                 kVersion, page_url(open));
  const std::vector<api::SetupHint> hints = setup_hints(open);
  for (const std::string& line : hints.front().lines) text += "    " + line + "\n";
  text += "\n";
  size_t width = 0;
  for (const ListenAddress& door : open.doors) width = std::max(width, door.text().size());
  for (const VendorDoor& door : open.vendors) width = std::max(width, door.address.text().size());
  const char* title = "Doors";
  for (const ListenAddress& door : open.doors) {
    text += fmt::format("  {:<11}  {:<{}}  {}\n", title, door.text(), width, purpose_of_port(door.port));
    title = "";
  }
  for (const VendorDoor& door : open.vendors)
    text += fmt::format("  {:<11}  {:<{}}  {}\n", title, door.address.text(), width, door.purpose);
  text += fmt::format("  {:<11}  {}\n  {:<11}  {}\n", "Data", data_line(settings), "Keys", keys_line(open));
  return text + "\nEvery door takes HTTP and gRPC. Ctrl-C stops.\n";
}

}  // namespace clew::app
