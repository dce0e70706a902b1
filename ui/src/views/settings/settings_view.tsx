// Environments, keys and retention as they are, with the commands that change them: who may do so is decided by who may
// run commands on the server.

import type { ServerStatus } from "../../api/answers";
import { apiUrl } from "../../api/client";
import { currentKey, rememberKey } from "../../api/key";
import { settingsUrl, type Settings } from "../../api/settings";
import { formatBytes, formatCount } from "../../base/numbers";
import { describeMoment, formatAgo, moment, nanoseconds, now } from "../../base/time";
import { useAnswer } from "../../state/answer";
import { chooseTheme, themeChoice, type ThemeChoice } from "../../state/theme";
import { CopyButton } from "../../widgets/copy_button";
import { Problem } from "../../widgets/notice";

export function SettingsView() {
  const { answer: settings, failure } = useAnswer<Settings>(settingsUrl);
  const { answer: status } = useAnswer<ServerStatus>(apiUrl("status"));
  return (
    <div class="view-page scrolls settings">
      <div class="view-head">
        <h1>Settings</h1>
      </div>
      {failure && <Problem failure={failure} />}
      {settings && <Environments settings={settings} />}
      {settings && <Keys settings={settings} status={status} />}
      {settings && <Retention settings={settings} status={status} />}
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

function Ago({ at }: { at: string }) {
  return <span title={describeMoment(moment(at))}>{formatAgo(moment(at), now())}</span>;
}

function Environments({ settings }: { settings: Settings }) {
  return (
    <section>
      <h2>Environments</h2>
      <p class="soft">Worlds that never see each other's data. A key belongs to one.</p>
      <table class="setting-table">
        <thead>
          <tr><th>Name</th><th>For addresses</th><th>Made</th><th><span class="for-screen-readers">Yours</span></th></tr>
        </thead>
        <tbody>
          {settings.environments.map((one) => (
            <tr key={one.slug}>
              <td>{one.name}</td>
              <td class="mono">{one.slug}</td>
              <td><Ago at={one.created_ns} /></td>
              <td>{one.asked && <span class="chip">you are here</span>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Keys({ settings, status }: { settings: Settings; status: ServerStatus | undefined }) {
  const { keys } = settings;
  return (
    <section>
      <h2>Keys</h2>
      <p class="soft">
        {status && !status.environment.keys_required ? "No key is needed: everybody who reaches the doors may send and ask. As soon as there is a key, everybody needs one." : "Who sends or asks presents a key. Its value is shown once, when it is made."}
      </p>
      {keys.length > 0 && (
        <table class="setting-table">
          <thead>
            <tr><th>Name</th><th>Id</th><th>Environment</th><th>For</th><th>Made</th><th>Last used</th></tr>
          </thead>
          <tbody>
            {keys.map((key) => (
              <tr key={key.id} class={key.disabled_ns ? "is-disabled" : undefined}>
                <td>{key.name}</td>
                <td class="mono">{key.id}</td>
                <td>{key.environment}</td>
                <td>{key.kind === "aws" ? "AWS clients" : "all others"}</td>
                <td><Ago at={key.created_ns} /></td>
                <td>{key.disabled_ns ? <span class="chip">disabled</span> : key.last_used_ns ? <Ago at={key.last_used_ns} /> : <span class="faint">never</span>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <p class="soft">On the server, one for an environment (made with it, if there is none of that name), and one that is needed no more:</p>
      <Command text={`clew keys create --name "checkout" --environment production${dataFlag(settings)}`} />
      <Command text={`clew keys disable ${keys.find((key) => !key.disabled_ns)?.id ?? "ID"}${dataFlag(settings)}`} />
    </section>
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
