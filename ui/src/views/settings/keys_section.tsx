// Keys of programs: made, with their value shown once, disabled and enabled again.

import { useState } from "preact/hooks";
import type { ServerStatus } from "../../api/answers";
import { ApiFailure } from "../../api/client";
import { rememberKey } from "../../api/key";
import { changeKey, createKey, type CreatedKey, type Settings, type SettingsKey } from "../../api/settings";
import { rights, rightsText } from "../../base/key_rights";
import { ActionTable, type ActionColumn } from "../../widgets/action_table";
import { RecordField, RecordForm } from "../../widgets/record_form";
import { Ago } from "./ago";
import { ShownKey } from "./shown_key";

export interface KeysSectionProps {
  settings: Settings;
  status: ServerStatus | undefined;
  onChange: () => void;
}

export function KeysSection({ settings, status, onChange }: KeysSectionProps) {
  const [isMaking, setMaking] = useState(false);
  const [made, setMade] = useState<(CreatedKey & { name: string }) | undefined>();
  // Personal keys stand with their people.
  const keys = settings.keys.filter(({ person }) => person === undefined);
  const { may_change: mayChange } = settings;
  const isFirst = settings.keys.length === 0 && status?.environment.keys_required === false;
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
        {isFirst ? "No key is needed: everybody who reaches the doors may send and ask. As soon as there is a key, everybody needs one." : "Programs that send or ask present a key: one for each, so that each can be turned away by itself. Its value is shown once, when it is made."}
      </p>
      {made && (
        <ShownKey
          title="The new key"
          onSeen={() => setMade(undefined)}
          lines={[
            { text: made.value, what: "the key" },
            { text: `export OTEL_EXPORTER_OTLP_HEADERS=x-honeycomb-team=${made.value}`, what: "the line for an application" },
          ]}
        >
          The key <strong>{made.name}</strong>. Keep it now: it cannot be shown again.
          {made.is_first && " From now on every request needs a key; this tab presents this one."}
        </ShownKey>
      )}
      {keys.length > 0 && (
        <ActionTable
          label="Keys"
          rows={keys}
          keyOf={({ id }) => id}
          isDimmed={({ disabled_ns }) => disabled_ns !== undefined}
          columns={columns}
          actions={(key) => {
            const title = key.disabled_ns ? "Enable" : "Disable";
            return mayChange ? [{ title, label: `${title} ${key.name}`, act: () => changeKey(key.id, !key.disabled_ns).then(onChange) }] : [];
          }}
        />
      )}
      {!mayChange ? null : isMaking ? (
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

const columns: readonly ActionColumn<SettingsKey>[] = [
  { title: "Name", cell: ({ name }) => name },
  { title: "Id", cell: ({ id }) => <span class="mono">{id}</span> },
  { title: "Environment", cell: ({ environment }) => environment },
  { title: "May", cell: (key) => (key.kind === "aws" ? "for AWS clients" : rightsText(key.key_type, key.permissions)) },
  { title: "Made", cell: ({ created_ns }) => <Ago at={created_ns} /> },
  { title: "Last used", cell: (key) => (key.disabled_ns ? <span class="chip">disabled</span> : key.last_used_ns ? <Ago at={key.last_used_ns} /> : <span class="faint">never</span>) },
];
