// What can be taken away of a stored trace: OTLP, Jaeger's JSON, and an incident with its surroundings.

import { useState } from "preact/hooks";
import type { Logs } from "../../api/answers";
import { apiUrl, apiUrlWithKey, get } from "../../api/client";
import { after, before, minutes, nanoseconds, now } from "../../base/time";
import { rememberedQuestions } from "../../state/history";
import { place } from "../../state/location";
import { hrefOf } from "../../state/location";
import { bundleFileName, type Bundle } from "../../trace/file/bundle";
import { writeJaeger } from "../../trace/file/jaeger_file";
import { readOtlp } from "../../trace/file/otlp_file";
import { Icon } from "../../widgets/icon";
import { DropPanel } from "../../widgets/drop_panel";
import { saveFile } from "../../widgets/save_file";
import { toast } from "../../widgets/toast";
import type { TraceState } from "./trace_state";

const around = minutes(1);
const mostLogs = 1000;

type OtlpDocument = { resourceSpans: unknown[] };

export function TraceDownloads({ state }: { state: TraceState }) {
  const { outline } = state.trace;
  const otlp = `traces/${outline.traceId}/otlp`;
  const saveAsJaeger = async (): Promise<void> => {
    const { spans } = readOtlp(await get<OtlpDocument>(apiUrl(otlp)) as never);
    saveFile(`trace-${outline.traceId}.jaeger.json`, JSON.stringify(writeJaeger(spans), null, 1));
  };
  return (
    <DropPanel
      label={
        <>
          <Icon name="download" size={14} /> Download
        </>
      }
      title="Take this trace away as a file"
    >
      <a href={apiUrlWithKey(otlp)} download={`trace-${outline.traceId}.json`}>
        OTLP JSON
      </a>
      <button class="plain" onClick={() => void saveAsJaeger().catch(tell)}>
        Jaeger JSON
      </button>
      <IncidentForm state={state} />
    </DropPanel>
  );
}

const tell = (problem: unknown): void => toast(problem instanceof Error ? problem.message : String(problem));

function IncidentForm({ state }: { state: TraceState }) {
  const { outline, layout } = state.trace;
  const root = outline.names[outline.name[layout.roots[0]!]]!;
  const [notes, setNotes] = useState("");
  const [title, setTitle] = useState(root);
  const save = async (event: Event): Promise<void> => {
    event.preventDefault();
    const from = String(before(outline.origin, around));
    const to = String(after(after(outline.origin, nanoseconds(layout.extent)), around));
    const [trace, logs] = await Promise.all([
      get<OtlpDocument>(apiUrl(`traces/${outline.traceId}/otlp`)),
      get<Logs>(apiUrl("logs", { from, to, limit: mostLogs })),
    ]);
    const question = rememberedQuestions()[0];
    const bundle: Bundle = {
      clew_bundle: 1,
      written_ns: String(now()),
      title,
      notes,
      ...(question ? { query: { text: question, from, to } } : {}),
      place: hrefOf(place.value.path, place.value.params),
      trace,
      logs: logs.logs,
      logs_total: logs.total,
    };
    saveFile(bundleFileName(outline.traceId), JSON.stringify(bundle));
  };
  return (
    <form class="incident-form" onSubmit={(event) => void save(event).catch(tell)}>
      <strong>Incident</strong>
      <p class="faint">One file with the trace, the log lines of a minute around it, your last question and your notes. Drop it on any clew to open it.</p>
      <input aria-label="Title of the incident" value={title} onInput={(event) => setTitle(event.currentTarget.value)} />
      <textarea aria-label="Notes" placeholder="Notes" rows={4} value={notes} onInput={(event) => setNotes(event.currentTarget.value)} />
      <button type="submit" class="primary small">
        Download the incident
      </button>
    </form>
  );
}
