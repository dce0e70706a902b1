// Retention: what holds for all data, and whose is kept for less time.

import { useState } from "preact/hooks";
import type { ServerStatus, Services } from "../../api/answers";
import { apiUrl } from "../../api/client";
import { keepLogGroup, readLogGroups, retentionUrl, setRetention, type RetentionRules } from "../../api/retention";
import type { Settings } from "../../api/settings";
import { formatBytes, formatCount } from "../../base/numbers";
import { nanoseconds } from "../../base/time";
import { useAnswer } from "../../state/answer";
import { useReading } from "../../state/reading";
import { CopyButton } from "../../widgets/copy_button";
import { toast } from "../../widgets/toast";
import { Ago } from "./ago";

const signals = ["traces", "logs", "metrics"] as const;
/** That CloudWatch's API takes. */
const groupDays = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1827, 3653] as const;

const told = (problem: unknown): void => toast(problem instanceof Error ? problem.message : String(problem));
const dataFlag = ({ data }: Settings): string => (data ? ` --data ${/^[\w./-]+$/.test(data) ? data : `'${data}'`}` : "");

function daysText(length: number): string {
  const hours = nanoseconds(length) / 3600e9;
  return hours >= 48 ? `${formatCount(Math.round(hours / 24))} days` : `${formatCount(Math.round(hours))} hours`;
}

export function RetentionSection({ settings, status }: { settings: Settings; status: ServerStatus | undefined }) {
  const command = `clew serve --retention 30d --max-disk 200GB${dataFlag(settings)}`;
  return (
    <section aria-label="Retention">
      <h2>Retention</h2>
      <p>
        Data is kept <strong>{settings.retention_ns === undefined ? "for ever" : `for ${daysText(settings.retention_ns)}`}</strong>
        {settings.most_bytes === undefined ? ", on as much of the disk as there is." : `, on at most ${formatBytes(settings.most_bytes)} of the disk; the oldest goes first.`} That is set where
        clew is started:
      </p>
      <p class="command">
        <code>{command}</code>
        <CopyButton text={command} what="the command" />
      </p>
      {status && <Stored status={status} />}
      <h3>Of a service, for less time</h3>
      <ServiceRules />
      <LogGroups />
    </section>
  );
}

function Stored({ status }: { status: ServerStatus }) {
  return (
    <table class="plain-table" aria-label="Stored">
      <thead>
        <tr><th>Stored</th><th class="number">Rows</th><th>Oldest</th><th>Newest</th></tr>
      </thead>
      <tbody>
        {signals.map((signal) => {
          const { rows, first_ns, last_ns } = status.counts[signal];
          return (
            <tr key={signal}>
              <td>{signal}</td>
              <td class="number">{formatCount(rows)}</td>
              <td>{first_ns ? <Ago at={first_ns} /> : "–"}</td>
              <td>{last_ns ? <Ago at={last_ns} /> : "–"}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function ServiceRules() {
  const [changes, setChanges] = useState(0);
  const { answer } = useAnswer<RetentionRules>(retentionUrl, changes);
  const { answer: services } = useAnswer<Services>(apiUrl("services", { from: "now-7d" }));
  const changed = (): void => setChanges((count) => count + 1);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const typed = new FormData(form);
    const days = Number(typed.get("days"));
    if (!Number.isInteger(days) || days < 1) return told(new Error(`The days must be a whole number, not “${typed.get("days")}”`));
    const signal = String(typed.get("signal"));
    setRetention({ value: String(typed.get("service")).trim(), days, ...(signal ? { signal } : {}) }).then(() => {
      form.reset();
      changed();
    }, told);
  };
  return (
    <>
      {answer && answer.rules.length > 0 && (
        <table class="plain-table" aria-label="Retention of services">
          <thead>
            <tr>
              <th>Service</th>
              <th>Of</th>
              <th>Kept</th>
              <th>Set</th>
              <th>
                <span class="for-screen-readers">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {answer.rules.map((rule) => (
              <tr key={`${rule.signal} ${rule.attribute} ${rule.value}`}>
                <td>{rule.attribute === "service.name" ? rule.value : `${rule.attribute} = ${rule.value}`}</td>
                <td>{rule.signal}</td>
                <td>
                  {rule.days} {rule.days === 1 ? "day" : "days"}
                </td>
                <td>
                  <Ago at={rule.modified_ns} />
                </td>
                <td class="number">
                  <button class="small" aria-label={`Take back: ${rule.signal} of ${rule.value}`} onClick={() => setRetention({ attribute: rule.attribute, value: rule.value, signal: rule.signal, days: null }).then(changed, told)}>
                    Take back
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <form class="setting-row" onSubmit={submit}>
        <input name="service" list="retention-services" placeholder="service" aria-label="Service" required maxLength={1000} autocomplete="off" />
        <datalist id="retention-services">
          {services?.services.map(({ name }) => (
            <option key={name} value={name ?? ""} />
          ))}
        </datalist>
        <select name="signal" aria-label="Of its">
          <option value="">everything</option>
          {signals.map((signal) => (
            <option key={signal}>{signal}</option>
          ))}
        </select>
        <input name="days" inputMode="numeric" size={5} placeholder="days" aria-label="Days" required autocomplete="off" />
        <button class="small">Keep no longer</button>
        <span class="faint">Whole days leave, when the parts that hold them are written anew.</span>
      </form>
    </>
  );
}

function LogGroups() {
  const [changes, setChanges] = useState(0);
  const { answer: groups } = useReading(readLogGroups, changes);
  if (!groups || groups.length === 0) return null;
  const keep = (name: string, days: string): void => void keepLogGroup(name, days ? Number(days) : null).then(() => setChanges((count) => count + 1), told);
  return (
    <>
      <h3>Of a log group</h3>
      <table class="plain-table" aria-label="Retention of log groups">
        <thead>
          <tr><th>Group</th><th class="number">Stored</th><th>Kept</th></tr>
        </thead>
        <tbody>
          {groups.map(({ logGroupName, retentionInDays, storedBytes }) => (
            <tr key={logGroupName}>
              <td>{logGroupName}</td>
              <td class="number">{storedBytes === undefined ? "" : formatBytes(storedBytes)}</td>
              <td>
                <select aria-label={`How long ${logGroupName} is kept`} value={retentionInDays ?? ""} onChange={(event) => keep(logGroupName, event.currentTarget.value)}>
                  <option value="">as long as everything</option>
                  {groupDays.map((days) => (
                    <option key={days} value={days}>
                      {days} {days === 1 ? "day" : "days"}
                    </option>
                  ))}
                </select>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
