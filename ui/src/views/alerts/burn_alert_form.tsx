// The form of a burn alert: how soon, or how quickly, an SLO's budget has to go before people are told.

import { useState } from "preact/hooks";
import { changeBurnAlert, createBurnAlert, removeBurnAlert, type BurnAlert, type Recipient, type Slo } from "../../api/alerts";
import { ApiFailure } from "../../api/client";
import { burnAlertOf, typedBurnAlert } from "../../alerts/slo_form";
import { change } from "../../state/location";
import { RecordField, RecordForm } from "../../widgets/record_form";
import { RecordSelect } from "../../widgets/record_select";
import { Tells } from "./tells";

export interface BurnAlertFormProps {
  slo: Slo;
  alert: BurnAlert | undefined;
  recipients: readonly Recipient[];
  onChange: () => void;
}

const kinds = [
  { value: "exhaustion_time", title: "the budget will be gone soon" },
  { value: "budget_rate", title: "much of the budget goes quickly" },
];

export function BurnAlertForm({ slo, alert, recipients, onChange }: BurnAlertFormProps) {
  const typed = typedBurnAlert(alert);
  const [kind, setKind] = useState(typed.kind);
  const save = async (field: (name: string) => string, all: (name: string) => readonly string[]): Promise<void> => {
    const typedNow = { kind, hours: field("hours"), share: field("share"), window: field("window"), description: field("description"), recipients: all("recipient") };
    const made = burnAlertOf(typedNow, slo.id, alert?.recipients);
    if ("problem" in made) throw new ApiFailure(made.problem, "bad_input");
    if (alert) await changeBurnAlert(alert, made.members);
    else await createBurnAlert(made.members, slo.dataset_slug);
    onChange();
  };
  const remove = async (): Promise<void> => {
    await removeBurnAlert(alert!);
    onChange();
  };
  return (
    <RecordForm title={alert ? `Burn alert of ${slo.name}` : `New burn alert of ${slo.name}`} save={save} remove={alert && remove} leave={() => change({ burn: undefined, of: undefined })}>
      {alert ? (
        <p class="record-fact">
          <span>Tells when</span> {kinds.find(({ value }) => value === kind)?.title}
        </p>
      ) : (
        <RecordSelect name="kind" label="Tells when" value={kind} choices={kinds} onChoose={setKind} />
      )}
      {kind === "exhaustion_time" && <RecordField name="hours" label="Within" hint="hours; 0: once it is gone" value={typed.hours} />}
      {kind === "budget_rate" && <RecordField name="share" label="Share" hint="per cent of the budget" value={typed.share} />}
      {kind === "budget_rate" && <RecordField name="window" label="In" hint="hours" value={typed.window} />}
      <RecordField name="description" label="Description" hint="what to do about it" value={typed.description} />
      <Tells recipients={recipients} chosen={typed.recipients} />
    </RecordForm>
  );
}
