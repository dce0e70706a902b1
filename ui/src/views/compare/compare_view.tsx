// Two traces against each other: where time was gained and lost, and the tree of both.

import { useEffect, useState } from "preact/hooks";
import type { TypicalTrace } from "../../api/answers";
import { ApiFailure, apiUrl, failureOf, get } from "../../api/client";
import { parseReference } from "../../base/ids";
import { formatCount } from "../../base/numbers";
import { formatAgo, formatDuration, nanoseconds, now } from "../../base/time";
import { change, go, hrefOf, place } from "../../state/location";
import { useComeback } from "../../state/use_comeback";
import { compareTrees, largestDifferences, type ComparedNode, type Share, type Side } from "../../trace/compare";
import { isProvisional, spanIdText } from "../../trace/outline";
import type { LoadedTrace } from "../../trace/worker_messages";
import { useListKeys } from "../../widgets/list_keys";
import { Empty, Problem } from "../../widgets/notice";
import { ServiceTag } from "../../widgets/service_tag";
import { useKeys } from "../../widgets/use_keys";
import { VirtualList } from "../../widgets/virtual_list";
import { TraceLoader } from "../trace/trace_loader";
import { typical } from "./compare_address";

const rowHeight = 32;
const mostDifferences = 5;

interface LoadedSide extends Side {
  trace: LoadedTrace;
  traceId: string;
}

async function loadSide(traceId: string): Promise<LoadedSide> {
  const loader = new TraceLoader();
  try {
    const trace = await loader.load(traceId);
    return { trace, traceId, outline: trace.outline, tree: await loader.ask("merge", {}) };
  } finally {
    loader.end();
  }
}

interface Loaded {
  left: LoadedSide;
  right: LoadedSide;
  /** How many the typical one was chosen from. */
  considered?: number;
}

async function loadBoth(a: string, b: string): Promise<Loaded> {
  const idOf = (text: string): string => {
    const parsed = parseReference(text);
    if (!parsed) throw new ApiFailure(`"${text}" is not the id of a trace`, "bad_input");
    return parsed.traceId;
  };
  const right = loadSide(idOf(b));
  if (a !== typical) return { left: await loadSide(idOf(a)), right: await right };
  const chosen = await get<TypicalTrace>(apiUrl(`traces/${idOf(b)}/typical`));
  return { left: await loadSide(chosen.typical.trace_id), right: await right, considered: chosen.considered };
}

export function CompareView() {
  const { a = "", b = "" } = place.value.params;
  const [loaded, setLoaded] = useState<Loaded | undefined>();
  const [failure, setFailure] = useState<ApiFailure | undefined>();
  const comeback = useComeback(failure);
  useEffect(() => {
    let isWanted = true;
    setLoaded(undefined);
    setFailure(undefined);
    if (!a || !b) return;
    loadBoth(a, b).then(
      (both) => isWanted && setLoaded(both),
      (problem: unknown) => isWanted && setFailure(failureOf(problem)),
    );
    return () => {
      isWanted = false;
    };
  }, [a, b, comeback]);
  if (!a || !b) return <ChooseTwo />;
  if (failure?.kind === "not_found") return <NothingToCompare failure={failure} trace={b} />;
  if (failure) return <Problem failure={failure} />;
  return loaded ? <Comparison {...loaded} /> : <p class="for-screen-readers">Loading both traces</p>;
}

function ChooseTwo() {
  return (
    <Empty title="Two traces are needed">
      <p>Open a trace and press t to compare it with a typical one of its kind, or mark two in the list with x.</p>
      <div class="actions">
        <a href="/traces">Recent traces</a>
      </div>
    </Empty>
  );
}

function NothingToCompare({ failure, trace }: { failure: ApiFailure; trace: string }) {
  return (
    <Empty title="There is nothing to compare with">
      <p>{failure.message}.</p>
      <div class="actions">
        <a href={`/t/${trace}`}>Back to the trace</a>
        <a href="/traces">Recent traces: x marks two</a>
      </div>
    </Empty>
  );
}

