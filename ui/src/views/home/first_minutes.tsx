// While nothing is stored: what to set, and a watch on the doors. The first trace opens by itself.

import { useEffect, useState } from "preact/hooks";
import type { Arrivals, ServerStatus, Traces } from "../../api/answers";
import { connection } from "../../api/connection";
import { arrivalCount } from "../../api/live";
import { apiHeaders, apiUrl, ApiFailure, get } from "../../api/client";
import { formatCount } from "../../base/numbers";
import { useAnswer } from "../../state/answer";
import { hrefOf, redirect } from "../../state/location";
import { Icon } from "../../widgets/icon";
import { Problem } from "../../widgets/notice";
import { DoorTable, RefusalList, wasRefused } from "../arrivals";
import { PastedError } from "./pasted_error";
import { newTestIds, Setup } from "./setup";
import { testTrace } from "./setup_lines";

export function FirstMinutes({ status, tick }: { status: ServerStatus; tick: number }) {
  useFirstTrace(status.counts.traces.rows > 0);
  const { answer: arrivals } = useAnswer<Arrivals>(apiUrl("arrivals"), tick);
  const refused = arrivals?.refusals.filter(wasRefused) ?? [];
  const noted = arrivals?.refusals.filter((one) => !wasRefused(one)) ?? [];
  return (
    <div class="first-minutes">
      <section>
        <h1>Send your first trace</h1>
        <p class="soft">Point whatever is instrumented already at this address. Nothing else changes, and this page opens the first trace by itself.</p>
        <Setup status={status} />
        <TestTrace />
        <PastedError status={status} />
      </section>
      <section class="watch" aria-live="polite">
        <h2>
          <span class={`pulse${connection.value === "lost" ? " lost" : ""}`} /> {connection.value === "lost" ? "Not connected to clew" : "Watching the doors"}
        </h2>
        <DoorTable status={status} />
        {refused.length > 0 && (
          <>
            <h2 class="error-text">Something arrived and was turned away</h2>
            <RefusalList refusals={refused.slice(0, 5)} />
          </>
        )}
        {noted.length > 0 && (
          <>
            <h2>Arrived, and something could be mended</h2>
            <RefusalList refusals={noted.slice(0, 5)} />
          </>
        )}
        {refused.length + noted.length === 0 && <p class="soft">Nothing has knocked yet. Whatever arrives, even what cannot be taken, shows here at once with what to change.</p>}
        {status.counts.logs.rows > 0 && (
          <p class="seen">
            <a href="/logs?from=now-30d">{formatCount(status.counts.logs.rows)} log records are stored</a>; traces will open by themselves.
          </p>
        )}
        {arrivals?.senders.map((sender) => (
          <p key={`${sender.peer} ${sender.door} ${sender.agent} ${sender.protocol}`} class="seen">
            <Icon name="arrivals" size={14} /> {sender.agent || sender.peer}: {formatCount(sender.requests)} requests, {formatCount(sender.items)} items over {sender.protocol}
          </p>
        ))}
      </section>
    </div>
  );
}

/** Opens the newest trace as soon as one is told of, or stored when the page looked. */
function useFirstTrace(isStored: boolean): void {
  const told = arrivalCount.traces.value;
  useEffect(() => {
    if (told === 0 && !isStored) return;
    let isOver = false;
    get<Traces>(apiUrl("traces", { from: "now-30d", limit: 1 })).then(
      ({ traces }) => !isOver && traces[0] && redirect(hrefOf(`/t/${traces[0].trace_id}`, { first: "1" })),
      () => undefined, // the next arrival tries again
    );
    return () => void (isOver = true);
  }, [told, isStored]);
}

function TestTrace() {
  const [failure, setFailure] = useState<ApiFailure | undefined>();
  const send = async (): Promise<void> => {
    try {
      const response = await fetch("/v1/traces", {
        method: "POST",
        headers: { ...apiHeaders(), "content-type": "application/json" },
        body: JSON.stringify(testTrace(newTestIds())),
      });
      setFailure(response.ok ? undefined : new ApiFailure(`The test span was refused with ${response.status}: ${await response.text()}`, "internal"));
    } catch {
      setFailure(new ApiFailure("clew does not answer. Is it running?", "network"));
    }
  };
  return (
    <div class="test-trace">
      <button onClick={() => void send()}>Send a test trace from this page</button>
      {failure && <Problem failure={failure} />}
    </div>
  );
}
