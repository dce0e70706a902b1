// Everything about the selected span, at the right of the waterfall.

import type { Signal } from "@preact/signals";
import { Fragment } from "preact";
import { useState } from "preact/hooks";
import type { Span } from "../../api/answers";
import { attributeMatches } from "../../api/values";
import { formatShare } from "../../base/numbers";
import { describeMoment, formatDuration, formatMoment, moment, nanoseconds } from "../../base/time";
import { hrefOf } from "../../state/location";
import { timeOnPath } from "../../trace/critical_path";
import type { CutKind } from "../../trace/cuts";
import { isProvisional, spanIdText, spanKinds } from "../../trace/outline";
import { AttributeTable } from "../../widgets/attribute_table";
import { Icon } from "../../widgets/icon";
import { Problem } from "../../widgets/notice";
import { ServiceTag } from "../../widgets/service_tag";
import { copyText } from "../../widgets/toast";
import { segmentParts } from "../../xray/segment_parts";
import { cut } from "./cutting";
import { PaneSection } from "./pane_section";
import { SegmentCauses } from "./segment_cause";
import { metadataMatches, SegmentMetadata } from "./segment_metadata";
import { EventList, ExceptionList, isException } from "./span_events";
import { SpanKin } from "./span_kin";
import { LinkList, LinksFromOthers } from "./span_links";
import { SpanLogs } from "./span_logs";
import { select, type TraceState } from "./trace_state";
import { useSpan } from "./use_span";
import type { WindowMotion } from "./window_motion";

export function SpanPane({ state, motion, width }: { state: TraceState; motion: WindowMotion; width: Signal<number> }) {
  const row = state.selected.value;
  if (row === undefined) return null;
  return (
    <aside class="span-pane" aria-label="Span" tabIndex={-1} style={{ width: `${width.value}px` }}>
      <PaneEdge width={width} />
      {isProvisional(state.trace.outline, row) ? <ProvisionalSpan state={state} /> : <ReceivedSpan key={row} state={state} motion={motion} row={row} />}
    </aside>
  );
}

function PaneEdge({ width }: { width: Signal<number> }) {
  const drag = (event: PointerEvent): void => {
    const edge = event.currentTarget as HTMLElement;
    const start = event.clientX + width.value;
    edge.setPointerCapture(event.pointerId);
    const move = (next: PointerEvent): void => {
      width.value = Math.max(300, Math.min(window.innerWidth * 0.7, start - next.clientX));
    };
    const up = (): void => {
      edge.removeEventListener("pointermove", move);
      edge.removeEventListener("pointerup", up);
      localStorage.setItem("clew.trace.paneWidth", String(Math.round(width.value)));
    };
    edge.addEventListener("pointermove", move);
    edge.addEventListener("pointerup", up);
  };
  return <div class="pane-edge" onPointerDown={drag} />;
}

function ProvisionalSpan({ state }: { state: TraceState }) {
  return (
    <>
      <PaneHead title="Parent not received" state={state} />
      <p class="pane-note">
        The spans below this line name a parent that clew has not received. Its own service may not be instrumented, may have left it out
        by sampling, may still be running, or may send to another place. As soon as it arrives it takes its place here.
      </p>
    </>
  );
}

function PaneHead({ title, state }: { title: string; state: TraceState }) {
  return (
    <header class="pane-head">
      <h2 title={title}>{title}</h2>
      <button class="small plain" aria-label="Close the span" title="Close (esc)" onClick={() => select(state, undefined)}>
        <Icon name="close" size={14} />
      </button>
    </header>
  );
}

