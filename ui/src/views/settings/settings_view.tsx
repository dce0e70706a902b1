// Environments and keys, made and changed here; retention as it is, with the command that changes it; and what this browser
// keeps for itself.

import { useState } from "preact/hooks";
import type { ServerStatus } from "../../api/answers";
import { apiUrl } from "../../api/client";
import { currentKey, rememberKey } from "../../api/key";
import { settingsUrl, type Settings } from "../../api/settings";
import { formatBytes, formatCount } from "../../base/numbers";
import { nanoseconds } from "../../base/time";
import { useAnswer } from "../../state/answer";
import { chooseTheme, themeChoice, type ThemeChoice } from "../../state/theme";
import { CopyButton } from "../../widgets/copy_button";
import { Problem } from "../../widgets/notice";
import { Ago } from "./ago";
import { EnvironmentsSection } from "./environments_section";
import { KeysSection } from "./keys_section";

export function SettingsView() {
  const [changes, setChanges] = useState(0);
  const { answer: settings, failure } = useAnswer<Settings>(settingsUrl, changes);
  const { answer: status } = useAnswer<ServerStatus>(apiUrl("status"), changes);
  const changed = (): void => setChanges((count) => count + 1);
  return (
    <div class="view-page scrolls settings">
      <div class="view-head">
        <h1>Settings</h1>
      </div>
      {failure && <Problem failure={failure} />}
      {settings && <EnvironmentsSection settings={settings} status={status} onChange={changed} />}
      {settings && <KeysSection settings={settings} status={status} onChange={changed} />}
      {settings && <Retention settings={settings} status={status} />}
      <section>
        <h2>Sampling</h2>
        <p>
          Clients of X-Ray ask here how many requests to keep. Others sample by their own configuration; what they leave out is counted by
          the rate that they send with each span.
        </p>
        <a class="button small" href="/xray/rules">
          Sampling rules of X-Ray
        </a>
      </section>
      <ThisBrowser />
    </div>
  );
}

const dataFlag = ({ data }: Settings): string => (data ? ` --data ${/^[\w./-]+$/.test(data) ? data : `'${data}'`}` : "");

function Command({ text }: { text: string }) {
  return (
    <p class="command">
      <code>{text}</code>
      <CopyButton text={text} what="the command" />
    </p>
  );
}

function daysText(length: number): string {
  const hours = nanoseconds(length) / 3600e9;
  return hours >= 48 ? `${formatCount(Math.round(hours / 24))} days` : `${formatCount(Math.round(hours))} hours`;
}

function Retention({ settings, status }: { settings: Settings; status: ServerStatus | undefined }) {
  return (
    <section>
      <h2>Retention</h2>
      <p>
        Data is kept <strong>{settings.retention_ns === undefined ? "for ever" : `for ${daysText(settings.retention_ns)}`}</strong>
        {settings.most_bytes === undefined ? ", on as much of the disk as there is." : `, on at most ${formatBytes(settings.most_bytes)} of the disk; the oldest goes first.`}
      </p>
      {status && (
        <table class="setting-table">
          <thead>
            <tr><th>Stored</th><th class="number">Rows</th><th>Oldest</th><th>Newest</th></tr>
          </thead>
          <tbody>
            {(["traces", "logs", "metrics"] as const).map((signal) => {
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
      )}
      <Command text={`clew serve --retention 30d --max-disk 200GB${dataFlag(settings)}`} />
    </section>
  );
}

const themes: readonly { choice: ThemeChoice; title: string }[] = [
  { choice: "system", title: "As the system" },
  { choice: "light", title: "Light" },
  { choice: "dark", title: "Dark" },
];

function ThisBrowser() {
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    rememberKey(String(new FormData(event.currentTarget as HTMLFormElement).get("key") ?? "").trim());
    location.reload();
  };
  return (
    <section>
      <h2>This browser</h2>
      <p class="setting-row">
        Colours{" "}
        <span class="segmented" role="group" aria-label="Colours">
          {themes.map(({ choice, title }) => (
            <button key={choice} class="small" aria-pressed={themeChoice.value === choice} onClick={() => chooseTheme(choice)}>
              {title}
            </button>
          ))}
        </span>
      </p>
      <form class="setting-row" onSubmit={submit}>
        <label for="own-key">The key that this page presents</label>
        <input id="own-key" name="key" type="password" placeholder={currentKey() ? "another key" : "none"} autocomplete="off" />
        <button class="small">Use it</button>
        <span class="faint">It is forgotten with this tab.</span>
      </form>
    </section>
  );
}