function Comparison({ left, right, considered }: Loaded) {
  const [compared] = useState(() => compareTrees(left, right));
  const differences = largestDifferences(compared, mostDifferences);
  const most = Math.max(1, ...compared.map((node) => Math.abs(node.selfDifference)));
  const { params } = place.value;
  const openIn = (node: ComparedNode): void => {
    const side = node.right ? right : left;
    go(traceHref(side, (node.right ?? node.left)!));
  };
  const current = useListKeys("Comparison", compared.length, (index) => openIn(compared[index]!));
  const swap = (): void => change({ a: right.traceId, b: left.traceId });
  useKeys(() => ({ title: "Two traces", actions: [{ keys: ["s"], does: "swap them", act: swap }] }), [params.a, params.b]);
  useEffect(() => {
    document.title = "Comparison – clew";
  }, []);
  const took = right.trace.layout.extent - left.trace.layout.extent;
  return (
    <div class="view-page compare">
      <div class="view-head">
        <h1>Comparison</h1>
        <span class="soft" role="status">
          {took === 0 ? "both took the same time" : `the right one took ${formatDuration(nanoseconds(Math.abs(took)))} ${took > 0 ? "longer" : "less"}`}
        </span>
        <span class="grow" />
        <button class="small" onClick={swap} title="Swap left and right (s)">
          Swap
        </button>
      </div>
      <div class="compare-sides">
        <SideHead side={left} title={considered ? `Typical: the middle of ${formatCount(considered)} of its kind` : "Left"} />
        <SideHead side={right} title={considered ? "This trace" : "Right"} />
      </div>
      {differences.length > 0 && (
        <ol class="compare-findings" aria-label="Where most time was gained or lost">
          {differences.map((node, index) => (
            <li key={index}>
              <strong class={node.selfDifference > 0 ? "is-more" : "is-less"}>{signed(node.selfDifference)}</strong> <span>{node.name}</span> <ServiceTag name={node.service} />
              <span class="faint">{sentenceOf(node)}</span>
            </li>
          ))}
        </ol>
      )}
      <div class="compare-scroll">
        <div class="table-head compare-columns" aria-hidden="true">
          <span>Span</span>
          <span class="number">Left</span>
          <span class="number">Right</span>
          <span>By itself: right against left</span>
        </div>
        <VirtualList
          label="Both traces as one tree"
          count={compared.length}
          rowHeight={rowHeight}
          current={current}
          row={(index) => <ComparedRow key={index} node={compared[index]!} most={most} left={left} right={right} isCurrent={index === current} />}
        />
      </div>
    </div>
  );
}

function sentenceOf({ left, right }: ComparedNode): string {
  if (!left) return `only at the right, ${times(right!.count)}`;
  if (!right) return `only at the left, ${times(left.count)}`;
  return left.count === right.count ? times(left.count) : `${formatCount(left.count)} × → ${formatCount(right.count)} ×`;
}

const times = (count: number): string => (count === 1 ? "once" : `${formatCount(count)} times`);
const signed = (difference: number): string => (difference === 0 ? "=" : `${difference > 0 ? "+" : "−"}${formatDuration(nanoseconds(Math.abs(difference)))}`);

const traceHref = (side: LoadedSide, share: Share): string => hrefOf(`/t/${side.traceId}`, { span: spanIdText(side.outline.spanId[side.tree.longest[share.node]]) });

function SideHead({ side, title }: { side: LoadedSide; title: string }) {
  const { outline, layout } = side.trace;
  const root = layout.roots.find((row) => !isProvisional(outline, row)) ?? layout.roots[0]!;
  return (
    <section class="compare-side" aria-label={title}>
      <span class="faint">{title}</span>
      <a href={`/t/${side.traceId}`} class="compare-name">
        <ServiceTag name={outline.services[outline.service[root]]!} /> <strong class="clip">{outline.names[outline.name[root]]}</strong>
      </a>
      <span>
        {formatDuration(nanoseconds(layout.extent))}, {formatCount(outline.rows)} spans
        {layout.errors > 0 && <span class="error-mark">, {formatCount(layout.errors)} failed</span>} <span class="faint">{formatAgo(outline.origin, now())}</span>
      </span>
    </section>
  );
}

function ComparedRow({ node, most, left, right, isCurrent }: { node: ComparedNode; most: number; left: LoadedSide; right: LoadedSide; isCurrent: boolean }) {
  const kind = !node.left ? " is-added" : !node.right ? " is-gone" : "";
  const width = (Math.abs(node.selfDifference) / most) * 50;
  return (
    <div class={`table-row compare-columns${kind}${isCurrent ? " is-current" : ""}`} role="listitem">
      <span class="clip" style={{ paddingLeft: `${Math.min(node.depth, 24) * 14}px` }}>
        <span class="compare-mark">{!node.left ? "+" : !node.right ? "−" : ""}</span>
        {node.name} <ServiceTag name={node.service} />
      </span>
      <ShareCell side={left} share={node.left} />
      <ShareCell side={right} share={node.right} />
      <span class="self-difference">
        <span class="difference-text">{signed(node.selfDifference)}</span>
        <span class="difference-scale" aria-hidden="true">
          <span class={`difference-bar${node.selfDifference > 0 ? " is-more" : ""}`} style={{ width: `${width}%`, left: node.selfDifference > 0 ? "50%" : `${50 - width}%` }} />
        </span>
      </span>
    </div>
  );
}

function ShareCell({ side, share }: { side: LoadedSide; share: Share | undefined }) {
  if (!share) return <span class="number faint">–</span>;
  return (
    <span class="number">
      <a href={traceHref(side, share)}>
        {share.count > 1 && <span class="faint">{formatCount(share.count)} × </span>}
        {formatDuration(nanoseconds(share.total))}
        {share.errors > 0 && <span class="error-mark">, {formatCount(share.errors)} failed</span>}
      </a>
    </span>
  );
}
