// How alerts fared: a strip of time for each, and every change with what was found, the latest first.

import { alertHistoryUrl, type AlertSpell } from "../../api/alerts";
import { endOfSpell, standingOfSpell, stripsOf, type Strip } from "../../alerts/spells";
import { formatCount } from "../../base/numbers";
import { before, between, describeMoment, formatAgo, formatDuration, hours, moment, now } from "../../base/time";
import { useAnswer } from "../../state/answer";
import { change, hrefOf, place } from "../../state/location";
import { useBeat } from "../../state/use_beat";
import { AlertMark } from "../../widgets/alert_mark";
import { Empty, Problem } from "../../widgets/notice";
import { StandingStrip, stripText } from "../../widgets/standing_strip";
import { AlertsHead } from "./alerts_head";

const readEveryMs = 5_000;
const ranges = [
  { from: "now-24h", title: "Day", hours: 24 },
  { from: "now-7d", title: "7 days", hours: 168 },
  { from: "now-30d", title: "30 days", hours: 720 },
] as const;

export function AlertHistoryView() {
  const { params } = place.value;
  const range = ranges.find(({ from }) => from === params.from) ?? ranges[1];
  const { answer, failure } = useAnswer<{ history: AlertSpell[] }>(alertHistoryUrl(range.from, params.alert), useBeat(readEveryMs));
  const spells = answer?.history ?? [];
  const to = now();
  const strips = stripsOf(spells, before(to, hours(range.hours)), to);
  return (
    <div class="view-page scrolls">
      <AlertsHead>
        <span class="soft">{spells.length > 0 && `${formatCount(spells.length)} ${spells.length === 1 ? "change" : "changes"}`}</span>
        <span class="grow" />
        {params.alert && (
          <button class="small" onClick={() => change({ alert: undefined })}>
            All alerts
          </button>
        )}
        <span class="segmented" role="group" aria-label="How far back">
          {ranges.map(({ from, title }) => (
            <button key={from} class="small" aria-pressed={from === range.from} onClick={() => change({ from: from === "now-7d" ? undefined : from })}>
              {title}
            </button>
          ))}
        </span>
      </AlertsHead>
      {failure && <Problem failure={failure} />}
      {answer && spells.length === 0 && (
        <Empty title={params.alert ? "This alert has not been looked at yet" : "No alert has been looked at yet"}>
          <p>From the first look on, every change of a trigger or burn alert is kept here: since when, how long, and what was found.</p>
          <div class="actions">
            <a href="/alerts">Triggers</a>
            {range.from !== "now-30d" && <button onClick={() => change({ from: "now-30d" })}>Look in the last 30 days</button>}
          </div>
        </Empty>
      )}
      {strips.length > 0 && (
        <div class="block">
          <table class="plain-table" aria-label="Alerts over time">
            <thead>
              <tr>
                <th>Alert</th>
                <th>Lately</th>
                <th class="wide">Over time</th>
              </tr>
            </thead>
            <tbody>
              {strips.map((strip) => (
                <tr key={strip.alert}>
                  <td>
                    {strip.isRemoved ? strip.name : <a href={hrefOfAlert(strip)}>{strip.name}</a>}
                    <div class="faint">
                      {strip.kind === "trigger" ? "trigger" : "burn alert"}
                      {strip.dataset !== "__all__" && `, dataset ${strip.dataset}`}
                    </div>
                  </td>
                  <td>{stripText(strip)}</td>
                  <td class="wide">
                    <StandingStrip strip={strip} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          <table class="plain-table" aria-label="Changes">
            <thead>
              <tr>
                <th>State</th>
                <th>Alert</th>
                <th>What was found</th>
                <th>Began</th>
                <th class="number">Lasted</th>
              </tr>
            </thead>
            <tbody>
              {spells.map((spell) => (
                <tr key={`${spell.alert} ${spell.began_ns} ${spell.standing}`}>
                  <td>
                    <AlertMark standing={standingOfSpell(spell)} />
                  </td>
                  <td>
                    <a href={hrefOf("/alerts/history", { alert: spell.alert, from: params.from })}>{spell.name}</a>
                  </td>
                  <td class={spell.standing === "failing" ? "error-text" : "soft"}>{spell.summary}</td>
                  <td>
                    <span title={describeMoment(moment(spell.began_ns))}>{formatAgo(moment(spell.began_ns), to)}</span>
                  </td>
                  <td class="number">{spell.standing !== "removed" && `${formatDuration(between(moment(spell.began_ns), endOfSpell(spell, to)))}${spell.ended_ns === undefined ? " so far" : ""}`}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}

const hrefOfAlert = ({ kind, alert }: Strip): string => (kind === "trigger" ? hrefOf("/alerts", { edit: alert }) : hrefOf("/alerts/slos", { burn: alert }));
