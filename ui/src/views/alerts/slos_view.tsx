// SLOs: what was promised, how much of the budget is left, and the burn alerts that watch it.

import { readSlos, type WatchedSlo } from "../../api/alerts";
import { burnAlertText } from "../../alerts/burn_alert_text";
import { standingOf } from "../../alerts/standing";
import { significant } from "../../base/numbers";
import { useReading } from "../../state/reading";
import { useBeat } from "../../state/use_beat";
import { AlertMark } from "../../widgets/alert_mark";
import { Empty, Problem } from "../../widgets/notice";
import { AlertsHead } from "./alerts_head";
import { Ago } from "./triggers_view";

/** Each reading asks two questions for every SLO. */
const readEveryMs = 30_000;

export function SlosView() {
  const { answer, failure } = useReading(readSlos, useBeat(readEveryMs));
  return (
    <div class="view-page scrolls">
      <AlertsHead />
      {failure && <Problem failure={failure} />}
      {answer?.length === 0 && (
        <Empty title="Nothing is promised yet">
          <p>An SLO says which share of events has to be good, over so many days. They are made through Honeycomb's API, with its Terraform provider or with curl:</p>
          <pre>{`POST /1/derived_columns/__all__  {"alias": "good", "expression": "LT($duration_ms, 500)"}
POST /1/slos/shop                {"name": "fast", "sli": {"alias": "good"}, "time_period_days": 30, "target_per_million": 990000}`}</pre>
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

function SloRow({ watched: { slo, dataset, burnAlerts } }: { watched: WatchedSlo }) {
  const isEmpty = slo.status === "no_events";
  return (
    <tr>
      <td>
        {slo.name}
        <div class="faint">
          {slo.sli.alias}, over {slo.time_period_days} days
        </div>
      </td>
      <td>{dataset}</td>
      <td class="number">{slo.target_per_million / 1e4} %</td>
      <td class="number">{isEmpty ? <span class="faint">no events</span> : `${significant(slo.compliance)} %`}</td>
      <td class="number">{!isEmpty && <span class={slo.budget_remaining <= 0 ? "error-text" : undefined}>{significant(slo.budget_remaining)} %</span>}</td>
      <td class="number" title="1: as quickly as the target permits, in the last four hours">
        {!isEmpty && `${significant(slo.burn_rate)} ×`}
      </td>
      <td>
        {burnAlerts.length === 0 && <span class="faint">none</span>}
        {burnAlerts.map((alert) => (
          <div key={alert.id} class="burn-alert">
            <AlertMark standing={standingOf(alert)} /> {burnAlertText(alert)} {alert.evaluated_at && <span class="faint">looked at <Ago at={alert.evaluated_at} /></span>}
            {alert.evaluation_failure && <div class="error-text">{alert.evaluation_failure}</div>}
          </div>
        ))}
      </td>
    </tr>
  );
}
