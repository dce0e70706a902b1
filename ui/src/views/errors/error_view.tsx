// One error: what happened, where, to whom and since when, what led to it, and why these occurrences are one.

import { useEffect, useState } from "preact/hooks";
import { changeError, type ErrorChange, type ErrorDetails, type Occurrence, type WholeOccurrence } from "../../api/errors";
import { apiUrl } from "../../api/client";
import { describeMoment, formatAgo, formatMoment, moment, now } from "../../base/time";
import { useAnswer } from "../../state/answer";
import { change, go, place } from "../../state/location";
import { Empty, Problem } from "../../widgets/notice";
import { toast } from "../../widgets/toast";
import { useKeys } from "../../widgets/use_keys";
import { ErrorHead } from "./error_head";
import { ErrorSide } from "./error_side";
import { OccurrenceDetails } from "./occurrence_details";

export function ErrorView({ id }: { id: string }) {
  const [changes, setChanges] = useState(0);
  const { answer: error, failure } = useAnswer<ErrorDetails>(apiUrl(`errors/${encodeURIComponent(id)}`), changes);
  const { answer: list } = useAnswer<{ occurrences: Occurrence[] }>(apiUrl(`errors/${encodeURIComponent(id)}/occurrences`, { limit: 100 }), changes);
  const occurrences = list?.occurrences ?? [];
  const asked = place.value.params.occurrence;
  const { answer: other } = useAnswer<WholeOccurrence>(asked ? apiUrl(`errors/${encodeURIComponent(id)}/occurrences/${asked}`) : undefined);
  const shown = asked ? other : error?.latest;
  const at = asked ? occurrences.findIndex((occurrence) => String(occurrence.id) === asked) : 0;
  const step = (by: number): void => {
    const next = occurrences[at + by];
    if (next) change({ occurrence: at + by === 0 ? undefined : String(next.id) });
  };
  const act = async (work: () => Promise<unknown>, said: string): Promise<void> => {
    try {
      await work();
      toast(said);
      setChanges((count) => count + 1);
    } catch (problem) {
      toast(problem instanceof Error ? problem.message : String(problem));
    }
  };
  const edit = (edited: ErrorChange, said: string): Promise<void> => act(() => changeError(Number(id), edited), said);
  useKeys(
    () => ({
      title: "Error",
      actions: [
        { keys: ["j"], does: "older occurrence", act: () => step(1) },
        { keys: ["k"], does: "newer occurrence", act: () => step(-1) },
        { keys: ["r"], does: "resolve", act: () => void edit({ state: "resolved" }, "Resolved") },
        { keys: ["m"], does: "mute", act: () => void edit({ state: "muted" }, "Muted") },
        { keys: ["u"], does: "make active again", act: () => void edit({ state: "active" }, "Active again") },
        { keys: ["Escape"], shown: "esc", does: "back to the list", act: () => go("/errors") },
      ],
    }),
    [id, at, occurrences],
  );
  useEffect(() => {
    if (error) document.title = `${error.title} – clew`;
  }, [error]);
  if (failure?.kind === "not_found") {
    return (
      <Empty title="There is no such error">
        <div class="actions">
          <a href="/errors">All errors</a>
        </div>
      </Empty>
    );
  }
  if (failure) return <Problem failure={failure} />;
  if (!error) return null;
  return (
    <div class="view-page error-page">
      <ErrorHead error={error} edit={edit} />
      <div class="error-body">
        <div class="error-main">
          <div class="occurrence-head">
            <button class="small" disabled={at <= 0} onClick={() => step(-1)} title="Newer (k)">
              Newer
            </button>
            <button class="small" disabled={at < 0 || at + 1 >= occurrences.length} onClick={() => step(1)} title="Older (j)">
              Older
            </button>
            {asked && (
              <button class="small" onClick={() => change({ occurrence: undefined })}>
                Newest
              </button>
            )}
            {shown && (
              <span class="soft" title={describeMoment(moment(shown.time_ns))}>
                {asked ? formatMoment(moment(shown.time_ns)) : "the newest, "} {formatAgo(moment(shown.time_ns), now())}
              </span>
            )}
          </div>
          {shown ? <OccurrenceDetails occurrence={shown} /> : error.latest === null && <p class="soft">Its occurrences are no longer kept.</p>}
        </div>
        <ErrorSide error={error} act={act} />
      </div>
    </div>
  );
}
