// A stack: the application's own frames open, with source and locals; those of libraries folded.

import { useState } from "preact/hooks";
import { foldStack, placeOf, stackText, type StackFrame } from "../../errors/stack";
import { CopyButton } from "../../widgets/copy_button";

export function StackView({ type, message, frames }: { type: string; message: string; frames: readonly StackFrame[] }) {
  return (
    <section class="stack" aria-label="Stack">
      <header>
        <h2>Stack</h2>
        <span class="faint">the innermost call first</span>
        <span class="grow" />
        <CopyButton text={stackText(type, message, frames)} what="the stack" />
      </header>
      <ol>
        {foldStack(frames).map((part, index) => (part.kind === "own" ? <Frame key={index} frame={part.frame} isFirst={index === 0} /> : <LibraryFrames key={index} frames={part.frames} />))}
      </ol>
    </section>
  );
}

function LibraryFrames({ frames }: { frames: readonly StackFrame[] }) {
  const [isOpen, setOpen] = useState(false);
  if (isOpen) {
    return (
      <>
        {frames.map((frame, index) => (
          <Frame key={index} frame={frame} isFirst={false} />
        ))}
      </>
    );
  }
  return (
    <li>
      <button class="small plain" onClick={() => setOpen(true)}>
        +{frames.length} {frames.length === 1 ? "frame" : "frames"} of libraries
      </button>
    </li>
  );
}

function Frame({ frame, isFirst }: { frame: StackFrame; isFirst: boolean }) {
  const { before = [], after = [], code, locals, line } = frame;
  return (
    <li class={frame.in_app ? "is-own" : ""}>
      <p class="frame-place">
        <strong class="mono">{frame.method || "?"}</strong> <span class="mono faint">{placeOf(frame)}</span>
        {frame.minified && (
          <span class="chip" title={`In the minified script: ${frame.minified.method ?? "?"} (${frame.minified.file ?? "?"}:${frame.minified.line ?? 0}:${frame.minified.column ?? 0})`}>
            source map
          </span>
        )}
      </p>
      {code && (
        <pre class="frame-source" tabIndex={0}>
          {before.map((text, index) => `${String(line - before.length + index).padStart(5)}  ${text}\n`).join("")}
          <mark>{`${String(line).padStart(5)}  ${code}`}</mark>
          {after.map((text, index) => `\n${String(line + index + 1).padStart(5)}  ${text}`).join("")}
        </pre>
      )}
      {locals && (
        <details open={isFirst}>
          <summary>
            Locals <span class="faint">{locals.length}</span>
          </summary>
          <dl class="attributes">
            {locals.map(([name, value]) => (
              <div class="attribute" key={name}>
                <dt>{name}</dt>
                <dd class="mono">{value}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </li>
  );
}
