// Retention: what holds for everything, and what of it goes by a rule of its own.

import { useState } from "preact/hooks";
import type { ServerStatus, Services } from "../../api/answers";
import { apiUrl } from "../../api/client";
import { keepLogGroup, readLogGroups, retentionUrl, setRetention, type RetentionRule, type RetentionRules } from "../../api/retention";
import type { Settings } from "../../api/settings";
import { formatBytes, formatCount } from "../../base/numbers";
import { nanoseconds } from "../../base/time";
import { useAnswer } from "../../state/answer";
import { useReading } from "../../state/reading";
import { ActionTable, type ActionColumn } from "../../widgets/action_table";
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
  const [changes, setChanges] = useState(0);
  const { answer } = useAnswer<RetentionRules>(retentionUrl, changes);
  const shared: RulesProps = { rules: answer?.rules, mayChange: settings.may_change, onChange: () => setChanges((count) => count + 1) };
  return (
    <section aria-label="Retention">
      <h2>Retention</h2>
      {status && <Stored status={status} />}
      <Everything {...shared} settings={settings} />
      <h3>Of a service</h3>
      <ServiceRules {...shared} />
      <LogGroups mayChange={settings.may_change} />
    </section>
  );
}

interface RulesProps {
  /** Undefined until they are known. */
  rules: readonly RetentionRule[] | undefined;
  mayChange: boolean;
  onChange: () => void;
}

/** What holds for everything: what clew was started with, or less than that. */
function Everything({ rules, mayChange, onChange, settings }: RulesProps & { settings: Settings }) {
  const own = rules?.filter(({ value }) => value === undefined) ?? [];
  const command = `clew serve --retention 30d --max-disk 200GB${dataFlag(settings)}`;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const typed = new FormData(form);
    const days = daysTyped(typed);
    if (days === undefined) return;
    const signal = String(typed.get("signal"));
    setRetention({ days, ...(signal ? { signal } : {}) }).then(() => {
      form.reset();
      onChange();
    }, told);
  };
  return (
    <>
      <p>
        Data is kept <strong>{settings.retention_ns === undefined ? "for ever" : `for ${daysText(settings.retention_ns)}`}</strong>
        {settings.most_bytes === undefined ? ", on as much of the disk as there is" : `, on at most ${formatBytes(settings.most_bytes)} of the disk; the oldest goes first`}.
        {own.length > 0 && " Less than that, unless a rule below says otherwise:"}
      </p>
      {own.length > 0 && (
        <ActionTable
          label="Retention of everything"
          rows={own}
          keyOf={({ signal }) => signal}
          columns={[{ title: "Of all", cell: ({ signal }) => signal }, keptColumn, setColumn]}
          actions={({ signal }) => (mayChange ? [{ title: "Take back", label: `Take back: all ${signal}`, act: () => setRetention({ signal, days: null }).then(onChange) }] : [])}
        />
      )}
      {mayChange && (
        <form class="setting-row" onSubmit={submit} aria-label="Retention of everything">
          <label>
            Keep{" "}
            <select name="signal" aria-label="Of everything">
              <option value="">everything</option>
              {signals.map((signal) => (
                <option key={signal}>{signal}</option>
              ))}
            </select>
          </label>
          <label>
            for <input name="days" inputMode="numeric" size={5} aria-label="Days that everything is kept" required autocomplete="off" /> days
          </label>
          <button class="small">Keep no longer</button>
          <span class="faint">What has a rule of its own goes by that one. Whole days leave, when the parts that hold them are written anew.</span>
        </form>
      )}
      <details>
        <summary>Longer, or less of the disk</summary>
        <p>The most that is kept is set where clew is started:</p>
        <p class="command">
          <code>{command}</code>
          <CopyButton text={command} what="the command" />
        </p>
      </details>
    </>
  );
}

const keptColumn: ActionColumn<RetentionRule> = { title: "Kept", cell: ({ days }) => `${days} ${days === 1 ? "day" : "days"}` };
const setColumn: ActionColumn<RetentionRule> = { title: "Set", cell: ({ modified_ns }) => <Ago at={modified_ns} /> };

/** Nothing when it is no whole number, which is told. */
function daysTyped(typed: FormData): number | undefined {
  const days = Number(typed.get("days"));
  if (Number.isInteger(days) && days >= 1) return days;
  told(new Error(`The days must be a whole number, not “${typed.get("days")}”`));
  return undefined;
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

function ServiceRules({ rules, mayChange, onChange }: RulesProps) {
  const { answer: services } = useAnswer<Services>(apiUrl("services", { from: "now-7d" }));
  const own = rules?.filter(({ value }) => value !== undefined) ?? [];
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const typed = new FormData(form);
    const days = daysTyped(typed);
    if (days === undefined) return;
    const signal = String(typed.get("signal"));
    setRetention({ value: String(typed.get("service")).trim(), days, ...(signal ? { signal } : {}) }).then(() => {
      form.reset();
      onChange();
    }, told);
  };
  return (
    <>
      {own.length > 0 && (
        <ActionTable
          label="Retention of services"
          rows={own}
          keyOf={({ signal, attribute, value }) => `${signal} ${attribute} ${value}`}
          columns={[
            { title: "Service", cell: ({ attribute, value }) => (attribute === "service.name" ? value : `${attribute} = ${value}`) },
            { title: "Of", cell: ({ signal }) => signal },
            keptColumn,
            setColumn,
          ]}
          actions={({ signal, attribute, value }) =>
            mayChange ? [{ title: "Take back", label: `Take back: ${signal} of ${value}`, act: () => setRetention({ ...(attribute ? { attribute } : {}), ...(value ? { value } : {}), signal, days: null }).then(onChange) }] : []
          }
        />
      )}
      {rules && own.length === 0 && <p class="soft">Every service goes by what holds for everything.</p>}
      {mayChange && (
        <form class="setting-row" onSubmit={submit} aria-label="Retention of a service">
          <label>
            Keep{" "}
            <select name="signal" aria-label="Of its">
              <option value="">everything</option>
              {signals.map((signal) => (
                <option key={signal}>{signal}</option>
              ))}
            </select>
          </label>
          <label>
            of <input name="service" list="retention-services" placeholder="service" aria-label="Service" required maxLength={1000} autocomplete="off" />
          </label>
          <datalist id="retention-services">
            {services?.services.map(({ name }) => (
              <option key={name} value={name ?? ""} />
            ))}
          </datalist>
          <label>
            for <input name="days" inputMode="numeric" size={5} aria-label="Days" required autocomplete="off" /> days
          </label>
          <button class="small">Keep no longer</button>
        </form>
      )}
    </>
  );
}

function LogGroups({ mayChange }: { mayChange: boolean }) {
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
                <select disabled={!mayChange} aria-label={`How long ${logGroupName} is kept`} value={retentionInDays ?? ""} onChange={(event) => keep(logGroupName, event.currentTarget.value)}>
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
