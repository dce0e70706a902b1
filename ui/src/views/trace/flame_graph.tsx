// The flame graph: what happened the same way is one box, as wide as it kept anybody busy. A click selects the longest span
// of a box and zooms into it; keys go from box to box.

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { formatCount, formatShare } from "../../base/numbers";
import { formatDuration, nanoseconds } from "../../base/time";
import { change, param, place } from "../../state/location";
import { themeCount } from "../../state/theme";
import { boxAt, layoutFlame, levelsOf, type FlameBox } from "../../trace/flame_layout";
import { inReadingOrder, stepTo, type FlameStep } from "../../trace/flame_steps";
import { rowOfSpan, spanIdText } from "../../trace/outline";
import { useCanvas } from "../../widgets/use_canvas";
import { useKeys } from "../../widgets/use_keys";
import { useWidth } from "../../widgets/use_width";
import { FlameRows } from "./flame_rows";
import { TextFit } from "./text_fit";
import { select, type TraceState } from "./trace_state";
import { useMergedTree, type MergedTrace } from "./use_merged_tree";
import { readWaterfallTheme } from "./waterfall_theme";

const levelHeight = 22;
const narrowestName = 30;
const names = new TextFit();

export function FlameGraph({ state }: { state: TraceState }) {
  const merged = useMergedTree(state);
  return <div class="flame">{merged && <Flames state={state} merged={merged} />}</div>;
}

