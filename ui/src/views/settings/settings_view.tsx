// Environments and keys, made and changed here; people; retention; sampling; and what this browser keeps for itself.

import { useState } from "preact/hooks";
import type { ServerStatus } from "../../api/answers";
import { apiUrl } from "../../api/client";
import { currentKey, rememberKey } from "../../api/key";
import { callMe, personName } from "../../api/person";
import { settingsUrl, type Settings } from "../../api/settings";
import { useAnswer } from "../../state/answer";
import { chooseTheme, themeChoice, type ThemeChoice } from "../../state/theme";
import { Problem } from "../../widgets/notice";
import { toast } from "../../widgets/toast";
import { EnvironmentsSection } from "./environments_section";
import { KeysSection } from "./keys_section";
import { PeopleSection } from "./people_section";
import { RetentionSection } from "./retention_section";
import { SamplingSection } from "./sampling_section";

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
      <PeopleSection changes={changes} />
      {settings && <RetentionSection settings={settings} status={status} />}
      <SamplingSection />
      <ThisBrowser />
    </div>
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
  const rename = (event: SubmitEvent): void => {
    event.preventDefault();
    callMe(String(new FormData(event.currentTarget as HTMLFormElement).get("name") ?? ""));
    toast(`You are called ${personName()}`);
  };
  return (
    <section aria-label="This browser">
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
      <form class="setting-row" onSubmit={rename}>
        <label for="own-name">What you are called in the history</label>
        <input id="own-name" name="name" defaultValue={personName()} maxLength={60} autocomplete="off" />
        <button class="small">Call me that</button>
      </form>
      <form class="setting-row" onSubmit={submit}>
        <label for="own-key">The key that this page presents</label>
        <input id="own-key" name="key" type="password" placeholder={currentKey() ? "another key" : "none"} autocomplete="off" />
        <button class="small">Use it</button>
        <span class="faint">It is forgotten with this tab.</span>
      </form>
    </section>
  );
}
