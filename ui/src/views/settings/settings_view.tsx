// People, keys and environments, made and changed here; retention; sampling; and what this browser keeps for itself.

import { useState } from "preact/hooks";
import type { ServerStatus } from "../../api/answers";
import { apiUrl } from "../../api/client";
import { currentKey, rememberKey, staysSignedIn } from "../../api/key";
import { callMe, personName } from "../../api/person";
import { settingsUrl, type Settings, type SettingsPerson } from "../../api/settings";
import { useAnswer } from "../../state/answer";
import { forgetQuestions } from "../../state/history";
import { chooseTheme, themeChoice, type ThemeChoice } from "../../state/theme";
import { Problem } from "../../widgets/notice";
import { toast } from "../../widgets/toast";
import { EnvironmentsSection } from "./environments_section";
import { KeysSection } from "./keys_section";
import { LatelySection } from "./lately_section";
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
      {settings && !settings.may_change && <p class="note block">You may look at these settings. People who own change them.</p>}
      {settings && <PeopleSection settings={settings} status={status} onChange={changed} />}
      {settings && <KeysSection settings={settings} status={status} onChange={changed} />}
      {settings && <EnvironmentsSection settings={settings} status={status} onChange={changed} />}
      {settings && <RetentionSection settings={settings} status={status} />}
      <SamplingSection />
      <LatelySection changes={changes} />
      {settings && <ThisBrowser you={settings.people.find(({ is_you }) => is_you)} />}
    </div>
  );
}

const themes: readonly { choice: ThemeChoice; title: string }[] = [
  { choice: "system", title: "As the system" },
  { choice: "light", title: "Light" },
  { choice: "dark", title: "Dark" },
];

function ThisBrowser({ you }: { you: SettingsPerson | undefined }) {
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const typed = new FormData(event.currentTarget as HTMLFormElement);
    rememberKey(String(typed.get("key") ?? "").trim(), typed.get("stays") !== null);
    location.reload();
  };
  const signOut = (): void => {
    rememberKey("");
    location.reload();
  };
  const rename = (event: SubmitEvent): void => {
    event.preventDefault();
    callMe(String(new FormData(event.currentTarget as HTMLFormElement).get("name") ?? ""));
    toast(`You are called ${personName()}`);
  };
  const forget = (): void => {
    forgetQuestions();
    toast("Forgotten");
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
      {you ? (
        <p class="setting-row">
          Signed in as <strong>{you.name}</strong>, who {you.role}
          <button class="small" onClick={signOut}>
            Sign out
          </button>
          <span class="faint">{staysSignedIn() ? "until then, in this browser" : "until then, or until this tab is closed"}</span>
        </p>
      ) : (
        <form class="setting-row" onSubmit={rename}>
          <label for="own-name">What you are called in the history</label>
          <input id="own-name" name="name" defaultValue={personName()} maxLength={60} autocomplete="off" />
          <button class="small">Call me that</button>
        </form>
      )}
      <form class="setting-row" onSubmit={submit}>
        <label for="own-key">The key that this page presents</label>
        <input id="own-key" name="key" type="password" placeholder={currentKey() ? "another key" : "none"} autocomplete="off" />
        <label>
          <input type="checkbox" name="stays" /> stay signed in
        </label>
        <button class="small">Use it</button>
      </form>
      <p class="setting-row">
        Questions that the palette offers
        <button class="small" onClick={forget}>
          Forget them
        </button>
      </p>
    </section>
  );
}
