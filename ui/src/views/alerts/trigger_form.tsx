// The form of a trigger: what it is called, its threshold, how often it is looked at, and whom it tells.

import { changeTrigger, createTrigger, removeTrigger, type Recipient, type Trigger } from "../../api/alerts";
import { ApiFailure } from "../../api/client";
import { recipientText, thresholdOps, triggerOf, typedTrigger } from "../../alerts/trigger_form";
import { questionOf, specificationOf } from "../../query/specification";
import { change } from "../../state/location";
import { RecordField, RecordForm } from "../../widgets/record_form";

export interface TriggerFormProps {
  trigger: Trigger | undefined;
  /** Of a new one, in the short form. */
  question: string;
  recipients: readonly Recipient[];
  onChange: () => void;
}

export function TriggerForm({ trigger, question, recipients, onChange }: TriggerFormProps) {
  const typed = typedTrigger(trigger);
  const save = async (field: (name: string) => string, all: (name: string) => readonly string[]): Promise<void> => {
    const made = triggerOf({ name: field("name"), description: field("description"), op: field("op"), value: field("value"), minutes: field("minutes"), recipients: all("recipient") }, trigger?.recipients);
    if ("problem" in made) throw new ApiFailure(made.problem, "bad_input");
    // It looks back as far as from one look to the next.
    const time_range = made.members.frequency;
    if (trigger) await changeTrigger(trigger, { ...made.members, threshold: { ...trigger.threshold, ...made.members.threshold }, ...(trigger.query ? { query: { ...trigger.query, time_range } } : {}) });
    else {
      const asked = specificationOf(field("question"));
      if ("problem" in asked) throw new ApiFailure(asked.problem, "bad_input");
      const { description, ...members } = made.members;
      await createTrigger({ ...members, ...(description ? { description } : {}), query: { ...asked.specification, time_range } });
    }
    onChange();
  };
  const remove = async (): Promise<void> => {
    await removeTrigger(trigger!);
    onChange();
  };
  return (
    <RecordForm title={trigger ? `Trigger ${trigger.name}` : "New trigger"} save={save} remove={trigger && remove} leave={() => change({ new: undefined, edit: undefined, question: undefined })}>
      <RecordField name="name" label="Name" hint="what the message says" value={typed.name} />
      {trigger ? (
        <p class="record-fact">
          <span>Question</span>
          <code>{trigger.query ? questionOf(trigger.query) : "a saved query"}</code>
        </p>
      ) : (
        <RecordField name="question" label="Question" hint="one calculation; with GROUP BY, each group is held against the threshold" value={question} />
      )}
      <label>
        <span>Triggers when</span>
        <span class="record-row">
          the answer is{" "}
          <select name="op" aria-label="Comparison" defaultValue={typed.op}>
            {thresholdOps.map((op) => (
              <option key={op} value={op} selected={op === typed.op}>
                {op}
              </option>
            ))}
          </select>
          <input name="value" aria-label="Threshold" defaultValue={typed.value} inputMode="decimal" autocomplete="off" required />
        </span>
      </label>
      <RecordField name="minutes" label="Every" hint="minutes; each look is over as many" value={typed.minutes} />
      <RecordField name="description" label="Description" hint="what to do about it" value={typed.description} />
      <fieldset class="record-choices">
        <legend>Tells</legend>
        {recipients.map((recipient) => (
          <label key={recipient.id}>
            <input type="checkbox" name="recipient" value={recipient.id} defaultChecked={typed.recipients.includes(recipient.id)} /> {recipientText(recipient)}
          </label>
        ))}
        {recipients.length === 0 && (
          <span class="faint">
            nobody yet: <a href="/alerts/recipients?new=email">add a recipient</a>
          </span>
        )}
      </fieldset>
    </RecordForm>
  );
}
