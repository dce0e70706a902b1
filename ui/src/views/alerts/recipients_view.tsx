// Recipients: whom alerts can tell, made, tried and removed.

import { useState } from "preact/hooks";
import { createRecipient, recipientsUrl, removeRecipient, testRecipient, type Recipient } from "../../api/alerts";
import { ApiFailure } from "../../api/client";
import { addressOf, recipientKinds, recipientOf } from "../../alerts/recipient_form";
import { recipientText } from "../../alerts/trigger_form";
import { useAnswer } from "../../state/answer";
import { change, place } from "../../state/location";
import { ActionTable, type ActionColumn } from "../../widgets/action_table";
import { Empty, Problem } from "../../widgets/notice";
import { RecordField, RecordForm } from "../../widgets/record_form";
import { AlertsHead } from "./alerts_head";

export function RecipientsView() {
  const kind = recipientKinds.find(({ type }) => type === place.value.params.new);
  const [changes, setChanges] = useState(0);
  const { answer, failure } = useAnswer<Recipient[]>(recipientsUrl, changes);
  const changed = (): void => setChanges((count) => count + 1);
  const save = async (typed: (name: string) => string): Promise<void> => {
    const made = recipientOf(kind!.type, typed);
    if ("problem" in made) throw new ApiFailure(made.problem, "bad_input");
    await createRecipient(made.recipient);
    changed();
  };
  return (
    <div class="view-page scrolls">
      <AlertsHead>
        <span class="grow" />
        <span class="soft">Add</span>
        <span class="segmented" role="group" aria-label="Add a recipient">
          {recipientKinds.map(({ type, title }) => (
            <button key={type} class="small" aria-pressed={type === kind?.type} onClick={() => change({ new: type })}>
              {title}
            </button>
          ))}
        </span>
      </AlertsHead>
      {failure && <Problem failure={failure} />}
      {kind && (
        <RecordForm key={kind.type} title={`New recipient: ${kind.title}`} save={save} leave={() => change({ new: undefined })}>
          {kind.fields.map((field) => (
            <RecordField key={field.name} name={field.name} label={field.label} hint={field.hint} value="" />
          ))}
        </RecordForm>
      )}
      {answer?.length === 0 && !kind && (
        <Empty title="Nobody is told yet">
          <p>Triggers and burn alerts tell recipients: a mailbox, a webhook, a channel of Slack, a service of PagerDuty. Add one above and send it a test message.</p>
        </Empty>
      )}
      {answer && answer.length > 0 && (
        <div class="block">
          <ActionTable
            label="Recipients"
            rows={answer}
            keyOf={({ id }) => id}
            columns={columns}
            actions={(recipient) => [{ title: "Delete", label: `Delete ${recipientText(recipient)}`, sure: "Yes, delete", act: () => removeRecipient(recipient.id).then(changed) }]}
          />
        </div>
      )}
    </div>
  );
}

const columns: readonly ActionColumn<Recipient>[] = [
  { title: "Recipient", cell: recipientText },
  { title: "Test", cell: (recipient) => <Test recipient={recipient} /> },
];

type Trial = "none" | "under way" | { delivered: boolean; failure: string };

function Test({ recipient }: { recipient: Recipient }) {
  const [trial, setTrial] = useState<Trial>("none");
  const test = (): void => {
    setTrial("under way");
    testRecipient(addressOf(recipient)).then(setTrial, (problem: unknown) => setTrial({ delivered: false, failure: problem instanceof Error ? problem.message : String(problem) }));
  };
  return (
    <>
      <button class="small" disabled={trial === "under way"} aria-label={`Send a test message to ${recipientText(recipient)}`} onClick={test}>
        Send a test message
      </button>{" "}
      <span role="status">{typeof trial === "object" ? trial.delivered ? <span class="good-text">✓ delivered</span> : <span class="error-text">✗ {trial.failure}</span> : trial === "under way" && <span class="soft">on its way…</span>}</span>
    </>
  );
}
