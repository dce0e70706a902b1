// The trace with what happened the same way put together: spans whose chains of services and names from the root down are
// equal become one node. The flame graph draws it, and the comparison of two traces pairs their nodes.

import type { TraceLayout } from "./layout";
import { noParent, type TraceOutline } from "./outline";

export interface MergedTree {
  /** Parents come before their children. */
  parent: Int32Array;
  depth: Uint16Array;
  service: Uint32Array;
  name: Uint32Array;
  count: Uint32Array;
  errors: Uint32Array;
  /** Nanoseconds: durations added up. */
  total: Float64Array;
  /** Nanoseconds that the spans themselves worked, children left out. */
  self: Float64Array;
  /** Self, and that of all nodes below. */
  busy: Float64Array;
  /** The longest span of each node. */
  longest: Uint32Array;
  /** Row of the outline → its node. */
  nodeOfRow: Uint32Array;
}

export function mergeTree(outline: TraceOutline, layout: TraceLayout): MergedTree {
  const { rows, parent, service, name, duration, flags } = outline;
  const numbers = new Map<number, number>();
  const kinds = outline.names.length * outline.services.length;
  const nodeOfRow = new Uint32Array(rows);
  const parents: number[] = [];
  const firsts: number[] = [];
  // In display order a parent is met before its children.
  for (const row of layout.order) {
    const above = parent[row] === noParent ? -1 : nodeOfRow[parent[row]];
    const key = (above + 1) * kinds + service[row] * outline.names.length + name[row];
    let node = numbers.get(key);
    if (node === undefined) {
      node = parents.length;
      numbers.set(key, node);
      parents.push(above);
      firsts.push(row);
    }
    nodeOfRow[row] = node;
  }
  const nodes = parents.length;
  const tree: MergedTree = {
    parent: Int32Array.from(parents),
    depth: Uint16Array.from(firsts, (row) => layout.depth[row]),
    service: Uint32Array.from(firsts, (row) => service[row]),
    name: Uint32Array.from(firsts, (row) => name[row]),
    count: new Uint32Array(nodes),
    errors: new Uint32Array(nodes),
    total: new Float64Array(nodes),
    self: new Float64Array(nodes),
    busy: new Float64Array(nodes),
    longest: Uint32Array.from(firsts),
    nodeOfRow,
  };
  for (let row = 0; row < rows; row++) {
    const node = nodeOfRow[row];
    tree.count[node]++;
    tree.errors[node] += flags[row] & 1;
    // A parent that never came has no time of its own.
    if (flags[row] & 2) continue;
    tree.total[node] += duration[row];
    tree.self[node] += layout.selfTime[row];
    if (duration[row] > duration[tree.longest[node]]) tree.longest[node] = row;
  }
  for (let node = nodes - 1; node >= 0; node--) {
    tree.busy[node] += tree.self[node];
    if (tree.parent[node] >= 0) tree.busy[tree.parent[node]] += tree.busy[node];
  }
  return tree;
}

/** Children of each node, the busiest first; the last entry has the roots. */
export function childrenOfNodes(tree: MergedTree): number[][] {
  const nodes = tree.parent.length;
  const children: number[][] = Array.from({ length: nodes + 1 }, () => []);
  for (let node = 0; node < nodes; node++) children[tree.parent[node] < 0 ? nodes : tree.parent[node]]!.push(node);
  for (const list of children) list.sort((left, right) => tree.busy[right] - tree.busy[left] || left - right);
  return children;
}
