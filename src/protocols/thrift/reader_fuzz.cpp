#include "base/fuzz.h"
#include "base/log.h"
#include "protocols/thrift/reader.h"

// The first byte chooses the protocol; whatever follows is read as a struct and as a message.
CLEW_FUZZ(thrift_reader) {
  using namespace clew::thrift;
  if (bytes.empty()) return;
  const Protocol protocol = bytes[0] % 2 == 0 ? Protocol::binary : Protocol::compact;
  bytes.remove_prefix(1);
  Reader whole(bytes, protocol);
  whole.skip(Type::structure);
  if (whole.failed() == whole.status().ok()) clew::bug("a failure without a reason");

  Reader message(bytes, protocol);
  const MessageHead head = message.message_head();
  if (head.name.size() > bytes.size()) clew::bug("a name longer than the message");
  size_t values = 0;
  message.structure([&](const Field& field) {
    ++values;
    switch (field.type) {
      case Type::text:
        if (message.text().size() > bytes.size()) clew::bug("a text longer than the message");
        return true;
      case Type::int64:
      case Type::byte:
        message.integer(field.type);
        return true;
      case Type::list:
        message.structures([&] { message.structure([](const Field&) { return false; }); });
        return true;
      default:
        return false;
    }
  });
  if (values > bytes.size()) clew::bug("more fields than bytes");
}
