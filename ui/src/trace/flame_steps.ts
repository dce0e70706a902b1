// From one box of the flame graph to another, as keys and readers go: to the one it is in, to the widest inside, and along a
// level.

import type { FlameBox } from "./flame_layout";
import type { MergedTree } from "./merged_tree";

export type FlameStep = "out" | "in" | "left" | "right" | "next" | "previous";

/** Each box before those inside it, from left to right. */
export const inReadingOrder = (boxes: readonly FlameBox[]): FlameBox[] => [...boxes].sort((one, other) => one.left - other.left || one.level - other.level);

/** The node where a step leads; nothing when there is none there. `ordered` is in reading order. */
export function stepTo(tree: MergedTree, ordered: readonly FlameBox[], node: number | undefined, step: FlameStep): number | undefined {
  const at = ordered.findIndex((box) => box.node === node);
  if (at < 0) return ordered[0]?.node;
  const { level } = ordered[at]!;
  const onLevel = (box: FlameBox): boolean => box.level === level;
  switch (step) {
    case "out":
      return ordered.find((box) => box.node === tree.parent[node!])?.node;
    case "in":
      return ordered[at + 1]?.level === level + 1 ? ordered[at + 1]!.node : undefined;
    case "left":
      return ordered.slice(0, at).findLast(onLevel)?.node;
    case "right":
      return ordered.slice(at + 1).find(onLevel)?.node;
    case "previous":
      return ordered[at - 1]?.node;
    case "next":
      return ordered[at + 1]?.node;
  }
}
