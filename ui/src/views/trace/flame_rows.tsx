// The flame graph for those who do not see it: its boxes as a tree, kept out of view, of which those around the active one
// are written.

import { formatCount, formatShare } from "../../base/numbers";
import { formatDuration, nanoseconds } from "../../base/time";
import type { FlameBox } from "../../trace/flame_layout";
import type { MergedTree } from "../../trace/merged_tree";
import type { TraceOutline } from "../../trace/outline";

/** On either side of the active one. */
const written = 30;

export interface FlameRowsProps {
  outline: TraceOutline;
  tree: MergedTree;
  /** In reading order. */
  boxes: readonly FlameBox[];
  active: number | undefined;
  /** Which box fills the width. */
  focus: number | undefined;
  whole: number;
}

export function FlameRows({ outline, tree, boxes, active, focus, whole }: FlameRowsProps) {
  const at = Math.max(0, boxes.findIndex(({ node }) => node === active));
  const first = Math.max(0, at - written);
  const near = boxes.slice(first, at + written + 1);
  const isActiveNear = near.some(({ node }) => node === active);
  return (
    <div class="for-screen-readers" role="treegrid" tabIndex={0} aria-label="Flame graph" aria-rowcount={boxes.length} aria-activedescendant={isActiveNear ? `flame-box-${active}` : undefined}>
      {near.map(({ node, level }, offset) => (
        <div key={node} role="row" id={`flame-box-${node}`} aria-level={level + 1} aria-rowindex={first + offset + 1} aria-selected={node === active} aria-current={node === focus}>
          <span role="gridcell">{describeBox(outline, tree, node, whole)}</span>
        </div>
      ))}
    </div>
  );
}

/** "payment charge card, 100 ms, 45.5 % of the trace, by itself 100 ms, 3 spans, 1 failed" */
export function describeBox(outline: TraceOutline, tree: MergedTree, node: number, whole: number): string {
  return [
    `${outline.services[tree.service[node]]} ${outline.names[tree.name[node]]}`,
    formatDuration(nanoseconds(tree.busy[node])),
    `${formatShare(tree.busy[node], whole)} of the trace`,
    `by itself ${formatDuration(nanoseconds(tree.self[node]))}`,
    tree.count[node] > 1 ? `${formatCount(tree.count[node])} spans` : "",
    tree.errors[node] > 0 ? `${formatCount(tree.errors[node])} failed` : "",
  ]
    .filter(Boolean)
    .join(", ");
}
