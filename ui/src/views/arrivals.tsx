// Who sends what through which door, what was turned away, and what to change.

import type { Arrivals, Refusal, Sender, ServerStatus, Warning } from "../api/answers";
import { apiUrl } from "../api/client";
import { formatBytes, formatCount } from "../base/numbers";
import { describeMoment, formatAgo, moment, now } from "../base/time";
import { useAnswer } from "../state/answer";
import { useDoors } from "../state/use_doors";
import { Icon } from "../widgets/icon";
import { Empty, Problem } from "../widgets/notice";

export function ArrivalsView() {
  const tick = useDoors();
  const { answer, failure } = useAnswer<Arrivals>(apiUrl("arrivals"), tick);
  const { answer: status } = useAnswer<ServerStatus>(apiUrl("status"), tick);
  const warnings = status?.warnings ?? [];
  const refused = answer?.refusals.filter(wasRefused) ?? [];
  const noted = answer?.refusals.filter((one) => !wasRefused(one)) ?? [];
  return (
    <div class="view-page scrolls">
      <div class="view-head">
        <h1>Arrivals</h1>
        {status && (
          <span class="soft">
            {status.doors.length} doors open, {formatCount(status.counts.traces.rows)} rows of traces, {formatCount(status.counts.logs.rows)} of logs, {formatCount(status.counts.metrics.rows)} of metrics
          </span>
        )}
      </div>
      {failure && <Problem failure={failure} />}
      {refused.length > 0 && (
        <section class="block">
          <h2>Turned away</h2>
          <RefusalList refusals={refused} />
        </section>
      )}
      {noted.length > 0 && (
        <section class="block">
          <h2>Taken, and something could be mended</h2>
          <RefusalList refusals={noted} />
        </section>
      )}
      {status && (status.storage.trouble !== "" || status.storage.damages.length > 0) && (
        <section class="block">
          <h2>Storage</h2>
          <StorageTroubles storage={status.storage} />
        </section>
      )}
      {warnings.length > 0 && (
        <section class="block">
          <h2>Since the start</h2>
          <WarningTable warnings={warnings} />
        </section>
      )}
      <section class="block">
        <h2>Senders</h2>
        {answer && answer.senders.length > 0 ? <SenderTable senders={answer.senders} /> : answer && <NoSenders />}
      </section>
      {status && (
        <section class="block">
          <h2>Doors</h2>
          <DoorTable status={status} />
        </section>
      )}
    </div>
  );
}

/** What was accepted in spite of a mistake is listed with 200. */
export const wasRefused = (refusal: Refusal): boolean => refusal.status !== 200;

export function RefusalList({ refusals }: { refusals: readonly Refusal[] }) {
  return (
    <ul class="refusals">
      {refusals.map((refusal, index) => (
        <li key={index} class={wasRefused(refusal) ? "" : "noted"}>
          <Icon name={wasRefused(refusal) ? "error" : "check"} size={16} />
          <div>
            <p>
              <strong>{refusal.reason}</strong>
            </p>
            {refusal.remedy && <p class="remedy">{refusal.remedy}</p>}
            <p class="faint">
              {refusal.agent || "an unnamed sender"}
              {refusal.peer && ` at ${refusal.peer}`}
              {refusal.door > 0 && `, door ${refusal.door}`}
              {refusal.protocol && `, ${refusal.protocol}`}
              {refusal.status > 0 && `, answered ${refusal.status}`}
              {refusal.times > 1 && `, ${formatCount(refusal.times)} times`}
            </p>
          </div>
          <span class="faint" title={describeMoment(moment(refusal.time_ns))}>
            {formatAgo(moment(refusal.time_ns), now())}
          </span>
        </li>
      ))}
    </ul>
  );
}

function StorageTroubles({ storage }: { storage: ServerStatus["storage"] }) {
  return (
    <ul class="refusals">
      {storage.trouble !== "" && (
        <li>
          <Icon name="error" size={16} />
          <div>Parts cannot be written: {storage.trouble}</div>
        </li>
      )}
      {storage.damages.map((damage) => (
        <li key={damage.what}>
          <Icon name="error" size={16} />
          <div>
            {damage.what}
            <div class="soft">{damage.rows > 0 ? `${formatCount(damage.rows)} rows are left out of every answer. ` : ""}clew dump --verify checks all files; a backup has what is missing.</div>
          </div>
        </li>
      ))}
    </ul>
  );
}

const severityWords = { refused: "refused", lost: "lost", warning: "note" } as const;

function WarningTable({ warnings }: { warnings: readonly Warning[] }) {
  return (
    <table class="plain-table">
      <thead>
        <tr>
          <th class="number">Count</th>
          <th>Kind</th>
          <th>What happened</th>
          <th>What to do</th>
        </tr>
      </thead>
      <tbody>
        {warnings.map((warning) => (
          <tr key={warning.name} title={warning.name}>
            <td class="number">{formatCount(warning.count)}</td>
            <td>
              <span class={`chip ${warning.severity === "warning" ? "" : warning.severity === "lost" ? "error" : "warning"}`}>{severityWords[warning.severity]}</span>
            </td>
            <td>{warning.meaning}</td>
            <td class="soft">{warning.advice || "–"}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function SenderTable({ senders }: { senders: readonly Sender[] }) {
  return (
    <table class="plain-table">
      <thead>
        <tr>
          <th>Sender</th>
          <th>From</th>
          <th>Door</th>
          <th>Protocol</th>
          <th class="number">Requests</th>
          <th class="number">Items</th>
          <th class="number">Received</th>
          <th class="number">Refused</th>
          <th class="number">Last seen</th>
        </tr>
      </thead>
      <tbody>
        {senders.map((sender) => (
          <tr key={`${sender.peer} ${sender.door} ${sender.protocol} ${sender.agent}`}>
            <td>{sender.agent || <span class="faint">unnamed</span>}</td>
            <td class="mono">{sender.peer}</td>
            <td class="mono">{sender.door}</td>
            <td>{sender.protocol}</td>
            <td class="number">{formatCount(sender.requests)}</td>
            <td class="number">{formatCount(sender.items)}</td>
            <td class="number">{formatBytes(sender.bytes)}</td>
            <td class="number">{sender.refused > 0 ? <span class="error-mark">{formatCount(sender.refused)}</span> : <span class="faint">0</span>}</td>
            <td class="number soft" title={describeMoment(moment(sender.last_seen_ns))}>
              {formatAgo(moment(sender.last_seen_ns), now())}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function NoSenders() {
  return (
    <Empty title="Nothing has knocked yet">
      <p>Every request to a door below appears here within a second, accepted or not.</p>
      <div class="actions">
        <a href="/">What to set in an application</a>
      </div>
    </Empty>
  );
}

export function DoorTable({ status }: { status: ServerStatus }) {
  return (
    <table class="plain-table">
      <tbody>
        {status.doors.map((door) => (
          <tr key={door.address}>
            <td class="mono">{door.address}</td>
            <td>{door.purpose}</td>
            <td class="faint">{door.tls ? "TLS" : "plain"}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
