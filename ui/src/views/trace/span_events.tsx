// Events of a span; exceptions stand apart, with their stack.

import { useState } from "preact/hooks";
import type { Attribute, SpanEvent } from "../../api/answers";
import { textOfValue } from "../../api/values";
import { describeMoment, formatDuration, moment, nanoseconds } from "../../base/time";
import { errorHref } from "../../errors/error_address";
import { AttributeTable } from "../../widgets/attribute_table";
import { CopyButton } from "../../widgets/copy_button";

export const isException = (event: SpanEvent): boolean =>
  event.name === "exception" || event.attributes.some((attribute) => attribute.key === "exception.type");

const valueOf = (attributes: readonly Attribute[], key: string): string => {
  const attribute = attributes.find((candidate) => candidate.key === key);
  return attribute ? textOfValue(attribute.value, attribute.type) : "";
};

/** What the page shows otherwise, and what only the list of errors reads. */
const shownApart = ["exception.type", "exception.message", "exception.stacktrace", "error.group", "error.occurrence"];

export function ExceptionList({ exceptions, isStored }: { exceptions: readonly SpanEvent[]; isStored: boolean }) {
  return (
    <>
      {exceptions.map((event, index) => (
        <Exception key={index} event={event} isStored={isStored} />
      ))}
    </>
  );
}

function Exception({ event, isStored }: { event: SpanEvent; isStored: boolean }) {
  const [isWhole, setWhole] = useState(false);
  const error = isStored ? errorHref(event.attributes) : undefined;
  const stack = valueOf(event.attributes, "exception.stacktrace");
  const lines = stack.split("\n");
  const rest = event.attributes.filter((attribute) => !shownApart.includes(attribute.key));
  return (
    <section class="exception" aria-label="Exception">
      <header>
        <strong>{valueOf(event.attributes, "exception.type") || "Exception"}</strong>
        <span title={describeMoment(moment(event.time_ns))}>
          at {formatDuration(nanoseconds(event.offset_ns))}
        </span>
        <span class="grow" />
        {error && (
          <a class="small" title="This occurrence, and all others of the same error" href={error}>
            the error
          </a>
        )}
        {stack && <CopyButton text={stack} what="the stack" />}
      </header>
      <p>{valueOf(event.attributes, "exception.message")}</p>
      {stack && <pre>{isWhole ? stack : lines.slice(0, 8).join("\n")}</pre>}
      {lines.length > 8 && (
        <button class="small plain" onClick={() => setWhole(!isWhole)}>
          {isWhole ? "less" : `${lines.length - 8} more lines`}
        </button>
      )}
      {rest.length > 0 && <AttributeTable attributes={rest} search="" path="/traces" />}
    </section>
  );
}

export function EventList({ events }: { events: readonly SpanEvent[] }) {
  return (
    <ol class="events">
      {events.map((event, index) => (
        <li key={index}>
          <header>
            <span class="event-time mono" title={describeMoment(moment(event.time_ns))}>
              {event.offset_ns < 0 ? "" : "+"}
              {formatDuration(nanoseconds(event.offset_ns))}
            </span>
            <strong>{event.name ?? "(no name)"}</strong>
          </header>
          <AttributeTable attributes={event.attributes} search="" path="/traces" />
        </li>
      ))}
    </ol>
  );
}
