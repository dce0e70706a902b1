// Paste what an exporter printed, and be told why and which line to change.

import { useState } from "preact/hooks";
import type { ServerStatus } from "../../api/answers";
import { remedyFor } from "../../ingest/pasted_error";
import { CopyButton } from "../../widgets/copy_button";
import { addressesOf } from "./setup_lines";

export function PastedError({ status }: { status: ServerStatus }) {
  const [text, setText] = useState("");
  const remedy = remedyFor(text, addressesOf(status, location, undefined));
  return (
    <details class="pasted-error">
      <summary>Nothing arrives? Paste the error that your exporter printed</summary>
      <textarea rows={3} value={text} aria-label="The error that your exporter printed" placeholder="Error: connect ECONNREFUSED 127.0.0.1:4318" spellcheck={false} onInput={(event) => setText(event.currentTarget.value)} />
      <div role="status">
        {remedy && <p>{remedy.cause}</p>}
        {!remedy && text.trim() !== "" && <p class="soft">That text is not known here. Whatever reaches a door is told beside, with what to change.</p>}
        {remedy?.line && (
          <p class="remedy-line">
            <code>{remedy.line}</code>
            <CopyButton text={remedy.line} what="the line" />
          </p>
        )}
      </div>
    </details>
  );
}
