// SLOs: what was promised, how much of the budget is left, and the burn alerts that watch it.

import { useState } from "preact/hooks";
import { datasetsUrl, derivedColumnsUrl, readSlos, recipientsUrl, type Dataset, type DerivedColumn, type Recipient, type WatchedSlo } from "../../api/alerts";
import { burnAlertText } from "../../alerts/burn_alert_text";
import { standingOf } from "../../alerts/standing";
import { significant } from "../../base/numbers";
import { useAnswer } from "../../state/answer";
import { change, hrefOf, place } from "../../state/location";
import { useReading } from "../../state/reading";
import { useBeat } from "../../state/use_beat";
import { AlertMark } from "../../widgets/alert_mark";
import { Empty, Problem } from "../../widgets/notice";
import { AlertsHead } from "./alerts_head";
import { BurnAlertForm } from "./burn_alert_form";
import { SloForm } from "./slo_form";
import { Ago } from "./triggers_view";

/** Each reading asks two questions for every SLO. */
const readEveryMs = 30_000;

export function SlosView() {
  const { params } = place.value;
  const [changes, setChanges] = useState(0);
  const { answer, failure } = useReading(readSlos, `${changes} ${useBeat(readEveryMs)}`);
  const changed = (): void => setChanges((count) => count + 1);
  return (
    <div class="view-page scrolls">
      <AlertsHead>
        <span class="grow" />
        <button class="primary" onClick={() => change({ new: "1", edit: undefined, burn: undefined, of: undefined })}>
          New SLO
        </button>
      </AlertsHead>
      {failure && <Problem failure={failure} />}
      {answer && <OpenForm key={`${params.new} ${params.edit} ${params.burn} ${params.of}`} all={answer} onChange={changed} />}
      {answer?.length === 0 && !params.new && (
        <Empty title="Nothing is promised yet">
          <p>An SLO says which share of events has to be good, over so many days. What is left of its budget of bad ones stands here, and burn alerts tell people before it is gone.</p>
          <div class="actions">
            <button onClick={() => change({ new: "1" })}>Promise something</button>
          </div>
        </Empty>
      )}
      {answer && answer.length > 0 && (
        <div class="block">
          <table class="plain-table" aria-label="SLOs">
            <thead>
              <tr>
                <th>SLO</th>
                <th>Dataset</th>
                <th class="number">Target</th>
                <th class="number">Good</th>
                <th class="number">Budget left</th>
                <th class="number">Burns</th>
                <th>Burn alerts</th>
              </tr>
            </thead>
            <tbody>
              {answer.map((one) => (
                <SloRow key={one.slo.id} watched={one} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}

/** The form that the address names, once it has what it needs. */
function OpenForm({ all, onChange }: { all: readonly WatchedSlo[]; onChange: () => void }) {
  const { params } = place.value;
  const edited = all.find(({ slo }) => slo.id === params.edit);
  const alert = all.flatMap(({ burnAlerts }) => burnAlerts).find(({ id }) => id === params.burn);
  const watched = all.find(({ slo }) => slo.id === (alert?.slo.id ?? params.of));
  const { answer: datasets } = useAnswer<Dataset[]>(params.new ? datasetsUrl : undefined);
  const { answer: columns } = useAnswer<DerivedColumn[]>(edited && derivedColumnsUrl(edited.slo.dataset_slug));
  const { answer: recipients } = useAnswer<Recipient[]>(watched && recipientsUrl);
  if (datasets?.length === 0) {
    return (
      <Empty title="There is nothing to promise of yet">
        <p>An SLO is about the events of a dataset, and none has arrived.</p>
        <div class="actions">
          <a href="/">What to set in an application</a>
        </div>
      </Empty>
    );
  }
  if (datasets) return <SloForm slo={undefined} column={undefined} datasets={datasets} onChange={onChange} />;
  if (edited && columns) return <SloForm slo={edited.slo} column={columns.find(({ alias }) => alias === edited.slo.sli.alias)} datasets={[]} onChange={onChange} />;
  if (watched && recipients) return <BurnAlertForm slo={watched.slo} alert={alert} recipients={recipients} onChange={onChange} />;
  return null;
}

function SloRow({ watched: { slo, burnAlerts } }: { watched: WatchedSlo }) {
  const isEmpty = slo.status === "no_events";
  return (
    <tr>
      <td>
        <a href={hrefOf("/alerts/slos", { edit: slo.id })}>{slo.name}</a>
        <div class="faint">
          {slo.sli.alias}, over {slo.time_period_days} days
        </div>
      </td>
      <td>{slo.dataset_slug}</td>
      <td class="number">{slo.target_per_million / 1e4} %</td>
      <td class="number">{isEmpty ? <span class="faint">no events</span> : `${significant(slo.compliance)} %`}</td>
      <td class="number">{!isEmpty && <span class={slo.budget_remaining <= 0 ? "error-text" : undefined}>{significant(slo.budget_remaining)} %</span>}</td>
      <td class="number" title="1: as quickly as the target permits, in the last four hours">
        {!isEmpty && `${significant(slo.burn_rate)} ×`}
      </td>
      <td>
        {burnAlerts.map((alert) => (
          <div key={alert.id} class="burn-alert">
            <AlertMark standing={standingOf(alert)} />
            <a href={hrefOf("/alerts/slos", { burn: alert.id })}>{burnAlertText(alert)}</a>
            {alert.evaluated_at && (
              <span class="faint">
                looked at <Ago at={alert.evaluated_at} />
              </span>
            )}
            <a class="soft" href={hrefOf("/alerts/history", { alert: alert.id })} aria-label={`History of the burn alert: ${burnAlertText(alert)}`}>
              history
            </a>
            {alert.evaluation_failure && <div class="error-text">{alert.evaluation_failure}</div>}
          </div>
        ))}
        <a class="soft" href={hrefOf("/alerts/slos", { of: slo.id })} aria-label={`Add a burn alert to ${slo.name}`}>
          + burn alert
        </a>
      </td>
    </tr>
  );
}
