// People: invited with a personal key, given another role, removed.

import { useState } from "preact/hooks";
import type { ServerStatus } from "../../api/answers";
import { ApiFailure } from "../../api/client";
import { rememberKey, signInLink } from "../../api/key";
import { changeRole, invitePerson, removePerson, renewPersonalKey, type Role, type Settings, type SettingsPerson } from "../../api/settings";
import { ActionTable, type ActionColumn } from "../../widgets/action_table";
import { RecordField, RecordForm } from "../../widgets/record_form";
import { RecordSelect } from "../../widgets/record_select";
import { toast } from "../../widgets/toast";
import { Ago } from "./ago";
import { ShownKey } from "./shown_key";

export interface PeopleSectionProps {
  settings: Settings;
  status: ServerStatus | undefined;
  onChange: () => void;
}

const roles: readonly { value: Role; title: string }[] = [
  { value: "reads", title: "reads: asks, and looks at everything" },
  { value: "writes", title: "writes: boards, alerts and errors, too" },
  { value: "owns", title: "owns: people, keys and retention, too" },
];

export function PeopleSection({ settings, status, onChange }: PeopleSectionProps) {
  const [isInviting, setInviting] = useState(false);
  const [made, setMade] = useState<{ name: string; key: string; is_first?: boolean } | undefined>();
  const { people, may_change: mayChange } = settings;
  const isFirst = settings.keys.length === 0 && status?.environment.keys_required === false;
  const invite = async (typed: (name: string) => string): Promise<void> => {
    const [name, email] = [typed("name").trim(), typed("email").trim()];
    if (!name) throw new ApiFailure("Who is it? A name is needed", "bad_input");
    const invited = await invitePerson({ name, email, role: typed("role") as Role, environment: typed("environment") });
    // Whoever invites the first one is that one, or would be shut out.
    if (invited.is_first) rememberKey(invited.key, true);
    setMade(invited);
    onChange();
    // The server takes up its first key within half a second, and only then knows who asks.
    if (invited.is_first) setTimeout(onChange, 1_000);
  };
  const withToast = (doing: Promise<unknown>): void => void doing.catch((problem: unknown) => toast(problem instanceof Error ? problem.message : String(problem))).finally(onChange);
  const columns: ActionColumn<SettingsPerson>[] = [
    { title: "Name", cell: (person) => <>{person.name} {person.is_you && <span class="chip">you</span>}</> },
    { title: "E-mail", cell: (person) => person.email },
    {
      title: "Role",
      cell: (person) =>
        mayChange && !person.is_you ? (
          <select aria-label={`Role of ${person.name}`} value={person.role} onChange={(event) => withToast(changeRole(person.id, event.currentTarget.value as Role))}>
            {roles.map(({ value }) => (
              <option key={value}>{value}</option>
            ))}
          </select>
        ) : (
          person.role
        ),
    },
    { title: "Environment", cell: (person) => person.environment },
    { title: "Last seen", cell: (person) => (person.last_seen_ns ? <Ago at={person.last_seen_ns} /> : <span class="faint">not yet</span>) },
  ];
  return (
    <section aria-label="People">
      <h2>People</h2>
      <p class="soft">
        Each signs in with a personal key. Who <em>reads</em> asks and looks at everything; who <em>writes</em> changes boards, alerts and errors besides; who <em>owns</em> changes people, keys and
        retention besides.
      </p>
      {made && (
        <ShownKey
          title={`The key of ${made.name}`}
          onSeen={() => setMade(undefined)}
          lines={[
            { text: signInLink(made.key), what: "the link that signs in" },
            { text: made.key, what: "the key" },
          ]}
        >
          Whoever opens this link is signed in as <strong>{made.name}</strong>. Send it now: it cannot be shown again.
          {made.is_first && " From now on everybody needs a key, programs too; this browser is signed in as the one invited."}
        </ShownKey>
      )}
      {people.length > 0 && (
        <ActionTable
          label="People"
          rows={people}
          keyOf={({ id }) => id}
          columns={columns}
          actions={(person) =>
            !mayChange || person.is_you
              ? []
              : [
                  {
                    title: "New key",
                    label: `New key for ${person.name}`,
                    sure: "Yes, the old one is worth nothing then",
                    act: async () => {
                      setMade(await renewPersonalKey(person.id));
                      onChange();
                    },
                  },
                  { title: "Remove", label: `Remove ${person.name}`, sure: "Yes, remove", act: () => removePerson(person.id).then(onChange) },
                ]
          }
        />
      )}
      {mayChange &&
        (isInviting ? (
          <RecordForm title="Invite somebody" verb="Invite" save={invite} leave={() => setInviting(false)}>
            {isFirst && <p class="soft wide">The first one is you, and owns. From then on everybody needs a key: programs that send now are turned away until they have one (below).</p>}
            <RecordField name="name" label="Name" hint="as it stands in the history" value="" />
            <RecordField name="email" label="E-mail" hint="clew sends no mail; you send the link" value="" type="email" />
            <RecordSelect name="role" label="Role" value={isFirst ? "owns" : "writes"} choices={isFirst ? roles.slice(2) : roles} />
            <RecordSelect name="environment" label="Environment" value={settings.environments.find(({ asked }) => asked)?.slug ?? ""} choices={settings.environments.map(({ slug, name }) => ({ value: slug, title: name }))} />
          </RecordForm>
        ) : (
          <p>
            <button class="small" onClick={() => setInviting(true)}>
              Invite somebody
            </button>
          </p>
        ))}
    </section>
  );
}
