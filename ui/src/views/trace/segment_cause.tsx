// Why an X-Ray segment failed: its exceptions with their stacks, as the document has them.

import type { SpanEvent } from "../../api/answers";
import { formatCount } from "../../base/numbers";
import { errorHref } from "../../errors/error_address";
import { CopyButton } from "../../widgets/copy_button";
import { frameText, type SegmentCause, type SegmentException } from "../../xray/segment_parts";

/** `events` are the same exceptions as clew has counted them among the errors; none of a trace out of a file. */
export function SegmentCauses({ cause, events }: { cause: SegmentCause; events: readonly SpanEvent[] }) {
  if (cause.reference !== undefined) {
    return (
      <p class="status-message">
        The cause is an exception of another subsegment: <span class="mono">{cause.reference}</span>
      </p>
    );
  }
  return (
    <>
      {cause.exceptions.map((exception, index) => (
        <Exception key={index} exception={exception} workingDirectory={cause.workingDirectory} error={errorOf(exception, events)} />
      ))}
    </>
  );
}

const errorOf = ({ type, message }: SegmentException, events: readonly SpanEvent[]): string | undefined => {
  const says = (event: SpanEvent, key: string, value: string | undefined): boolean => String(event.attributes.find((attribute) => attribute.key === key)?.value ?? "") === (value ?? "");
  const event = events.find((candidate) => says(candidate, "exception.type", type) && says(candidate, "exception.message", message));
  return event && errorHref(event.attributes);
};

interface ExceptionProps {
  exception: SegmentException;
  workingDirectory: string | undefined;
  error: string | undefined;
}

function Exception({ exception: { type, message, remote, stack = [], truncated = 0 }, workingDirectory, error }: ExceptionProps) {
  const frames = stack.map((frame) => `at ${frameText(frame)}`).join("\n");
  return (
    <section class="exception" aria-label="Exception">
      <header>
        <strong>{type ?? "Exception"}</strong>
        {remote && <span>from the service that was called</span>}
        <span class="grow" />
        {error && (
          <a class="small" title="This occurrence, and all others of the same error" href={error}>
            the error
          </a>
        )}
        {frames && <CopyButton text={`${type ?? "Exception"}: ${message ?? ""}\n${frames}`} what="the stack" />}
      </header>
      <p>{message}</p>
      {frames && (
        <details open={stack.length <= 12}>
          <summary>{formatCount(stack.length)} {stack.length === 1 ? "frame" : "frames"}{workingDirectory && `, in ${workingDirectory}`}</summary>
          <pre>{frames}</pre>
          {truncated > 0 && <p>The sender left out {formatCount(truncated)} more.</p>}
        </details>
      )}
    </section>
  );
}
