// Where the nodes of a merged tree stand in the flame graph: as wide as they are busy, children under their parents.

import type { MergedTree } from "./merged_tree";

export interface FlameBox {
  node: number;
  /** From the top; ancestors of the focus count. */
  level: number;
  left: number;
  width: number;
}

/** Boxes narrower than this are left out, with all below them. */
const narrowest = 0.7;

/** The focus and its ancestors get the whole width; without one, the roots share it. */
export function layoutFlame(tree: MergedTree, children: readonly (readonly number[])[], focus: number | undefined, width: number): FlameBox[] {
  const boxes: FlameBox[] = [];
  const above: number[] = [];
  for (let node = focus ?? -1; node >= 0; node = tree.parent[node]) above.unshift(node);
  above.forEach((node, level) => boxes.push({ node, level, left: 0, width }));
  const tops = focus === undefined ? children.at(-1)! : children[focus]!;
  const whole = focus === undefined ? tops.reduce((sum, node) => sum + tree.busy[node], 0) : tree.busy[focus];
  const scale = whole > 0 ? width / whole : 0;
  const place = (nodes: readonly number[], level: number, from: number): void => {
    let left = from;
    for (const node of nodes) {
      const wide = tree.busy[node] * scale;
      if (wide < narrowest) return; // they come by size
      boxes.push({ node, level, left, width: wide });
      pending.push({ node, level: level + 1, left });
      left += wide;
    }
  };
  const pending: { node: number; level: number; left: number }[] = [];
  place(tops, above.length, 0);
  while (pending.length > 0) {
    const { node, level, left } = pending.pop()!;
    place(children[node]!, level, left);
  }
  return boxes;
}

export const levelsOf = (boxes: readonly FlameBox[]): number => boxes.reduce((most, box) => Math.max(most, box.level + 1), 0);

export const boxAt = (boxes: readonly FlameBox[], level: number, x: number): FlameBox | undefined =>
  boxes.find((box) => box.level === level && x >= box.left && x < box.left + Math.max(1, box.width));
