// Keys: made, with their value shown once, disabled and enabled again.

import { useState } from "preact/hooks";
import type { ServerStatus } from "../../api/answers";
import { ApiFailure } from "../../api/client";
import { rememberKey } from "../../api/key";
import { changeKey, createKey, type CreatedKey, type Settings, type SettingsKey } from "../../api/settings";
import { rights, rightsText } from "../../base/key_rights";
import { CopyButton } from "../../widgets/copy_button";
import { RecordField, RecordForm } from "../../widgets/record_form";
import { toast } from "../../widgets/toast";
import { Ago } from "./ago";

export interface KeysSectionProps {
  settings: Settings;
  status: ServerStatus | undefined;
  onChange: () => void;
}

export function KeysSection({ settings, status, onChange }: KeysSectionProps) {
  const [isMaking, setMaking] = useState(false);
  const [made, setMade] = useState<(CreatedKey & { name: string }) | undefined>();
  const { keys } = settings;
  const isFirst = keys.length === 0 && status?.environment.keys_required === false;
  const save = async (typed: (name: string) => string, all: (name: string) => readonly string[]): Promise<void> => {
    const name = typed("name").trim();
    if (!name) throw new ApiFailure("A key needs a name, so that others know what it is for", "bad_input");
    const kind = typed("kind") === "ingest" ? "ingest" : "configuration";
    const permissions = all("right");
    const key = await createKey({ name, environment: typed("environment"), kind, ...(kind === "configuration" && permissions.length > 0 ? { permissions: [...permissions] } : {}) });
    // From the first one on this page needs it, too.
    if (key.is_first) rememberKey(key.value);
    setMade({ ...key, name });
    onChange();
  };
  return (
    <section aria-label="Keys">
      <h2>Keys</h2>
      <p class="soft">
        {isFirst ? "No key is needed: everybody who reaches the doors may send and ask. As soon as there is a key, everybody needs one." : "Who sends or asks presents a key. Its value is shown once, when it is made."}
      </p>
      {made && <MadeKey made={made} onSeen={() => setMade(undefined)} />}
      {keys.length > 0 && (
        <table class="plain-table" aria-label="Keys">
          <thead>
            <tr>
              <th>Name</th>
              <th>Id</th>
              <th>Environment</th>
              <th>May</th>
              <th>Made</th>
              <th>Last used</th>
              <th>
                <span class="for-screen-readers">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {keys.map((key) => (
              <KeyRow key={key.id} of={key} onChange={onChange} />
            ))}
          </tbody>
        </table>
      )}
      {isMaking ? (
        <RecordForm title="New key" save={save} leave={() => setMaking(false)}>
          <RecordField name="name" label="Name" hint="who is going to use it" value="" />
          <label>
            <span>Environment</span>
            <select name="environment" aria-label="Environment">
              {settings.environments.map((one) => (
                <option key={one.slug} value={one.slug} selected={one.asked}>
                  {one.name}
                </option>
              ))}
            </select>
          </label>
          <Rights isFirst={isFirst} />
        </RecordForm>
      ) : (
        <p>
          <button class="small" onClick={() => setMaking(true)}>
            New key
          </button>
        </p>
      )}
      <p class="faint">Keys of AWS clients are made on the server: clew keys create --aws.</p>
    </section>
  );
}

/** The first key has to be able to make the next. */
function Rights({ isFirst }: { isFirst: boolean }) {
  const [kind, setKind] = useState<"configuration" | "ingest">("configuration");
  if (isFirst) return <p class="soft">The first key may do everything. From then on whoever sends or asks without a key is turned away; this tab presents the new one.</p>;
  return (
    <>
      <label>
        <span>For</span>
        <select name="kind" aria-label="For" value={kind} onChange={(event) => setKind(event.currentTarget.value === "ingest" ? "ingest" : "configuration")}>
          <option value="configuration">what is ticked below</option>
          <option value="ingest">sending alone</option>
        </select>
      </label>
      {kind === "configuration" && (
        <fieldset class="record-choices">
          <legend>It may</legend>
          {rights.map(({ name, does }) => (
            <label key={name}>
              <input type="checkbox" name="right" value={name} defaultChecked /> {does}
            </label>
          ))}
        </fieldset>
      )}
    </>
  );
}

function MadeKey({ made, onSeen }: { made: CreatedKey & { name: string }; onSeen: () => void }) {
  return (
    <div class="made-key" role="region" aria-label="The new key">
      <p>
        The key <strong>{made.name}</strong>. Keep it now: it cannot be shown again.
        {made.is_first && " From now on every request needs a key; this tab presents this one."}
      </p>
      <p class="command">
        <code>{made.value}</code>
        <CopyButton text={made.value} what="the key" />
      </p>
      <p class="command">
        <code>export OTEL_EXPORTER_OTLP_HEADERS=x-honeycomb-team={made.value}</code>
        <CopyButton text={`export OTEL_EXPORTER_OTLP_HEADERS=x-honeycomb-team=${made.value}`} what="the line for an application" />
      </p>
      <button class="small" onClick={onSeen}>
        I have it
      </button>
    </div>
  );
}

function KeyRow({ of: key, onChange }: { of: SettingsKey; onChange: () => void }) {
  const isDisabled = key.disabled_ns !== undefined;
  const toggle = (): void => {
    changeKey(key.id, !isDisabled).then(onChange, (problem: unknown) => toast(problem instanceof Error ? problem.message : String(problem)));
  };
  return (
    <tr class={isDisabled ? "is-disabled" : undefined}>
      <td>{key.name}</td>
      <td class="mono">{key.id}</td>
      <td>{key.environment}</td>
      <td>{key.kind === "aws" ? "for AWS clients" : rightsText(key.key_type, key.permissions)}</td>
      <td>
        <Ago at={key.created_ns} />
      </td>
      <td>{isDisabled ? <span class="chip">disabled</span> : key.last_used_ns ? <Ago at={key.last_used_ns} /> : <span class="faint">never</span>}</td>
      <td class="number">
        <button class="small" aria-label={`${isDisabled ? "Enable" : "Disable"} ${key.name}`} onClick={toggle}>
          {isDisabled ? "Enable" : "Disable"}
        </button>
      </td>
    </tr>
  );
}
