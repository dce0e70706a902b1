// Why an X-Ray segment failed: its exceptions with their stacks, as the document has them.

import { formatCount } from "../../base/numbers";
import { CopyButton } from "../../widgets/copy_button";
import { frameText, type SegmentCause, type SegmentException } from "../../xray/segment_parts";

export function SegmentCauses({ cause }: { cause: SegmentCause }) {
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
        <Exception key={index} exception={exception} workingDirectory={cause.workingDirectory} />
      ))}
    </>
  );
}

function Exception({ exception: { type, message, remote, stack = [], truncated = 0 }, workingDirectory }: { exception: SegmentException; workingDirectory: string | undefined }) {
  const frames = stack.map((frame) => `at ${frameText(frame)}`).join("\n");
  return (
    <section class="exception" aria-label="Exception">
      <header>
        <strong>{type ?? "Exception"}</strong>
        {remote && <span>from the service that was called</span>}
        <span class="grow" />
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
