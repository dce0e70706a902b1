#include "base/fuzz.h"
#include "base/log.h"
#include "protocols/xray/datagram.h"

CLEW_FUZZ(xray_datagram) {
  const auto document = clew::xray::document_in_datagram(bytes);
  if (document.ok() && (document->empty() || !bytes.ends_with(*document)))
    clew::bug("a document that is not the end of its datagram");
}
