// The form of a trigger: what it is called, its threshold, how often it is looked at, and whom it tells.

import { allDatasets, changeTrigger, createTrigger, removeTrigger, type Dataset, type Recipient, type Trigger } from "../../api/alerts";
import { ApiFailure } from "../../api/client";
import { thresholdOps, triggerOf, typedTrigger } from "../../alerts/trigger_form";
import { isWritable, questionOf, specificationOf } from "../../query/specification";
import { change } from "../../state/location";
import { RecordField, RecordForm } from "../../widgets/record_form";
import { RecordSelect } from "../../widgets/record_select";
import { Tells } from "./tells";

export interface TriggerFormProps {
  trigger: Trigger | undefined;
  /** Of a new one, in the short form. */
  question: string;
  recipients: readonly Recipient[];
  datasets: readonly Dataset[];
  onChange: () => void;
}

export function TriggerForm({ trigger, question, recipients, datasets, onChange }: TriggerFormProps) {
  const typed = typedTrigger(trigger);
  const written = trigger?.query && isWritable(trigger.query) ? questionOf(trigger.query) : undefined;
  const save = async (field: (name: string) => string, all: (name: string) => readonly string[]): Promise<void> => {
    const typedNow = { name: field("name"), description: field("description"), op: field("op"), value: field("value"), minutes: field("minutes"), inRow: field("in-row"), eachTime: field("told") === "on_true", recipients: all("recipient") };
    const made = triggerOf(typedNow, trigger?.recipients);
    if ("problem" in made) throw new ApiFailure(made.problem, "bad_input");
    // It looks back as far as from one look to the next.
    const time_range = made.members.frequency;
    // A question that is as it was stays as it was made.
    const isNew = !trigger || (written !== undefined && field("question") !== written);
    const asked = isNew ? specificationOf(field("question")) : trigger.query && { specification: trigger.query };
    if (asked && "problem" in asked) throw new ApiFailure(asked.problem, "bad_input");
    const query = asked ? { query: { ...asked.specification, time_range } } : {};
    if (trigger) await changeTrigger(trigger, { ...made.members, ...query });
    else {
      const { description, ...members } = made.members;
      await createTrigger({ ...members, ...(description ? { description } : {}), ...query }, field("dataset"));
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
      {trigger && written === undefined ? (
        <p class="record-fact">
          <span>Question</span>
          <code>{trigger.query ? questionOf(trigger.query) : "a saved query"}</code>
        </p>
      ) : (
        <RecordField name="question" label="Question" hint="one calculation; with GROUP BY, each group is held against the threshold" value={written ?? question} />
      )}
      {!trigger && (
        <RecordSelect name="dataset" label="Dataset" value={allDatasets} choices={[{ value: allDatasets, title: "all of them" }, ...datasets.map(({ slug, name }) => ({ value: slug, title: name }))]} />
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
      <RecordField name="in-row" label="In a row" hint="looks that have to find it before anybody is told: 1 to 5" value={typed.inRow} />
      <RecordSelect
        name="told"
        label="Messages"
        value={typed.eachTime ? "on_true" : "on_change"}
        choices={[
          { value: "on_change", title: "when it begins and when it is over" },
          { value: "on_true", title: "at every look while it lasts" },
        ]}
      />
      <RecordField name="description" label="Description" hint="what to do about it" value={typed.description} />
      <Tells recipients={recipients} chosen={typed.recipients} />
    </RecordForm>
  );
}
