// Includes point one way. A room of src/ uses those before it in this list, never those after it; a protocol never
// uses another protocol; and headers of ours stay light: libraries that cost a compiler seconds are named in .cpp only.
import { filesOfTree, report, textOf } from "./tree.mjs";

const rooms = ["base", "telemetry", "net", "store", "pipeline", "query", "control", "protocols", "app"];
const heavy = /^(spdlog|yaml-cpp|CLI|simdjson|nghttp2|openssl|boost|grpcpp|fmt|re2|sqlite3)\b/;

const complaints = [];
const files = filesOfTree(/^src\/.*\.(h|cpp)$/);
let includes = 0;
for (const path of files) {
  const [, room, protocol] = path.split("/");
  const rank = rooms.indexOf(room);
  if (rank < 0) {
    complaints.push(`${path}: src/${room} is not one of the rooms ${rooms.join(", ")}`);
    continue;
  }
  for (const [, open, name] of textOf(path).matchAll(/^\s*#\s*include\s*(["<])([^">]+)[">]/gm)) {
    ++includes;
    if (open === "<") {
      if (path.endsWith(".h") && heavy.test(name)) {
        complaints.push(`${path}: <${name}> is heavy; include it in the .cpp and keep it out of the header`);
      }
      continue;
    }
    const [otherRoom, otherProtocol] = name.split("/");
    const otherRank = rooms.indexOf(otherRoom);
    if (!name.includes("/") || otherRank < 0) {
      complaints.push(`${path}: "${name}" is not written from src/ ("base/result.h")`);
    } else if (otherRank > rank) {
      complaints.push(`${path}: ${room} may not use ${otherRoom} ("${name}"): it comes later in ${rooms.join(", ")}`);
    } else if (
      room === "protocols" && otherRoom === "protocols" && isProtocol(protocol) && isProtocol(otherProtocol) &&
      protocol !== otherProtocol
    ) {
      complaints.push(`${path}: the protocol ${protocol} may not use the protocol ${otherProtocol} ("${name}")`);
    }
  }
}

// A file directly in src/protocols/ is shared by all protocols.
function isProtocol(part) {
  return !/\.(h|cpp)$/.test(part);
}

report("layers", complaints, `${includes} includes in ${files.length} files point the right way`);
