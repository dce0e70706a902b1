// Two traces side by side: the nodes of their merged trees paired by their chains of services and names.

import { childrenOfNodes, type MergedTree } from "./merged_tree";
import type { TraceOutline } from "./outline";

export interface Side {
  outline: TraceOutline;
  tree: MergedTree;
}

/** What one of the two traces has at a place. */
export interface Share {
  node: number;
  count: number;
  errors: number;
  /** Nanoseconds. */
  total: number;
  self: number;
}

export interface ComparedNode {
  depth: number;
  service: string;
  name: string;
  left: Share | undefined;
  right: Share | undefined;
  /** Nanoseconds that the right one spends more by itself. */
  selfDifference: number;
  hasChildren: boolean;
}

/** In the order of a tree read downwards; beside each other what is busiest in either comes first. */
export function compareTrees(left: Side, right: Side): ComparedNode[] {
  const leftChildren = childrenOfNodes(left.tree);
  const rightChildren = childrenOfNodes(right.tree);
  const compared: ComparedNode[] = [];
  const busy = (side: Side, node: number | undefined): number => (node === undefined ? 0 : side.tree.busy[node]);
  type Pair = { left: number | undefined; right: number | undefined };
  const pairsOf = (leftNodes: readonly number[], rightNodes: readonly number[]): Pair[] => {
    const pairs = new Map<string, Pair>();
    for (const node of leftNodes) pairs.set(keyOf(left, node), { left: node, right: undefined });
    for (const node of rightNodes) {
      const key = keyOf(right, node);
      pairs.set(key, { left: pairs.get(key)?.left, right: node });
    }
    const weight = (pair: Pair): number => Math.max(busy(left, pair.left), busy(right, pair.right));
    return [...pairs.values()].sort((one, other) => weight(other) - weight(one));
  };
  const pending: { pair: Pair; depth: number }[] = [];
  const push = (pairs: Pair[], depth: number): void => {
    for (const pair of pairs.reverse()) pending.push({ pair, depth });
  };
  push(pairsOf(leftChildren.at(-1)!, rightChildren.at(-1)!), 0);
  while (pending.length > 0) {
    const { pair, depth } = pending.pop()!;
    const below = pairsOf(pair.left === undefined ? [] : leftChildren[pair.left]!, pair.right === undefined ? [] : rightChildren[pair.right]!);
    const [service, name] = pair.left === undefined ? textsOf(right, pair.right!) : textsOf(left, pair.left);
    const [leftShare, rightShare] = [shareOf(left, pair.left), shareOf(right, pair.right)];
    compared.push({ depth, service, name, left: leftShare, right: rightShare, selfDifference: (rightShare?.self ?? 0) - (leftShare?.self ?? 0), hasChildren: below.length > 0 });
    push(below, depth + 1);
  }
  return compared;
}

const textsOf = ({ outline, tree }: Side, node: number): [string, string] => [outline.services[tree.service[node]]!, outline.names[tree.name[node]]!];
const keyOf = (side: Side, node: number): string => textsOf(side, node).join("\u0000");

function shareOf({ tree }: Side, node: number | undefined): Share | undefined {
  return node === undefined ? undefined : { node, count: tree.count[node], errors: tree.errors[node], total: tree.total[node], self: tree.self[node] };
}

/** The places where the most time was gained or lost, with what they differ by. */
export const largestDifferences = (compared: readonly ComparedNode[], most: number): ComparedNode[] =>
  compared
    .filter((node) => node.selfDifference !== 0)
    .sort((left, right) => Math.abs(right.selfDifference) - Math.abs(left.selfDifference))
    .slice(0, most);
