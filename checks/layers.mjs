// Includes point one way. A room of src/ uses those before it in this list, never those after it; a protocol never
// uses another protocol; and libraries that cost a compiler seconds stay behind a few source files: no room gets them
// through a header of another room.
import { filesOfTree, report, textOf } from "./tree.mjs";

const rooms = ["base", "telemetry", "net", "store", "pipeline", "query", "control", "protocols", "app"];
const commonGround = ["aws", "thrift"]; // directories of src/protocols that every protocol may use
const heavy = /^(spdlog|yaml-cpp|CLI|simdjson|nghttp2|openssl|boost|grpcpp|fmt|re2|sqlite3)\b/;

const complaints = [];
const files = filesOfTree(/^src\/.*\.(h|cpp)$/);
const heavyHeaders = new Map(); // header of ours -> the heavy one it includes
const users = new Map(); // header of ours -> files that include it
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
      if (path.endsWith(".h") && heavy.test(name)) heavyHeaders.set(path.slice("src/".length), name);
      continue;
    }
    users.set(name, [...(users.get(name) ?? []), path]);
    const [otherRoom, otherProtocol] = name.split("/");
    const otherRank = rooms.indexOf(otherRoom);
    if (!name.includes("/") || otherRank < 0) {
      complaints.push(`${path}: "${name}" is not written from src/ ("base/result.h")`);
    } else if (otherRank > rank) {
      complaints.push(`${path}: ${room} may not use ${otherRoom} ("${name}"): it comes later in ${rooms.join(", ")}`);
    } else if (
      room === "protocols" && otherRoom === "protocols" && isProtocol(protocol) && isProtocol(otherProtocol) &&
      protocol !== otherProtocol && !commonGround.includes(otherProtocol)
    ) {
      complaints.push(`${path}: the protocol ${protocol} may not use the protocol ${otherProtocol} ("${name}")`);
    }
  }
}

// Whoever includes a header gets what it includes, so the heavy ones are followed through all headers.
for (const [header, library] of heavyHeaders) {
  const room = header.split("/")[0];
  const reached = new Set([header]);
  for (const one of reached) {
    for (const user of users.get(one) ?? []) {
      if (user.split("/")[1] !== room) complaints.push(`${user} gets the heavy <${library}> through ${header}: keep it out of that header`);
      else if (user.endsWith(".h")) reached.add(user.slice("src/".length));
    }
  }
}

// A file directly in src/protocols/ is shared by all protocols.
function isProtocol(part) {
  return !/\.(h|cpp)$/.test(part);
}

report("layers", complaints, `${includes} includes in ${files.length} files point the right way`);
