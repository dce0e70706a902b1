// Links of a span to others, in this trace or another, and of others to it; both ids are spelled out.

import type { SpanLink } from "../../api/answers";
import { before, days } from "../../base/time";
import { isEqual } from "../../query/short_form_text";
import { hrefOf } from "../../state/location";
import { useQuestion } from "../../state/question";
import { AttributeTable } from "../../widgets/attribute_table";
import { Icon } from "../../widgets/icon";
import { ServiceTag } from "../../widgets/service_tag";
import { PaneSection } from "./pane_section";
import type { TraceState } from "./trace_state";

export function LinkList({ links }: { links: readonly SpanLink[] }) {
  return (
    <ol class="links">
      {links.map((link, index) => (
        <li key={index}>
          {link.trace_id ? (
            <LinkTo traceId={link.trace_id} spanId={link.span_id} />
          ) : (
            <span class="faint">The sender named no trace</span>
          )}
          <AttributeTable attributes={link.attributes} search="" path="/traces" />
        </li>
      ))}
    </ol>
  );
}

function LinkTo({ traceId, spanId }: { traceId: string; spanId: string | null }) {
  return (
    <a href={hrefOf(`/t/${traceId}`, { span: spanId ?? undefined })}>
      <Icon name="link" size={14} />
      <span class="mono">
        <span>trace {traceId}</span>
        {spanId && <span>span {spanId}</span>}
      </span>
    </a>
  );
}

const lookedThrough = days(7);
const mostLinks = 50;

/** Spans that name this one in a link: those that came after it, so everything from a day before it until now. */
export function LinksFromOthers({ state, spanId }: { state: TraceState; spanId: string }) {
  const { outline } = state.trace;
  const condition = `${isEqual("trace.link.trace_id", outline.traceId, "string")} AND ${isEqual("trace.link.span_id", spanId, "string")}`;
  const { answer } = useQuestion({ query: `ROWS trace.trace_id, trace.parent_id, parent_name, service.name WHERE ${condition} LIMIT ${mostLinks}`, from: String(before(outline.origin, lookedThrough)), to: "now" }, 0);
  if (!answer || answer.rows.length === 0) return null;
  return (
    <PaneSection title="Linked from" count={answer.total_rows} isOpen>
      <ol class="links">
        {answer.rows.map(([trace, span, name, service], index) => (
          <li key={index}>
            <p>
              {service && <ServiceTag name={String(service)} />} {name}
            </p>
            <LinkTo traceId={String(trace)} spanId={span === null ? null : String(span)} />
          </li>
        ))}
      </ol>
    </PaneSection>
  );
}
