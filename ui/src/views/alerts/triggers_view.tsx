// Triggers: questions that are asked every so often, how they stand, and whom they tell.

import { useState } from "preact/hooks";
import { changeTrigger, datasetsUrl, readTriggers, recipientsUrl, type Dataset, type Recipient, type Trigger } from "../../api/alerts";
import { recipientText } from "../../alerts/trigger_form";
import { byUrgency, standingOf } from "../../alerts/standing";
import { describeMoment, formatAgo, formatDuration, momentOfDate, now, seconds } from "../../base/time";
import { questionOf } from "../../query/specification";
import { useAnswer } from "../../state/answer";
import { change, hrefOf, place } from "../../state/location";
import { useReading } from "../../state/reading";
import { useBeat } from "../../state/use_beat";
import { AlertMark } from "../../widgets/alert_mark";
import { ActionTable, type ActionColumn } from "../../widgets/action_table";
import { Empty, Problem } from "../../widgets/notice";
import { AlertsHead } from "./alerts_head";
import { TriggerForm } from "./trigger_form";

const readEveryMs = 5_000;

export function TriggersView() {
  const { params } = place.value;
  const [changes, setChanges] = useState(0);
  const beat = useBeat(readEveryMs);
  const { answer, failure } = useReading(readTriggers, `${changes} ${beat}`);
  const { answer: recipients } = useAnswer<Recipient[]>(recipientsUrl);
  const { answer: datasets } = useAnswer<Dataset[]>(params.new ? datasetsUrl : undefined);
  const triggers = byUrgency(answer ?? []);
  const edited = triggers.find(({ id }) => id === params.edit);
  const isTriggered = triggers.filter((one) => standingOf(one) === "triggered").length;
  const changed = (): void => setChanges((count) => count + 1);
  return (
    <div class="view-page scrolls">
      <AlertsHead>
        <span class="soft">{triggers.length > 0 && (isTriggered > 0 ? `${isTriggered} of ${triggers.length} triggered` : `${triggers.length}, none triggered`)}</span>
        <span class="grow" />
        <button class="primary" onClick={() => change({ new: "1", edit: undefined })}>
          New trigger
        </button>
      </AlertsHead>
      {failure && <Problem failure={failure} />}
      {recipients && ((params.new && datasets) || edited) && <TriggerForm key={`${params.edit} ${params.question}`} trigger={edited} question={params.question ?? "COUNT WHERE error = true"} recipients={recipients} datasets={datasets ?? []} onChange={changed} />}
      {answer && triggers.length === 0 && !params.new && (
        <Empty title="Nothing is watched yet">
          <p>A trigger asks a question every few minutes and tells people when the answer passes a threshold. Ask the question first and press “Alert on this”, or begin here.</p>
          <div class="actions">
            <button onClick={() => change({ new: "1" })}>Watch for errors</button>
            <a href="/q">Ask a question</a>
          </div>
        </Empty>
      )}
      {triggers.length > 0 && (
        <div class="block">
          <ActionTable
            label="Triggers"
            rows={triggers}
            keyOf={({ id }) => id}
            isDimmed={({ disabled }) => disabled === true}
            columns={columnsOf(recipients ?? [])}
            actions={(trigger) => {
              const title = trigger.disabled ? "Enable" : "Disable";
              return [{ title, label: `${title} ${trigger.name}`, act: () => changeTrigger(trigger, { disabled: !trigger.disabled }).then(changed) }];
            }}
          />
        </div>
      )}
    </div>
  );
}

const columnsOf = (recipients: readonly Recipient[]): ActionColumn<Trigger>[] => [
  { title: "State", cell: (trigger) => <AlertMark standing={standingOf(trigger)} /> },
  {
    title: "Name",
    cell: ({ id, name, evaluation_summary, evaluation_failure }) => (
      <>
        <a href={hrefOf("/alerts", { edit: id })}>{name}</a>
        {(evaluation_failure || evaluation_summary) && <div class={evaluation_failure ? "error-text" : "soft"}>{evaluation_failure || evaluation_summary}</div>}
      </>
    ),
  },
  { title: "When", cell: (trigger) => <When trigger={trigger} /> },
  {
    title: "Looked at",
    cell: ({ id, name, evaluated_at }) => (
      <>
        {evaluated_at ? <Ago at={evaluated_at} /> : <span class="faint">not yet</span>}
        <div>
          <a class="soft" href={hrefOf("/alerts/history", { alert: id })} aria-label={`History of ${name}`}>
            history
          </a>
        </div>
      </>
    ),
  },
  { title: "Tells", cell: (trigger) => trigger.recipients.map((one) => textOf(one, recipients)).join(", ") || <span class="faint">nobody</span> },
];

function When({ trigger: { threshold, frequency, query, dataset_slug } }: { trigger: Trigger }) {
  const question = query && questionOf(query);
  return (
    <>
      {question ? (
        <a class="mono" href={hrefOf("/q", { q: question })}>
          {question}
        </a>
      ) : (
        <span class="soft">a saved query</span>
      )}{" "}
      <span class="mono">
        {threshold.op} {threshold.value}
      </span>
      <div class="faint">
        every {formatDuration(seconds(frequency)).replace(/\.0+ /, " ")}
        {dataset_slug !== "__all__" && `, dataset ${dataset_slug}`}
      </div>
    </>
  );
}

export function Ago({ at }: { at: string }) {
  const moment = momentOfDate(new Date(at));
  return <span title={describeMoment(moment)}>{formatAgo(moment, now())}</span>;
}

function textOf(of: Trigger["recipients"][number], recipients: readonly Recipient[]): string {
  const known = recipients.find(({ id }) => id === of.id);
  return known ? recipientText(known) : `${of.type ?? "recipient"} ${of.target ?? of.id ?? ""}`;
}