function ReceivedSpan({ state, motion, row }: { state: TraceState; motion: WindowMotion; row: number }) {
  const { outline } = state.trace;
  const spanId = spanIdText(outline.spanId[row]);
  const { span, failure } = useSpan(state, spanId);
  return (
    <>
      <PaneHead title={outline.names[outline.name[row]]!} state={state} />
      <p class="pane-service">
        <ServiceTag name={outline.services[outline.service[row]]!} />
        <span class="faint">{spanKinds[outline.kind[row]] !== "unspecified" && spanKinds[outline.kind[row]]}</span>
        <SpanStatus state={state} row={row} span={span} />
        <span class="grow" />
        {!state.source.file && (
          <button class="small plain" title="Copy a link to this span alone" onClick={() => void copyText(new URL(hrefOf(`/t/${outline.traceId}`, { span: spanId }), location.href).href, "link to the span")}>
            <Icon name="link" size={13} /> Link
          </button>
        )}
      </p>
      {state.tab.value === "waterfall" && <SpanCuts state={state} motion={motion} row={row} />}
      <Measures state={state} row={row} />
      {!state.source.file && <SpanKin state={state} row={row} />}
      {failure && <Problem failure={failure} />}
      {span && <SpanDetails state={state} span={span} />}
    </>
  );
}

function SpanStatus({ state, row, span }: { state: TraceState; row: number; span: Span | undefined }) {
  if (state.trace.outline.flags[row]! & 1) {
    return (
      <span class="chip error">
        <Icon name="error" size={12} /> Error
      </span>
    );
  }
  return span?.status.code === "ok" ? <span class="chip">Ok</span> : null;
}

/** What the waterfall can be freed of, seen from this span. */
function SpanCuts({ state, motion, row }: { state: TraceState; motion: WindowMotion; row: number }) {
  const choices: [CutKind, string, string][] = [
    ["only", "Only this", "Only this span and what is below it (o)"],
    ["hide", "Hide", "Hide this span and what is below it (h)"],
    ["alike", "Hide all alike", "Hide every span of this service and name (H)"],
  ];
  return (
    <p class="span-cuts" role="group" aria-label="In the waterfall">
      {choices.map(([kind, text, title]) => (
        <button key={kind} class="small plain" title={title} onClick={() => cut(state, motion, kind, row)}>
          {text}
        </button>
      ))}
    </p>
  );
}

function Measures({ state, row }: { state: TraceState; row: number }) {
  const { outline, layout, path } = state.trace;
  const duration = outline.duration[row]!;
  const onPath = timeOnPath(path, row);
  const measures: [string, string, string][] = [
    ["Duration", formatDuration(nanoseconds(duration)), `${formatShare(duration, layout.extent)} of trace`],
    ["By itself", formatDuration(nanoseconds(layout.selfTime[row]!)), `${formatShare(layout.selfTime[row]!, duration)} of span`],
    ["Starts at", formatDuration(nanoseconds(outline.start[row]!)), "after the trace"],
    ["Critical path", onPath > 0 ? formatDuration(nanoseconds(onPath)) : "–", onPath > 0 ? `${formatShare(onPath, layout.extent)} of trace` : "not on it"],
  ];
  return (
    <dl class="measures">
      {measures.map(([name, value, remark]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
          <dd class="faint">{remark}</dd>
        </div>
      ))}
    </dl>
  );
}

