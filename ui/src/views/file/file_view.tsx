// A trace or an incident out of a file. Nothing of it is stored or sent.

import { useEffect, useState } from "preact/hooks";
import { formatCount } from "../../base/numbers";
import { change, param } from "../../state/location";
import { openedFile, openFile } from "../../state/opened_file";
import { Empty } from "../../widgets/notice";
import { LoadedTraceView } from "../trace/loaded_trace_view";
import { TraceLoader } from "../trace/trace_loader";
import { traceOfFile } from "../trace/trace_source";
import { makeTraceState, type TraceState } from "../trace/trace_state";
import { IncidentNotes } from "./incident_notes";

export function FileView() {
  const file = openedFile.value;
  const [state, setState] = useState<TraceState | undefined>();
  const [trouble, setTrouble] = useState<string | undefined>();
  const traceId = param("trace");
  useEffect(() => {
    setState(undefined);
    setTrouble(undefined);
    if (!file) return;
    const loader = new TraceLoader();
    loader.ask("open", { text: file.text, ...(traceId ? { traceId } : {}) }).then(
      (opened) => setState(makeTraceState(opened.trace, traceOfFile(loader, file.name, opened))),
      (problem: unknown) => setTrouble(problem instanceof Error ? problem.message : String(problem)),
    );
    return () => loader.end();
  }, [file, traceId]);
  if (!file) return <NoFile title="Open a trace from a file" />;
  if (trouble) return <NoFile title={`${file.name} cannot be opened`} why={trouble} />;
  if (!state) return <p class="for-screen-readers">Reading the file</p>;
  const { traces, bundle } = state.source.file!;
  return (
    <div class="file-view">
      <p class="file-says">
        <span class="chip">file</span> <strong class="clip">{file.name}</strong> <span class="faint">is shown from this tab and stored nowhere</span>
        {traces.length > 1 && (
          <label>
            <span class="faint">one of {formatCount(traces.length)} traces</span>{" "}
            <select value={state.trace.outline.traceId} onChange={(event) => change({ trace: event.currentTarget.value, span: undefined, w: undefined })}>
              {traces.slice(0, 1000).map((trace) => (
                <option key={trace.traceId} value={trace.traceId}>
                  {trace.traceId.slice(0, 16)}… {formatCount(trace.spans)} spans
                </option>
              ))}
            </select>
          </label>
        )}
      </p>
      {bundle && <IncidentNotes bundle={bundle} />}
      <LoadedTraceView key={`${file.name} ${state.trace.outline.traceId}`} state={state} />
    </div>
  );
}

function NoFile({ title, why }: { title: string; why?: string }) {
  return (
    <div class="view-page">
      <h1 class="for-screen-readers">File</h1>
      <Empty title={title}>
      {why && <p>{why}</p>}
      <p>Drop a file on the page: a trace as OTLP JSON (also one document a line) or as Jaeger's JSON, or an incident written by any clew.</p>
      <div class="actions">
        <label class="button primary">
          Choose a file
          <input
            class="for-screen-readers"
            type="file"
            accept=".json,.jsonl,.ndjson,application/json"
            onChange={(event) => {
              const file = event.currentTarget.files?.[0];
              if (file) void openFile(file);
            }}
          />
        </label>
      </div>
      </Empty>
    </div>
  );
}
