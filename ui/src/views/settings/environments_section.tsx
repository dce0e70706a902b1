// Environments: those that there are, and another one.

import { useState } from "preact/hooks";
import type { ServerStatus } from "../../api/answers";
import { createEnvironment, type Settings } from "../../api/settings";
import { toast } from "../../widgets/toast";
import { Ago } from "./ago";

export interface EnvironmentsSectionProps {
  settings: Settings;
  status: ServerStatus | undefined;
  onChange: () => void;
}

export function EnvironmentsSection({ settings, status, onChange }: EnvironmentsSectionProps) {
  const [name, setName] = useState("");
  const make = (event: SubmitEvent): void => {
    event.preventDefault();
    createEnvironment(name.trim()).then(
      () => {
        setName("");
        onChange();
      },
      (problem: unknown) => toast(problem instanceof Error ? problem.message : String(problem)),
    );
  };
  return (
    <section aria-label="Environments">
      <h2>Environments</h2>
      <p class="soft">Worlds that never see each other's data: production, staging. A key or a person belongs to one; to look at another, sign in with a key of that one.</p>
      <table class="plain-table" aria-label="Environments">
        <thead>
          <tr><th>Name</th><th>In addresses</th><th>Made</th><th><span class="for-screen-readers">Yours</span></th></tr>
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
      {settings.keys.length === 0 && status?.environment.keys_required === false ? (
        <form class="setting-row" onSubmit={make}>
          <input value={name} onInput={(event) => setName(event.currentTarget.value)} placeholder="staging" aria-label="Name of a new environment" maxLength={100} autocomplete="off" />
          <button class="small" disabled={!name.trim()}>
            New environment
          </button>
          <span class="faint">To get into it, make a key for it.</span>
        </form>
      ) : (
        <p class="faint">Where keys are required, others are made on the server: clew keys create --environment NAME.</p>
      )}
    </section>
  );
}