function SpanDetails({ state, span }: { state: TraceState; span: Span }) {
  const [search, setSearch] = useState("");
  const exceptions = span.events.filter(isException);
  const events = span.events.filter((event) => !isException(event));
  const scope = span.instrumentation_scope;
  const segment = segmentParts(span.attributes);
  const metadata = (segment?.metadata ?? []).filter((entry) => !search || metadataMatches(entry, search));
  // Where it stands in the document's order of interest: after what the application said of itself, before X-Ray's own.
  const metadataSection = metadata.length > 0 && (
    <PaneSection title="Metadata" count={metadata.length} isOpen>
      <SegmentMetadata entries={metadata} isSearched={search !== ""} />
    </PaneSection>
  );
  const sections = [
    ...(segment ? [...segment.blocks, { title: "Attributes", attributes: segment.rest }] : [{ title: "Attributes", attributes: span.attributes }]),
    { title: "Resource", attributes: span.resource.attributes },
    { title: "Instrumentation", attributes: [...scopeAttributes(scope.name, scope.version), ...scope.attributes] },
  ];
  return (
    <>
      {span.status.message && !segment?.cause?.exceptions.some(({ message }) => message === span.status.message) && <p class="status-message">{span.status.message}</p>}
      {segment?.cause ? <SegmentCauses cause={segment.cause} events={state.source.file ? [] : exceptions} /> : <ExceptionList exceptions={exceptions} isStored={!state.source.file} />}
      <div class="pane-search">
        <Icon name="search" size={13} />
        <input type="search" placeholder="Find in attributes" aria-label="Find in attributes" value={search} onInput={(event) => setSearch(event.currentTarget.value)} />
      </div>
      {sections.map(({ title, attributes }, index) => {
        const found = search ? attributes.filter((attribute) => attributeMatches(attribute, search)).length : attributes.length;
        if (attributes.length === 0 && index > 0) return null;
        return (
          <Fragment key={title}>
            {title === "Segment" && metadataSection}
            <PaneSection title={title} count={found} isOpen={index === 0 || search !== "" || segment?.blocks.some((block) => block.title === title) === true}>
              {attributes.length === 0 ? <p class="pane-note">The sender gave this span no attributes.</p> : <AttributeTable attributes={attributes} search={search} path="/traces" />}
            </PaneSection>
          </Fragment>
        );
      })}
      {events.length > 0 && (
        <PaneSection title="Events" count={events.length} isOpen>
          <EventList events={events} />
        </PaneSection>
      )}
      {span.links.length > 0 && (
        <PaneSection title="Links" count={span.links.length} isOpen>
          <LinkList links={span.links} />
        </PaneSection>
      )}
      {!state.source.file && <LinksFromOthers state={state} spanId={span.span_id} />}
      {span.logs.length > 0 && (
        <PaneSection title="Logs" count={span.logs.length} isOpen>
          <SpanLogs logs={span.logs} isStored={!state.source.file} />
        </PaneSection>
      )}
      <PaneSection title="Raw" isOpen={false}>
        <RawFields span={span} />
      </PaneSection>
    </>
  );
}

const scopeAttributes = (name: string | null, version: string | null) =>
  [
    { key: "library.name", type: "string" as const, value: name },
    { key: "library.version", type: "string" as const, value: version },
  ].filter((attribute) => attribute.value !== null);

function RawFields({ span }: { span: Span }) {
  const fields: [string, string, string?][] = [
    ["Trace id", span.trace_id],
    ["Span id", span.span_id],
    ["Parent id", span.parent_id ?? "none: this is a root"],
    ["Start", formatMoment(moment(span.start_ns)), describeMoment(moment(span.start_ns))],
    ["End", formatMoment(moment(span.end_ns)), describeMoment(moment(span.end_ns))],
    ["Start, ns", span.start_ns],
    ["Duration, ns", String(span.duration_ns)],
    ["Trace state", span.trace_state ?? ""],
    ["Flags", String(span.flags)],
    ["Stands for", span.sample_rate === 1 ? "" : `${span.sample_rate} spans`],
    ["Left out by the sender", leftOut(span)],
  ];
  return (
    <dl class="attributes">
      {fields
        .filter(([, value]) => value !== "")
        .map(([name, value, title]) => (
          <div class="attribute" key={name}>
            <dt>{name}</dt>
            <dd class="mono" title={title ?? "Click to copy"} onClick={() => void copyText(value, name.toLowerCase())}>
              {value}
            </dd>
          </div>
        ))}
    </dl>
  );
}

const leftOut = ({ dropped }: Span): string =>
  Object.entries(dropped)
    .filter(([, count]) => count > 0)
    .map(([what, count]) => `${count} ${what}`)
    .join(", ");