function Flames({ state, merged: { tree, children } }: { state: TraceState; merged: MergedTrace }) {
  const { outline } = state.trace;
  const { ref: scroll, width } = useWidth();
  place.value; // what it is zoomed into stands in the address, by the longest of its spans
  const focusRow = rowOfSpan(outline, param("focus") ?? "");
  const focus = focusRow === undefined ? undefined : tree.nodeOfRow[focusRow];
  const setFocus = (node: number | undefined): void => change({ focus: node === undefined ? undefined : spanIdText(outline.spanId[tree.longest[node]]) });
  const [hovered, setHovered] = useState<FlameBox | undefined>();
  const boxes = useMemo(() => layoutFlame(tree, children, focus, Math.max(1, width)), [tree, focus, width]);
  const selected = state.selected.value === undefined ? undefined : tree.nodeOfRow[state.selected.value];
  const isSearching = state.searchText.value.trim() !== "";
  const found = state.found.value;
  const lit = useMemo(() => new Set(isSearching ? Array.from(found.rows, (row) => tree.nodeOfRow[row]!) : []), [found, isSearching, tree]);
  const theme = useRef(readWaterfallTheme(state.hues));
  useEffect(() => themeCount.subscribe(() => (theme.current = readWaterfallTheme(state.hues))), []);
  const ordered = useMemo(() => inReadingOrder(boxes), [boxes]);
  const goBy = (step: FlameStep): void => {
    const node = stepTo(tree, ordered, selected, step);
    if (node !== undefined) select(state, tree.longest[node]);
  };
  useKeys(
    () => ({
      title: "Flame graph",
      actions: [
        { keys: ["ArrowDown"], shown: "↓", does: "the widest box inside", act: () => goBy("in") },
        { keys: ["ArrowUp"], shown: "↑", does: "the box it is in", act: () => goBy("out") },
        { keys: ["ArrowRight"], shown: "→", does: "next box of this level", act: () => goBy("right") },
        { keys: ["ArrowLeft"], shown: "←", does: "previous box of this level", act: () => goBy("left") },
        { keys: ["j"], does: "next box", act: () => goBy("next") },
        { keys: ["k"], does: "previous box", act: () => goBy("previous") },
        { keys: ["Enter", "f"], shown: "enter / f", does: "zoom into the box; again: out of it", act: () => selected !== undefined && setFocus(selected === focus ? undefined : selected) },
        { keys: ["0", "Backspace"], shown: "0 / ⌫", does: "the whole trace", act: () => setFocus(undefined) },
      ],
    }),
    [state, tree, ordered, selected, focus],
  );
  const isShown = selected === undefined || width <= 1 || boxes.some(({ node }) => node === selected);
  useEffect(() => {
    // Somebody went to a span that is elsewhere, or whose box is too narrow to be seen.
    if (!isShown) setFocus(selected);
  }, [selected, width > 1]);
  useEffect(() => {
    const level = boxes.find(({ node }) => node === selected)?.level;
    if (level !== undefined) bringLevelIntoSight(scroll.current, level);
  }, [selected, boxes]);
  const whole = children.at(-1)!.reduce((sum, node) => sum + tree.busy[node], 0);

  const { ref } = useCanvas((context) => {
    context.font = `12px ${theme.current.font}`;
    context.textBaseline = "middle";
    for (const { node, level, left, width: wide } of boxes) {
      const top = level * levelHeight;
      const name = outline.names[tree.name[node]]!;
      context.globalAlpha = !isSearching || lit.has(node) ? 1 : 0.28;
      context.fillStyle = theme.current.services[tree.service[node]]!;
      context.fillRect(left, top, Math.max(1, wide - 1), levelHeight - 1);
      if (tree.errors[node]) {
        context.fillStyle = theme.current.error;
        context.fillRect(left, top, Math.min(3, wide), levelHeight - 1);
      }
      if (wide >= narrowestName) {
        context.fillStyle = theme.current.onBar;
        context.fillText(names.cut(context, tree.count[node] > 1 ? `${name} ×${formatCount(tree.count[node])}` : name, wide - 12), left + 6, top + levelHeight / 2);
      }
      if (node === selected || node === hovered?.node) {
        context.globalAlpha = 1;
        context.strokeStyle = theme.current.text;
        context.lineWidth = node === selected ? 2 : 1;
        context.strokeRect(left + 1, top + 1, Math.max(1, wide - 3), levelHeight - 3);
      }
    }
    context.globalAlpha = 1;
  });

  const boxUnder = (event: MouseEvent): FlameBox | undefined => {
    const corner = ref.current!.getBoundingClientRect();
    return boxAt(boxes, Math.floor((event.clientY - corner.top) / levelHeight), event.clientX - corner.left);
  };
  const described = hovered?.node ?? selected ?? focus;
  return (
    <>
      <p class="flame-says">
        {described === undefined ? (
          <span class="faint">As wide as work was done there, whenever it was. Click to select and zoom; arrows go from box to box.</span>
        ) : (
          <>
            <strong>{outline.names[tree.name[described]]}</strong> <span class="faint">{outline.services[tree.service[described]]}</span> {formatDuration(nanoseconds(tree.busy[described]))} ({formatShare(tree.busy[described], whole)}), by itself {formatDuration(nanoseconds(tree.self[described]))}, {formatCount(tree.count[described])} {tree.count[described] === 1 ? "span" : "spans"}
            {tree.errors[described] > 0 && <span class="error-mark"> {formatCount(tree.errors[described])} failed</span>}
          </>
        )}
        <span class="grow" />
        {focus !== undefined && (
          <button class="small" onClick={() => setFocus(undefined)}>
            Whole trace
          </button>
        )}
      </p>
      <div class="flame-scroll" ref={scroll}>
        <canvas
          ref={ref}
          role="img"
          aria-label="Flame graph; the tree beside it reads the same"
          style={{ width: "100%", height: `${levelsOf(boxes) * levelHeight}px` }}
          onPointerMove={(event) => setHovered(boxUnder(event))}
          onPointerLeave={() => setHovered(undefined)}
          onClick={(event) => {
            const hit = boxUnder(event);
            if (!hit) return;
            setFocus(hit.node === focus ? undefined : hit.node);
            select(state, tree.longest[hit.node]);
          }}
        />
      </div>
      <FlameRows outline={outline} tree={tree} boxes={ordered} active={selected} focus={focus} whole={whole} />
    </>
  );
}

function bringLevelIntoSight(scroll: HTMLElement | null, level: number): void {
  if (!scroll) return;
  const top = level * levelHeight;
  if (top < scroll.scrollTop) scroll.scrollTop = top;
  else if (top + levelHeight > scroll.scrollTop + scroll.clientHeight) scroll.scrollTop = top + levelHeight - scroll.clientHeight;
}
