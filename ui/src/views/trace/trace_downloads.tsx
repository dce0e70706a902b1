// What can be taken away of a trace, stored or out of a file: OTLP, Jaeger's JSON, and an incident with its surroundings.

import { useState } from "preact/hooks";
import type { Logs } from "../../api/answers";
import { apiUrl, apiUrlWithKey, get } from "../../api/client";
import { after, before, minutes, nanoseconds, now } from "../../base/time";
import { rememberedQuestions } from "../../state/history";
import { hrefOf, place } from "../../state/location";
import { bundleFileName, type Bundle } from "../../trace/file/bundle";
import { writeJaeger } from "../../trace/file/jaeger_file";
import { Icon } from "../../widgets/icon";
import { DropPanel } from "../../widgets/drop_panel";
import { saveFile } from "../../widgets/save_file";
import { toast } from "../../widgets/toast";
import type { TraceState } from "./trace_state";

const around = minutes(1);
const mostLogs = 1000;

export function TraceDownloads({ state }: { state: TraceState }) {
  const { source } = state;
  const { traceId } = state.trace.outline;
  const otlpName = `trace-${traceId}.json`;
  const saveAsOtlp = async (): Promise<void> => saveFile(otlpName, JSON.stringify(await source.otlp()));
  const saveAsJaeger = async (): Promise<void> => saveFile(`trace-${traceId}.jaeger.json`, JSON.stringify(writeJaeger(await source.spans()), null, 1));
  return (
    <DropPanel
      label={
        <>
          <Icon name="download" size={14} /> Download
        </>
      }
      title="Take this trace away as a file"
    >
      {source.file ? (
        <button class="plain" onClick={() => void saveAsOtlp().catch(tell)}>
          OTLP JSON
        </button>
      ) : (
        <a href={apiUrlWithKey(`traces/${traceId}/otlp`)} download={otlpName}>
          OTLP JSON
        </a>
      )}
      <button class="plain" onClick={() => void saveAsJaeger().catch(tell)}>
        Jaeger JSON
      </button>
      <IncidentForm state={state} />
    </DropPanel>
  );
}

const tell = (problem: unknown): void => toast(problem instanceof Error ? problem.message : String(problem));

type Surroundings = Pick<Bundle, "logs" | "logs_total" | "place"> & Pick<Partial<Bundle>, "query">;

/** What the server knows of the time around a trace; of one from a file what the file knows. */
async function surroundingsOf({ trace: { outline, layout }, source: { file } }: TraceState): Promise<Surroundings> {
  if (file) {
    const { bundle } = file;
    return { logs: file.logs, logs_total: bundle?.logs_total ?? file.logs.length, place: bundle?.place ?? "/file", ...(bundle?.query ? { query: bundle.query } : {}) };
  }
  const from = String(before(outline.origin, around));
  const to = String(after(after(outline.origin, nanoseconds(layout.extent)), around));
  const { logs, total } = await get<Logs>(apiUrl("logs", { from, to, limit: mostLogs }));
  const question = rememberedQuestions()[0];
  return { logs, logs_total: total, place: hrefOf(place.value.path, place.value.params), ...(question ? { query: { text: question, from, to } } : {}) };
}

function IncidentForm({ state }: { state: TraceState }) {
  const { outline, layout } = state.trace;
  const { file } = state.source;
  const root = outline.names[outline.name[layout.roots[0]!]]!;
  const [notes, setNotes] = useState(file?.bundle?.notes ?? "");
  const [title, setTitle] = useState(file?.bundle?.title ?? root);
  const save = async (event: Event): Promise<void> => {
    event.preventDefault();
    const [trace, surroundings] = await Promise.all([state.source.otlp(), surroundingsOf(state)]);
    const bundle: Bundle = { clew_bundle: 1, written_ns: String(now()), title, notes, ...surroundings, trace };
    saveFile(bundleFileName(outline.traceId), JSON.stringify(bundle));
  };
  return (
    <form class="incident-form" onSubmit={(event) => void save(event).catch(tell)}>
      <strong>Incident</strong>
      <p class="faint">
        {file ? "One file with the trace, the log lines that came with it and your notes." : "One file with the trace, the log lines of a minute around it, your last question and your notes."} Drop it on any clew to open it.
      </p>
      <input aria-label="Title of the incident" value={title} onInput={(event) => setTitle(event.currentTarget.value)} />
      <textarea aria-label="Notes" placeholder="Notes" rows={4} value={notes} onInput={(event) => setNotes(event.currentTarget.value)} />
      <button type="submit" class="primary small">
        Download the incident
      </button>
    </form>
  );
}
