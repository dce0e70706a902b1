// The form of an SLO: which share of events has to be good, over how long, and what good means. Its verdict is a
// calculated column, made and changed along with it.

import { changeDerivedColumn, changeSlo, createDerivedColumn, createSlo, removeDerivedColumn, removeSlo, type Dataset, type DerivedColumn, type Slo } from "../../api/alerts";
import { ApiFailure } from "../../api/client";
import { aliasOf, sloOf, typedSlo } from "../../alerts/slo_form";
import { change } from "../../state/location";
import { RecordField, RecordForm } from "../../widgets/record_form";
import { RecordSelect } from "../../widgets/record_select";

export interface SloFormProps {
  slo: Slo | undefined;
  /** Its verdict; undefined when it is made elsewhere, for all datasets. */
  column: DerivedColumn | undefined;
  datasets: readonly Dataset[];
  onChange: () => void;
}

export function SloForm({ slo, column, datasets, onChange }: SloFormProps) {
  const typed = typedSlo(slo);
  const save = async (field: (name: string) => string): Promise<void> => {
    const made = sloOf({ name: field("name"), description: field("description"), target: field("target"), days: field("days") }, slo?.sli.alias ?? aliasOf(field("name")));
    if ("problem" in made) throw new ApiFailure(made.problem, "bad_input");
    const expression = field("expression").trim();
    if (slo) {
      if (column && expression !== column.expression) await changeDerivedColumn({ ...column, expression }, slo.dataset_slug);
      await changeSlo(slo, made.members);
    } else {
      const dataset = field("dataset");
      const verdict = await createDerivedColumn({ alias: made.members.sli.alias, expression }, dataset);
      // A column without its SLO would stand in the way of the next attempt.
      await createSlo(made.members, dataset).catch((problem: unknown) => removeDerivedColumn(verdict.id, dataset).then(() => Promise.reject(problem)));
    }
    onChange();
  };
  const remove = async (): Promise<void> => {
    await removeSlo(slo!);
    // Something else may use the column by now: then it stays.
    if (column?.alias.startsWith("sli.")) await removeDerivedColumn(column.id, slo!.dataset_slug).catch(() => undefined);
    onChange();
  };
  return (
    <RecordForm title={slo ? `SLO ${slo.name}` : "New SLO"} save={save} remove={slo && remove} leave={() => change({ new: undefined, edit: undefined })}>
      <RecordField name="name" label="Name" hint="what is promised" value={typed.name} />
      {!slo && <RecordSelect name="dataset" label="Dataset" value={datasets[0]?.slug ?? ""} choices={datasets.map(({ slug, name }) => ({ value: slug, title: name }))} />}
      {slo && !column ? (
        <p class="record-fact">
          <span>Good when</span>
          <code>{slo.sli.alias}</code>
        </p>
      ) : (
        <RecordField name="expression" label="Good when" hint='true: good, false: bad, null: does not count. IF(EQUALS($name, "pay"), LT($duration_ms, 500))' value={column?.expression ?? "LT($duration_ms, 500)"} />
      )}
      <RecordField name="target" label="Target" hint="per cent of the events that count" value={typed.target} />
      <RecordField name="days" label="Over" hint="days, up to 90" value={typed.days} />
      <RecordField name="description" label="Description" hint="why it matters" value={typed.description} />
    </RecordForm>
  );
}
