// What the clients of each service are told that ask how many traces to keep (Jaeger's remote sampling); set here.

import { useState } from "preact/hooks";
import { ApiFailure } from "../../api/client";
import { samplingUrl, setSampling, takeBackSampling, type ListedStrategy, type Sampling } from "../../api/sampling";
import { formatCount } from "../../base/numbers";
import { amountText, operationsText, strategyOf, strategyText } from "../../sampling/strategy_form";
import { useAnswer } from "../../state/answer";
import { useDoors } from "../../state/use_doors";
import { CopyButton } from "../../widgets/copy_button";
import { Problem } from "../../widgets/notice";
import { RecordField, RecordForm } from "../../widgets/record_form";
import { RecordSelect } from "../../widgets/record_select";
import { Ago } from "./ago";

interface Row {
  /** Absent: all that are not named. */
  service?: string;
  /** Absent: it is told what all others are told. */
  listed?: ListedStrategy | undefined;
  asked?: Sampling["askers"][number] | undefined;
}

/** All others first, then every service that has a strategy or asked for one. */
function rowsOf({ strategies, askers }: Sampling): Row[] {
  const services = [...new Set([...strategies.flatMap(({ service }) => (service === undefined ? [] : [service])), ...askers.map(({ service }) => service)])].sort();
  return [
    { listed: strategies.find(({ service }) => service === undefined) },
    ...services.map((service) => ({ service, listed: strategies.find((one) => one.service === service), asked: askers.find((one) => one.service === service) })),
  ];
}

const everything: ListedStrategy = { type: "probabilistic", param: 1, operation_strategies: [] };

export function RemoteSampling() {
  const [changes, setChanges] = useState(0);
  const [edited, setEdited] = useState<Row | "new" | undefined>();
  const beat = useDoors();
  const { answer, failure } = useAnswer<Sampling>(samplingUrl, changes + beat);
  const setting = `OTEL_TRACES_SAMPLER=parentbased_jaeger_remote OTEL_TRACES_SAMPLER_ARG=endpoint=${location.origin},pollingIntervalMs=60000,initialSamplingRate=1`;
  if (failure) return <Problem failure={failure} />;
  const usual = answer?.strategies.find(({ service }) => service === undefined) ?? everything;
  return (
    <>
      <p>
        OpenTelemetry's sampler <code>jaeger_remote</code> and Jaeger's clients ask for theirs now and then:
      </p>
      <p class="command">
        <code>{setting}</code>
        <CopyButton text={setting} what="the setting" />
      </p>
      {answer && (
        <table class="plain-table" aria-label="Remote sampling">
          <thead>
            <tr>
              <th>Service</th>
              <th>Keeps</th>
              <th>Of operations</th>
              <th>Asked</th>
              <th>Set</th>
              <th>
                <span class="for-screen-readers">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rowsOf(answer).map((row) => (
              <StrategyRow key={row.service ?? ""} row={row} usual={usual} onEdit={() => setEdited(row)} />
            ))}
          </tbody>
        </table>
      )}
      {edited ? (
        <StrategyForm key={edited === "new" ? "new" : edited.service} row={edited === "new" ? undefined : edited} onChange={() => setChanges((count) => count + 1)} leave={() => setEdited(undefined)} />
      ) : (
        <button class="small" onClick={() => setEdited("new")}>
          New strategy
        </button>
      )}
    </>
  );
}

function StrategyRow({ row: { service, listed, asked }, usual, onEdit }: { row: Row; usual: ListedStrategy; onEdit: () => void }) {
  const operations = listed?.operation_strategies ?? [];
  return (
    <tr>
      <td>{service ?? <span class="faint">every other one</span>}</td>
      <td>{listed ? strategyText(listed) : <span class="faint">{strategyText(usual)}{service !== undefined && ", as the others"}</span>}</td>
      <td title={operationsText(operations)}>{operations.length > 2 ? `${operations.length} operations` : operationsText(operations).replace("\n", ", ")}</td>
      <td>
        {asked && (
          <>
            <Ago at={asked.last_ns} />, {asked.times === 1 ? "once" : `${formatCount(asked.times)} times`}
          </>
        )}
      </td>
      <td>{listed?.modified_ns ? <Ago at={listed.modified_ns} /> : listed && <span class="faint">in the file</span>}</td>
      <td class="number">
        <button class="small" aria-label={`Change the sampling of ${service ?? "every other service"}`} onClick={onEdit}>
          Change
        </button>
      </td>
    </tr>
  );
}

/** No row: of a service that is still to be named. */
function StrategyForm({ row, onChange, leave }: { row: Row | undefined; onChange: () => void; leave: () => void }) {
  const before = row?.listed ?? everything;
  const [type, setType] = useState<string>(before.type);
  const save = async (typed: (name: string) => string): Promise<void> => {
    const service = row ? (row.service ?? null) : typed("service").trim();
    if (service === "") throw new ApiFailure("Which service is missing", "bad_input");
    const made = strategyOf(typed("type"), typed("amount"), typed("operations"));
    if ("problem" in made) throw new ApiFailure(made.problem, "bad_input");
    await setSampling(service, made.strategy);
    onChange();
  };
  const remove = async (): Promise<void> => {
    await takeBackSampling(row?.service ?? null);
    onChange();
  };
  return (
    <RecordForm title={row ? `Sampling of ${row.service ?? "every other service"}` : "New strategy"} save={save} remove={before.modified_ns ? remove : undefined} leave={leave}>
      {!row && <RecordField name="service" label="Service" hint="as its spans name it" value="" />}
      <RecordSelect
        name="type"
        label="Keeps"
        value={before.type}
        choices={[
          { value: "probabilistic", title: "a part of the traces" },
          { value: "ratelimiting", title: "so many traces a second" },
        ]}
        onChoose={setType}
      />
      <RecordField name="amount" label="How many" hint={type === "ratelimiting" ? "traces a second; OpenTelemetry's sampler for JavaScript knows parts alone" : "per cent"} value={amountText(before)} />
      {type === "probabilistic" && (
        <label>
          <span>Of operations</span>
          <textarea name="operations" rows={3} placeholder="0 % GET /health" defaultValue={operationsText(before.operation_strategies)} spellcheck={false} />
          <span class="faint">one a line, by the name of the trace's first span</span>
        </label>
      )}
    </RecordForm>
  );
}
