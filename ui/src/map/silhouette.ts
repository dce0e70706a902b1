// The outline of a node tells what it is: services are boxes, callers from outside pills, databases drums, queues pipes,
// services of a cloud hexagons, other hosts boxes with a cut corner.

import type { NodeKind } from "../api/answers";

export const kindWords: Readonly<Record<NodeKind, string>> = {
  service: "service",
  client: "from outside",
  database: "database",
  queue: "queue",
  cloud: "cloud",
  remote: "remote host",
};

/** A path for SVG with the left upper corner at (x, y). */
export function silhouette(kind: NodeKind, x: number, y: number, width: number, height: number): string {
  const right = x + width;
  const bottom = y + height;
  switch (kind) {
    case "client":
      return rounded(x, y, width, height, height / 2);
    case "database": {
      const lid = 7;
      return `M${x} ${y + lid}A${width / 2} ${lid} 0 0 1 ${right} ${y + lid}V${bottom - lid}A${width / 2} ${lid} 0 0 1 ${x} ${bottom - lid}ZM${x} ${y + lid}A${width / 2} ${lid} 0 0 0 ${right} ${y + lid}`;
    }
    case "queue": {
      const bulge = 8;
      return `M${x + bulge} ${y}H${right - bulge}A${bulge} ${height / 2} 0 0 1 ${right - bulge} ${bottom}H${x + bulge}A${bulge} ${height / 2} 0 0 1 ${x + bulge} ${y}ZM${right - bulge} ${y}A${bulge} ${height / 2} 0 0 0 ${right - bulge} ${bottom}`;
    }
    case "cloud": {
      const corner = 14;
      const middle = y + height / 2;
      return `M${x + corner} ${y}H${right - corner}L${right} ${middle}L${right - corner} ${bottom}H${x + corner}L${x} ${middle}Z`;
    }
    case "remote": {
      const cut = 14;
      return `M${x} ${y}H${right - cut}L${right} ${y + cut}V${bottom}H${x}Z`;
    }
    default:
      return rounded(x, y, width, height, 8);
  }
}

function rounded(x: number, y: number, width: number, height: number, radius: number): string {
  const side = (dx: number, dy: number): string => `a${radius} ${radius} 0 0 1 ${dx} ${dy}`;
  return `M${x + radius} ${y}h${width - 2 * radius}${side(radius, radius)}v${height - 2 * radius}${side(-radius, radius)}h${2 * radius - width}${side(-radius, -radius)}v${2 * radius - height}${side(radius, -radius)}z`;
}
